public import WAFBase

/// What is known of the CAPTCHA and challenge token of a request.
///
/// Source: spec of evaluation, section 8.
public struct TokenState: Equatable, Sendable {
  /// Whether the request carried a token.
  public var present: Bool
  /// Whether the token was altered.
  public var tampered: Bool
  /// Domain the token was issued for; empty when not told.
  public var domain: ByteRange
  /// Seconds since the epoch at which a challenge was solved.
  public var challengeSolveTimestamp: Int64?
  /// Seconds since the epoch at which a CAPTCHA was solved.
  public var captchaSolveTimestamp: Int64?

  /// A token state.
  public init(present: Bool, tampered: Bool, domain: ByteRange, challengeSolveTimestamp: Int64?, captchaSolveTimestamp: Int64?) {
    self.present = present
    self.tampered = tampered
    self.domain = domain
    self.challengeSolveTimestamp = challengeSolveTimestamp
    self.captchaSolveTimestamp = captchaSolveTimestamp
  }
}
