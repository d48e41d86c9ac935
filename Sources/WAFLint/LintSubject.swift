internal import WAFEngine
internal import WAFModel
internal import WAFRequest

/// Documents as checks look at them.
struct LintSubject {
  /// The web ACL and its entities.
  let documents: RuleDocuments
  /// What can be said of its statements.
  let reasoner: Reasoner
  /// The rules of the web ACL in order of evaluation, with those of the groups they reference.
  let steps: [EffectiveActions.Step]
  /// Every statement of the web ACL and of the rule groups among the documents, outermost first.
  let statements: [PlacedStatement]

  init(_ documents: RuleDocuments) {
    self.documents = documents
    reasoner = Reasoner(documents)
    steps = EffectiveActions(documents).steps
    let rules = documents.webACL.orderedRules + documents.ruleGroups.flatMap(\.rules)
    statements = rules.flatMap(PlacedStatement.all)
  }

  /// Whether there is a web ACL around the rules. A bare list of rules is a part of one, of which the rest is not known.
  var isWholeACL: Bool { documents.webACL.visibility != nil }

  /// Every list of rules in order of evaluation: that of the web ACL, and those of the groups.
  var ruleLists: [[Rule]] {
    [documents.webACL.orderedRules] + documents.ruleGroups.map { $0.rules.sorted { $0.priority < $1.priority } }
  }

  /// Bytes of a body that are inspected on each kind of resource that the web ACL may protect, least first (C.1).
  var bodyLimits: [(resource: ResourceType, bytes: Int)] {
    let webACL = documents.webACL
    let resources: [ResourceType] =
      webACL.isForCloudFront ? [.cloudFront] : [.applicationLoadBalancer, .apiGateway, .cognito, .appRunner, .verifiedAccess]
    return resources.map { ($0, webACL.bodyLimit(of: $0)) }.sorted { $0.bytes < $1.bytes }
  }
}

extension WebACL {
  /// Its rules in order of evaluation, the groups of Firewall Manager among them (EO-1, EO-3).
  var orderedRules: [Rule] {
    preProcessGroups.sorted { $0.priority < $1.priority }.map(\.asRule) + rules.sorted { $0.priority < $1.priority }
      + postProcessGroups.sorted { $0.priority < $1.priority }.map(\.asRule)
  }
}

/// A statement and where it stands.
struct PlacedStatement {
  let statement: Statement
  /// The rule that holds it.
  let rule: Rule
  /// The way from the rule to the `Statement` object that holds it.
  let path: String
  /// Whether it stands in the scope-down statement of its rule.
  let isScopeDown: Bool

  /// All statements of a rule, outermost first.
  static func all(of rule: Rule) -> [PlacedStatement] {
    PlacedStatement(statement: rule.statement, rule: rule, path: ".Statement", isScopeDown: false).withChildren
  }

  /// This one and all inside it.
  var withChildren: [PlacedStatement] { [self] + children.flatMap(\.withChildren) }

  /// Those directly inside it.
  var children: [PlacedStatement] {
    statement.placedChildren.map { child in
      PlacedStatement(
        statement: child.statement, rule: rule, path: path + child.path, isScopeDown: isScopeDown || child.path.hasSuffix(".ScopeDownStatement"))
    }
  }
}
