internal import WAFBase
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
    guard let recorded = request.recorded, program.compares(with: recorded, of: request) else { return nil }
    self.init(
      verdict, with: RecordedOutcome(action: request.bytes[recorded.action], rule: request.bytes[recorded.terminatingRuleID]), by: program)
  }

  /// Compares a verdict with a decision of the same web ACL.
  init(_ verdict: borrowing Verdict, with recorded: RecordedOutcome, by program: Program) {
    guard verdict.isDetermined, let action = verdict.action else { return }
    let sameAction = recorded.action == Array(action.logName.utf8)
    let sameRule = recorded.rule == Array(program.terminatingRuleName(of: verdict).utf8)
    agrees = sameAction && sameRule
    guard agrees == false else { return }
    let recordedRule = program.rules.first { $0.group == nil && Array($0.name.utf8) == recorded.rule }
    let isDefault = recorded.rule == Array(Program.defaultActionName.utf8)
    let ours = verdict.terminatingRule >= 0 ? program.rules[verdict.terminatingRule] : nil
    if recordedRule == nil, !isDefault {
      difference = .unknownRule
    } else if recordedRule?.kind == .rateBased || ours?.kind == .rateBased {
      difference = .rateTiming
    } else if recordedRule?.kind == .managedRuleGroup || ours?.kind == .managedRuleGroup {
      difference = .managedGroup
    } else {
      difference = sameAction ? .otherRule : .otherAction
    }
  }
}

/// Why a verdict differs from the recorded decision; `rawValue` is the code in outputs.
public enum Difference: String, CaseIterable, Sendable {
  /// A rate-based rule decided on one side: the service counts with a delay, this program exactly.
  case rateTiming = "rate-timing"
  /// A managed rule group decided on one side: its rules are not public.
  case managedGroup = "managed-group"
  /// The record names a rule that the web ACL does not have: it was another version of it.
  case unknownRule = "unknown-rule"
  /// The action is the same, another rule decided.
  case otherRule = "other-rule"
  /// The actions differ.
  case otherAction = "other-action"
}

/// How far verdicts agree with the decisions that AWS recorded.
public struct Agreement: Sendable {
  /// Records with a decision of this web ACL and a determined verdict.
  public var compared = 0
  /// Of those, records with the same action and the same terminating rule.
  public var agree = 0
  /// Records with a decision of this web ACL and an undetermined verdict.
  public var undetermined = 0
  /// The others, by what they have in common.
  public var differ: [Kind: Int] = [:]

  /// What differing records have in common.
  public struct Kind: Hashable, Sendable {
    /// Action in the record.
    public var recorded: String
    /// Action of the verdict.
    public var computed: String
    /// Why.
    public var difference: Difference
  }

  /// Nothing compared yet.
  public init() {}

  /// Whether no record held a decision to compare with.
  public var isEmpty: Bool { compared == 0 && undetermined == 0 }

  /// Counts `times` comparisons of the same kind; `action` is what the records hold.
  mutating func add(_ comparison: Comparison, _ verdict: borrowing Verdict, recorded action: Span<UInt8>, times: Int = 1) {
    guard let agrees = comparison.agrees else { return undetermined += times }
    compared += times
    if agrees { return agree += times }
    guard let difference = comparison.difference else { return }
    let kind = Kind(recorded: String(lossy: action), computed: verdict.action?.logName ?? "", difference: difference)
    // Actions are few; a hostile log could name a new one in each line.
    guard differ[kind] != nil || differ.count < 1_000 else { return }
    differ[kind, default: 0] += times
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Agreement) {
    compared += other.compared
    agree += other.agree
    undetermined += other.undetermined
    differ.merge(other.differ, uniquingKeysWith: +)
  }
}

extension Program {
  /// `terminatingRuleId` of the default action.
  public static let defaultActionName = "Default_Action"

  /// `terminatingRuleId` of a determined verdict.
  func terminatingRuleName(of verdict: borrowing Verdict) -> String {
    verdict.terminatingRule == Verdict.defaultAction ? Self.defaultActionName : rules[verdict.terminatingRule].name
  }

  /// Whether a record holds a decision of this web ACL by AWS: one of our own proves nothing.
  func compares(with recorded: RecordedDecision, of request: borrowing Request) -> Bool {
    !recorded.isOurOwn && !recorded.action.isEmpty && isTheOne(named: request.bytes.span.extracting(recorded.webACLID.indices))
  }

  /// Whether `id`, the `webaclId` of a record, names this web ACL: by its ARN, or by its name where the document holds no ARN.
  func isTheOne(named id: Span<UInt8>) -> Bool {
    if let arn { return id.equals(Array(arn.utf8).span) }
    let parts = id.copied().split(separator: UInt8(ascii: "/"))
    return parts.count < 3 || parts[parts.count - 2].elementsEqual(name.utf8)
  }
}
