/// The parts of the ARN of a WAF entity: `arn:aws:wafv2:REGION:ACCOUNT:SCOPE/KIND/NAME/ID`.
public struct ARNParts: Equatable, Sendable {
  /// Region such as `eu-west-1`; `us-east-1` for CloudFront.
  public var region: String
  /// Account, twelve digits.
  public var account: String
  /// `regional` or `global`; nil for anything else.
  public var scope: Scope?
  /// Kind such as `ipset`.
  public var kind: String
  /// Name of the entity.
  public var name: String

  /// The parts of `arn`; nil for a text of another form.
  public init?(_ arn: String) {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "wafv2" else { return nil }
    let resource = parts[5].split(separator: "/", omittingEmptySubsequences: false)
    guard resource.count >= 3 else { return nil }
    region = String(parts[3])
    account = String(parts[4])
    scope = resource[0] == "regional" ? .regional : resource[0] == "global" ? .cloudFront : nil
    kind = String(resource[1])
    name = String(resource[2])
  }
}
