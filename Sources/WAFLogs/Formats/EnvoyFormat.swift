internal import WAFBase
internal import WAFRequest

/// Access log of Envoy: lines of the default text format, which App Mesh uses too, and flat JSON objects, one or the other or mixed.
///
/// Known are the request line, user agent, host, the list of forwarded addresses, the request id, the size of the body and the time; the
/// client only where JSON has the peer.
///
/// Source: spec of log formats, section 12.
struct EnvoyFormat: Sendable {
  private var record = FlatRecord<JSONField>()

  /// Reads `line` into `request`, which is empty.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    if line.opensObject {
      let fields = try readJSON(line, &request, &notes)
      request.set(fields)
    } else {
      let fields = try EnvoyText.read(line, &request, &notes)
      request.set(fields)
    }
  }
}

/// What a line of either form tells.
struct EnvoyFields {
  var time = LoggedValue.unknown
  var method = LoggedValue.unknown
  /// Path and query.
  var target = LoggedValue.unknown
  var version = LoggedValue.unknown
  var forwardedFor = LoggedValue.unknown
  /// Whether the list of forwarded addresses may go on behind what is logged.
  var forwardedForIsCut = false
  var userAgent = LoggedValue.unknown
  var requestID = LoggedValue.unknown
  var authority = LoggedValue.unknown
  /// Address and port of the client.
  var peer = LoggedValue.unknown
  /// Bytes of the body.
  var receivedBytes: Int64?
}

extension Request {
  fileprivate mutating func set(_ fields: EnvoyFields) {
    if let time = fields.time.range { timestamp = Timestamp.milliseconds(iso8601: bytes.span.extracting(time.indices)) }
    method = fields.method.component
    httpVersion = fields.version.range ?? .empty
    // The host of an absolute target is what `authority` holds.
    if let target = fields.target.range { setTarget(target, fragmentIsKnown: false) }
    add(.host, fields.authority)
    add(.userAgent, fields.userAgent)
    if !fields.forwardedForIsCut {
      add(.forwardedFor, fields.forwardedFor)
    } else if let range = fields.forwardedFor.range {
      add(.forwardedFor, .prefix(trimmed(range)))
    }
    add(.requestID, fields.requestID)
    requestID = fields.requestID.range ?? .empty
    setBodySize(fields.receivedBytes) { $0...$0 }
    setClient(fields)
  }

  /// Sets the client to the peer where that is logged.
  ///
  /// Else it is the last of the forwarded addresses, for reports only: rules must not rely on it, since whether Envoy has appended its peer there,
  /// or has passed on what a client claimed, is a matter of its configuration.
  private mutating func setClient(_ fields: EnvoyFields) {
    if let peer = fields.peer.range {
      setClient(address(in: peer.indices))
      if clientAddress != nil { return }
    }
    guard !fields.forwardedForIsCut, let list = fields.forwardedFor.range else { return }
    let comma = bytes[list.indices].lastIndex(of: UInt8(ascii: ","))
    let last = trimmed(ByteRange(comma.map { $0 + 1 } ?? Int(list.start), Int(list.end)))
    setClient(address(in: last.indices))
    clientAddress = nil
  }

  private func address(in field: Range<Int>) -> ByteRange {
    let address = Endpoint.address(inMixed: field, of: bytes.span)
    return ByteRange(address.lowerBound, address.upperBound)
  }
}

// MARK: - JSON

extension EnvoyFormat {
  private mutating func readJSON(_ line: Span<UInt8>, _ request: inout Request, _ notes: inout ParsingNotes) throws(BadLine) -> EnvoyFields {
    try record.read(line, into: &request, notes: &notes)
    func value(_ field: JSONField) -> LoggedValue { record.value(field, of: line, in: &request) }
    var fields = EnvoyFields()
    fields.time = value(.time)
    fields.method = value(.method)
    fields.target = value(.target)
    fields.version = value(.version)
    fields.forwardedFor = value(.forwardedFor)
    fields.userAgent = value(.userAgent)
    fields.requestID = value(.requestID)
    fields.authority = value(.authority)
    fields.peer = value(.peer)
    fields.receivedBytes = record.integer(.receivedBytes, of: line, in: &request)
    return fields
  }

  /// The values that are looked for, each under the names that configurations in use give to it.
  enum JSONField: UInt8, FlatMember {
    case time, method, target, version, forwardedFor, userAgent, requestID, authority, peer, receivedBytes

    static let table = FlatNames<JSONField>()

    var names: [String] {
      switch self {
      case .time: ["start_time"]
      case .method: ["method", ":method"]
      // What the client sent, before routes rewrote it.
      case .target: ["x-envoy-origin-path", "x-envoy-original-path", "path", ":path"]
      case .version: ["protocol"]
      case .forwardedFor: ["x-forwarded-for"]
      case .userAgent: ["user-agent"]
      case .requestID: ["x-request-id", "request_id"]
      case .authority: [":authority", "authority"]
      case .peer: ["downstream_remote_address"]
      case .receivedBytes: ["bytes_received"]
      }
    }
  }
}
