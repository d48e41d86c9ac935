internal import WAFBase
internal import WAFJSON

/// The request that curl makes of its arguments.
struct CurlRequest {
  private let arguments: CurlArguments
  private let url: CurlURL
  private var method: [UInt8]
  private var query: [UInt8]?
  /// Nil where it is not known.
  private var body: [UInt8]? = []
  private var headers: [(name: [UInt8], value: [UInt8])] = []
  /// Names of headers that may be there.
  private var unknown: [String] = []
  /// Names of headers of which the beginning is known.
  private var partial: [String] = []

  init(_ arguments: CurlArguments) throws(CurlFault) {
    guard let text = arguments.url else { throw .noURL }
    self.arguments = arguments
    url = try CurlURL(text, keepsPath: arguments.keepsPath, keepsBrackets: arguments.keepsBrackets)
    query = url.query
    let hasBody = arguments.hasForm || (arguments.data != nil && !arguments.isGet)
    let usual = arguments.isHead ? "HEAD" : hasBody ? "POST" : "GET"
    method = arguments.method ?? Array(usual.utf8)
    if let data = arguments.data, arguments.isGet { query = query.map { $0.isEmpty ? data : $0 + [UInt8(ascii: "&")] + data } ?? data }
    if hasBody { body = arguments.hasForm ? nil : arguments.data }
    addHeaders(hasBody: hasBody)
  }

  private mutating func addHeaders(hasBody: Bool) {
    add("Host", url.host)
    addAuthorization()
    if let range = arguments.range { add("Range", Array("bytes=".utf8) + range) }
    if let userAgent = arguments.userAgent { if !userAgent.isEmpty { add("User-Agent", userAgent) } } else { addStart("User-Agent", "curl/") }
    add("Accept", Array((arguments.isJSON ? "application/json" : "*/*").utf8))
    if arguments.isCompressed { addUnknown("Accept-Encoding") }
    if let referer = arguments.referer { add("Referer", referer) }
    if !arguments.cookies.isEmpty { add("Cookie", Array(arguments.cookies.joined(separator: Array("; ".utf8)))) }
    if hasBody { addBodyHeaders() }
    for line in arguments.headers { addLine(line) }
  }

  private mutating func addAuthorization() {
    if arguments.hidesAuthorization { return addUnknown("Authorization") }
    if let authorization = arguments.authorization { return add("Authorization", authorization) }
    guard let user = url.user else { return }
    // The parts are decoded before they are sent.
    if user.contains(UInt8(ascii: "%")) || !user.contains(UInt8(ascii: ":")) { return addUnknown("Authorization") }
    add("Authorization", Array("Basic ".utf8) + Base64.encode(user.span))
  }

  private mutating func addBodyHeaders() {
    guard let body else {
      addStart("Content-Type", "multipart/form-data; boundary=")
      return addUnknown("Content-Length")
    }
    add("Content-Length", Array(String(body.count).utf8))
    add("Content-Type", Array((arguments.isJSON ? "application/json" : "application/x-www-form-urlencoded").utf8))
    // From some size on curl asks first whether the body is welcome.
    if body.count > 1024 { addUnknown("Expect") }
  }
}

// MARK: - Headers

extension CurlRequest {
  /// Adds a header of curl's own, unless `-H` sets or removes it.
  private mutating func add(_ name: String, _ value: [UInt8]) {
    if !isSet(name) { headers.append((Array(name.utf8), value)) }
  }

  private mutating func addStart(_ name: String, _ start: String) {
    guard !isSet(name) else { return }
    add(name, Array(start.utf8))
    partial.append("header:" + name.lowercased())
  }

  private mutating func addUnknown(_ name: String) {
    if !isSet(name) { unknown.append("header:" + name.lowercased()) }
  }

  private func isSet(_ name: String) -> Bool {
    let name = Array(name.utf8)
    return arguments.headers.contains { line in
      let end = line.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ";") } ?? 0
      return line.span.extracting(0..<end).equalsIgnoringASCIICase(name.span)
    }
  }

  /// Adds a header of `-H`: `Name: value`; `Name;` has no value, `Name:` only keeps curl from sending its own.
  private mutating func addLine(_ line: [UInt8]) {
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    guard let colon else {
      if let end = line.firstIndex(of: UInt8(ascii: ";")), end == line.count - 1 { headers.append((Array(line[..<end]), [])) }
      return
    }
    let value = HTTPSyntax.trimmed(line.span, (colon + 1)..<line.count)
    if !value.isEmpty { headers.append((Array(line[..<colon]), Array(line[value]))) }
  }
}

// MARK: - As a line of our own

extension CurlRequest {
  /// The request as a line of our own.
  var line: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("httpRequest") { writeRequest(to: &$0) }
      var unknown = unknown + ["headerOrder"]
      if !url.isPathCertain { unknown += ["path", "query"] }
      writer.array("unknown") { for name in unknown { $0.value(name) } }
      writer.array("partial") { for name in partial { $0.value(name) } }
    }
    return writer.bytes
  }

  private func writeRequest(to writer: inout JSONWriter) {
    writer.member("httpMethod", bytes: method.span)
    let target = arguments.target.map { $0.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false) }
    let path = target?.first.map { Array($0) } ?? url.path
    let args = target.map { $0.count > 1 ? Array($0[1]) : [] } ?? query ?? []
    writer.member("uri", bytes: path.span)
    writer.member("args", bytes: args.span)
    // What stands behind a # is not sent.
    writer.member("fragment", "")
    writer.member("scheme", bytes: url.scheme.span)
    writer.member("host", bytes: url.host.span)
    if let version = arguments.version ?? (url.scheme.count == 4 ? "HTTP/1.1" : nil) { writer.member("httpVersion", version) }
    writer.array("headers") { writer in
      for header in headers {
        writer.object { writer in
          writer.member("name", bytes: header.name.span)
          writer.member("value", bytes: header.value.span)
        }
      }
    }
    writer.member("headersComplete", true)
    guard let body else { return }
    if body.span.isUTF8 {
      writer.member("body", bytes: body.span)
    } else {
      writer.member("body", String(decoding: Base64.encode(body.span), as: UTF8.self))
      writer.member("bodyEncoding", "base64")
    }
  }
}
