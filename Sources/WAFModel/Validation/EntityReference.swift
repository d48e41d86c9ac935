/// A reference of a document to a set or a rule group.
package struct EntityReference {
  /// What it refers to.
  package enum Kind: Sendable {
    case ipSet, regexPatternSet, ruleGroup, managedRuleGroup

    /// As messages and options name it.
    package var words: (name: String, option: String) {
      switch self {
      case .ipSet: ("IP set", "--ip-set")
      case .regexPatternSet: ("regex pattern set", "--regex-set")
      case .ruleGroup: ("rule group", "--rule-group")
      case .managedRuleGroup: ("managed rule group", "--rule-group")
      }
    }

    /// As ARNs have it.
    fileprivate var arnKind: String {
      switch self {
      case .ipSet: "ipset"
      case .regexPatternSet: "regexpatternset"
      case .ruleGroup, .managedRuleGroup: "rulegroup"
      }
    }

    fileprivate var article: String { self == .ipSet ? "an" : "a" }
  }

  /// A rule that an override or an exclusion names.
  struct Override {
    var rule: String
    /// Where it is named.
    var value: JSONValue
    /// The action to use; nil for an exclusion.
    var action: ActionKind?
  }

  /// What it refers to.
  package let kind: Kind
  /// The ARN; `Vendor/Name` for a managed group.
  package let arn: String
  /// Where it is written.
  let value: JSONValue
  /// Rules that it overrides or excludes.
  let overrides: [Override]

  /// Whether the group is to look at tokens and the history of clients, which no definition can (MG-4).
  var isTargeted = false

  /// Name of the listed managed group whose local definition can answer; nil where there is no such group, or none can.
  package var standInName: String? {
    guard kind == .managedRuleGroup, !isTargeted else { return nil }
    return ManagedRuleGroups.all.first { $0.vendor + "/" + $0.name == arn }?.name
  }

  /// The name in the ARN, which never holds a path.
  package var name: String { ARNParts(arn)?.name ?? arn }

  /// Why a text cannot refer to an entity of this kind: what is looked for is a name, never a path (reliability.md section 4). Nil for a good one.
  static func problem(of arn: String, for kind: Kind) -> String? {
    let isARN = arn.hasPrefix("arn:")
    let length = arn.unicodeScalars.count
    guard ((isARN ? 20 : 1)...2048).contains(length) else { return "expected an ARN of 20 to 2048 characters, found \(length)" }
    guard !arn.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else { return "\(quoted(arn)) is not a name" }
    let resource = isARN ? arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last.map(String.init) ?? "" : arn
    let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
    if parts.contains("..") || parts.contains("") || (!isARN && parts.count > 1) || arn.contains("://") || arn.contains("\\") {
      return "\(quoted(arn)) is not a name"
    }
    guard isARN else { return nil }
    guard let named = ARNParts(arn) else { return "expected an ARN of AWS WAF, found \(quoted(arn))" }
    guard named.kind == kind.arnKind else { return "expected the ARN of \(kind.article) \(kind.words.name), found \(quotedInFull(arn))" }
    return nil
  }
}
