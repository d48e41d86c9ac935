public import WAFBase

/// What an AWS WAF log says AWS did with a request.
///
/// All texts are positions in `Request.bytes`.
public struct RecordedDecision: Equatable, Sendable {
  /// `webaclId`: an ARN in practice.
  public var webACLID: ByteRange = .empty
  /// `action`, such as `BLOCK`; any text, since AWS adds actions.
  public var action: ByteRange = .empty
  /// `terminatingRuleId`: name of the web ACL rule that decided, or `Default_Action`.
  public var terminatingRuleID: ByteRange = .empty
  /// `terminatingRuleType`.
  public var terminatingRuleType: ByteRange = .empty
  /// `ruleGroupList`: every group that AWS evaluated, in order.
  public var groups: [RecordedGroup] = []
  /// `nonTerminatingMatchingRules` of the web ACL itself.
  public var nonTerminatingRules: [RecordedMatch] = []
  /// `labels`: at most the first 100.
  public var labels: [ByteRange] = []
  /// Whether the list of labels may be cut (it holds 100).
  public var labelsMayBeCut = false
  /// Top-level `captchaResponse`.
  public var captchaResponse: RecordedTokenResponse?
  /// Top-level `challengeResponse`.
  public var challengeResponse: RecordedTokenResponse?
  /// Whether this program wrote the record: then its decision is ours and proves nothing.
  public var isOurOwn = false

  /// A record that says nothing yet.
  public init() {}

  /// Empties everything and keeps the memory.
  mutating func reset() {
    webACLID = .empty
    action = .empty
    terminatingRuleID = .empty
    terminatingRuleType = .empty
    groups.empty()
    nonTerminatingRules.empty()
    labels.empty()
    labelsMayBeCut = false
    captchaResponse = nil
    challengeResponse = nil
    isOurOwn = false
  }

  /// A copy that shares no memory with this one and has no room to spare.
  func compactCopy() -> RecordedDecision {
    var result = self
    result.groups = groups.map { $0 }
    result.nonTerminatingRules = nonTerminatingRules.map { $0 }
    result.labels = labels.map { $0 }
    return result
  }
}

/// An element of `ruleGroupList`.
public struct RecordedGroup: Equatable, Sendable {
  /// `ruleGroupId`: `Vendor#Name[#Version]` of a managed group, ARN of an own one.
  public var id: ByteRange = .empty
  /// The inner rule that ended the group.
  public var terminatingRule: RecordedMatch?
  /// Inner rules that matched without ending the group.
  public var nonTerminatingRules: [RecordedMatch] = []
  /// Names of inner rules that matched and are in `ExcludedRules`.
  public var excludedRules: [ByteRange] = []

  /// A group without any match.
  public init() {}
}

/// A rule that AWS says matched.
public struct RecordedMatch: Equatable, Sendable {
  /// `ruleId`.
  public var ruleID: ByteRange
  /// `action` that was applied.
  public var action: ByteRange
  /// `overriddenAction`: the rule's own action, where an override replaced it; else empty.
  public var overriddenAction: ByteRange
  /// `captchaResponse` or `challengeResponse` of this match.
  public var tokenResponse: RecordedTokenResponse?

  /// A match.
  public init(ruleID: ByteRange, action: ByteRange, overriddenAction: ByteRange = .empty, tokenResponse: RecordedTokenResponse? = nil) {
    self.ruleID = ruleID
    self.action = action
    self.overriddenAction = overriddenAction
    self.tokenResponse = tokenResponse
  }
}

/// `captchaResponse` or `challengeResponse` of a record (TK-6, TK-7).
public struct RecordedTokenResponse: Equatable, Sendable {
  /// `solveTimestamp` in seconds since the epoch; nil when absent or 0.
  public var solveTimestamp: Int64?
  /// `failureReason` such as `TOKEN_MISSING`; empty when there is none.
  public var failureReason: ByteRange

  /// A response.
  public init(solveTimestamp: Int64?, failureReason: ByteRange) {
    self.solveTimestamp = solveTimestamp
    self.failureReason = failureReason
  }
}

extension Array {
  /// Removes everything and keeps the memory. Most arrays of a request are empty already, which is cheaper to see than to do.
  @inline(__always)
  mutating func empty() {
    if !isEmpty { removeAll(keepingCapacity: true) }
  }
}
