internal import WAFBase
internal import WAFModel

/// The small changes of one rule.
enum RuleMutation {
  /// Every mutant of a rule. `place` puts a changed rule, or none, in its place.
  static func mutants(of rule: Rule, named name: String, _ place: (Rule?) -> RuleDocuments) -> [Mutant] {
    var mutants: [Mutant] = []
    func add(_ change: String, _ path: String, _ changed: Rule?) {
      mutants.append(Mutant(rule: name, change: change, origin: rule.origin, path: path, documents: place(changed)))
    }
    // What a managed group matches is not known here, so nobody can notice that it is gone.
    if case .managedRuleGroup = rule.statement { return [] }
    add("dropped", "", nil)
    if case .action(let action) = rule.action, let other = flipped(action) {
      var changed = rule
      changed.action = .action(other)
      add("\(action.kind.rawValue) made \(other.kind.rawValue)", ".Action", changed)
    }
    if !rule.labels.isEmpty {
      var changed = rule
      changed.labels = []
      add("labels dropped", ".RuleLabels", changed)
    }
    for variant in variants(of: rule.statement, at: ".Statement") {
      var changed = rule
      changed.statement = variant.statement
      add(variant.change, variant.path, changed)
    }
    return mutants
  }

  /// Another action: one that stops where it counts, and one that counts where it stops.
  private static func flipped(_ action: RuleAction) -> RuleAction? {
    switch action {
    case .allow, .block, .captcha, .challenge: .count([])
    case .count: .block(nil)
    }
  }

  private typealias Variant = (change: String, path: String, statement: Statement)

  /// The statement with one change in it, in every way.
  private static func variants(of statement: Statement, at path: String) -> [Variant] {
    let inner = path + "." + statement.wireName
    switch statement {
    case .and(let parts): return operands(parts, at: inner, Statement.and)
    case .or(let parts): return operands(parts, at: inner, Statement.or)
    case .not(let part):
      return [("negation dropped", path, part)] + variants(of: part, at: inner + ".Statement").map { ($0.change, $0.path, .not($0.statement)) }
    case .rateBased(let rate):
      var found: [Variant] = [(rate.limit - 1, "lowered"), (rate.limit + 1, "raised")].compactMap { limit, word in
        guard (10...2_000_000_000).contains(limit) else { return nil }
        var changed = rate
        changed.limit = limit
        return ("limit \(word) to \(limit)", inner + ".Limit", .rateBased(changed))
      }
      guard let scope = rate.scopeDown else { return found }
      found += variants(of: scope, at: inner + ".ScopeDownStatement").map { variant in
        var changed = rate
        changed.scopeDown = variant.statement
        return (variant.change, variant.path, .rateBased(changed))
      }
      return found
    case .ruleGroupReference(var reference):
      guard !reference.overrides.isEmpty || !reference.excludedRules.isEmpty else { return [] }
      (reference.overrides, reference.excludedRules) = ([], [])
      return [("overrides dropped", inner, .ruleGroupReference(reference))]
    case .managedRuleGroup, .open: return []
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .ipSetReference, .regexPatternSetReference, .labelMatch, .regexMatch,
      .asnMatch:
      return [("negated", inner, .not(statement))] + leaves(statement, at: inner)
    }
  }

  /// An operand that is changed, and one that is left out.
  private static func operands(_ parts: [Statement], at path: String, _ make: ([Statement]) -> Statement) -> [Variant] {
    parts.indices.flatMap { index -> [Variant] in
      let place = path + ".Statements[\(index)]"
      var rest = parts
      rest.remove(at: index)
      let without = rest.count == 1 ? rest[0] : make(rest)
      return [("\(parts[index].wireName) left out", place, without)]
        + variants(of: parts[index], at: place).map { variant in
          var changed = parts
          changed[index] = variant.statement
          return (variant.change, variant.path, make(changed))
        }
    }
  }

  /// Changes of a leaf itself: its transformations, the place of a string, the bound of a size.
  private static func leaves(_ statement: Statement, at path: String) -> [Variant] {
    switch statement {
    case .byteMatch(let match):
      return positions(match, at: path)
        + transformations(match.inspection, at: path) { inspection in
          var changed = match
          changed.inspection = inspection
          return .byteMatch(changed)
        }
    case .sizeConstraint(let constraint):
      var larger = constraint
      larger.size += 1
      return [("size raised to \(larger.size)", path + ".Size", .sizeConstraint(larger))]
        + transformations(constraint.inspection, at: path) { inspection in
          var changed = constraint
          changed.inspection = inspection
          return .sizeConstraint(changed)
        }
    case .regexMatch(let match):
      return transformations(match.inspection, at: path) { .regexMatch(RegexMatchStatement(pattern: match.pattern, inspection: $0)) }
    case .regexPatternSetReference(let reference):
      return transformations(reference.inspection, at: path) {
        .regexPatternSetReference(RegexPatternSetReferenceStatement(arn: reference.arn, inspection: $0))
      }
    case .sqliMatch, .xssMatch, .geoMatch, .ipSetReference, .labelMatch, .asnMatch, .and, .or, .not, .rateBased, .ruleGroupReference,
      .managedRuleGroup, .open:
      return []
    }
  }

  private static func positions(_ match: ByteMatchStatement, at path: String) -> [Variant] {
    let wider: [PositionalConstraint: [PositionalConstraint]] = [
      .exactly: [.startsWith], .startsWith: [.contains, .exactly], .endsWith: [.contains], .contains: [.startsWith], .containsWord: [.contains],
    ]
    return (wider[match.positionalConstraint] ?? []).map { constraint in
      var changed = match
      changed.positionalConstraint = constraint
      return ("\(match.positionalConstraint.rawValue) made \(constraint.rawValue)", path + ".PositionalConstraint", .byteMatch(changed))
    }
  }

  private static func transformations(_ inspection: Inspection, at path: String, _ make: (Inspection) -> Statement) -> [Variant] {
    inspection.transformations.indices.compactMap { index in
      guard inspection.transformations[index] != .none else { return nil }
      var changed = inspection
      changed.transformations.remove(at: index)
      if changed.transformations.isEmpty { changed.transformations = [.none] }
      return ("\(inspection.transformations[index].rawValue) dropped", path + ".TextTransformations", make(changed))
    }
  }
}

extension CIDR {
  /// The block twice as wide that holds this one; nil for all addresses.
  var doubled: CIDR? {
    guard prefixLength > 1 else { return nil }
    let width = address.isIPv6 ? 128 : 32
    let shift = UInt128(width - prefixLength + 1)
    let base = (address.value >> shift) << shift
    let wider = address.isIPv6 ? IPAddress(v6: base) : IPAddress(v4: UInt32(truncatingIfNeeded: base))
    return CIDR(address: wider, prefixLength: prefixLength - 1)
  }

  /// Whether every address of `other` is in this block.
  func holds(_ other: CIDR) -> Bool {
    guard other.address.isIPv6 == address.isIPv6, prefixLength <= other.prefixLength else { return false }
    let shift = UInt128((address.isIPv6 ? 128 : 32) - prefixLength)
    return shift == 128 || (other.address.value >> shift) == (address.value >> shift)
  }
}
