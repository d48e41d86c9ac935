internal import WAFBase
internal import WAFJSON
internal import WAFRequest

/// Reads AWS WAF log records and our own request lines, which are a superset of their `httpRequest`.
///
/// A record with `webaclId` is AWS's; one with `wafcast` is a verdict line of this program. An absent member and null mean that the value is
/// unknown, an empty one that it is known to be empty.
///
/// Source: spec of log formats, sections 5 and 19.
struct JSONRecordReader: Sendable {
  var tree = JSONTree()
  /// Whether the fast ways are tried first.
  var usesIndex = true
  private var compact = CompactRecordReader()
  private var record = Members<RecordMember>()
  private var http = Members<HTTPMember>()
  let names = RecordNames.shared

  /// Reads `line` into `request`, which is empty.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    if usesIndex, compact.read(line, into: &request) { return }
    _ = request.store(line)
    try tree.read(line, storedIn: &request, usesIndex: usesIndex)
    guard tree.nodes[0].kind == .object else { throw .notAnObject }
    names.record.find(of: 0, in: tree, line, into: &record, &notes)
    guard let httpRequest = node(.httpRequest) else { throw .missingMember(JSONPath([.member("httpRequest")])) }
    try expect(.object, httpRequest, line, .object)
    names.http.find(of: httpRequest, in: tree, line, into: &http, &notes)
    try readMembers(line, &request, &notes)
  }

  // Neither this nor anything that it calls is mutating or asks in a closure: the compiler would copy the reader, which is large, each time.
  private func readMembers(_ line: Span<UInt8>, _ request: inout Request, _ notes: inout ParsingNotes) throws(BadLine) {
    request.marksRedaction = has(.webaclId)
    try readOrigin(line, &request)
    try readRequestLine(line, &request)
    try readHeaders(line, &request, &notes)
    try readBody(line, &request)
    if has(.webaclId) || has(.wafcast) {
      var decision = request.takeDecision()
      try readDecision(line, &request, into: &decision)
      request.recorded = decision
      // A verdict line of ours tells the labels that the request had before the first rule apart from those that rules added.
      if let own = node(.wafcast), tree.nodes[own].kind == .object, let labels = member("labelsBefore", of: own, line) {
        try readLabels(labels, line, &request)
      }
    } else if let labels = node(.labels) {
      try readLabels(labels, line, &request)
    }
    if let token = node(.token) { request.token = try tokenState(token, line, &request) }
    if let unknown = node(.unknown) { try forEachFieldName(unknown, line) { field in request.forget(field) } }
    if let partial = node(.partial) { try forEachFieldName(partial, line) { field in request.cut(field) } }
  }

  @inline(__always)
  func node(_ name: RecordMember) -> Int? { record.node(name, of: tree) }
  @inline(__always)
  func node(_ name: HTTPMember) -> Int? { http.node(name, of: tree) }
  private func has(_ name: RecordMember) -> Bool { node(name) != nil }

  private func readLabels(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    var labels: [ByteRange] = []
    try appendStrings("name", in: node, line, &request, to: &labels)
    request.labels = labels
  }

  /// The text of a member of `httpRequest`, which may be spelled in Base64 instead; nil where it is absent.
  func text(_ name: HTTPMember, _ base64: HTTPMember, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> ByteRange? {
    if let node = node(base64) { return request.store(try base64Bytes(node, line)) }
    guard let node = node(name) else { return nil }
    return try string(node, line, &request)
  }
}

// MARK: - Where the request came from

extension JSONRecordReader {
  private func readOrigin(_ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    if let node = node(.timestamp) { request.timestamp = try time(node, line) }
    if let range = try text(.clientIp, .clientIpBase64, line, &request) { request.setClient(range) }
    if let node = node(.country) { request.country = try country(node, line) }
    if let node = node(.clientAsn) { request.asn = try autonomousSystem(node, line) }
    if let node = node(.forwardedAsn) { request.forwardedASN = try autonomousSystem(node, line) }
    if let node = node(.httpSourceName) {
      let name = try string(node, line, &request)
      request.resource = names.resources.first { $0.name.equals(name, of: request.bytes.span) }?.resource
    }
    request.ja3 = try fingerprint(.ja3Fingerprint, line, &request)
    request.ja4 = try fingerprint(.ja4Fingerprint, line, &request)
    if let range = try text(.requestId, .requestIdBase64, line, &request) { request.requestID = range }
    if let range = try text(.scheme, .schemeBase64, line, &request) { request.scheme = range }
    if let range = try text(.host, .hostBase64, line, &request) { request.host = range }
  }

