internal import WAFBase
internal import WAFRequest

/// A request as it is sent, HTTP/1.1, after comments that tell what its text cannot.
///
/// All of the request is known, headers with their order and what was not sent; where its body is cut, the beginning. Client, country, time,
/// autonomous system and fingerprints are known from comments only. A body in chunks is decoded, since that is what AWS WAF inspects.
///
/// Source: spec of log formats, section 18.
enum HTTPFormat {
  /// Reads `text`, one request, into `request`, which is empty.
  static func parse(_ text: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    _ = request.store(text)
    var lines = TextLines()
    guard let first = try readComments(text, &lines, &request) else { throw .noRequestLine }
    guard let line = HTTPSyntax.requestLine(text.extracting(first)) else { throw .noRequestLine }
    func place(_ part: Range<Int>) -> ByteRange { ByteRange(first.lowerBound + part.lowerBound, first.lowerBound + part.upperBound) }
    request.method = .known(place(line.method))
    request.httpVersion = place(line.version)
    let target = place(line.target)
    let authority = request.setTarget(target, fragmentIsKnown: true)
    var length = BodyLength(method: text.extracting(request.method.range.indices))
    try readHeaders(text, &lines, &length, &request, &notes)
    if let authority { request.setAuthority(authority, of: target) }
    try readBody(text, from: lines.position, length.rule, &request, &notes)
  }

  /// Reads what stands before the request line, and returns that.
  private static func readComments(_ text: Span<UInt8>, _ lines: inout TextLines, _ request: inout Request) throws(BadLine) -> Range<Int>? {
    while let line = lines.next(text) {
      let content = text.extracting(line)
      if line.isEmpty || LineParser.resultWithoutFormat(content) == .blank && content[0] != UInt8(ascii: "#") { continue }
      guard content[0] == UInt8(ascii: "#") else { return line }
      guard let comment = HTTPSyntax.comment(content) else { continue }
      let value = (line.lowerBound + comment.value.lowerBound)..<(line.lowerBound + comment.value.upperBound)
      try take(comment.name, ByteRange(value.lowerBound, value.upperBound), text.extracting(value), &request)
    }
    return nil
  }

  private static func take(_ comment: HTTPComment, _ range: ByteRange, _ value: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    func fault(_ expected: BadLine.ExpectedValue) -> BadLine { .comment(comment.rawValue, expected: expected) }
    switch comment {
    case .clientIP:
      request.setClient(range)
      guard request.clientAddress != nil else { throw fault(.address) }
    case .country:
      guard value.count == 2, value[0].isASCIILetter, value[1].isASCIILetter else { throw fault(.country) }
      request.country = UInt16(value[0]) << 8 | UInt16(value[1])
    case .time:
      request.timestamp = Timestamp.milliseconds(iso8601: value) ?? Digits.value(of: value).flatMap { Int64(exactly: $0) }
      guard request.timestamp != nil else { throw fault(.time) }
    case .asn:
      guard let number = Digits.value(of: value).flatMap({ UInt32(exactly: $0) }) else { throw fault(.asNumber) }
      request.asn = number
    case .ja3: request.ja3 = range.isEmpty ? .absent : .known(range)
    case .ja4: request.ja4 = range.isEmpty ? .absent : .known(range)
    }
  }
}

// MARK: - Headers

extension HTTPFormat {
  private static func readHeaders(
    _ text: Span<UInt8>, _ lines: inout TextLines, _ length: inout BodyLength, _ request: inout Request, _ notes: inout ParsingNotes
  ) throws(BadLine) {
    var number = 1
    while let line = lines.next(text), !line.isEmpty {
      number += 1
      let content = text.extracting(line)
      if content[0].isHTTPBlank, !request.headers.isEmpty {
        request.continueLastHeader(with: ByteRange(line.lowerBound, line.upperBound))
        continue
      }
      guard let header = HTTPSyntax.header(content) else { throw .noHeader(line: number) }
      if content[header.name.upperBound - 1].isHTTPBlank { notes.blanksBeforeColon += 1 }
      length.note(name: content.extracting(header.name), value: content.extracting(header.value))
      func place(_ part: Range<Int>) -> ByteRange { ByteRange(line.lowerBound + part.lowerBound, line.lowerBound + part.upperBound) }
      request.headers.append(Header(name: place(header.name), value: .known(place(header.value))))
    }
    request.headersComplete = true
    request.headerOrderKnown = true
  }
}

