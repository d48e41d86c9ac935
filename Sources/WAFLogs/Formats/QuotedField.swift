internal import WAFBase

/// Where a quoted field of a log line ends.
enum QuotedField {
  /// Position of the quote that closes the field whose content begins at `start`; nil when there is none.
  ///
  /// A backslash and the byte after it are one escape, so a quote after it closes nothing.
  ///
  /// - Parameter accepts: Whether a quote at a position closes the field, by what follows it.
  static func end(_ line: Span<UInt8>, from start: Int, accepts: (Int) -> Bool) -> Int? {
    var index = start
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "\"") where accepts(index): return index
      default: index += 1
      }
    }
    return nil
  }

  /// The same for a field that ends before a space or at the end of the line.
  static func end(_ line: Span<UInt8>, from start: Int, lineEnd: Int) -> Int? {
    end(line, from: start) { $0 + 1 == lineEnd || ($0 + 1 < lineEnd && line[$0 + 1] == UInt8(ascii: " ")) }
  }
}
