internal import WAFBase
internal import WAFRequest

/// Slices lines of the common and the combined format with a client, two further columns, the time, a request of HTTP/1.0 or later, a status
/// and a size; then referer and user agent, behind which bare columns may follow, or nothing.
///
/// See `CombinedFormat` for what the exact reader makes of all other lines.
struct CombinedSlicer: Sendable {
  private var latestTime = LatestTimeText()

  /// Slices the line at `cursor`.
  ///
  /// - Parameter marks: Positions of line feeds, quotes and backslashes.
  /// - Returns: The start of the next line; nil where the line has to be read by the exact reader.
  @inline(__always)
  mutating func slice(_ bytes: Span<UInt8>, _ marks: Span<UInt32>, _ cursor: MarkCursor, into line: inout RequestSlices) -> MarkCursor? {
    let first = cursor.mark
    guard first + 2 < marks.count else { return nil }
    let (open, close) = (Int(marks[first]), Int(marks[first + 1]))
    guard isQuote(bytes, open), isQuote(bytes, close) else { return nil }
    guard let tail = sliceHead(bytes, from: cursor.position, open, close, into: &line) else { return nil }
    let third = Int(marks[first + 2])
    if bytes[third] == UInt8(ascii: "\n") {
      // The common format: nothing but the size may follow.
      let end = bytes[third - 1] == UInt8(ascii: "\r") ? third - 1 : third
      guard isSize(bytes, tail, end) else { return nil }
      return MarkCursor(mark: first + 3, position: third + 1)
    }
    guard first + 6 < marks.count, isQuote(bytes, third), bytes[third - 1] == UInt8(ascii: " "), isSize(bytes, tail, third - 1) else { return nil }
    let (fourth, fifth, sixth, end) = (Int(marks[first + 3]), Int(marks[first + 4]), Int(marks[first + 5]), Int(marks[first + 6]))
    guard isQuote(bytes, fourth), isQuote(bytes, fifth), isQuote(bytes, sixth), bytes[end] == UInt8(ascii: "\n"),
      fifth == fourth + 2, bytes[fourth + 1] == UInt8(ascii: " "), mayFollow(bytes, sixth + 1, end)
    else { return nil }
    line.referer = header(bytes, third + 1, fourth)
    line.userAgent = header(bytes, fifth + 1, sixth)
    return MarkCursor(mark: first + 7, position: end + 1)
  }

  /// Slices everything up to the blank behind the status; returns the position behind that blank.
  @inline(__always)
  private mutating func sliceHead(_ bytes: Span<UInt8>, from start: Int, _ open: Int, _ close: Int, into line: inout RequestSlices) -> Int? {
    // `client ident user [25/Jul/2025:10:00:01 +0200] "`
    let bracket = open - LatestTimeText.distanceToQuote
    guard bracket >= start + 6, bytes[bracket] == UInt8(ascii: "["), bytes[open - 1] == UInt8(ascii: " "),
      let time = latestTime.milliseconds(bytes, bracket), sliceClient(bytes, start, bracket, into: &line)
    else { return nil }
    line.timestamp = time
    // `GET /path?query HTTP/1.1" 200 `
    let version = close - 9
    guard version > open + 3, bytes.isHTTPVersion(at: version), let method = bytes.endOfMethod(from: open + 1, before: version),
      method + 1 < version, bytes[method + 1] == UInt8(ascii: "/"),
      close + 5 < bytes.count, bytes[close + 1] == UInt8(ascii: " "), bytes.isNumber(close + 2, close + 5), bytes[close + 5] == UInt8(ascii: " ")
    else { return nil }
    line.method = ByteRange(open + 1, method)
    line.setTarget(bytes, method + 1, version)
    return close + 6
  }

  /// Finds the client in the three columns before the bracket, of which the first may be no virtual host.
  @inline(__always)
  private func sliceClient(_ bytes: Span<UInt8>, _ start: Int, _ bracket: Int, into line: inout RequestSlices) -> Bool {
    // Almost always an address and ` - - `, for which one comparison will do.
    if bracket - 5 > start, bytes.word(at: bracket - 5) & 0xff_ffff_ffff == 0x20_2d20_2d20,
      let address = IPAddress(text: bytes.extracting(start..<(bracket - 5)))
    {
      line.client = ByteRange(start, bracket - 5)
      line.address = address
      return true
    }
    return sliceColumns(bytes, start, bracket, into: &line)
  }

  /// The same for all else: three columns between single blanks.
  @inline(never)
  private func sliceColumns(_ bytes: Span<UInt8>, _ start: Int, _ bracket: Int, into line: inout RequestSlices) -> Bool {
    guard bytes[start].isASCIILetter || bytes[start].isASCIIDigit || bytes[start] == UInt8(ascii: ":") else { return false }
    var (columns, begin, client) = (0, start, start)
    for index in start..<bracket {
      // A bracket could begin what looks like a time.
      if bytes[index] == UInt8(ascii: "[") { return false }
      guard bytes[index] == UInt8(ascii: " ") else { continue }
      guard index > begin else { return false }
      columns += 1
      if columns == 1 { client = index }
      begin = index + 1
    }
    guard columns == 3, begin == bracket else { return false }
    let text = bytes.extracting(start..<client)
    // A zone such as `%eth0` is no part of an address.
    line.client = ByteRange(start, client)
    line.address = IPAddress(text: text.extracting(0..<(text.firstIndex(of: UInt8(ascii: "%")) ?? text.count)))
    return true
  }

  private func isQuote(_ bytes: Span<UInt8>, _ index: Int) -> Bool { bytes[index] == UInt8(ascii: "\"") }

  /// Whether `start..<end` is a number of bytes or `-`.
  @inline(__always)
  private func isSize(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    bytes.isNumber(start, end) || (end == start + 1 && bytes[start] == UInt8(ascii: "-"))
  }

  /// Whether a line may go on like this behind its last quote: with its end, or with bare columns.
  @inline(__always)
  private func mayFollow(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    index == end || bytes[index] == UInt8(ascii: " ") || (bytes[index] == UInt8(ascii: "\r") && index + 1 == end)
  }

  /// The value of a header between quotes; `-` means that it was not sent.
  @inline(__always)
  private func header(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Slice {
    end == start + 1 && bytes[start] == UInt8(ascii: "-") ? .absent : bytes.trimmed(start, end)
  }
}

/// The time of the line before, since lines that follow each other mostly share it.
struct LatestTimeText: Sendable {
  /// From the bracket before the time to the quote before the request.
  static let distanceToQuote = CommonTime.length + 3

  /// The text behind the bracket, with the closing one: 27 bytes in four words, of which the last overlaps the third.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var milliseconds: Int64?

  /// The time behind the bracket at `bracket`; nil where it is none or out of range. At least 28 bytes have to follow the bracket.
  @inline(__always)
  mutating func milliseconds(_ bytes: Span<UInt8>, _ bracket: Int) -> Int64? {
    let text = bracket + 1
    let found = (bytes.word(at: text), bytes.word(at: text + 8), bytes.word(at: text + 16), bytes.word(at: text + 19))
    if found == words { return milliseconds }
    words = found
    milliseconds = nil
    if bytes[text + CommonTime.length] == UInt8(ascii: "]") {
      milliseconds = Timestamp.milliseconds(commonLog: bytes.extracting(text..<(text + CommonTime.length)))
    }
    return milliseconds
  }
}