extension Request {
  /// Appends a folded line to the value of the last header, with one space between.
  fileprivate mutating func continueLastHeader(with line: ByteRange) {
    guard let last = headers.indices.last else { return }
    let value = headers[last].value.range
    let rest = trimmed(line)
    // A value that was put together already stands at the end of the bytes.
    let start = Int(value.end) == bytes.count && !value.isEmpty ? Int(value.start) : store(bytes[value]).indices.lowerBound
    if start < bytes.count, !rest.isEmpty { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: bytes[rest])
    headers[last].value = .known(ByteRange(start, bytes.count))
  }

  /// Takes scheme and host from a target in absolute form; the host stands for a header where none was sent.
  mutating func setAuthority(_ authority: ByteRange, of target: ByteRange) {
    // Three bytes, `://`, stand between scheme and authority.
    scheme = ByteRange(Int(target.start), Int(authority.start) - 3)
    let host = Array("host".utf8)
    guard !headers.contains(where: { bytes.span.extracting($0.name.indices).equalsIgnoringASCIICase(host.span) }) else { return }
    let user = bytes[authority.indices].lastIndex(of: UInt8(ascii: "@"))
    let name = store(host)
    headers.append(Header(name: name, value: .known(ByteRange(user.map { $0 + 1 } ?? Int(authority.start), Int(authority.end)))))
  }
}

// MARK: - Body

extension HTTPFormat {
  private static func readBody(
    _ text: Span<UInt8>, from start: Int, _ rule: BodyLength.Rule, _ request: inout Request, _ notes: inout ParsingNotes
  ) throws(BadLine) {
    let rest = text.count - start
    switch rule {
    case .chunked: readChunks(text, from: start, &request, &notes)
    case .size(0): request.body = .absent
    case .size(let size) where size > rest:
      notes.shortBodies += 1
      request.body = rest > 0 ? .prefix(ByteRange(start, text.count), size: size) : .unknown(size: size...size)
    case .size(let size): request.body = .known(ByteRange(start, start + size))
    case .none, .untilSeparator:
      let end = endWithoutLineBreak(text, from: start)
      request.body = start < end ? .known(ByteRange(start, end)) : .absent
      if start < end { notes.bodiesWithoutLength += 1 }
    }
  }

  /// The end of the text without its last line break, which belongs to the file or to the separator.
  private static func endWithoutLineBreak(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = text.count
    guard end > start, text[end - 1] == UInt8(ascii: "\n") else { return end }
    end -= 1
    return end > start && text[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
  }

  private static func readChunks(_ text: Span<UInt8>, from start: Int, _ request: inout Request, _ notes: inout ParsingNotes) {
    let bodyStart = request.bytes.count
    var lines = TextLines(position: start)
    var isWhole = false
    while let line = lines.next(text), let size = HTTPSyntax.chunkSize(text.extracting(line)) {
      isWhole = size == 0
      if isWhole { break }
      let count = min(size, text.count - lines.position)
      _ = request.store(text.extracting(lines.position..<(lines.position + count)))
      lines.position += count
      guard count == size, let end = lines.next(text), end.isEmpty else { break }
    }
    let body = ByteRange(bodyStart, request.bytes.count)
    if isWhole {
      request.body = body.isEmpty ? .absent : .known(body)
    } else {
      notes.shortBodies += 1
      request.body = body.isEmpty ? .unknown : .prefix(body)
    }
  }
}

/// The lines of a text, each up to its line feed and without one carriage return before that.
struct TextLines {
  /// The start of the next line.
  var position = 0

  mutating func next(_ text: Span<UInt8>) -> Range<Int>? {
    guard position < text.count else { return nil }
    let start = position
    let lineFeed = text.firstIndex(of: UInt8(ascii: "\n"), from: start)
    position = lineFeed.map { $0 + 1 } ?? text.count
    let end = lineFeed ?? text.count
    return start..<(end > start && text[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
  }
}
