internal import WAFBase

/// Splits a line into its columns.
enum ColumnSplitter {
  /// Replaces `fields` by the places of the columns of a line.
  static func split(_ line: Span<UInt8>, of format: LogFormat, into fields: inout [Range<Int>]) {
    fields.removeAll(keepingCapacity: true)
    forEach(line, of: format) { fields.append($0) }
  }

  /// The number of columns of a line.
  static func count(_ line: Span<UInt8>, of format: LogFormat) -> Int {
    var count = 0
    forEach(line, of: format) { _ in count += 1 }
    return count
  }

  private static func forEach(_ line: Span<UInt8>, of format: LogFormat, _ body: (Range<Int>) -> Void) {
    let tab = UInt8(ascii: "\t")
    switch format {
    case .cloudFront, .cloudFrontRealTime: forEachBetweenTabs(line, body)
    case .w3c where line.firstIndex(of: tab) != nil: forEachBetweenTabs(line, body)
    default: forEachBetweenBlanks(line, body)
    }
  }

  /// Columns between single tabs, which may be empty.
  private static func forEachBetweenTabs(_ line: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = 0
    while let tab = line.firstIndex(of: UInt8(ascii: "\t"), from: start) {
      body(start..<tab)
      start = tab + 1
    }
    body(start..<line.count)
  }

  /// Columns between blanks, which are never empty: a missing value is a `-`.
  private static func forEachBetweenBlanks(_ line: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < line.count {
      guard line[start] != UInt8(ascii: " ") else {
        start += 1
        continue
      }
      let end = line.firstIndex(of: UInt8(ascii: " "), from: start) ?? line.count
      body(start..<end)
      start = end
    }
  }
}
