internal import WAFBase

/// Where a quoted field of a log line ends.
enum QuotedField {
  /// Position of the quote that closes the field whose content begins at `start`; nil when there is none.
  ///
  /// - Parameter accepts: Whether a quote at a position closes the field, by what follows it. One after an odd number of backslashes is escaped
  ///   and closes nothing.
  @inline(__always)
  static func end(_ line: Span<UInt8>, from start: Int, accepts: (Int) -> Bool) -> Int? {
    var index = start
    while let quote = line.firstIndex(of: UInt8(ascii: "\""), from: index) {
      if !isEscaped(line, quote, from: start), accepts(quote) { return quote }
      index = quote + 1
    }
    return nil
  }

  /// The same for a field that ends before a space or at the end of the line.
  static func end(_ line: Span<UInt8>, from start: Int) -> Int? {
    end(line, from: start) { $0 + 1 == line.count || line[$0 + 1] == UInt8(ascii: " ") }
  }

  /// Whether an odd number of backslashes stands before `position`, none of them before `start`.
  private static func isEscaped(_ line: Span<UInt8>, _ position: Int, from start: Int) -> Bool {
    var first = position
    while first > start, line[first - 1] == UInt8(ascii: "\\") { first -= 1 }
    return (position - first) & 1 == 1
  }
}
