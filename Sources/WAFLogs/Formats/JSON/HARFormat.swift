internal import WAFBase
internal import WAFJSON
internal import WAFRequest

/// An entry of a HAR file: a request as a browser tells of it.
///
/// Method, target and headers are known, their order is not, since exporters sort and merge them. They also like to remove cookies and
/// authorization, so that these are unknown in an entry that has neither. Client, country and fingerprints are unknown.
///
/// Source: spec of log formats, section 17.
extension JSONRecordReader {
  /// Reads `line`, an element of `log.entries`, into `request`, which is empty.
  mutating func parseHAREntry(_ line: Span<UInt8>, into request: inout Request) throws(BadLine) -> LineResult {
    _ = request.store(line)
    try tree.read(line, storedIn: &request, usesIndex: usesIndex)
    guard tree.nodes[0].kind == .object else { throw .notAnObject }
    guard let entry = member("request", of: 0, line) else { throw .missingMember(JSONPath([.member("request")])) }
    try expect(.object, entry, line, .object)
    guard let url = member("url", of: entry, line) else { throw .missingMember(tree.path(of: entry, in: line).appending("url")) }
    let target = try string(url, line, &request)
    guard let authority = request.setTarget(target, fragmentIsKnown: true) else {
      guard request.hasSchemeOnly(target) else { throw fault(url, line, .url) }
      return .skipped(.notSent)
    }
    // A browser keeps the fragment to itself.
    request.fragment = .unknown
    if let time = member("startedDateTime", of: 0, line) { request.timestamp = try harTime(time, line) }
    if let method = member("method", of: entry, line) { request.method = .known(try string(method, line, &request)) }
    request.httpVersion = try optionalString(member("httpVersion", of: entry, line), line, &request)
    try readHARHeaders(entry, line, &request)
    request.setAuthority(authority, of: target)
    guard request.isSentScheme else { return .skipped(.notSent) }
    try readHARBody(entry, line, &request)
    return .record
  }

  private func harTime(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> Int64 {
    try expect(.string, node, line, .time)
    let text = tree.string(at: node, in: line)
    guard let time = Timestamp.milliseconds(iso8601: text.span) else { throw fault(node, line, .time) }
    return time
  }

  private func readHARHeaders(_ entry: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    guard let headers = member("headers", of: entry, line) else { return }
    try expect(.array, headers, line, .array)
    var authority: ByteRange?
    var child = tree.firstChild(of: headers)
    let end = tree.next(after: headers)
    while child < end, request.headers.count < Self.headerLimit {
      try expect(.object, child, line, .object)
      guard let nameNode = member("name", of: child, line) else { throw .missingMember(tree.path(of: child, in: line).appending("name")) }
      let name = try string(nameNode, line, &request)
      let value = try member("value", of: child, line).map { node throws(BadLine) in try string(node, line, &request) }
      child = tree.next(after: child)
      guard name.isEmpty || request.bytes[Int(name.start)] != UInt8(ascii: ":") else {
        if request.isNamed(name, ":authority") { authority = value }
        continue
      }
      request.headers.append(Header(name: name, value: value.map { .known(request.trimmed($0)) } ?? .redacted))
    }
    request.headersComplete = child >= end
    if let authority, !request.hasHeader("host") {
      request.headers.append(Header(name: request.store("host"), value: .known(authority)))
    }
    let cookies = member("cookies", of: entry, line).map { tree.nodes[$0].kind == .array && tree.firstChild(of: $0) < tree.next(after: $0) } ?? false
    noteRemovedHeaders(hasCookies: cookies, &request)
  }

  /// Names the headers that an exporter may have removed.
  private func noteRemovedHeaders(hasCookies: Bool, _ request: inout Request) {
    let (cookie, authorization) = (request.hasHeader("cookie"), request.hasHeader("authorization"))
    guard request.headersComplete, !cookie else { return }
    if hasCookies || !authorization { request.unknownHeaders.append(request.store("cookie")) }
    if !authorization { request.unknownHeaders.append(request.store("authorization")) }
  }

  private func readHARBody(_ entry: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    let number = try member("bodySize", of: entry, line).map { node throws(BadLine) in try integer(node, line) }
    let size = number.flatMap { $0 < 0 ? nil : Int(clamping: $0) }
    let unread: Component = size.map { .unknown(size: $0...$0) } ?? .unknown
    request.body = unread
    guard let post = member("postData", of: entry, line), tree.nodes[post].kind == .object else { return }
    guard let text = member("text", of: post, line) else {
      // Parameters are decoded: how they were written is a guess.
      if size == nil, member("params", of: post, line).map({ tree.firstChild(of: $0) < tree.next(after: $0) }) == true {
        request.body = .unknown(size: 1...Int.max)
      }
      return
    }
    let isBase64 = member("encoding", of: post, line).map { tree.nodes[$0].kind == .string && tree.string(at: $0, equals: "base64", in: line) }
    let body = isBase64 == true ? request.store(try base64Bytes(text, line)) : try string(text, line, &request)
    // A text of another size is not what was sent: exporters leave out files and turn bytes into characters.
    guard size == nil || size == body.count else { return }
    request.body = body.isEmpty ? .absent : .known(body)
  }
}

extension Request {
  fileprivate func isNamed(_ name: ByteRange, _ text: String) -> Bool {
    bytes.span.extracting(name.indices).equalsIgnoringASCIICase(Array(text.utf8).span)
  }

  fileprivate func hasHeader(_ text: String) -> Bool { headers.contains { isNamed($0.name, text) } }

  /// Whether a URL that names no host begins with a scheme all the same: `data:`, `blob:`, `about:`.
  fileprivate func hasSchemeOnly(_ url: ByteRange) -> Bool {
    guard let colon = bytes[url.indices].firstIndex(of: UInt8(ascii: ":")), colon > Int(url.start) else { return false }
    return bytes[Int(url.start)..<colon].allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  }

  /// Whether the scheme is one of HTTP or of a WebSocket, which begins as HTTP.
  fileprivate var isSentScheme: Bool {
    ["http", "https", "ws", "wss"].contains { isNamed(scheme, $0) }
  }
}
