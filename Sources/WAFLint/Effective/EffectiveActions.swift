internal import WAFEngine
public import WAFModel

/// What each rule of a web ACL does once all overrides are applied (evaluation.md section 5).
public struct EffectiveActions: Sendable {
  /// The rules of the web ACL in order of evaluation.
  public let steps: [Step]

  /// A rule of the web ACL itself.
  public enum Step: Sendable {
    case rule(EffectiveRule)
    /// A rule that references a group, with the rules of the group.
    case group(EffectiveGroup)
  }

  /// Applies the overrides of the web ACL.
  public init(_ documents: RuleDocuments) {
    let prefix = documents.webACL.labelPrefix
    steps = documents.webACL.orderedRules.map { rule in
      EffectiveGroup(rule, documents).map(Step.group) ?? .rule(EffectiveRule(rule, labelPrefix: prefix))
    }
  }
}

/// A rule with the action that takes effect.
public struct EffectiveRule: Sendable {
  /// Name.
  public var name: String
  /// The rule as written; nil for a rule of the catalogue, whose statement nobody publishes.
  public var rule: Rule?
  /// Its own action.
  public var configured: ActionKind
  /// What the rule that references its group makes of that; nil where nothing does.
  public var override: Override?
  /// Labels it adds, fully qualified.
  public var labels: [String]

  /// An entry of `RuleActionOverrides` or `ExcludedRules`.
  public struct Override: Equatable, Sendable {
    /// The action in place of the rule's own.
    public var action: ActionKind
    /// Whether it is an entry of `ExcludedRules` (OA-1).
    public var isExclusion: Bool
    /// The way to it from the rule that references the group.
    public var path: String
  }

  /// The action that takes effect (5.1).
  public var action: ActionKind { override?.action ?? configured }
}

/// A rule that references a group, with the rules of the group.
public struct EffectiveGroup: Sendable {
  /// The rule that references it.
  public var reference: Rule
  /// What becomes of the group's result.
  public var override: OverrideAction
  /// Where its rules are known from.
  public var source: Source
  /// Name of the group; `Vendor/Name` for a managed one.
  public var name: String
  /// Only requests that match this come into the group.
  public var scopeDown: Statement?
  /// Prefix of its labels; nil for a managed group that is not in the catalogue.
  public var labelPrefix: String?
  /// Its rules in order of evaluation; empty where nobody lists them.
  public var rules: [EffectiveRule]

  /// Where the rules of a group are known from.
  public enum Source: String, Sendable {
    /// Its document.
    case document
    /// The published list of a managed group: names, actions and labels.
    case catalogue
    /// Nowhere.
    case unknown
  }
}

extension EffectiveRule {
  /// - Parameter labelPrefix: Prefix of the labels of its web ACL or group.
  init(_ rule: Rule, labelPrefix: String) {
    name = rule.name
    self.rule = rule
    // A rule without an action of its own references a group.
    if case .action(let action) = rule.action { configured = action.kind } else { configured = .count }
    labels = rule.labels.map { labelPrefix + $0 }
  }

  fileprivate init(_ rule: ManagedRule) {
    name = rule.name
    configured = rule.action
    labels = rule.labels
  }
}

extension EffectiveGroup {
  /// Nil for a rule that references no group.
  fileprivate init?(_ rule: Rule, _ documents: RuleDocuments) {
    reference = rule
    if case .override(let override) = rule.action { self.override = override } else { override = .none }
    switch rule.statement {
    case .ruleGroupReference(let statement):
      let group = documents.ruleGroup(arn: statement.arn)
      name = group?.name ?? ARNParts(statement.arn)?.name ?? statement.arn
      source = group == nil ? .unknown : .document
      labelPrefix = group?.labelPrefix
      rules = group?.effectiveRules ?? []
      apply(statement.overrides, excluded: statement.excludedRules)
    case .managedRuleGroup(let statement):
      name = statement.vendorName + "/" + statement.name
      scopeDown = statement.scopeDown
      let known = ManagedRuleGroups.find(vendor: statement.vendorName, name: statement.name)
      labelPrefix = known?.labelNamespace
      if let local = documents.managedRuleGroup(vendor: statement.vendorName, name: statement.name) {
        source = .document
        labelPrefix = labelPrefix ?? local.labelPrefix
        rules = local.effectiveRules
      } else {
        source = known == nil ? .unknown : .catalogue
        rules = known?.rules.map(EffectiveRule.init) ?? []
      }
      apply(statement.overrides, excluded: statement.excludedRules)
    default: return nil
    }
  }

  /// An override wins over an exclusion (RG-3).
  private mutating func apply(_ overrides: [RuleActionOverride], excluded: [String]) {
    let statement = ".Statement.\(reference.statement.wireName)"
    for index in rules.indices {
      let name = rules[index].name
      if let entry = overrides.lastIndex(where: { $0.name == name }) {
        let path = "\(statement).RuleActionOverrides[\(entry)]"
        rules[index].override = .init(action: overrides[entry].action.kind, isExclusion: false, path: path)
      } else if let entry = excluded.firstIndex(of: name) {
        rules[index].override = .init(action: .count, isExclusion: true, path: "\(statement).ExcludedRules[\(entry)]")
      }
    }
  }
}

extension RuleGroup {
  /// Its rules in order of evaluation, without overrides.
  fileprivate var effectiveRules: [EffectiveRule] {
    rules.sorted { $0.priority < $1.priority }.map { EffectiveRule($0, labelPrefix: labelPrefix) }
  }
}
