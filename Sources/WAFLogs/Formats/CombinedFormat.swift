internal import WAFBase
internal import WAFRequest

/// Access logs of nginx and Apache.
///
/// ```
/// [vhost[:port] ]host [ident [user ]][25/Jul/2025:10:00:01 +0200] "request" status bytes[ "referer" "user agent"[ more…]]
/// ```
///
/// Known are the client, the request line, referer, user agent and time; host and `X-Forwarded-For` where the line has them.
///
/// Source: spec of log formats, section 14.
enum CombinedFormat {
  /// Reads `line` into `request`, which is empty.
  static func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    if let inner = unwrapped(line) {
      try parseUnwrapped(line.extracting(inner), into: &request, notes: &notes)
    } else {
      try parseUnwrapped(line, into: &request, notes: &notes)
    }
  }

  /// The inside of a line that stands as a whole in one more pair of quotes.
  private static func unwrapped(_ line: Span<UInt8>) -> Range<Int>? {
    let quote = UInt8(ascii: "\"")
    return line.count > 2 && line[0] == quote && line[line.count - 1] == quote ? 1..<(line.count - 1) : nil
  }

  private static func parseUnwrapped(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    guard let timeStart = CommonTime.start(in: line) else { throw .noTime }
    let timeEnd = timeStart + CommonTime.length
    request.timestamp = Timestamp.milliseconds(commonLog: line.extracting(timeStart..<timeEnd))
    let vhost = try parseClient(line, end: timeStart - 1, into: &request)

    let quote = line.count > timeEnd + 1 && line[timeEnd + 1] == UInt8(ascii: " ") ? timeEnd + 2 : timeEnd + 1
    guard quote < line.count, line[quote] == UInt8(ascii: "\"") else { throw .noRequest }
    guard let requestEnd = endOfRequest(line, from: quote + 1), let tail = endOfSize(line, from: requestEnd + 1) else { throw .noStatus }

    var styles: LoggerEscapes.Styles = []
    let requestLine = request.store(escaped: line.extracting((quote + 1)..<requestEnd), &styles)
    switch try RequestLine.parse(requestLine, of: &request) {
    case .request(let scheme, let host):
      if let scheme { request.scheme = scheme }
      if let host { request.addHeader("host", .known(host)) } else { addHost(vhost, of: line, to: &request) }
    case .missing: addHost(vhost, of: line, to: &request)
    case .notHTTP:
      notes.notHTTP += 1
    }
    parseTail(line, from: tail, into: &request, &styles)
    if styles == [.nginx, .apache] { notes.mixedEscapes += 1 }
  }
}

// MARK: - Before the time

extension CombinedFormat {
  /// Reads the columns before the time, which end at `end`, and returns the one that names the virtual host.
  private static func parseClient(_ line: Span<UInt8>, end: Int, into request: inout Request) throws(BadLine) -> Range<Int>? {
    var count = 0
    var (first, second) = (0..<0, 0..<0)
    var start = 0
    // The blank before the time ends the last column.
    for index in 0..<max(end, 0) where line[index] == UInt8(ascii: " ") {
      if index > start {
        count += 1
        if count == 1 { first = start..<index }
        if count == 2 { second = start..<index }
      }
      start = index + 1
    }
    guard count > 0 else { throw .noClient }
    let hasVhost = count >= 4 && isVhost(line, first, before: second)
    request.setClient(request.store(line.extracting(hasVhost ? second : first)))
    return hasVhost ? first : nil
  }

  /// Whether four columns or more begin with a virtual host: the second is no ident but a client.
  private static func isVhost(_ line: Span<UInt8>, _ first: Range<Int>, before second: Range<Int>) -> Bool {
    if second.count == 1, line[second.lowerBound] == UInt8(ascii: "-") { return false }
    if IPAddress(text: line.extracting(second)) != nil { return true }
    return IPAddress(text: line.extracting(first)) == nil && port(of: first, in: line) != nil
  }

  /// Position of the colon before the digits at the end of a host; nil without a port.
  private static func port(of host: Range<Int>, in line: Span<UInt8>) -> Int? {
    var index = host.upperBound
    while index > host.lowerBound, line[index - 1].isASCIIDigit { index -= 1 }
    guard index < host.upperBound, index - 1 > host.lowerBound, line[index - 1] == UInt8(ascii: ":") else { return nil }
    return index - 1
  }

  /// Adds the virtual host as the host header. With a port in the log, whether the header had it is unknown.
  private static func addHost(_ vhost: Range<Int>?, of line: Span<UInt8>, to request: inout Request) {
    guard let vhost else { return }
    let colon = port(of: vhost, in: line)
    let range = request.store(line.extracting(vhost.lowerBound..<(colon ?? vhost.upperBound)))
    request.addHeader("host", colon == nil ? .known(range) : .prefix(range))
  }
}

// MARK: - After the time

extension CombinedFormat {
  /// Position of the quote that closes the request: one that a status follows.
  static func endOfRequest(_ line: Span<UInt8>, from start: Int) -> Int? {
    if let end = QuotedField.end(line, from: start, accepts: { endOfStatus(line, from: $0 + 1) != nil }) { return end }
    // Servers that do not escape leave a backslash at the end of a request as it is.
    return (start..<line.count).first { line[$0] == UInt8(ascii: "\"") && endOfStatus(line, from: $0 + 1) != nil }
  }

