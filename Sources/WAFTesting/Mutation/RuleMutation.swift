internal import WAFBase
internal import WAFModel

/// The small changes of one rule.
struct RuleMutation {
  /// Why rules are changed.
  enum Purpose {
    /// To see whether tests notice.
    case mutation
    /// To see whether a test passes then: leaves get transformations and other comparisons too.
    case repair
  }

  private let purpose: Purpose
  private let documents: RuleDocuments

  /// - Parameter documents: What the rules are of; it tells which managed groups are answered.
  init(_ purpose: Purpose, in documents: RuleDocuments) { (self.purpose, self.documents) = (purpose, documents) }

  /// Every mutant of a rule. `place` puts a changed rule, or none, in its place.
  func mutants(of rule: Rule, named name: String, _ place: (Rule?) -> RuleDocuments) -> [Mutant] {
    var mutants: [Mutant] = []
    func add(_ change: String, _ kind: Mutant.Kind, _ path: String, _ changed: Rule?) {
      mutants.append(Mutant(rule: name, change: change, kind: kind, origin: rule.origin, path: path, documents: place(changed)))
    }
    // Where nothing answers a managed group, nobody can notice that it is gone.
    if case .managedRuleGroup(let group) = rule.statement, documents.managedRuleGroup(vendor: group.vendorName, name: group.name) == nil { return [] }
    add("dropped", .wholeRule, "", nil)
    if case .action(let action) = rule.action, let other = flipped(action) {
      var changed = rule
      changed.action = .action(other)
      add("\(action.kind.rawValue) made \(other.kind.rawValue)", .action, ".Action", changed)
    }
    if !rule.labels.isEmpty {
      var changed = rule
      changed.labels = []
      add("labels dropped", .labels, ".RuleLabels", changed)
    }
    for variant in variants(of: rule.statement, at: ".Statement") {
      var changed = rule
      changed.statement = variant.statement
      add(variant.change, variant.kind, variant.path, changed)
    }
    return mutants
  }

  /// Another action: one that stops where it counts, and one that counts where it stops.
  private func flipped(_ action: RuleAction) -> RuleAction? {
    switch action {
    case .allow, .block, .captcha, .challenge: .count([])
    case .count: .block(nil)
    }
  }

  private typealias Variant = (change: String, kind: Mutant.Kind, path: String, statement: Statement)

  /// The statement with one change in it, in every way.
  private func variants(of statement: Statement, at path: String) -> [Variant] {
    let inner = path + "." + statement.wireName
    switch statement {
    case .and(let parts): return other(.or(parts), at: inner) + operands(parts, at: inner, Statement.and)
    case .or(let parts): return other(.and(parts), at: inner) + operands(parts, at: inner, Statement.or)
    case .not(let part):
      return [("negation dropped", .negation, path, part)]
        + variants(of: part, at: inner + ".Statement").map { ($0.change, $0.kind, $0.path, .not($0.statement)) }
    case .rateBased(let rate):
      var found: [Variant] = [(rate.limit - 1, "lowered"), (rate.limit + 1, "raised")].compactMap { limit, word in
        guard (10...2_000_000_000).contains(limit) else { return nil }
        var changed = rate
        changed.limit = limit
        return ("limit \(word) to \(limit)", .bound, inner + ".Limit", .rateBased(changed))
      }
      guard let scope = rate.scopeDown else { return found }
      found += variants(of: scope, at: inner + ".ScopeDownStatement").map { variant in
        var changed = rate
        changed.scopeDown = variant.statement
        return (variant.change, variant.kind, variant.path, .rateBased(changed))
      }
      return found
    case .ruleGroupReference(var reference):
      guard !reference.overrides.isEmpty || !reference.excludedRules.isEmpty else { return [] }
      (reference.overrides, reference.excludedRules) = ([], [])
      return [("overrides dropped", .overrides, inner, .ruleGroupReference(reference))]
    case .managedRuleGroup(let group):
      var found: [Variant] = []
      if !group.overrides.isEmpty || !group.excludedRules.isEmpty {
        var changed = group
        (changed.overrides, changed.excludedRules) = ([], [])
        found.append(("overrides dropped", .overrides, inner, .managedRuleGroup(changed)))
      }
      guard let scope = group.scopeDown else { return found }
      return found
        + variants(of: scope, at: inner + ".ScopeDownStatement").map { variant in
          var changed = group
          changed.scopeDown = variant.statement
          return (variant.change, variant.kind, variant.path, .managedRuleGroup(changed))
        }
    case .open: return []
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .ipSetReference, .regexPatternSetReference, .labelMatch, .regexMatch,
      .asnMatch:
      return [("negated", .negation, inner, .not(statement))] + leaves(statement, at: inner)
    }
  }

