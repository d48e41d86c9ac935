internal import WAFBase
internal import WAFEngine
internal import WAFRequest

/// What a record says that AWS did, as far as agreement looks at it.
enum RecordedOutcome: Hashable, Sendable {
  /// A decision of the web ACL at hand.
  case own(OwnDecision)
  /// A decision of another web ACL, known by its `webaclId`.
  case foreign([UInt8])

  /// A decision of the web ACL at hand.
  struct OwnDecision: Hashable, Sendable {
    /// `action`; any text.
    var action: [UInt8]
    /// `terminatingRuleId`.
    var rule: [UInt8]
    /// Of `Program.managedGroupRules` those of whose group the record has no entry: bit n for the nth, up to the 64th.
    var unrecordedGroups: UInt64 = 0
  }
}

extension Program {
  /// The decision that a record holds; nil where it holds none, or one of our own, which proves nothing.
  func recordedOutcome(of request: borrowing Request) -> RecordedOutcome? {
    guard let recorded = request.recorded, !recorded.isOurOwn, !recorded.action.isEmpty else { return nil }
    let id = request.bytes.span.extracting(recorded.webACLID.indices)
    guard isTheOne(named: id) else { return .foreign(id.copied()) }
    return .own(
      RecordedOutcome.OwnDecision(
        action: request.bytes[recorded.action], rule: request.bytes[recorded.terminatingRuleID],
        unrecordedGroups: unrecordedGroups(of: recorded, in: request.bytes.span)))
  }

  private func unrecordedGroups(of recorded: borrowing RecordedDecision, in bytes: Span<UInt8>) -> UInt64 {
    var groups: UInt64 = 0
    for bit in 0..<min(managedGroupRules.count, UInt64.bitWidth) {
      if !isRecorded(group: rules[managedGroupRules[bit]].groupID ?? "", by: recorded, in: bytes) { groups |= 1 << UInt64(bit) }
    }
    return groups
  }

  private func isRecorded(group name: String, by recorded: borrowing RecordedDecision, in bytes: Span<UInt8>) -> Bool {
    let name = name.utf8.span
    for group in recorded.groups {
      let id = bytes.extracting(group.id.indices)
      if id.extracting(0..<id.lengthWithoutVersion).equals(name.extracting(0..<name.lengthWithoutVersion)) { return true }
    }
    return false
  }

  /// Whether `id`, the `webaclId` of a record, names the web ACL whose decisions are compared: the one that the user named, else this one, by
  /// its ARN, or by its name where the document holds no ARN.
  func isTheOne(named id: Span<UInt8>) -> Bool {
    if let chosen = settings.comparedWebACL { return id.equals(chosen.utf8.span) || id.isARN(ofWebACL: chosen) }
    if let arn { return id.equals(arn.utf8.span) }
    // The identifiers of AWS WAF Classic hold no name.
    return id.firstIndex(of: UInt8(ascii: "/")) == nil || id.isARN(ofWebACL: name)
  }
}

extension Span where Element == UInt8 {
  /// Bytes of `Vendor#Name` in a `ruleGroupId` `Vendor#Name#Version` (LOG-2).
  fileprivate var lengthWithoutVersion: Int {
    guard let first = firstIndex(of: UInt8(ascii: "#")) else { return count }
    return firstIndex(of: UInt8(ascii: "#"), from: first + 1) ?? count
  }

  /// Whether this is an ARN of a web ACL of this name: the last part but one between slashes.
  fileprivate func isARN(ofWebACL name: String) -> Bool {
    let parts = copied().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count >= 3 && parts[parts.count - 2].elementsEqual(name.utf8)
  }
}

/// Numbers the decisions that records hold, from 1; each worker has its own.
struct DecisionTable {
  /// Actions and rules are few; a hostile log could name new ones in each line, and those beyond are not compared.
  private static let limit = 100_000

  private let program: Program
  private var numbers: [RecordedOutcome: UInt32] = [:]
  private var new: [RecordedOutcome] = []
  /// The decision of the record before, which most records repeat: `webaclId`, `action` and `terminatingRuleId`, and its number.
  private var last: (id: [UInt8], action: [UInt8], rule: [UInt8], number: UInt32)?
  /// Whether nothing but these three decides: not so where groups may have no entry.
  private let isDecidedByNames: Bool

  init(_ program: Program) {
    self.program = program
    isDecidedByNames = program.managedGroupRules.isEmpty
  }

  /// Notes the decision that record `index` holds, if any.
  mutating func note(_ request: borrowing Request, at index: Int, of count: Int, in decisions: inout [UInt32]) {
    guard let recorded = request.recorded, !recorded.isOurOwn, !recorded.action.isEmpty else { return }
    if decisions.isEmpty { decisions = Array(repeating: 0, count: count) }
    let bytes = request.bytes.span
    let (id, action, rule) = (recorded.webACLID.indices, recorded.action.indices, recorded.terminatingRuleID.indices)
    if let last, isDecidedByNames, bytes.extracting(id).equals(last.id.span), bytes.extracting(action).equals(last.action.span),
      bytes.extracting(rule).equals(last.rule.span)
    {
      decisions[index] = last.number
      return
    }
    decisions[index] = number(of: request)
    last = (request.bytes[recorded.webACLID], request.bytes[recorded.action], request.bytes[recorded.terminatingRuleID], decisions[index])
  }

  /// The number of the decision that a record holds; 0 for none.
  private mutating func number(of request: borrowing Request) -> UInt32 {
    guard let outcome = program.recordedOutcome(of: request) else { return 0 }
    var number = numbers[outcome]
    if number == nil, numbers.count < Self.limit {
      number = UInt32(numbers.count + 1)
      numbers[outcome] = number
      new.append(outcome)
    }
    return number ?? 0
  }

  /// The decisions that are new since the last call, in the order of their numbers.
  mutating func takeNew() -> [RecordedOutcome] {
    defer { new.removeAll() }
    return new
  }
}
