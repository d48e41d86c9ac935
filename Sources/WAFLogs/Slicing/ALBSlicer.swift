internal import WAFBase
internal import WAFRequest

/// Slices lines of an Application Load Balancer that have all fields up to the time of creation, each between single blanks, and a request of
/// an absolute URL.
///
///     https 2025-… app/web/50 192.0.2.1:2215 10.0.2.12:80 … 231 25154 "GET https://www.shop.example:443/cart HTTP/1.1" "curl/8.5" … 2025-03-01T…
///     1     2      3          4              5          …   11  12    13                                               14            22
///
/// See `ALBFormat` for what the exact reader makes of all other lines.
struct ALBSlicer: Sendable {
  private var latestTime = LatestISOTime()

  /// Longest user agent that the log keeps whole.
  private static let agentLimit = 8_192

  /// Slices the line at `cursor`.
  ///
  /// - Parameter marks: Positions of line feeds, quotes, backslashes and blanks.
  /// - Returns: The start of the next line; nil where the line has to be read by the exact reader.
  @inline(__always)
  mutating func slice(_ bytes: Span<UInt8>, _ marks: Span<UInt32>, _ cursor: MarkCursor, into line: inout RequestSlices) -> MarkCursor? {
    var fields = FieldWalk(mark: cursor.mark, position: cursor.position)
    // The loops stand for the fields in between, which nothing looks at.
    guard let type = fields.bare(bytes, marks), ALBFormat.hasKnownType(bytes.extracting(type.lowerBound..<(type.upperBound + 1))),
      fields.skipBare(2, bytes, marks), let client = fields.bare(bytes, marks), fields.skipBare(6, bytes, marks),
      let received = fields.bare(bytes, marks), fields.skipBare(1, bytes, marks), let request = fields.quoted(bytes, marks),
      let agent = fields.quoted(bytes, marks), fields.skipBare(3, bytes, marks), fields.quoted(bytes, marks) != nil,
      fields.quoted(bytes, marks) != nil, fields.quoted(bytes, marks) != nil, fields.skipBare(1, bytes, marks),
      let created = fields.bare(bytes, marks)
    else { return nil }
    guard let time = latestTime.milliseconds(bytes, created), sliceClient(bytes, client, into: &line),
      sliceRequest(bytes, request, into: &line), agent.count < Self.agentLimit
    else { return nil }
    line.timestamp = time
    line.bodyBound = Digits.value(of: bytes.extracting(received)).map { Int64(clamping: $0) } ?? -1
    let isMissing = agent.count == 1 && bytes[agent.lowerBound] == UInt8(ascii: "-")
    line.userAgent = isMissing ? .absent : bytes.trimmed(agent.lowerBound, agent.upperBound)
    return MarkCursor(mark: fields.mark, position: fields.position).nextLine(bytes, marks)
  }

  /// The address of a field `client:port`: the last colon separates.
  @inline(__always)
  private func sliceClient(_ bytes: Span<UInt8>, _ field: Range<Int>, into line: inout RequestSlices) -> Bool {
    var end = field.upperBound
    while end > field.lowerBound, bytes[end - 1] != UInt8(ascii: ":") { end -= 1 }
    guard end - 1 > field.lowerBound, let address = IPAddress(text: bytes.extracting(field.lowerBound..<(end - 1))) else { return false }
    line.client = ByteRange(field.lowerBound, end - 1)
    line.address = address
    return true
  }

