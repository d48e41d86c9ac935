internal import WAFBase
internal import WAFModel

/// Whether two rules can match one request. Says so only where it is proven; that they cannot makes their order irrelevant.
struct Exclusion {
  private let documents: RuleDocuments

  init(_ documents: RuleDocuments) { self.documents = documents }

  /// Whether no request matches both rules, or is counted by both.
  func exclude(_ left: Rule, _ right: Rule) -> Bool {
    let (left, right) = (conditions(of: left.statement), conditions(of: right.statement))
    return left.contains { one in right.contains { exclude(one, $0) } }
  }

  /// Statements that have to match where `statement` matches; for a rate-based one, where it counts.
  private func conditions(of statement: Statement) -> [Statement] {
    switch statement {
    case .and(let parts): parts.flatMap { conditions(of: $0) }
    case .rateBased(let rate): rate.scopeDown.map { conditions(of: $0) } ?? []
    case .ruleGroupReference, .managedRuleGroup, .open: []
    default: [statement]
    }
  }

  private func exclude(_ left: Statement, _ right: Statement) -> Bool {
    if let one = addresses(of: left), let other = addresses(of: right) {
      return !one.contains { block in other.contains { block.holds($0) || $0.holds(block) } }
    }
    guard case .byteMatch(let one) = left, case .byteMatch(let other) = right, one.inspection == other.inspection else { return false }
    guard one.inspection.fieldToMatch.hasOneValue else { return false }
    let (text, otherText) = (one.searchString, other.searchString)
    switch (one.positionalConstraint, other.positionalConstraint) {
    case (.exactly, .exactly): return text != otherText
    case (.exactly, .startsWith): return !text.starts(with: otherText)
    case (.startsWith, .exactly): return !otherText.starts(with: text)
    case (.startsWith, .startsWith): return !text.starts(with: otherText) && !otherText.starts(with: text)
    default: return false
    }
  }

  /// The blocks that a client has to be in, where a statement is about nothing else; nil where it is not so, or a set is not known whole.
  private func addresses(of statement: Statement) -> [CIDR]? {
    switch statement {
    case .ipSetReference(let reference):
      guard reference.forwardedIP == nil, let set = documents.ipSet(arn: reference.arn), set.openValues.isEmpty else { return nil }
      return set.addresses
    case .or(let parts):
      let blocks = parts.map { addresses(of: $0) }
      return blocks.contains { $0 == nil } ? nil : blocks.flatMap { $0 ?? [] }
    default: return nil
    }
  }
}

extension FieldToMatch {
  /// Whether a request has at most one value of it.
  fileprivate var hasOneValue: Bool {
    switch self {
    case .method, .uriPath, .queryString, .uriFragment: true
    default: false
    }
  }
}
