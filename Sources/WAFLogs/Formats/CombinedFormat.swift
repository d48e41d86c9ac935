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
struct CombinedFormat: Sendable {
  private var latestTime = LatestTime()

  /// Reads `line` into `request`, which is empty.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    if let inner = Self.unwrapped(line) {
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

  private mutating func parseUnwrapped(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    guard let time = latestTime.find(in: line) else { throw .noTime }
    let quote = Self.startOfRequest(line, afterTime: time.upperBound)
    guard quote < line.count, line[quote] == UInt8(ascii: "\"") else { throw .noRequest }
    guard let requestEnd = Self.endOfRequest(line, from: quote + 1), let tail = Self.endOfSize(line, from: requestEnd + 1) else { throw .noStatus }
    let columns = try Self.columns(line, end: time.lowerBound - 1)

    var stored = StoredLine(line, in: &request)
    request.timestamp = latestTime.milliseconds
    request.setClient(stored.place(of: columns.client))
    if let host = try request.setRequestLine(stored.text((quote + 1)..<requestEnd, of: line, in: &request), &notes) {
      request.add(.host, .known(host))
    } else if let vhost = columns.vhost, request.method.knowledge == .known {
      // Without a request the virtual host is merely the server's first one.
      Self.addHost(vhost, of: line, stored, to: &request)
    }
    Self.parseTail(line, from: tail, &stored, into: &request)
    if stored.styles == [.nginx, .apache] { notes.mixedEscapes += 1 }
  }

  /// Position of the quote that has to open the request; one blank may stand before it.
  static func startOfRequest(_ line: Span<UInt8>, afterTime end: Int) -> Int {
    line.count > end + 1 && line[end + 1] == UInt8(ascii: " ") ? end + 2 : end + 1
  }
}

// MARK: - Before the time

extension CombinedFormat {
  /// Finds the client among the columns before the time, which end at `end`, and the virtual host if one stands before it.
  private static func columns(_ line: Span<UInt8>, end: Int) throws(BadLine) -> (vhost: Range<Int>?, client: Range<Int>) {
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
    return count >= 4 && isVhost(line, first, before: second) ? (first, second) : (nil, first)
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
  private static func addHost(_ vhost: Range<Int>, of line: Span<UInt8>, _ stored: StoredLine, to request: inout Request) {
    if let colon = port(of: vhost, in: line) {
      request.add(.host, .prefix(stored.place(of: vhost.lowerBound..<colon)))
    } else {
      request.add(.host, .known(stored.place(of: vhost)))
    }
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
  private static func parseTail(_ line: Span<UInt8>, from start: Int, _ stored: inout StoredLine, into request: inout Request) {
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
        if line.extracting(position..<end).firstIndex(of: UInt8(ascii: "\"")) != nil { request.doubtLastHeader() }
        position = end
        continue
      }
      let end = endOfField(line, from: position + 1)
      let field = (position + 1)..<(end ?? line.count)
      switch quotedFields {
      case 0: addHeader(.referer, line, field, isCut: end == nil, &stored, to: &request)
      case 1: addHeader(.userAgent, line, field, isCut: end == nil, &stored, to: &request)
      default:
        if !hasForwarded, end != nil, isAddressList(line.extracting(field)) {
          hasForwarded = true
          request.add(.forwardedFor, .known(request.trimmed(stored.place(of: field))))
        }
      }
      quotedFields += 1
      position = field.upperBound + 1
    }
  }

  /// Position of the quote that closes a field; nil when the end of the line cuts it.
  private static func endOfField(_ line: Span<UInt8>, from start: Int) -> Int? {
    if let end = QuotedField.end(line, from: start) { return end }
    // Where a backslash hides the only quote left, the server does not escape and the backslash is the client's.
    return line.count > start && line[line.count - 1] == UInt8(ascii: "\"") ? line.count - 1 : nil
  }

  /// Adds a header; `-` means that it was not sent, and of a field that the end of the line cuts only the beginning is known.
  private static func addHeader(
    _ header: LoggedHeader, _ line: Span<UInt8>, _ field: Range<Int>, isCut: Bool, _ stored: inout StoredLine, to request: inout Request
  ) {
    if !isCut, field.count == 1, line[field.lowerBound] == UInt8(ascii: "-") { return request.addAbsent(header) }
    let value = stored.text(field, of: line, in: &request)
    request.add(header, isCut ? .prefix(value) : .known(request.trimmed(value)))
  }

  /// Whether every part between commas is an address.
  static func isAddressList(_ field: Span<UInt8>) -> Bool {
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