  /// And in the place of Or, and the other way.
  private func other(_ statement: Statement, at path: String) -> [Variant] {
    purpose == .repair ? [("made \(statement.wireName)", .operand, path, statement)] : []
  }

  /// An operand that is changed, and one that is left out.
  private func operands(_ parts: [Statement], at path: String, _ make: ([Statement]) -> Statement) -> [Variant] {
    parts.indices.flatMap { index -> [Variant] in
      let place = path + ".Statements[\(index)]"
      var rest = parts
      rest.remove(at: index)
      let without = rest.count == 1 ? rest[0] : make(rest)
      return [("\(parts[index].wireName) left out", .operand, place, without)]
        + variants(of: parts[index], at: place).map { variant in
          var changed = parts
          changed[index] = variant.statement
          return (variant.change, variant.kind, variant.path, make(changed))
        }
    }
  }

  /// Changes of a leaf itself: its transformations, the place of a string, the bound of a size.
  private func leaves(_ statement: Statement, at path: String) -> [Variant] {
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
      return [("size raised to \(larger.size)", .bound, path + ".Size", .sizeConstraint(larger))]
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

  private func positions(_ match: ByteMatchStatement, at path: String) -> [Variant] {
    let wider: [PositionalConstraint: [PositionalConstraint]] = [
      .exactly: [.startsWith], .startsWith: [.contains, .exactly], .endsWith: [.contains], .contains: [.startsWith], .containsWord: [.contains],
    ]
    let others =
      switch purpose {
      case .mutation: wider[match.positionalConstraint] ?? []
      case .repair: PositionalConstraint.allCases.filter { $0 != match.positionalConstraint }
      }
    return others.map { constraint in
      var changed = match
      changed.positionalConstraint = constraint
      return ("\(match.positionalConstraint.rawValue) made \(constraint.rawValue)", .position, path + ".PositionalConstraint", .byteMatch(changed))
    }
  }

  private func transformations(_ inspection: Inspection, at path: String, _ make: (Inspection) -> Statement) -> [Variant] {
    let dropped = inspection.transformations.indices.compactMap { index -> Variant? in
      guard inspection.transformations[index] != .none else { return nil }
      var changed = inspection
      changed.transformations.remove(at: index)
      if changed.transformations.isEmpty { changed.transformations = [.none] }
      return ("\(inspection.transformations[index].rawValue) dropped", .transformation, path + ".TextTransformations", make(changed))
    }
    guard purpose == .repair else { return dropped }
    let added = Self.added.filter { added in
      // Values that are encoded twice are what URL_DECODE stands twice for.
      inspection.transformations.count { $0 == added } < (added == .urlDecode ? 2 : 1)
    }.map { transformation -> Variant in
      var changed = inspection
      changed.transformations = inspection.transformations.filter { $0 != .none } + [transformation]
      return ("\(transformation.rawValue) added", .transformation, path + ".TextTransformations", make(changed))
    }
    return dropped + added
  }

  /// Transformations that rules lack most.
  private static let added: [TextTransformation] = [.lowercase, .urlDecode, .normalizePath, .htmlEntityDecode]
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
