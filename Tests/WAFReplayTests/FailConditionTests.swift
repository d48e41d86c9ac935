import TestSupport
import Testing
import WAFEngine

@testable import WAFReplay

struct FailConditionCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var condition: String
  var records: Int
  var block: Int?
  var possible: Int?
  var undetermined: Int?
  var bad: Int?
  var compared: Int?
  var agree: Int?
  /// Nil where the text is no condition.
  var holds: Bool?

  var testDescription: String { "\(condition): \(note)" }

  var tally: Tally {
    var tally = Tally(groups: [])
    tally.summary.records = records
    tally.summary.undetermined = undetermined ?? 0
    tally.summary.bad = bad ?? 0
    tally.actions[.block] = Bounds(low: block ?? 0, high: (block ?? 0) + (possible ?? 0))
    tally.agreement = Agreement(compared: compared ?? 0, agree: agree ?? 0)
    return tally
  }
}

@Test(arguments: try Fixture.table("fail_conditions.json", of: FailConditionCase.self))
func failCondition(_ example: FailConditionCase) {
  #expect(FailCondition(example.condition)?.holds(for: example.tally) == example.holds)
}

@Test("--max-bad tolerates as much as it says, not one more")
func badLimit() throws {
  var summary = Summary()
  (summary.records, summary.bad) = (99, 1)
  #expect(!BadLimit.standard.isExceeded(by: summary))
  summary.records = 98
  #expect(BadLimit.standard.isExceeded(by: summary))
  #expect(try !#require(BadLimit("1")).isExceeded(by: summary))
  #expect(try #require(BadLimit("0")).isExceeded(by: summary))
  for text in ["", "%", "-1", "1.5", "101%", "1 %"] { #expect(BadLimit(text) == nil, "\(text)") }
}
