internal import WAFBase
internal import WAFDocuments
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

/// The parts of a request that is spelled out; nil ones are taken from the defaults.
struct RequestParts {
  var method: String?
  /// Path and query as on the wire.
  var uri: String?
  var host: String?
  /// In the order of the file; a list of values makes a line of each.
  var headers: [(name: String, values: [String])] = []
  var body: [UInt8]?
  var client: IPAddress?
  var country: UInt16?
  var asn: UInt32?
  var forwardedASN: UInt32?
  /// Empty for a client without the fingerprint.
  var ja3: String?
  var ja4: String?
  var token: Token?
  /// Labels before the first rule.
  var labels: [String]?
  var resource: ResourceType?
  var httpVersion: String?

  /// A token as evaluation.md section 8 has it.
  struct Token {
    var present = true
    var tampered = false
    var domain = ""
    var challengeSolved: Int64?
    var captchaSolved: Int64?
  }

  init() {}

  /// `METHOD /path?query`; nil for another text.
  init?(line: String) {
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    guard parts[1].hasPrefix("/") || parts[1] == "*", !parts[1].contains(" ") else { return nil }
    method = parts[0]
    uri = parts[1]
  }

  /// The members of a map; nil where one is at fault.
  init?(_ object: JSONObject, besides file: SuiteFile) {
    let method = object.ifPresent("method") { $0.text(length: 1...100) }
    let uri = object.ifPresent("uri") { $0.uri() }
    let host = object.ifPresent("host") { $0.text(length: 0...1000) }
    let headers = object.ifPresent("headers") { $0.headerLines() }
    let body = object.ifPresent("body") { $0.body(besides: file) }
    let version = object.ifPresent("http_version") { $0.scalarText() }
    self.init(besideForm: object)
    guard let method, let uri, let host, let headers, let body, let version else { return nil }
    (self.method, self.uri, self.host, self.headers, self.body, httpVersion) = (method, uri, host, headers ?? [], body, version)
  }

  /// What may be told of any request beside its text; nil where a member is at fault.
  init?(besideForm object: JSONObject) {
    let client = object.ifPresent("from") { $0.address() }
    let country = object.ifPresent("country") { $0.country() }
    let asn = object.ifPresent("asn") { $0.integer(in: 0...4_294_967_295) }
    let forwardedASN = object.ifPresent("forwarded_asn") { $0.integer(in: 0...4_294_967_295) }
    let ja3 = object.ifPresent("ja3") { $0.scalarText() }
    let ja4 = object.ifPresent("ja4") { $0.scalarText() }
    let token = object.ifPresent("token") { Token($0) }
    let labels = object.ifPresent("labels") { $0.texts() }
    let resource = object.ifPresent("resource") { $0.resource() }
    guard let client, let country, let asn, let forwardedASN, let ja3, let ja4, let token, let labels, let resource else { return nil }
    (self.client, self.country, self.ja3, self.ja4, self.token) = (client, country, ja3, ja4, token)
    (self.labels, self.resource) = (labels, resource)
    self.asn = asn.map { UInt32($0) }
    self.forwardedASN = forwardedASN.map { UInt32($0) }
  }

  /// These parts, and those of the defaults where there are none. Headers are merged by name.
  func over(_ defaults: RequestParts) -> RequestParts {
    var result = self
    result.method = method ?? defaults.method
    result.uri = uri ?? defaults.uri
    result.host = host ?? defaults.host
    let own = Set(headers.map { $0.name.lowercased() })
    result.headers = defaults.headers.filter { !own.contains($0.name.lowercased()) } + headers
    result.body = body ?? defaults.body
    result.client = client ?? defaults.client
    result.country = country ?? defaults.country
    result.asn = asn ?? defaults.asn
    result.forwardedASN = forwardedASN ?? defaults.forwardedASN
    result.ja3 = ja3 ?? defaults.ja3
    result.ja4 = ja4 ?? defaults.ja4
    result.token = token ?? defaults.token
    result.labels = labels ?? defaults.labels
    result.resource = resource ?? defaults.resource
    result.httpVersion = httpVersion ?? defaults.httpVersion
    return result
  }

  /// What a request in another form may take from the defaults: nothing that its text says.
  var withoutRequest: RequestParts {
    var parts = self
    (parts.method, parts.uri, parts.host, parts.body, parts.httpVersion, parts.headers) = (nil, nil, nil, nil, nil, [])
    return parts
  }

  /// The request. Its method is GET, its target `/` and its host `localhost` unless something says otherwise.
  func request(at time: Int64) -> Request {
    var request = Request()
    request.timestamp = time
    request.method = .known(request.store(Array((method ?? "GET").utf8)))
    let target = request.store(Array((uri ?? "/").utf8))
    _ = request.setTarget(target, fragmentIsKnown: true)
    request.httpVersion = request.store(Array((httpVersion ?? "HTTP/1.1").utf8))
    if !headers.contains(where: { $0.name.lowercased() == "host" }) { request.addHeader("host", host ?? "localhost") }
    for header in headers { for value in header.values { request.addHeader(header.name, value) } }
    request.headersComplete = true
    request.headerOrderKnown = true
    if let body, !body.isEmpty { request.body = .known(request.store(body)) } else { request.body = .absent }
    complete(&request)
    return request
  }

