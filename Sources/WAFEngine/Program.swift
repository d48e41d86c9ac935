public import WAFModel

/// A compiled web ACL: immutable, shared by all threads.
public struct Program: Sendable {
  /// Every rule in order of evaluation. A rule that references a group is followed by the rules of the group.
  public internal(set) var rules: [ProgramRule] = []
  /// `$.` paths of the leaf statements; `OpenLeaf.path` points here.
  public internal(set) var paths: [String] = []
}

/// One rule of a `Program`.
public struct ProgramRule: Sendable {
  /// Name.
  public var name: String
  /// Priority within its web ACL or group.
  public var priority: Int
  /// Index of the rule that references the group this rule belongs to; nil for rules of the web ACL itself.
  public var group: Int?
  /// What it is.
  public var kind: Kind
  /// Action that takes effect (5.1). Nil for a rule that references a group.
  public var effectiveAction: RuleAction?
  /// The rule's own action where `RuleActionOverrides` replaced it (OA-3).
  public var overriddenAction: ActionKind?
  /// Whether `ExcludedRules` made it count (OA-1).
  public var isExcluded: Bool
  /// Override of the group's result. Nil for a rule that references no group.
  public var groupOverride: OverrideAction?
  /// `ruleGroupId` of the log (LOG-2). Nil for a rule that references no group.
  public var groupID: String?
  /// `$.` path in its document.
  public var path: String
  /// The rate-based statement. Nil for rules of other kinds.
  public var rate: RateBasedStatement?

  /// What a rule is.
  public enum Kind: Sendable {
    case regular, rateBased, ruleGroup, managedRuleGroup
  }

  /// As in reports: `rule`, or `referencing-rule/rule` for a rule of a group.
  public func displayName(in program: Program) -> String {
    guard let group else { return name }
    return program.rules[group].name + "/" + name
  }
}