  /// Position after a blank and a status of three digits or `-`, which a blank or the end of the line follows.
  private static func endOfStatus(_ line: Span<UInt8>, from start: Int) -> Int? {
    guard start + 1 < line.count, line[start] == UInt8(ascii: " ") else { return nil }
    var end = start + 1
    while end < line.count, line[end].isASCIIDigit { end += 1 }
    if end == start + 1, line[end] == UInt8(ascii: "-") { end += 1 } else if end != start + 4 { return nil }
    return end == line.count || line[end] == UInt8(ascii: " ") ? end : nil
  }

  /// Position after the status and the number of bytes or `-`; nil when they are cut.
  static func endOfSize(_ line: Span<UInt8>, from start: Int) -> Int? {
    guard let status = endOfStatus(line, from: start), status + 1 < line.count else { return nil }
    var end = status + 1
    while end < line.count, line[end].isASCIIDigit { end += 1 }
    if end == status + 1, line[end] == UInt8(ascii: "-") { end += 1 }
    return end > status + 1 && (end == line.count || line[end] == UInt8(ascii: " ")) ? end : nil
  }

  /// Reads the fields after the size: referer, user agent, and further ones, of which a list of addresses is known by its looks.
  private static func parseTail(_ line: Span<UInt8>, from start: Int, into request: inout Request, _ styles: inout LoggerEscapes.Styles) {
    var position = start
    var quotedFields = 0
    var hasForwarded = false
    while position < line.count {
      guard line[position] != UInt8(ascii: " ") else {
        position += 1
        continue
      }
      guard line[position] == UInt8(ascii: "\"") else {
        let end = line.firstIndex(of: UInt8(ascii: " "), from: position) ?? line.count
        if (position..<end).contains(where: { line[$0] == UInt8(ascii: "\"") }) { request.doubtLastHeader() }
        position = end
        continue
      }
      let end = endOfField(line, from: position + 1)
      let field = (position + 1)..<(end ?? line.count)
      switch quotedFields {
      case 0: addHeader("referer", line, field, isCut: end == nil, to: &request, &styles)
      case 1: addHeader("user-agent", line, field, isCut: end == nil, to: &request, &styles)
      default:
        if !hasForwarded, end != nil, isAddressList(line.extracting(field)) {
          hasForwarded = true
          let value = request.store(line.extracting(field))
          request.addHeader("x-forwarded-for", .known(request.trimmed(value)))
        }
      }
      quotedFields += 1
      position = field.upperBound + 1
    }
  }

  /// Position of the quote that closes a field; nil when the end of the line cuts it.
  private static func endOfField(_ line: Span<UInt8>, from start: Int) -> Int? {
    if let end = QuotedField.end(line, from: start, lineEnd: line.count) { return end }
    // Where a backslash hides the only quote left, the server does not escape and the backslash is the client's.
    return line.count > start && line[line.count - 1] == UInt8(ascii: "\"") ? line.count - 1 : nil
  }

  /// Adds a header; `-` means that it was not sent, and of a field that the end of the line cuts only the beginning is known.
  private static func addHeader(
    _ name: StaticString, _ line: Span<UInt8>, _ field: Range<Int>, isCut: Bool, to request: inout Request, _ styles: inout LoggerEscapes.Styles
  ) {
    if !isCut, field.count == 1, line[field.lowerBound] == UInt8(ascii: "-") { return request.addAbsentHeader(name) }
    let value = request.store(escaped: line.extracting(field), &styles)
    request.addHeader(name, isCut ? .prefix(value) : .known(request.trimmed(value)))
  }

  /// Whether every part between commas is an address.
  private static func isAddressList(_ field: Span<UInt8>) -> Bool {
    var start = 0
    while true {
      var end = field.firstIndex(of: UInt8(ascii: ","), from: start) ?? field.count
      let next = end + 1
      while start < end, field[start] == UInt8(ascii: " ") { start += 1 }
      while end > start, field[end - 1] == UInt8(ascii: " ") { end -= 1 }
      guard IPAddress(text: field.extracting(start..<end)) != nil else { return false }
      if next > field.count { return true }
      start = next
    }
  }
}

extension Request {
  /// A quote inside a bare column shows that the server does not escape quotes: the field before it goes on, only its beginning is known.
  fileprivate mutating func doubtLastHeader() {
    guard let last = headers.indices.last, headers[last].value.knowledge == .known else { return }
    headers[last].value = .prefix(headers[last].value.range)
  }
}

/// The time of the common log format, `25/Jul/2025:10:00:01 +0200` in brackets.
enum CommonTime {
  /// Bytes between the brackets.
  static let length = 26

  /// Position after the opening bracket of the first text of this shape; its numbers may be out of range.
  static func start(in line: Span<UInt8>) -> Int? {
    var index = 0
    while let bracket = System.firstIndex(of: UInt8(ascii: "["), in: line, from: index) {
      if hasShape(line, at: bracket + 1) { return bracket + 1 }
      index = bracket + 1
    }
    return nil
  }

  private static func hasShape(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard start >= 2, line[start - 2] == UInt8(ascii: " "), line.count - start > length else { return false }
    // A zero stands for a digit, an `a` for a letter, anything else for itself.
    let shape: StaticString = "00/aaa/0000:00:00:00 +0000]"
    for offset in 0...length {
      // `offset` is below the length of the literal, which lives as long as the process.
      let wanted = unsafe shape.utf8Start[offset]
      let found = line[start + offset]
      let fits =
        switch wanted {
        case UInt8(ascii: "0"): found.isASCIIDigit
        case UInt8(ascii: "a"): found.isASCIILetter
        case UInt8(ascii: "+"): found == wanted || found == UInt8(ascii: "-")
        default: found == wanted
        }
      guard fits else { return false }
    }
    return true
  }
}
