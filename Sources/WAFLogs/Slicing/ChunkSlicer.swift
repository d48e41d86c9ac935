public import WAFRequest
internal import WAFBase

/// Finds the parts of the requests in a chunk of access-log lines without looking at most of its bytes one by one.
///
/// One pass with wide loads writes down where the bytes stand that give lines their structure. A line of the usual form is then a fixed
/// sequence of such *marks*, and its parts are found by their distance from them:
///
///     bytes   192.0.2.1 - - [01/Mar/2025:00:00:00 +0000] "GET /cart HTTP/1.1" 200 12 "-" "curl"⏎198.51.…
///     marks                                              ^                  ^        ^ ^ ^    ^^
///
/// Anything else (escapes, other columns, no request) is left to the exact reader: a line is sliced only where that reader would find the
/// same request, and the tests hold the two against each other.
public struct ChunkSlicer: Sendable {
  private let format: LogFormat
  private var marks: [UInt32] = []
  private var cursor = MarkCursor(mark: 0, position: 0)
  private var combined = CombinedSlicer()
  private var balancer = ALBSlicer()

  /// A slicer for lines of `format`; nil where every line needs the exact reader.
  public init?(format: LogFormat) {
    switch format {
    case .combined, .alb: self.format = format
    case .requests, .waf, .cloudFrontJSON, .apiGateway, .lattice, .envoy: return nil
    }
  }

  /// Finds the marks of a chunk, which is to be handed to `slice` until that has come to its end.
  public mutating func begin(_ chunk: LineChunk) {
    WideBytes.findMarks(in: chunk.bytes.span, and: format == .alb ? UInt8(ascii: " ") : UInt8(ascii: "\n"), &marks)
    cursor = MarkCursor(mark: 0, position: 0)
  }

  /// Replaces `lines` by the next lines of the chunk, `limit` at most, in order. Lines not of the usual form have `isSliced` false.
  ///
  /// - Returns: Whether there were any.
  public mutating func slice(_ chunk: LineChunk, _ limit: Int, into lines: inout [RequestSlices]) -> Bool {
    lines.removeAll(keepingCapacity: true)
    // Taken out for the time, since the slicers change while they read it.
    var marks: [UInt32] = []
    swap(&marks, &self.marks)
    let bytes = chunk.bytes.span
    while cursor.position < bytes.count, lines.count < limit {
      let start = cursor.position
      lines.append(RequestSlices(line: .empty))
      let index = lines.count - 1
      let after =
        format == .alb
        ? balancer.slice(bytes, marks.span, cursor, into: &lines[index])
        : combined.slice(bytes, marks.span, cursor, into: &lines[index])
      lines[index].isSliced = after != nil
      cursor = after ?? cursor.nextLine(bytes, marks.span)
      lines[index].line = MarkCursor.line(bytes, from: start, next: cursor.position)
    }
    swap(&marks, &self.marks)
    return !lines.isEmpty
  }
}

/// A place in a chunk, and the first mark at or after it.
struct MarkCursor {
  var mark: Int
  var position: Int

  /// The start of the next line; the end of the chunk where there is none.
  func nextLine(_ bytes: Span<UInt8>, _ marks: Span<UInt32>) -> MarkCursor {
    var index = mark
    while index < marks.count, bytes[Int(marks[index])] != UInt8(ascii: "\n") { index += 1 }
    guard index < marks.count else { return MarkCursor(mark: index, position: bytes.count) }
    return MarkCursor(mark: index + 1, position: Int(marks[index]) + 1)
  }

  /// The line from `start` to the start of the next one, without its line break.
  static func line(_ bytes: Span<UInt8>, from start: Int, next: Int) -> ByteRange {
    var end = next
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") {
      end -= 1
      if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    }
    return ByteRange(start, end)
  }
}

extension Span where Element == UInt8 {
  /// `range` without optional white space around it (HD-2).
  @inline(__always)
  func trimmed(_ start: Int, _ end: Int) -> Slice {
    var (start, end) = (start, end)
    while start < end, self[start].isHTTPBlank { start += 1 }
    while start < end, self[end - 1].isHTTPBlank { end -= 1 }
    return Slice(start, end)
  }

  /// Whether `start..<end` is a number in digits.
  @inline(__always)
  func isNumber(_ start: Int, _ end: Int) -> Bool {
    guard start < end else { return false }
    for index in start..<end where !self[index].isASCIIDigit { return false }
    return true
  }

  /// Whether the nine bytes from `index` on are a blank and a protocol such as `HTTP/1.1`.
  @inline(__always)
  func isHTTPVersion(at index: Int) -> Bool {
    // " HTTP/" with its first byte lowest, then digit, dot, digit.
    let word = word(at: index)
    return word & 0xffff_ffff_ffff == 0x2f50_5454_4820 && UInt8(truncatingIfNeeded: word >> 48).isASCIIDigit
      && UInt8(truncatingIfNeeded: word >> 56) == UInt8(ascii: ".") && self[index + 8].isASCIIDigit
  }

  /// Position of the blank behind the method that begins at `start`; nil where it is none that is certain before `end`.
  @inline(__always)
  func endOfMethod(from start: Int, before end: Int) -> Int? {
    var index = start
    while index < end, self[index] > 0x20, self[index] < 0x7f { index += 1 }
    guard index > start, index < end, self[index] == UInt8(ascii: " "), index > start + 1 || self[start] != UInt8(ascii: "-") else { return nil }
    return index
  }
}

extension RequestSlices {
  /// Splits the target between `start` and `end`, which begins with `/` (RQ-1). In a log a `#` is data.
  @inline(__always)
  mutating func setTarget(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    guard let mark = bytes.extracting(start..<end).firstIndex(of: UInt8(ascii: "?")) else {
      path = ByteRange(start, end)
      query = .absent
      return
    }
    path = ByteRange(start, start + mark)
    query = start + mark + 1 < end ? Slice(start + mark + 1, end) : .absent
  }
}
