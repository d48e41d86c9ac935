public import WAFDocuments
public import WAFModel

/// A rule of the web ACL itself that does nothing whatever the traffic, so that the web ACL does the same without it.
public struct RemovableRule: Sendable {
  /// Name.
  public var name: String
  /// Why, in words.
  public var reason: String
  /// What it costs.
  public var capacity: Capacity
}

extension Lint {
  /// The rules that can be removed, in order of evaluation: those that nothing reaches, that an earlier rule shadows, that say what an earlier one
  /// says, and that match no request.
  ///
  /// - Parameter places: Where the documents' values are written.
  public static func removableRules(in documents: RuleDocuments, places: DocumentPlaces) -> [RemovableRule] {
    let found = findings(in: documents, places: places, checks: [.unreachableRule, .shadowedRule, .duplicateRule]).kept
    let subject = LintSubject(documents)
    let rules = documents.webACL.orderedRules
    let owners = FindingOwner.rules(of: documents, places)
    var end: String?
    var removable: [RemovableRule] = []
    // A set that the documents lack may hold anything, and so may a value that is open.
    for (rule, owner) in zip(rules, owners) where documents.webACL.rules.contains(where: { $0.name == rule.name }) {
      let finding = found.first { owner.holds($0) && ($0.code != .unreachableRule || owner.path == $0.path) }
      var reason = finding?.message
      if finding?.code == .unreachableRule { end = rule.name }
      if reason == nil, let end { reason = "evaluation does not come to \(quoted(end)), and so not to what stands behind it" }
      if reason == nil, subject.reasoner.certainty(of: rule.statement) == .never { reason = "its statement matches no request" }
      guard let reason else { continue }
      removable.append(RemovableRule(name: rule.name, reason: reason, capacity: documents.capacityTree(of: rule).total))
    }
    return removable
  }
}
