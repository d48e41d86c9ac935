internal import WAFBase
public import WAFModel

/// Which rules several web ACLs have in common, whatever their names of sets.
public struct SharedRules: Sendable {
  /// For each web ACL a number for each rule of its program, in its order. Equal rules have equal numbers.
  public let numbers: [[Int]]

  /// Compares the rules of web ACLs, each with what was compiled from it, and the sets and groups that they name.
  public init(_ webACLs: [(documents: RuleDocuments, program: Program)]) {
    var known: [String: [(rule: Definition, number: Int)]] = [:]
    var next = 0
    numbers = webACLs.map { documents, program in
      Definition.all(of: documents, program).map { definition in
        let name = definition.rule.name
        if let same = known[name]?.first(where: { $0.rule == definition }) { return same.number }
        known[name, default: []].append((definition, next))
        next += 1
        return next - 1
      }
    }
  }

  /// All that decides what a rule does.
  private struct Definition: Equatable {
    var rule: Rule
    /// Members of the sets that it names, in the order of its statements.
    var addresses: [[CIDR]?] = []
    var patterns: [[String]?] = []
    /// The rule that references the group in which it stands, with what it says of this rule alone.
    var reference: Rule?

    /// In the order of the rules of a program.
    static func all(of documents: RuleDocuments, _ program: Program) -> [Definition] {
      var all: [Definition] = []
      for (index, source) in RuleSources(documents).rules.enumerated() {
        var definition = Definition(rule: source.rule)
        definition.take(source.rule.statement, documents)
        definition.rule.statement = source.rule.statement.withoutReferences
        // A rule that only moved is the same rule; what its place changes shows in decisions.
        definition.rule.priority = 0
        definition.reference = program.rules[index].group.map { all[$0].rule.about(source.rule.name) }
        all.append(definition)
      }
      return all
    }

    private mutating func take(_ statement: Statement, _ documents: RuleDocuments) {
      switch statement {
      case .ipSetReference(let reference): addresses.append(documents.ipSet(arn: reference.arn)?.addresses)
      case .regexPatternSetReference(let reference): patterns.append(documents.regexPatternSet(arn: reference.arn)?.patterns)
      default: for child in statement.children { take(child, documents) }
      }
    }
  }
}

extension Rule {
  /// A rule that references a group, without what it says of the group's other rules: another action of one is no change of the next.
  fileprivate func about(_ name: String) -> Rule {
    var rule = self
    switch statement {
    case .managedRuleGroup(var group):
      group.overrides.removeAll { $0.name != name }
      group.excludedRules.removeAll { $0 != name }
      rule.statement = .managedRuleGroup(group)
    case .ruleGroupReference(var reference):
      reference.overrides.removeAll { $0.name != name }
      reference.excludedRules.removeAll { $0 != name }
      rule.statement = .ruleGroupReference(reference)
    default: break
    }
    return rule
  }
}

extension Statement {
  /// The statement without the names of the sets and groups that it references.
  fileprivate var withoutReferences: Statement {
    switch self {
    case .and(let parts): return .and(parts.map(\.withoutReferences))
    case .or(let parts): return .or(parts.map(\.withoutReferences))
    case .not(let part): return .not(part.withoutReferences)
    case .rateBased(var rate):
      rate.scopeDown = rate.scopeDown?.withoutReferences
      return .rateBased(rate)
    case .managedRuleGroup(var group):
      group.scopeDown = group.scopeDown?.withoutReferences
      return .managedRuleGroup(group)
    case .ruleGroupReference(var reference):
      reference.arn = ""
      return .ruleGroupReference(reference)
    case .ipSetReference(var reference):
      reference.arn = ""
      return .ipSetReference(reference)
    case .regexPatternSetReference(var reference):
      reference.arn = ""
      return .regexPatternSetReference(reference)
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .labelMatch, .regexMatch, .asnMatch, .open: return self
    }
  }
}
