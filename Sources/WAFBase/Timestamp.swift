/// Points in time as milliseconds since 1970-01-01T00:00:00Z, in the proleptic Gregorian calendar and without leap seconds.
///
/// A leap second, written `23:59:60`, is read as the first second of the next day.
public enum Timestamp {
  /// The time of an ISO 8601 text such as `2026-02-01T00:00:00Z` or `2025-07-25T10:00:01.250+02:00`; nil unless all of it is one.
  ///
  /// The zone is required: `Z` or an offset as `+hh:mm`, `+hhmm` or `+hh`. A fraction of any length is cut to milliseconds.
  public static func milliseconds(iso8601 text: Span<UInt8>) -> Int64? {
    guard text.count >= 20, text[10] | 0x20 == UInt8(ascii: "t"),
      let midnight = midnight(date: text.extracting(0..<10)),
      let second = second(ofDay: text.extracting(11..<19))
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if text[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      var weight: Int64 = 100
      while index < text.count, text[index].isASCIIDigit {
        fraction += weight * Int64(text[index] - UInt8(ascii: "0"))
        weight /= 10
        index += 1
      }
      guard index > start else { return nil }
    }
    guard let offset = offset(text.extracting(index..<text.count)) else { return nil }
    return midnight + (second - offset) * 1000 + fraction
  }

  /// The time of an access-log text such as `25/Jul/2025:10:00:01 +0200`; nil unless all of it is one.
  ///
  /// Month names are English, in any case. The zone is required.
  public static func milliseconds(commonLog text: Span<UInt8>) -> Int64? {
    guard text.count == 26, text[2] == UInt8(ascii: "/"), text[6] == UInt8(ascii: "/"), text[11] == UInt8(ascii: ":"), text[20] == UInt8(ascii: " "),
      let day = number(text, 0..<2), let month = month(named: text.extracting(3..<6)), let year = number(text, 7..<11),
      let date = CivilDate(year: Int64(year), month: month, day: day),
      let second = second(ofDay: text.extracting(12..<20)),
      let offset = offset(text.extracting(21..<26))
    else { return nil }
    return date.daysSinceEpoch * millisecondsPerDay + (second - offset) * 1000
  }

  /// The time of a date `2025-07-25` and a time of day `10:00:01` in UTC, which stand in two columns; nil when either is malformed.
  public static func milliseconds(date: Span<UInt8>, timeOfDay: Span<UInt8>) -> Int64? {
    guard let midnight = midnight(date: date), let second = second(ofDay: timeOfDay) else { return nil }
    return midnight + second * 1000
  }

  /// The time of a number of seconds since the epoch such as `1753430401` or `1753430401.123`; nil unless all of it is one.
  ///
  /// A fraction of any length is cut to milliseconds.
  public static func milliseconds(epochSeconds text: Span<UInt8>) -> Int64? {
    let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    guard let seconds = Digits.value(of: text.extracting(0..<point)), seconds <= UInt64(Int64.max / 1000 - 1) else { return nil }
    var fraction: Int64 = 0
    if point < text.count {
      guard point + 1 < text.count, ((point + 1)..<text.count).allSatisfy({ text[$0].isASCIIDigit }) else { return nil }
      for (index, weight) in zip((point + 1)..<text.count, [100, 10, 1]) { fraction += Int64(weight) * Int64(text[index] - UInt8(ascii: "0")) }
    }
    return Int64(seconds) * 1000 + fraction
  }

  /// Writes `milliseconds` as ISO 8601 in UTC, with three digits of a second where they are not zero: `2026-02-01T00:00:00Z`.
  ///
  /// Years outside 0 to 9999 get a sign and as many digits as they need.
  public static func appendISO8601(_ milliseconds: Int64, to output: inout [UInt8]) {
    let (days, millisecond) = milliseconds.flooredDivision(by: millisecondsPerDay)
    let rest = UInt64(millisecond)
    let date = CivilDate(daysSinceEpoch: days)
    if !(0...9999).contains(date.year) { output.append(UInt8(ascii: date.year < 0 ? "-" : "+")) }
    Digits.append(date.year.magnitude, width: 4, to: &output)
    append("-", UInt64(date.month), to: &output)
    append("-", UInt64(date.day), to: &output)
    append("T", rest / 3_600_000, to: &output)
    append(":", rest / 60_000 % 60, to: &output)
    append(":", rest / 1000 % 60, to: &output)
    if rest % 1000 != 0 { append(".", rest % 1000, width: 3, to: &output) }
    output.append(UInt8(ascii: "Z"))
  }

  /// `milliseconds` as ISO 8601 in UTC; see `appendISO8601`.
  public static func iso8601(_ milliseconds: Int64) -> String {
    var output: [UInt8] = []
    appendISO8601(milliseconds, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}

extension Timestamp {
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// Milliseconds of the start of the day `yyyy-mm-dd`.
  private static func midnight(date text: Span<UInt8>) -> Int64? {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 0..<4), let month = number(text, 5..<7), let day = number(text, 8..<10),
      let date = CivilDate(year: Int64(year), month: month, day: day)
    else { return nil }
    return date.daysSinceEpoch * millisecondsPerDay
  }

  /// Seconds since midnight of `hh:mm:ss`.
  private static func second(ofDay text: Span<UInt8>) -> Int64? {
    guard text.count == 8, text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"),
      let hour = number(text, 0..<2), let minute = number(text, 3..<5), let second = number(text, 6..<8),
      hour < 24, minute < 60, second < 60 || (hour, minute, second) == (23, 59, 60)
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + second)
  }

  /// Seconds east of UTC of `Z`, `+hh:mm`, `+hhmm` or `+hh`.
  private static func offset(_ text: Span<UInt8>) -> Int64? {
    guard let sign = text.isEmpty ? nil : text[0] else { return nil }
    if text.count == 1 { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(text, 1..<3) else { return nil }
    let minutes: Int? =
      switch text.count {
      case 3: 0
      case 5: number(text, 3..<5)
      case 6: text[3] == UInt8(ascii: ":") ? number(text, 4..<6) : nil
      default: nil
      }
    guard let minutes, hours < 24, minutes < 60 else { return nil }
    let seconds = Int64(hours * 3600 + minutes * 60)
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// The number at `range`; nil when the text is shorter or holds another byte than a digit there. `range` has at most four bytes.
  private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.upperBound <= text.count else { return nil }
    var value = 0
    for index in range {
      guard text[index].isASCIIDigit else { return nil }
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
    }
    return value
  }

  /// 1 to 12 for the first three letters of an English month name.
  private static func month(named text: Span<UInt8>) -> Int? {
    guard text.count == 3 else { return nil }
    // The three letters packed into one number, lower case.
    let key = UInt32(text[0] | 0x20) << 16 | UInt32(text[1] | 0x20) << 8 | UInt32(text[2] | 0x20)
    return switch key {
    case 0x6a616e: 1  // jan
    case 0x666562: 2  // feb
    case 0x6d6172: 3  // mar
    case 0x617072: 4  // apr
    case 0x6d6179: 5  // may
    case 0x6a756e: 6  // jun
    case 0x6a756c: 7  // jul
    case 0x617567: 8  // aug
    case 0x736570: 9  // sep
    case 0x6f6374: 10  // oct
    case 0x6e6f76: 11  // nov
    case 0x646563: 12  // dec
    default: nil
    }
  }

  private static func append(_ separator: Unicode.Scalar, _ value: UInt64, width: Int = 2, to output: inout [UInt8]) {
    output.append(UInt8(ascii: separator))
    Digits.append(value, width: width, to: &output)
  }
}
