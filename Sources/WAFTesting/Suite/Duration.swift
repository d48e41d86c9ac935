internal import WAFBase
internal import WAFModel

/// Times as test files write them.
enum TestTime {
  /// Milliseconds in a duration such as `500ms`, `1s`, `10m`, `2h`, `1d`, or several of them, `1m30s`. Nil for another text.
  static func duration(_ text: String) -> Int64? {
    let units: [(name: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    var rest = text[...]
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard (1...9).contains(digits.count), let number = Int64(digits) else { return nil }
      rest = rest[digits.endIndex...]
      guard let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      rest = rest.dropFirst(unit.name.count)
      total += number * unit.milliseconds
    }
    return total
  }

  /// The start of a step: `+10m` after the last request, `10m` after the first one, or an ISO time.
  static func start(_ text: String) -> TestStep.Start? {
    if text.hasPrefix("+") { return duration(String(text.dropFirst())).map(TestStep.Start.later) }
    if let offset = duration(text) { return .sinceStart(offset) }
    return instant(text).map(TestStep.Start.at)
  }

  /// Milliseconds of an ISO 8601 time.
  static func instant(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    return Timestamp.milliseconds(iso8601: bytes.span)
  }
}