  private func time(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> Int64 {
    var milliseconds: Int64?
    if tree.nodes[node].kind == .string {
      let text = tree.string(at: node, in: line)
      milliseconds = Timestamp.milliseconds(iso8601: text.span)
    } else {
      milliseconds = tree.int64(at: node, in: line)
    }
    guard let milliseconds else { throw fault(node, line, .time) }
    return milliseconds
  }

  /// Two letters; anything else, such as `-`, means that the country is unknown.
  private func country(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> UInt16? {
    try expect(.string, node, line, .string)
    let range = tree.nodes[node].range.indices
    guard range.count == 2, line[range.lowerBound].isASCIILetter, line[range.lowerBound + 1].isASCIILetter else { return nil }
    return UInt16(line[range.lowerBound]) << 8 | UInt16(line[range.lowerBound + 1])
  }

  private func autonomousSystem(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> UInt32 {
    guard let number = tree.int64(at: node, in: line), let system = UInt32(exactly: number) else { throw fault(node, line, .asNumber) }
    return system
  }

  /// Only load balancers and CloudFront have fingerprints (B.11); there a missing one may also be older than the log's member for it.
  private func fingerprint(_ name: RecordMember, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> Component {
    guard let node = node(name) else {
      return request.resource == nil || request.resource == .cloudFront || request.resource == .applicationLoadBalancer ? .unknown : .absent
    }
    let range = try string(node, line, &request)
    return range.isEmpty ? .absent : request.component(range)
  }
}

// MARK: - The request itself

extension JSONRecordReader {
  private func readRequestLine(_ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    if let range = try text(.httpMethod, .httpMethodBase64, line, &request) { request.method = request.component(range) }
    if let range = try text(.uri, .uriBase64, line, &request) {
      request.path = range.isEmpty ? .known(request.store("/")) : request.component(range)
    }
    if let range = try text(.args, .argsBase64, line, &request) { request.query = range.isEmpty ? .absent : request.component(range) }
    if let range = try text(.fragment, .fragmentBase64, line, &request) {
      // Logs have an empty text for no fragment. An empty one is told by the other member.
      request.fragment = range.isEmpty && node(.fragmentBase64) == nil ? .absent : request.component(range)
    }
    if let range = try text(.httpVersion, .httpVersionBase64, line, &request) { request.httpVersion = range }
  }

  private func readBody(_ line: Span<UInt8>, _ request: inout Request) throws(BadLine) {
    let sizeNode = node(.bodySize) ?? node(.requestBodySize)
    let size = try optionalSize(sizeNode, line)
    guard let bodyNode = node(.body) else {
      let bound = try optionalSize(node(.bodySizeAtMost), line)
      if let size { request.body = .unknown(size: size...size) } else if let bound { request.body = .unknown(size: 0...bound) }
      return
    }
    let range = try isBase64Body(line) ? request.store(base64Bytes(bodyNode, line)) : string(bodyNode, line, &request)
    guard let size, let sizeNode, size != range.count else {
      request.body = range.isEmpty ? .absent : .known(range)
      return
    }
    guard size > range.count else { throw fault(sizeNode, line, .fullSize) }
    request.body = range.isEmpty ? .unknown(size: size...size) : .prefix(range, size: size)
  }

  private func isBase64Body(_ line: Span<UInt8>) throws(BadLine) -> Bool {
    guard let node = node(.bodyEncoding) else { return false }
    if tree.nodes[node].kind == .string, tree.string(at: node, equals: "base64", in: line) { return true }
    guard tree.nodes[node].kind == .string, tree.string(at: node, equals: "utf8", in: line) else { throw fault(node, line, .bodyEncoding) }
    return false
  }

  private func tokenState(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> TokenState {
    try expect(.object, node, line, .object)
    let present = member("present", of: node, line)
    let tampered = member("tampered", of: node, line)
    let domain = member("domain", of: node, line)
    let challenge = member("challengeSolveTimestamp", of: node, line)
    let captcha = member("captchaSolveTimestamp", of: node, line)
    guard let present else { throw .missingMember(JSONPath([.member("token"), .member("present")])) }
    return TokenState(
      present: try boolean(present, line),
      tampered: try tampered.map { node throws(BadLine) in try boolean(node, line) } ?? false,
      domain: try domain.map { node throws(BadLine) in try string(node, line, &request) } ?? .empty,
      challengeSolveTimestamp: try challenge.map { node throws(BadLine) in try integer(node, line) },
      captchaSolveTimestamp: try captcha.map { node throws(BadLine) in try integer(node, line) })
  }
}
