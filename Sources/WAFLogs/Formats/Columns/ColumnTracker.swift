internal import WAFBase

/// Follows the `#Fields` directives of one input, so that each of its lines is read by the columns in force there.
///
/// ```
/// chunk     #Fields: a b ⏎ 1 2 ⏎ 1 2 ⏎ #Fields: b c ⏎ 2 3 ⏎ …
/// pieces   └──── columns a b ─────────┘└──── columns b c ────…
/// ```
public struct ColumnTracker: Sendable {
  /// The columns in force behind what was seen so far.
  public private(set) var columns: ColumnList?
  /// The format where it is known whatever the names of columns are.
  private let format: LogFormat?

  /// A tracker at the start of an input.
  ///
  /// - Parameters:
  ///   - columns: Columns in force up to the first directive.
  ///   - format: The format where it is known; else the names of columns tell.
  public init(_ columns: ColumnList? = nil, format: LogFormat? = nil) {
    self.columns = columns
    self.format = format
  }

  /// Cuts `chunk` at each directive that changes the columns.
  ///
  /// - Returns: The pieces in order, with the columns in force in all of a piece.
  public mutating func cut(_ chunk: LineChunk) -> [(chunk: LineChunk, columns: ColumnList?)] {
    guard hasDirective(chunk) else { return [(chunk, columns)] }
    var pieces: [(chunk: LineChunk, columns: ColumnList?)] = []
    var piece = LineChunk(bytes: [], firstLine: chunk.firstLine, lineCount: 0, overlong: chunk.overlong)
    var start = 0
    var hasContent = false
    for line in chunk.lines {
      let text = chunk.bytes.span.extracting(line.range)
      if let found = ColumnList(directive: text, of: format), found != columns {
        if hasContent {
          piece.bytes = Array(chunk.bytes[start..<line.range.lowerBound])
          pieces.append((piece, columns))
          piece = LineChunk(bytes: [], firstLine: line.number, lineCount: 0)
          start = line.range.lowerBound
        }
        columns = found
        hasContent = false
      } else if !hasContent, LineParser.resultWithoutFormat(text) != .blank {
        hasContent = true
      }
      piece.lineCount += 1
    }
    piece.bytes = start == 0 ? chunk.bytes : Array(chunk.bytes[start...])
    pieces.append((piece, columns))
    return pieces
  }

  /// Whether a directive may stand in the chunk.
  private func hasDirective(_ chunk: LineChunk) -> Bool {
    let bytes = chunk.bytes.span
    let word = Array("#Fields:".utf8)
    var start = 0
    while let hash = bytes.firstIndex(of: UInt8(ascii: "#"), from: start) {
      if bytes.extracting(hash..<bytes.count).hasPrefix(word) { return true }
      start = hash + 1
    }
    return false
  }
}
