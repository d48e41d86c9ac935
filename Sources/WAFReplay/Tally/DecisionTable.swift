internal import WAFBase
internal import WAFEngine
internal import WAFRequest

/// What AWS recorded of a request, as far as agreement looks at it.
struct RecordedOutcome: Hashable, Sendable {
  /// `action`; any text.
  var action: [UInt8]
  /// `terminatingRuleId`.
  var rule: [UInt8]
}

/// Numbers the decisions that records hold, from 1; each worker has its own.
struct DecisionTable {
  /// Actions and rules are few; a hostile log could name new ones in each line, and those beyond are not compared.
  private static let limit = 100_000

  private let program: Program
  private var numbers: [RecordedOutcome: UInt32] = [:]
  private var new: [RecordedOutcome] = []

  init(_ program: Program) { self.program = program }

  /// Notes the decision that record `index` holds, where it is one to compare with.
  mutating func note(_ request: borrowing Request, at index: Int, of count: Int, in decisions: inout [UInt32]) {
    guard let recorded = request.recorded, program.compares(with: recorded, of: request) else { return }
    let outcome = RecordedOutcome(action: request.bytes[recorded.action], rule: request.bytes[recorded.terminatingRuleID])
    var number = numbers[outcome]
    if number == nil, numbers.count < Self.limit {
      number = UInt32(numbers.count + 1)
      numbers[outcome] = number
      new.append(outcome)
    }
    if decisions.isEmpty { decisions = Array(repeating: 0, count: count) }
    decisions[index] = number ?? 0
  }

  /// The decisions that are new since the last call, in the order of their numbers.
  mutating func takeNew() -> [RecordedOutcome] {
    defer { new.removeAll() }
    return new
  }
}
