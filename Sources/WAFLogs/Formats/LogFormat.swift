/// A format of log lines that this version reads.
public enum LogFormat: String, CaseIterable, Sendable {
  /// Our own request lines: JSON, one object a line.
  case requests
  /// AWS WAF log: JSON, one object a line.
  case waf
  /// Access log of an Application Load Balancer.
  case alb
  /// Access logs of nginx and Apache: common and combined, with or without virtual host and further columns.
  case combined
  /// CloudFront standard log v2: JSON, one object a line.
  case cloudFrontJSON = "cloudfront-json"
  /// Access log of API Gateway: text, JSON, or both mixed.
  case apiGateway = "apigateway"
  /// Access log of VPC Lattice: JSON, one object a line.
  case lattice
  /// Access log of Envoy: its default text, JSON, or both mixed.
  case envoy

  /// As in `--format` and in reports.
  public var name: String { rawValue }

  /// The format that `--format` calls `name`; nil for an unknown name.
  public init?(name: String) { self.init(rawValue: name) }
}
