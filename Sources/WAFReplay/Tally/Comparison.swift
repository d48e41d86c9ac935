public import WAFEngine
internal import WAFModel
public import WAFRequest

/// How a verdict compares with what AWS recorded for the same request.
public struct Comparison: Equatable, Sendable {
  /// Whether action and terminating rule are the same; nil where ours is undetermined.
  public var agrees: Bool?
  /// Why they differ; nil where they do not.
  public var difference: Difference?

  /// Compares a verdict with the record's decision.
  ///
  /// - Returns: Nil where the request carries none, where the decision is this program's own, or where it is that of another web ACL.
  public init?(_ verdict: borrowing Verdict, of request: borrowing Request, by program: Program) {
    guard case .own(let recorded) = program.recordedOutcome(of: request) else { return nil }
    self.init(verdict, with: recorded, by: program)
  }

  /// Compares a verdict with a decision of the same web ACL.
  init(_ verdict: borrowing Verdict, with recorded: RecordedOutcome.OwnDecision, by program: Program) {
    guard verdict.isDetermined, let action = verdict.action else { return }
    let sameAction = recorded.action == Array(action.logName.utf8)
    let sameRule = recorded.rule == Array(program.terminatingRuleName(of: verdict).utf8)
    agrees = sameAction && sameRule
    if agrees == false { difference = program.difference(of: recorded, from: verdict, action) }
  }
}

/// Why a verdict differs from the recorded decision; `rawValue` is the code in outputs.
public enum Difference: String, CaseIterable, Sendable {
  /// The record names a rule that the web ACL does not have: it was another version of it.
  case unknownRule = "unknown-rule"
  /// A rate-based rule decided on one side: the service counts with a delay, this program exactly.
  case rateTiming = "rate-timing"
  /// A CAPTCHA or a challenge decided on one side: whether a token is valid only AWS can tell.
  case token = "token"
  /// A managed group of address lists decided on one side: the lists change by the day.
  case ipReputation = "ip-reputation"
  /// A managed group decided on our side of which the record has no entry.
  case managedNotRecorded = "managed-not-recorded"
  /// A managed rule group decided on one side: its rules are not public.
  case managedGroup = "managed-group"
  /// The action is the same, another rule decided.
  case otherRule = "other-rule"
  /// The actions differ.
  case otherAction = "other-action"
}

extension Program {
  /// `terminatingRuleId` of the default action.
  public static let defaultActionName = "Default_Action"

  /// `terminatingRuleId` of a determined verdict.
  func terminatingRuleName(of verdict: borrowing Verdict) -> String {
    verdict.terminatingRule == Verdict.defaultAction ? Self.defaultActionName : rules[verdict.terminatingRule].name
  }

  /// The rule of the web ACL itself that a record calls `name`.
  func ownRule(named name: [UInt8]) -> Int? { rules.indices.first { rules[$0].group == nil && Array(rules[$0].name.utf8) == name } }

  /// The most telling reason why a verdict is not what AWS decided.
  fileprivate func difference(of recorded: RecordedOutcome.OwnDecision, from verdict: borrowing Verdict, _ action: ActionKind) -> Difference {
    let theirs = ownRule(named: recorded.rule)
    if theirs == nil, recorded.rule != Array(Self.defaultActionName.utf8) { return .unknownRule }
    let ours = verdict.terminatingRule == Verdict.defaultAction ? nil : verdict.terminatingRule
    let deciding = [theirs, ours].compactMap(\.self)
    if deciding.contains(where: { rules[$0].kind == .rateBased }) { return .rateTiming }
    if action.asksForToken || ActionKind.allCases.contains(where: { $0.asksForToken && Array($0.logName.utf8) == recorded.action }) { return .token }
    if deciding.contains(where: { rules[$0].holdsAddressLists }) { return .ipReputation }
    if let ours, isUnrecorded(ours, in: recorded) { return .managedNotRecorded }
    if deciding.contains(where: { rules[$0].kind == .managedRuleGroup }) { return .managedGroup }
    return recorded.action == Array(action.logName.utf8) ? .otherRule : .otherAction
  }

  private func isUnrecorded(_ rule: Int, in recorded: RecordedOutcome.OwnDecision) -> Bool {
    guard let bit = managedGroupRules.firstIndex(of: rule), bit < UInt64.bitWidth else { return false }
    return recorded.unrecordedGroups & (1 << UInt64(bit)) != 0
  }
}

extension ProgramRule {
  /// Managed groups whose rules are lists of addresses.
  private static let addressListGroups = ["AWS#AWSManagedRulesAmazonIpReputationList", "AWS#AWSManagedRulesAnonymousIpList"]

  /// Whether it references a managed group whose rules are lists of addresses.
  fileprivate var holdsAddressLists: Bool { Self.addressListGroups.contains { groupID == $0 || groupID?.hasPrefix($0 + "#") == true } }
}

extension ActionKind {
  /// Whether its outcome depends on a token.
  fileprivate var asksForToken: Bool {
    switch self {
    case .captcha, .challenge: true
    case .allow, .block, .count: false
    }
  }
}
