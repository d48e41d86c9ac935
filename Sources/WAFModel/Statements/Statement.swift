/// A rule statement: exactly one of the 16 kinds (ST-2), or one that cannot be read before deployment.
///
/// Source: AWS WAFV2 API reference (2019-07-29), `Statement`.
public indirect enum Statement: Equatable, Sendable {
  case byteMatch(ByteMatchStatement)
  case sqliMatch(SqliMatchStatement)
  case xssMatch(XssMatchStatement)
  case sizeConstraint(SizeConstraintStatement)
  case geoMatch(GeoMatchStatement)
  case ruleGroupReference(RuleGroupReferenceStatement)
  case ipSetReference(IPSetReferenceStatement)
  case regexPatternSetReference(RegexPatternSetReferenceStatement)
  case rateBased(RateBasedStatement)
  case and([Statement])
  case or([Statement])
  case not(Statement)
  case managedRuleGroup(ManagedRuleGroupStatement)
  case labelMatch(LabelMatchStatement)
  case regexMatch(RegexMatchStatement)
  case asnMatch(AsnMatchStatement)
  /// A statement of any kind with a value that its template or plan leaves open.
  case open(OpenStatement)

  /// Name of the member of the API's `Statement` object.
  public var wireName: String {
    switch self {
    case .byteMatch: "ByteMatchStatement"
    case .sqliMatch: "SqliMatchStatement"
    case .xssMatch: "XssMatchStatement"
    case .sizeConstraint: "SizeConstraintStatement"
    case .geoMatch: "GeoMatchStatement"
    case .ruleGroupReference: "RuleGroupReferenceStatement"
    case .ipSetReference: "IPSetReferenceStatement"
    case .regexPatternSetReference: "RegexPatternSetReferenceStatement"
    case .rateBased: "RateBasedStatement"
    case .and: "AndStatement"
    case .or: "OrStatement"
    case .not: "NotStatement"
    case .managedRuleGroup: "ManagedRuleGroupStatement"
    case .labelMatch: "LabelMatchStatement"
    case .regexMatch: "RegexMatchStatement"
    case .asnMatch: "AsnMatchStatement"
    case .open(let statement): statement.wireName
    }
  }
}

extension Statement {
  /// What a statement on a component inspects; nil for all others.
  public var inspection: Inspection? {
    switch self {
    case .byteMatch(let match): match.inspection
    case .sqliMatch(let match): match.inspection
    case .xssMatch(let match): match.inspection
    case .sizeConstraint(let constraint): constraint.inspection
    case .regexMatch(let match): match.inspection
    case .regexPatternSetReference(let reference): reference.inspection
    case .geoMatch, .ruleGroupReference, .ipSetReference, .rateBased, .and, .or, .not, .managedRuleGroup, .labelMatch, .asnMatch, .open: nil
    }
  }
}

/// Where a component is inspected, and how its values are transformed first.
public struct Inspection: Equatable, Hashable, Sendable {
  /// The component.
  public var fieldToMatch: FieldToMatch
  /// Sorted by ascending `Priority` (TT-1); never empty in a valid document.
  public var transformations: [TextTransformation]

  /// A component and its transformations, in order of application.
  public init(_ fieldToMatch: FieldToMatch, _ transformations: [TextTransformation] = [.none]) {
    self.fieldToMatch = fieldToMatch
    self.transformations = transformations
  }
}

/// Matches when a request component holds a byte string at a given position.
public struct ByteMatchStatement: Equatable, Sendable {
  /// The bytes to look for, after Base64 decoding.
  public var searchString: [UInt8]
  /// Where to look.
  public var inspection: Inspection
  /// Where in the component the bytes have to be.
  public var positionalConstraint: PositionalConstraint

  /// A byte match.
  public init(searchString: [UInt8], inspection: Inspection, positionalConstraint: PositionalConstraint) {
    self.searchString = searchString
    self.inspection = inspection
    self.positionalConstraint = positionalConstraint
  }
}

/// `PositionalConstraint` (BM-3).
public enum PositionalConstraint: String, CaseIterable, Equatable, Hashable, Sendable {
  case exactly = "EXACTLY"
  case startsWith = "STARTS_WITH"
  case endsWith = "ENDS_WITH"
  case contains = "CONTAINS"
  case containsWord = "CONTAINS_WORD"
}

/// Matches when a component looks like SQL injection.
public struct SqliMatchStatement: Equatable, Sendable {
  /// Where to look.
  public var inspection: Inspection
  /// `LOW` unless stated.
  public var sensitivityLevel: SensitivityLevel

  /// A SQL-injection match.
  public init(inspection: Inspection, sensitivityLevel: SensitivityLevel = .low) {
    self.inspection = inspection
    self.sensitivityLevel = sensitivityLevel
  }
}

/// `SensitivityLevel` of the SQL-injection detector.
public enum SensitivityLevel: String, CaseIterable, Equatable, Hashable, Sendable {
  case low = "LOW"
  case high = "HIGH"
}

