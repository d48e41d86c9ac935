internal import WAFBase
internal import WAFRequest

/// VPC Lattice access log: flat JSON objects with a fixed set of members.
///
/// Known are the client, method, path, host, user agent and time, and the body up to its size. Lattice has no web ACL of its own.
///
/// Source: spec of log formats, section 11.
struct LatticeFormat: Sendable {
  private var record = FlatRecord<Field>()

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Returns: Why the line holds no request; nil where it does.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) -> SkippedLine? {
    try record.read(line, into: &request, notes: &notes)
    let method = value(.method, line, &request)
    let target = value(.target, line, &request)
    let host = value(.host, line, &request)
    // The log of a resource, such as a database, tells of connections.
    guard [method, target, host].contains(where: { $0 != .unknown }) else { return .notHTTP }
    readOrigin(line, &request)
    request.method = method.component
    if let target = target.range { Self.setTarget(target, of: &request) }
    request.add(.host, host)
    request.add(.userAgent, value(.userAgent, line, &request))
    // Headers are counted too.
    request.setBodySize(record.integer(.receivedBytes, of: line, in: &request)) { 0...$0 }
    request.httpVersion = value(.version, line, &request).range ?? .empty
    return nil
  }

  private func readOrigin(_ line: Span<UInt8>, _ request: inout Request) {
    if let time = value(.time, line, &request).range {
      request.timestamp = Timestamp.milliseconds(iso8601: request.bytes.span.extracting(time.indices))
    }
    if let client = value(.client, line, &request).range {
      let address = Endpoint.address(in: client.indices, of: request.bytes.span)
      request.setClient(ByteRange(address.lowerBound, address.upperBound))
    }
  }

  /// Sets path and query. Whether the log keeps queries at all is not documented, so without a `?` there may have been one.
  private static func setTarget(_ target: ByteRange, of request: inout Request) {
    request.setTarget(target, fragmentIsKnown: false)
    if !request.bytes[target.indices].contains(UInt8(ascii: "?")) { request.query = .unknown }
  }

  private func value(_ field: Field, _ line: Span<UInt8>, _ request: inout Request) -> LoggedValue {
    record.value(field, of: line, in: &request)
  }

  /// The members that tell something of the request.
  enum Field: UInt8, FlatMember {
    case time, client, method, target, host, userAgent, receivedBytes, version

    static let table = FlatNames<Field>()

    var names: [String] {
      switch self {
      case .time: ["startTime"]
      case .client: ["sourceIpPort"]
      case .method: ["requestMethod"]
      case .target: ["requestPath"]
      case .host: ["hostHeader"]
      case .userAgent: ["userAgent"]
      case .receivedBytes: ["bytesReceived"]
      case .version: ["protocol"]
      }
    }

    static let spellsNull = true
  }
}
