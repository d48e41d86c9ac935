public import WAFBase

/// An IP set.
public struct IPSet: Equatable, Sendable {
  /// Name.
  public var name: String
  /// ARN; nil for hand-written sets.
  public var arn: String?
  /// Whether all members are IPv6.
  public var isIPv6: Bool
  /// Members; may be empty (IP-5).
  public var addresses: [CIDR]
  /// Members that a template or plan leaves open, as their document names them.
  public var openValues: [String] = []
  /// Where it is written.
  public var origin = Origin(path: "$")

  /// An IP set.
  public init(name: String, arn: String? = nil, isIPv6: Bool, addresses: [CIDR]) {
    self.name = name
    self.arn = arn
    self.isIPv6 = isIPv6
    self.addresses = addresses
  }
}

/// A regex pattern set.
public struct RegexPatternSet: Equatable, Sendable {
  /// Name.
  public var name: String
  /// ARN; nil for hand-written sets.
  public var arn: String?
  /// Patterns, 1 to 10.
  public var patterns: [String]
  /// Patterns that a template or plan leaves open, as their document names them.
  public var openValues: [String] = []
  /// Where it is written.
  public var origin = Origin(path: "$")

  /// A regex pattern set.
  public init(name: String, arn: String? = nil, patterns: [String]) {
    self.name = name
    self.arn = arn
    self.patterns = patterns
  }
}

/// A customer rule group, or a local definition of a managed one.
public struct RuleGroup: Equatable, Sendable {
  /// Name.
  public var name: String
  /// ARN; nil for hand-written groups.
  public var arn: String?
  /// The rules, in document order.
  public var rules: [Rule]
  /// Declared capacity.
  public var capacity: Int?
  /// `LabelNamespace`: prefix of the labels of its rules.
  public var labelNamespace: String?
  /// Bodies that custom responses of its rules name.
  public var customResponseBodies: [CustomResponseBody] = []
  /// Metric name and switches.
  public var visibility: VisibilityConfig?
  /// Where it is written.
  public var origin: Origin

  /// A rule group.
  public init(name: String, arn: String? = nil, rules: [Rule], capacity: Int? = nil, labelNamespace: String? = nil, path: String = "$") {
    self.name = name
    self.arn = arn
    self.rules = rules
    self.capacity = capacity
    self.labelNamespace = labelNamespace
    origin = Origin(path: path)
  }
}

/// An entry of `DataProtectionConfig` (DP-1).
public struct DataProtection: Equatable, Sendable {
  /// Wire name: `SINGLE_HEADER`, `SINGLE_COOKIE`, `SINGLE_QUERY_ARGUMENT`, `QUERY_STRING` or `BODY`.
  public var fieldType: String
  /// Names it applies to; empty means all of that type.
  public var keys: [String]
  /// Whether values are hashed; else replaced by `REDACTED`.
  public var hashes: Bool
  /// `ExcludeRuleMatchDetails`.
  public var excludesMatchDetails: Bool
  /// `ExcludeRateBasedDetails`.
  public var excludesRateDetails: Bool

  /// A protection.
  public init(fieldType: String, keys: [String], hashes: Bool, excludesMatchDetails: Bool = false, excludesRateDetails: Bool = false) {
    self.fieldType = fieldType
    self.keys = keys
    self.hashes = hashes
    self.excludesMatchDetails = excludesMatchDetails
    self.excludesRateDetails = excludesRateDetails
  }
}

/// A web ACL and everything that was supplied for its references.
public struct RuleDocuments: Equatable, Sendable {
  /// The web ACL.
  public var webACL: WebACL
  /// IP sets.
  public var ipSets: [IPSet] = []
  /// Regex pattern sets.
  public var regexPatternSets: [RegexPatternSet] = []
  /// Rule groups, also local definitions of managed ones.
  public var ruleGroups: [RuleGroup] = []

  /// A web ACL alone.
  public init(webACL: WebACL) { self.webACL = webACL }
}

extension RuleDocuments {
  /// The IP set that `arn` names (RS-3): by ARN, else by the `name/id` tail, else by name.
  public func ipSet(arn: String) -> IPSet? { Self.resolve(arn, in: ipSets, arnOf: \.arn, nameOf: \.name) }

  /// The regex pattern set that `arn` names (RS-3).
  public func regexPatternSet(arn: String) -> RegexPatternSet? { Self.resolve(arn, in: regexPatternSets, arnOf: \.arn, nameOf: \.name) }

  /// The rule group that `arn` names (RS-3).
  public func ruleGroup(arn: String) -> RuleGroup? { Self.resolve(arn, in: ruleGroups, arnOf: \.arn, nameOf: \.name) }

  /// A local definition of a managed group: a rule group supplied under the name `Vendor/Name` (MG-1 a).
  public func managedRuleGroup(vendor: String, name: String) -> RuleGroup? {
    ruleGroups.first { $0.name == vendor + "/" + name || $0.arn == vendor + "/" + name }
  }

  private static func resolve<Entity>(
    _ reference: String, in entities: [Entity], arnOf: KeyPath<Entity, String?>, nameOf: KeyPath<Entity, String>
  ) -> Entity? {
    if let exact = entities.first(where: { $0[keyPath: arnOf] == reference }) { return exact }
    let parts = reference.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count >= 2 {
      let tail = "/" + parts.suffix(2).joined(separator: "/")
      if let sameTail = entities.first(where: { $0[keyPath: arnOf]?.hasSuffix(tail) == true }) { return sameTail }
    }
    // An ARN ends in `…/name/id`; a bare name stands for itself.
    let name = parts.count >= 2 ? String(parts[parts.count - 2]) : reference
    return entities.first { $0[keyPath: nameOf] == name }
  }
}
