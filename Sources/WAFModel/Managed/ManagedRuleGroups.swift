/// A managed rule group as its vendor documents it: what can be known without its rules.
public struct ManagedRuleGroup: Equatable, Sendable {
  /// Vendor such as `AWS`.
  public var vendor: String
  /// Name such as `AWSManagedRulesCommonRuleSet`.
  public var name: String
  /// Capacity that a web ACL pays, in WCU, scope-down not counted.
  public var capacity: Int
  /// Prefix of its labels, such as `awswaf:managed:aws:core-rule-set:`; its token is not the name of the group (MG-3).
  public var labelNamespace: String
  /// Its rules, in the order of the documents, which is not said to be that of evaluation.
  public var rules: [ManagedRule]
}

/// A rule of a managed rule group.
public struct ManagedRule: Equatable, Sendable {
  /// Name, as overrides and logs have it.
  public var name: String
  /// Its action where nothing overrides it.
  public var action: ActionKind
  /// Documented labels that it adds, in full.
  public var labels: [String]
}

/// The managed rule groups that are known.
public enum ManagedRuleGroups {
  /// A group by its names, which are case-sensitive; nil for one that is not in the catalogue.
  public static func find(vendor: String, name: String) -> ManagedRuleGroup? { all.first { $0.vendor == vendor && $0.name == name } }
}

extension ManagedRuleGroup {
  /// A group of AWS; labels of its rules without the namespace.
  init(_ name: String, wcu: Int, token: String, _ rules: [(name: String, action: ActionKind, labels: String)]) {
    let namespace = "awswaf:managed:aws:\(token):"
    self.init(
      vendor: "AWS", name: name, capacity: wcu, labelNamespace: namespace,
      rules: rules.map { rule in
        ManagedRule(name: rule.name, action: rule.action, labels: rule.labels.split(separator: " ").map { namespace + $0 })
      })
  }
}