  /// Splits `GET https://host:443/path?query HTTP/1.1`.
  @inline(__always)
  private func sliceRequest(_ bytes: Span<UInt8>, _ field: Range<Int>, into line: inout RequestSlices) -> Bool {
    let version = field.upperBound - 9
    guard version > field.lowerBound, bytes.isHTTPVersion(at: version), let method = bytes.endOfMethod(from: field.lowerBound, before: version)
    else { return false }
    // `http` or `https`, and the two slashes behind the colon.
    var index = method + 1
    guard version - index > 9, bytes.word(at: index) & 0xffff_ffff == 0x7074_7468 else { return false }
    index += bytes[index + 4] == UInt8(ascii: "s") ? 5 : 4
    guard bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/") else { return false }
    let host = index + 3
    guard let slash = bytes.extracting(host..<version).firstIndex(of: UInt8(ascii: "/")), slash > 0 else { return false }
    let path = host + slash
    for index in host..<path where bytes[index] == UInt8(ascii: "?") || bytes[index] == UInt8(ascii: "#") { return false }
    var end = path
    while end > host, bytes[end - 1].isASCIIDigit { end -= 1 }
    end = end > host && bytes[end - 1] == UInt8(ascii: ":") ? end - 1 : path
    line.method = ByteRange(field.lowerBound, method)
    line.host = Slice(host, end)
    line.hostIsPrefix = true
    line.setTarget(bytes, path, version)
    return true
  }
}

/// Walks over the fields of one line from mark to mark.
private struct FieldWalk {
  /// The first mark at or after `position`.
  var mark: Int
  /// Where the next field begins.
  var position: Int

  /// The next field, which is bare, not empty, and followed by a blank.
  @inline(__always)
  mutating func bare(_ bytes: Span<UInt8>, _ marks: Span<UInt32>) -> Range<Int>? {
    guard mark < marks.count else { return nil }
    let end = Int(marks[mark])
    guard end > position, bytes[end] == UInt8(ascii: " ") else { return nil }
    defer {
      mark += 1
      position = end + 1
    }
    return position..<end
  }

  /// Passes over bare fields.
  @inline(__always)
  mutating func skipBare(_ count: Int, _ bytes: Span<UInt8>, _ marks: Span<UInt32>) -> Bool {
    for _ in 0..<count where bare(bytes, marks) == nil { return false }
    return true
  }

  /// The content of the next field, which stands in quotes without any escape, and is followed by a blank.
  @inline(__always)
  mutating func quoted(_ bytes: Span<UInt8>, _ marks: Span<UInt32>) -> Range<Int>? {
    guard mark < marks.count, Int(marks[mark]) == position, bytes[position] == UInt8(ascii: "\"") else { return nil }
    var index = mark + 1
    while index < marks.count, bytes[Int(marks[index])] == UInt8(ascii: " ") { index += 1 }
    guard index + 1 < marks.count, bytes[Int(marks[index])] == UInt8(ascii: "\"") else { return nil }
    let (start, end) = (position + 1, Int(marks[index]))
    // The next mark has to be the blank right behind the quote.
    guard Int(marks[index + 1]) == end + 1, bytes[end + 1] == UInt8(ascii: " ") else { return nil }
    mark = index + 2
    position = end + 2
    return start..<end
  }
}

/// ISO times of which the second is mostly that of the line before: only the fraction is read anew.
private struct LatestISOTime: Sendable {
  /// `2025-03-01T00:00:00`, 19 bytes in three words, of which the last overlaps the second.
  private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// Milliseconds of that second in UTC.
  private var second: Int64?

  /// The time at `field`; nil where it is none.
  @inline(__always)
  mutating func milliseconds(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Int64? {
    let start = field.lowerBound
    // `.004814Z` behind the second, which the log always has.
    guard field.count == 27, bytes[start + 19] == UInt8(ascii: "."), bytes[start + 26] == UInt8(ascii: "Z"), bytes.isNumber(start + 20, start + 26)
    else { return Timestamp.milliseconds(iso8601: bytes.extracting(field)) }
    let found = (bytes.word(at: start), bytes.word(at: start + 8), bytes.word(at: start + 11))
    if found != words || second == nil {
      words = found
      let fraction = Self.fraction(bytes, start + 20)
      second = Timestamp.milliseconds(iso8601: bytes.extracting(field)).map { $0 - fraction }
    }
    return second.map { $0 + Self.fraction(bytes, start + 20) }
  }

  /// The first three digits of a fraction as milliseconds.
  @inline(__always)
  private static func fraction(_ bytes: Span<UInt8>, _ start: Int) -> Int64 {
    Int64(bytes[start] & 0x0f) * 100 + Int64(bytes[start + 1] & 0x0f) * 10 + Int64(bytes[start + 2] & 0x0f)
  }
}
