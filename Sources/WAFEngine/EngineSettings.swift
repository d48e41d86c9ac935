public import WAFRequest

/// What a user chooses about evaluation, beyond the web ACL itself.
public struct EngineSettings: Sendable {
  /// The protected resource where a request does not tell; nil means CloudFront for an ACL of that scope, else a load balancer.
  public var resource: ResourceType?
  /// How managed rule groups are answered.
  public var managed: ManagedPolicy = .recorded
  /// How rates are counted.
  public var rateModel: RateModel = .exact
  /// What is assumed of CAPTCHA and challenge tokens where a request does not tell.
  public var tokenPolicy: TokenPolicy = .recorded
  /// The web ACL whose recorded decisions verdicts are compared with, by ARN or name; nil means the evaluated one.
  public var comparedWebACL: String?

  /// The defaults.
  public init() {}
}

/// How managed rule groups are answered (MG-1).
public enum ManagedPolicy: String, CaseIterable, Sendable {
  /// From the WAF log's own record, else from a local definition, else undetermined.
  case recorded
  /// From a local definition, else undetermined.
  case local
  /// Always undetermined.
  case none
}

/// The two models of rate counting (evaluation 7.4).
public enum RateModel: Equatable, Sendable {
  /// Sliding windows, checked at every request.
  case exact
  /// Checked at multiples of `checkInterval` milliseconds since the epoch; greater than 0.
  case interval(checkInterval: Int64)
}

/// Token policy (TK-6).
public enum TokenPolicy: String, CaseIterable, Sendable {
  /// What the WAF log recorded for the same rule, else as `cookie`.
  case recorded
  /// Missing without the cookie `aws-waf-token`, else unknown.
  case cookie
  /// Always valid.
  case assumeValid = "assume-valid"
  /// Always missing.
  case assumeMissing = "assume-missing"
}