  /// Adds what these parts tell beside the text of a request.
  func complete(_ request: inout Request) {
    if let client { request.setClient(client) }
    if let country { request.country = country }
    if let asn { request.asn = asn }
    if let forwardedASN { request.forwardedASN = forwardedASN }
    if let ja3 { request.ja3 = ja3.isEmpty ? .absent : .known(request.store(Array(ja3.utf8))) }
    if let ja4 { request.ja4 = ja4.isEmpty ? .absent : .known(request.store(Array(ja4.utf8))) }
    if let resource { request.resource = resource }
    for label in labels ?? [] {
      let text = request.store(Array(label.utf8))
      request.labels.append(text)
    }
    if let token {
      let domain = request.store(Array(token.domain.utf8))
      request.token = TokenState(
        present: token.present, tampered: token.tampered, domain: domain, challengeSolveTimestamp: token.challengeSolved,
        captchaSolveTimestamp: token.captchaSolved)
    }
  }
}

extension Request {
  fileprivate mutating func addHeader(_ name: String, _ value: String) {
    let name = store(Array(name.utf8))
    let value = store(Array(value.utf8))
    headers.append(Header(name: name, value: .known(value)))
  }
}

extension RequestParts.Token {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let present = object.ifPresent("present") { $0.bool() }
    let tampered = object.ifPresent("tampered") { $0.bool() }
    let domain = object.ifPresent("domain") { $0.string() }
    let challenge = object.ifPresent("challengeSolveTimestamp") { $0.integer(in: 0...Int.max / 1000) }
    let captcha = object.ifPresent("captchaSolveTimestamp") { $0.integer(in: 0...Int.max / 1000) }
    object.refuseOtherMembers()
    guard let present, let tampered, let domain, let challenge, let captcha else { return nil }
    self.init(
      present: present ?? true, tampered: tampered ?? false, domain: domain ?? "", challengeSolved: challenge.map { Int64($0) },
      captchaSolved: captcha.map { Int64($0) })
  }
}

extension JSONValue {
  /// A target: a path with its query.
  fileprivate func uri() -> String? {
    guard let text = string() else { return nil }
    let isTarget = text.hasPrefix("/") || text == "*"
    return known(isTarget && !text.contains(" ") ? text : nil, text, "a path such as /cart?id=7")
  }

  /// Two letters.
  fileprivate func country() -> UInt16? {
    // YAML 1.1 readers take a plain NO for a truth value; this one does not, and Norway stays Norway.
    guard let text = string() else { return nil }
    let letters = Array(text.utf8)
    let isCode = letters.count == 2 && letters.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    return known(isCode ? UInt16(letters[0]) << 8 | UInt16(letters[1]) : nil, text, "two capital letters such as JP")
  }

  /// Headers by name, each with a value or a list of values.
  fileprivate func headerLines() -> [(name: String, values: [String])]? {
    guard let object = object() else { return nil }
    var lines: [(name: String, values: [String])] = []
    for entry in object.entries {
      guard let values = entry.value.texts() else { return nil }
      lines.append((entry.name, values))
    }
    return lines
  }

  /// A text, or `{base64: …}`, `{file: …}`, `{size: …, fill: …}`.
  fileprivate func body(besides file: SuiteFile) -> [UInt8]? {
    if kind != .object { return scalarText().map { Array($0.utf8) } }
    guard let object = object() else { return nil }
    let base64 = object.optional("base64")
    let path = object.optional("file")
    let size = object.optional("size")
    let fill = object.optional("fill")
    object.refuseOtherMembers()
    guard [base64, path, size].compactMap({ $0 }).count == 1, fill == nil || size != nil else {
      report(.exactlyOneMember, "expected one of base64, file, or size with fill")
      return nil
    }
    if let base64 {
      guard let text = base64.string() else { return nil }
      return base64.known(Base64.decode(Array(text.utf8).span), text, "Base64")
    }
    if let path {
      guard let name = path.string() else { return nil }
      let (bytes, reason) = YAMLFile.bytes(of: file.path(of: name))
      if bytes == nil { path.report(.badTest, "\(quoted(name)) cannot be read: \(reason)") }
      return bytes
    }
    guard let size, let count = size.integer(in: 0...(16 << 20)) else { return nil }
    let filling = fill.map { $0.scalarText() } ?? "A"
    guard let filling, !filling.isEmpty else {
      if filling != nil { fill?.report(.badTest, "expected a text to be repeated") }
      return nil
    }
    let unit = Array(filling.utf8)
    return (0..<count).map { unit[$0 % unit.count] }
  }
}
