internal import WAFBase
public import WAFModel

/// Which rules two web ACLs have in common, whatever their names of sets.
public struct SharedRules: Sendable {
  /// A number for each rule of the first web ACL's program, in its order. Equal rules of the two have equal numbers.
  public let base: [Int]
  /// The same of the second.
  public let head: [Int]

  /// Compares the rules of two web ACLs with the sets and groups that they name.
  ///
  /// - Parameters:
  ///   - base: The first, and what was compiled from it.
  ///   - head: The second.
  public init(base: (documents: RuleDocuments, program: Program), head: (documents: RuleDocuments, program: Program)) {
    var known: [String: [(rule: Definition, number: Int)]] = [:]
    var next = 0
    func numbers(_ documents: RuleDocuments, _ program: Program) -> [Int] {
      Definition.all(of: documents, program).map { definition in
        let name = definition.rule.name
        if let same = known[name]?.first(where: { $0.rule == definition }) { return same.number }
        known[name, default: []].append((definition, next))
        next += 1
        return next - 1
      }
    }
    self.base = numbers(base.documents, base.program)
    self.head = numbers(head.documents, head.program)
  }

  /// All that decides what a rule does.
  private struct Definition: Equatable {
    var rule: Rule
    /// Members of the sets that it names, in the order of its statements.
    var addresses: [[CIDR]?] = []
    var patterns: [[String]?] = []
    /// The rule that references the group in which it stands.
    var reference: Rule?

    /// In the order of the rules of a program.
    static func all(of documents: RuleDocuments, _ program: Program) -> [Definition] {
      var all: [Definition] = []
      for (index, source) in RuleSources(documents).rules.enumerated() {
        var definition = Definition(rule: source.rule)
        definition.take(source.rule.statement, documents)
        definition.rule.statement = source.rule.statement.withoutReferences
        definition.reference = program.rules[index].group.map { all[$0].rule }
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
