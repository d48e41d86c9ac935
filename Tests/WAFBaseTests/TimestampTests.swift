import TestSupport
import Testing
import WAFBase

struct TimestampCase: Decodable, Sendable {
  var note: String
  /// `iso`, `clf`, `epoch`, or `columns`: date and time of day with a blank between them.
  var form: String
  var text: String
  /// Nil: the text is refused.
  var milliseconds: Int64?
  var printed: String?
}

@Test(arguments: try Fixture.table("timestamps.json", of: TimestampCase.self))
func timestampText(_ example: TimestampCase) throws {
  let text = Array(example.text.utf8)
  let milliseconds: Int64?
  switch example.form {
  case "iso": milliseconds = Timestamp.milliseconds(iso8601: text.span)
  case "clf": milliseconds = Timestamp.milliseconds(commonLog: text.span)
  case "epoch": milliseconds = Timestamp.milliseconds(epochSeconds: text.span)
  default:
    let columns = example.text.split(separator: " ", omittingEmptySubsequences: false)
    let date = Array(columns[0].utf8)
    let timeOfDay = Array(columns[1].utf8)
    milliseconds = Timestamp.milliseconds(date: date.span, timeOfDay: timeOfDay.span)
  }
  #expect(milliseconds == example.milliseconds)
  #expect(milliseconds.map(Timestamp.iso8601) == example.printed)
}

/// Every count of milliseconds can be printed.
@Test(arguments: [
  (Int64.max, "+292278994-08-17T07:12:55.807Z"), (Int64.min, "-292275055-05-16T16:47:04.192Z"),
  (253_402_300_800_000, "+10000-01-01T00:00:00Z"), (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
])
func timestampRange(milliseconds: Int64, text: String) {
  #expect(Timestamp.iso8601(milliseconds) == text)
}

/// Day by day through three cycles of 400 years, against counting.
@Test func civilDaysCountUp() throws {
  var expected = try #require(CivilDate(year: -400, month: 1, day: 1))
  let first = expected.daysSinceEpoch
  for day in first..<(first + 3 * 146_097) {
    let date = CivilDate(daysSinceEpoch: day)
    guard date == expected, date.daysSinceEpoch == day else {
      Issue.record("day \(day) is \(date), expected \(expected)")
      return
    }
    expected = try #require(
      CivilDate(year: date.year, month: date.month, day: date.day + 1) ?? CivilDate(year: date.year, month: date.month + 1, day: 1)
        ?? CivilDate(year: date.year + 1, month: 1, day: 1))
  }
  #expect(expected == CivilDate(year: 800, month: 1, day: 1))
}