/// Matches when a component looks like cross-site scripting.
public struct XssMatchStatement: Equatable, Sendable {
  /// Where to look.
  public var inspection: Inspection

  /// A cross-site-scripting match.
  public init(inspection: Inspection) { self.inspection = inspection }
}

/// Matches when the size in bytes of a transformed component compares as stated (SC-1).
public struct SizeConstraintStatement: Equatable, Sendable {
  /// Where to look.
  public var inspection: Inspection
  /// How to compare.
  public var comparison: ComparisonOperator
  /// Bytes, 0 to 21,474,836,480.
  public var size: Int

  /// A size constraint.
  public init(inspection: Inspection, comparison: ComparisonOperator, size: Int) {
    self.inspection = inspection
    self.comparison = comparison
    self.size = size
  }
}

/// `ComparisonOperator`: size of the value, operator, stated size.
public enum ComparisonOperator: String, CaseIterable, Equatable, Hashable, Sendable {
  case equal = "EQ"
  case notEqual = "NE"
  case lessOrEqual = "LE"
  case less = "LT"
  case greaterOrEqual = "GE"
  case greater = "GT"
}

/// Matches when the country of an address is listed.
public struct GeoMatchStatement: Equatable, Sendable {
  /// ISO 3166-1 alpha-2 codes in upper case.
  public var countryCodes: [String]
  /// Take the first address of this header instead of the origin.
  public var forwardedIP: ForwardedIPConfig?

  /// A country match.
  public init(countryCodes: [String], forwardedIP: ForwardedIPConfig? = nil) {
    self.countryCodes = countryCodes
    self.forwardedIP = forwardedIP
  }
}

/// Matches when the autonomous system of an address is listed.
public struct AsnMatchStatement: Equatable, Sendable {
  /// Numbers; 0 stands for an address without known system (AS-2).
  public var asnList: [UInt32]
  /// Take the first address of this header instead of the origin.
  public var forwardedIP: ForwardedIPConfig?

  /// An autonomous-system match.
  public init(asnList: [UInt32], forwardedIP: ForwardedIPConfig? = nil) {
    self.asnList = asnList
    self.forwardedIP = forwardedIP
  }
}

/// `ForwardedIPConfig`.
public struct ForwardedIPConfig: Equatable, Hashable, Sendable {
  /// Name of the header, compared without case.
  public var headerName: String
  /// Result for a header whose address is invalid (FW-4).
  public var fallback: FallbackBehavior

  /// Settings of a forwarded address.
  public init(headerName: String, fallback: FallbackBehavior) {
    self.headerName = headerName
    self.fallback = fallback
  }
}

/// `FallbackBehavior`.
public enum FallbackBehavior: String, CaseIterable, Equatable, Hashable, Sendable {
  case match = "MATCH"
  case noMatch = "NO_MATCH"
}

/// `Position` of a forwarded address in its header (FW-4, FW-5).
public enum ForwardedPosition: String, CaseIterable, Equatable, Hashable, Sendable {
  case first = "FIRST"
  case last = "LAST"
  case any = "ANY"
}

/// Matches when an address is in an IP set.
public struct IPSetReferenceStatement: Equatable, Sendable {
  /// ARN of the set.
  public var arn: String
  /// Take addresses of a header instead of the origin.
  public var forwardedIP: ForwardedIPConfig?
  /// Which addresses of the header; meaningful with `forwardedIP` only.
  public var position: ForwardedPosition

  /// A reference to an IP set.
  public init(arn: String, forwardedIP: ForwardedIPConfig? = nil, position: ForwardedPosition = .first) {
    self.arn = arn
    self.forwardedIP = forwardedIP
    self.position = position
  }
}

/// Matches when any pattern of a set is found in a component.
public struct RegexPatternSetReferenceStatement: Equatable, Sendable {
  /// ARN of the set.
  public var arn: String
  /// Where to look.
  public var inspection: Inspection

  /// A reference to a regex pattern set.
  public init(arn: String, inspection: Inspection) {
    self.arn = arn
    self.inspection = inspection
  }
}

/// Matches when a pattern is found in a component.
public struct RegexMatchStatement: Equatable, Sendable {
  /// The pattern, within the subset of AWS (RX-4 to RX-7).
  public var pattern: String
  /// Where to look.
  public var inspection: Inspection

  /// A regex match.
  public init(pattern: String, inspection: Inspection) {
    self.pattern = pattern
    self.inspection = inspection
  }
}

/// Matches when an earlier rule added a label.
public struct LabelMatchStatement: Equatable, Sendable {
  /// Whether `key` names a label or a namespace.
  public var scope: LabelScope
  /// Key; begins with `awswaf:` where it is qualified (LM-2). A namespace key ends with `:` (LM-4).
  public var key: String

  /// A label match.
  public init(scope: LabelScope, key: String) {
    self.scope = scope
    self.key = key
  }
}

