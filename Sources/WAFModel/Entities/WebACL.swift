/// A web ACL as written: rules and settings, references unresolved.
///
/// Source: AWS WAFV2 API reference (2019-07-29), `WebACL`.
public struct WebACL: Equatable, Sendable {
  /// Name, 1 to 128 of `A-Z a-z 0-9 _ -`.
  public var name: String
  /// ARN; nil for hand-written documents.
  public var arn: String?
  /// Scope where the document states it or the ARN shows it.
  public var scope: Scope?
  /// What happens to a request that no rule ends.
  public var defaultAction: DefaultAction
  /// The rules, in the order of the document; evaluation goes by `priority` (EO-1).
  public var rules: [Rule]
  /// Firewall Manager groups evaluated before the rules, in document order.
  public var preProcessGroups: [FirewallManagerRuleGroup] = []
  /// Firewall Manager groups evaluated after the rules, in document order.
  public var postProcessGroups: [FirewallManagerRuleGroup] = []
  /// Bodies that custom responses name.
  public var customResponseBodies: [CustomResponseBody] = []
  /// Default CAPTCHA immunity in seconds; nil means 300.
  public var captchaImmunity: Int?
  /// Default challenge immunity in seconds; nil means 300.
  public var challengeImmunity: Int?
  /// Extra accepted token domains (TK-5).
  public var tokenDomains: [String] = []
  /// Body inspection limits that differ from the default (C.1), by resource type name such as `CLOUDFRONT`.
  public var bodyLimits: [BodyLimit] = []
  /// `LabelNamespace` of the document: prefix of the labels of its own rules (LB-2).
  public var labelNamespace: String?
  /// Data protection of emitted records (evaluation 9.1).
  public var dataProtections: [DataProtection] = []
  /// `Capacity` as the document declares it.
  public var declaredCapacity: Int?
  /// Metric name and switches; nil where a document may lack it.
  public var visibility: VisibilityConfig?
  /// Where it is written.
  public var origin: Origin

  /// A web ACL without rules.
  public init(name: String, defaultAction: DefaultAction, rules: [Rule] = [], path: String = "$") {
    self.name = name
    self.defaultAction = defaultAction
    self.rules = rules
    origin = Origin(path: path)
  }
}

/// `CLOUDFRONT` or `REGIONAL`.
public enum Scope: String, CaseIterable, Equatable, Sendable {
  case cloudFront = "CLOUDFRONT"
  case regional = "REGIONAL"
}

/// `AssociationConfig.RequestBody.<resource>.DefaultSizeInspectionLimit`.
public struct BodyLimit: Equatable, Sendable {
  /// `CLOUDFRONT`, `API_GATEWAY`, `COGNITO_USER_POOL`, `APP_RUNNER_SERVICE` or `VERIFIED_ACCESS_INSTANCE`.
  public var resource: String
  /// Inspected bytes: 16,384, 32,768, 49,152 or 65,536.
  public var bytes: Int

  /// A limit for one resource type.
  public init(resource: String, bytes: Int) {
    self.resource = resource
    self.bytes = bytes
  }
}

/// A rule of a web ACL or of a rule group.
public struct Rule: Equatable, Sendable {
  /// Name, unique in its web ACL or group.
  public var name: String
  /// Lower numbers run first.
  public var priority: Int
  /// What has to hold.
  public var statement: Statement
  /// What happens then: an action, or for rules that reference a group an override of the group's result (ST-4).
  public var action: RuleOutcomeSetting
  /// Label names without prefix, in document order.
  public var labels: [String] = []
  /// CAPTCHA immunity in seconds; nil means the web ACL's.
  public var captchaImmunity: Int?
  /// Challenge immunity in seconds; nil means the web ACL's.
  public var challengeImmunity: Int?
  /// Metric name and switches.
  public var visibility: VisibilityConfig?
  /// Where it is written.
  public var origin: Origin

  /// A rule without labels.
  public init(name: String, priority: Int, statement: Statement, action: RuleOutcomeSetting, path: String = "$") {
    self.name = name
    self.priority = priority
    self.statement = statement
    self.action = action
    origin = Origin(path: path)
  }
}

/// `Action` of a normal rule, or `OverrideAction` of a rule that references a group.
public enum RuleOutcomeSetting: Equatable, Sendable {
  case action(RuleAction)
  case override(OverrideAction)
}

/// `VisibilityConfig`.
public struct VisibilityConfig: Equatable, Sendable {
  /// Name of the metric.
  public var metricName: String
  /// `SampledRequestsEnabled`.
  public var sampledRequestsEnabled: Bool
  /// `CloudWatchMetricsEnabled`.
  public var metricsEnabled: Bool

  /// Metric settings.
  public init(metricName: String, sampledRequestsEnabled: Bool, metricsEnabled: Bool) {
    self.metricName = metricName
    self.sampledRequestsEnabled = sampledRequestsEnabled
    self.metricsEnabled = metricsEnabled
  }
}

/// A group that Firewall Manager puts before or after the rules of a web ACL (EO-3).
public struct FirewallManagerRuleGroup: Equatable, Sendable {
  /// Name of the reference.
  public var name: String
  /// Lower numbers run first within the section.
  public var priority: Int
  /// `.ruleGroupReference` or `.managedRuleGroup`, nothing else.
  public var statement: Statement
  /// Override of the group's result.
  public var overrideAction: OverrideAction
  /// Where it is written.
  public var origin: Origin

  /// A group reference.
  public init(name: String, priority: Int, statement: Statement, overrideAction: OverrideAction, path: String = "$") {
    self.name = name
    self.priority = priority
    self.statement = statement
    self.overrideAction = overrideAction
    origin = Origin(path: path)
  }
}
