public import WAFModel

/// The rules of documents in the order of a program that was compiled from them.
public struct RuleSources: Sendable {
  /// The documents.
  let documents: RuleDocuments
  /// One a rule of the program. Rules of the catalogue have no statement: their `origin` is nil here.
  let rules: [(rule: Rule, isPublic: Bool)]

  /// The rules of `documents`.
  public init(_ documents: RuleDocuments) {
    self.documents = documents
    let webACL = documents.webACL
    var all: [(rule: Rule, isPublic: Bool)] = []
    func inOrder(_ rules: [Rule]) -> [Rule] { rules.sorted { $0.priority < $1.priority } }
    for rule in inOrder(webACL.preProcessGroups.map(\.asRule)) + inOrder(webACL.rules) + inOrder(webACL.postProcessGroups.map(\.asRule)) {
      switch rule.statement {
      case .ruleGroupReference(let reference):
        all.append((rule, true))
        let group = documents.ruleGroup(arn: reference.arn)
        all += inOrder(group?.rules ?? []).filter(\.hasAction).map { ($0, true) }
      case .managedRuleGroup(let reference):
        all.append((rule, true))
        let local = documents.managedRuleGroup(vendor: reference.vendorName, name: reference.name)
        let listed = local ?? ManagedRuleGroups.find(vendor: reference.vendorName, name: reference.name)?.outline
        all += inOrder(listed?.rules ?? []).filter(\.hasAction).map { ($0, local != nil) }
      default: if rule.hasAction { all.append((rule, true)) }
      }
    }
    rules = all
  }
}

extension Rule {
  fileprivate var hasAction: Bool { if case .action = action { true } else { false } }

  /// The action of its definition; nil for a rule that references a group.
  var ownAction: ActionKind? { if case .action(let action) = action { action.kind } else { nil } }
}
