/// A format of records that this version reads.
public enum LogFormat: String, CaseIterable, Sendable {
  /// Our own request lines: JSON, one object a line.
  case requests
  /// AWS WAF log: JSON, one object a line.
  case waf
  /// Access log of an Application Load Balancer.
  case alb
  /// Access log of a Classic Load Balancer.
  case classicELB = "elb"
  /// CloudFront standard log, legacy or v2: columns between tabs, as a `#Fields` directive names them or in the documented order.
  case cloudFront = "cloudfront"
  /// CloudFront real-time log: columns between tabs, as its owner chose them.
  case cloudFrontRealTime = "cloudfront-realtime"
  /// Server access log of S3.
  case s3
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
  /// Access logs of nginx and Apache in a format of their owner's, which `LineTemplate` describes.
  case custom
  /// W3C extended log of IIS: columns between blanks, as a `#Fields` directive names them.
  case iis
  /// W3C extended log of another product.
  case w3c
  /// Entries of a HAR file.
  case har
  /// Requests as they are sent, HTTP/1.1.
  case http

  /// As in `--format` and in reports.
  public var name: String { rawValue }

  /// The format that `--format` calls `name`; nil for an unknown name.
  public init?(name: String) { self.init(rawValue: name) }

  /// Whether lines are columns that `#Fields` directives name.
  public var hasNamedColumns: Bool {
    switch self {
    case .cloudFront, .cloudFrontRealTime, .iis, .w3c: true
    case .requests, .waf, .alb, .classicELB, .s3, .combined, .cloudFrontJSON, .apiGateway, .lattice, .envoy, .custom, .har, .http: false
    }
  }
}