/// `Scope` of a label match.
public enum LabelScope: String, CaseIterable, Equatable, Hashable, Sendable {
  case label = "LABEL"
  case namespace = "NAMESPACE"
}

/// Limits requests by their rate.
public struct RateBasedStatement: Equatable, Sendable {
  /// Requests allowed per window and aggregation instance, 10 to 2,000,000,000.
  public var limit: Int
  /// Seconds: 60, 120, 300 or 600; 300 unless stated.
  public var evaluationWindow: Int
  /// How requests are grouped.
  public var aggregateKeyType: AggregateKeyType
  /// Keys of `CUSTOM_KEYS`, one to five; else empty.
  public var customKeys: [CustomKey]
  /// Header of the forwarded address.
  public var forwardedIP: ForwardedIPConfig?
  /// Only requests that match this are counted and limited.
  public var scopeDown: Statement?

  /// A rate-based statement.
  public init(
    limit: Int, evaluationWindow: Int = 300, aggregateKeyType: AggregateKeyType, customKeys: [CustomKey] = [],
    forwardedIP: ForwardedIPConfig? = nil, scopeDown: Statement? = nil
  ) {
    self.limit = limit
    self.evaluationWindow = evaluationWindow
    self.aggregateKeyType = aggregateKeyType
    self.customKeys = customKeys
    self.forwardedIP = forwardedIP
    self.scopeDown = scopeDown
  }
}

/// `AggregateKeyType`.
public enum AggregateKeyType: String, CaseIterable, Equatable, Sendable {
  case ip = "IP"
  case forwardedIP = "FORWARDED_IP"
  case customKeys = "CUSTOM_KEYS"
  case constant = "CONSTANT"

  /// As in `limitKey` of a log: `CUSTOMKEYS` has no underscore there.
  public var logName: String { self == .customKeys ? "CUSTOMKEYS" : rawValue }
}

/// One of the 12 custom aggregation keys (RB-3).
public enum CustomKey: Equatable, Sendable {
  case header(name: String, transformations: [TextTransformation])
  case cookie(name: String, transformations: [TextTransformation])
  case queryArgument(name: String, transformations: [TextTransformation])
  case queryString(transformations: [TextTransformation])
  case httpMethod
  case forwardedIP
  case ip
  case labelNamespace(String)
  case uriPath(transformations: [TextTransformation])
  case ja3Fingerprint(FallbackBehavior)
  case ja4Fingerprint(FallbackBehavior)
  case asn
}

/// Runs the rules of a customer rule group.
public struct RuleGroupReferenceStatement: Equatable, Sendable {
  /// ARN of the group.
  public var arn: String
  /// Names of rules that only count (legacy; OA-1).
  public var excludedRules: [String]
  /// Actions that replace the rules' own.
  public var overrides: [RuleActionOverride]

  /// A reference to a rule group.
  public init(arn: String, excludedRules: [String] = [], overrides: [RuleActionOverride] = []) {
    self.arn = arn
    self.excludedRules = excludedRules
    self.overrides = overrides
  }
}

/// `RuleActionOverride`.
public struct RuleActionOverride: Equatable, Sendable {
  /// Exact name of the rule in the group.
  public var name: String
  /// The action to use.
  public var action: RuleAction

  /// An override of one rule.
  public init(name: String, action: RuleAction) {
    self.name = name
    self.action = action
  }
}

/// Runs the rules of a managed rule group.
public struct ManagedRuleGroupStatement: Equatable, Sendable {
  /// Vendor such as `AWS`.
  public var vendorName: String
  /// Name such as `AWSManagedRulesCommonRuleSet`.
  public var name: String
  /// Static version; nil means the vendor's default.
  public var version: String?
  /// Only requests that match this are evaluated by the group.
  public var scopeDown: Statement?
  /// Names of rules that only count (legacy; OA-1).
  public var excludedRules: [String]
  /// Actions that replace the rules' own.
  public var overrides: [RuleActionOverride]

  /// A reference to a managed rule group. `ManagedRuleGroupConfigs` are checked for shape and not interpreted (MG-4).
  public init(
    vendorName: String, name: String, version: String? = nil, scopeDown: Statement? = nil, excludedRules: [String] = [],
    overrides: [RuleActionOverride] = []
  ) {
    self.vendorName = vendorName
    self.name = name
    self.version = version
    self.scopeDown = scopeDown
    self.excludedRules = excludedRules
    self.overrides = overrides
  }
}

/// A statement that cannot be read, since a template or plan leaves one of its values open; it is undetermined for every request.
public struct OpenStatement: Equatable, Sendable {
  /// Name of the member of the API's `Statement` object.
  public var wireName: String
  /// The open values as their document names them, each once.
  public var values: [String]

  /// A statement that cannot be read.
  public init(wireName: String, values: [String]) {
    self.wireName = wireName
    self.values = values
  }
}
