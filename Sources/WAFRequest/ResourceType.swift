/// A kind of AWS resource that a web ACL can protect. It decides body limits and which fingerprints exist (B.11, C.1).
public enum ResourceType: UInt8, CaseIterable, Equatable, Sendable {
  case cloudFront, applicationLoadBalancer, apiGateway, appSync, cognito, appRunner, verifiedAccess, amplify

  /// As in `httpSourceName` of an AWS WAF log and in `--resource`.
  public var logName: String {
    switch self {
    case .cloudFront: "CF"
    case .applicationLoadBalancer: "ALB"
    case .apiGateway: "APIGW"
    case .appSync: "APPSYNC"
    case .cognito: "COGNITOIDP"
    case .appRunner: "APPRUNNER"
    case .verifiedAccess: "VERIFIED_ACCESS"
    case .amplify: "AMPLIFY"
    }
  }

  /// The resource that logs call `logName`; nil for an unknown name.
  public init?(logName: String) {
    guard let found = Self.allCases.first(where: { $0.logName == logName }) else { return nil }
    self = found
  }
}
