internal import WAFBase
internal import WAFRequest

/// CloudFront standard log v2 in JSON: flat objects with the fields that the owner of the distribution chose.
///
/// A field that was not chosen is unknown. Values are percent-encoded once by the logger.
///
/// Source: spec of log formats, sections 7 and 8.
struct CloudFrontJSONFormat: Sendable {
  private var record = FlatRecord<Field>()

  /// Reads `line` into `request`, which is empty.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    try record.read(line, into: &request, notes: &notes)
    readOrigin(line, &request)
    request.method = decoded(.method, line, &request).component
    readPath(line, &request)
    switch decoded(.query, line, &request) {
    case .unknown: break
    case .missing: request.query = .absent
    case .text(let range): request.query = .known(range)
    }
    readHeaders(line, &request)
    // Bytes that the viewer sent, headers included.
    request.setBodySize(record.integer(.receivedBytes, of: line, in: &request)) { 0...$0 }
  }

  private func readOrigin(_ line: Span<UInt8>, _ request: inout Request) {
    request.timestamp = record.integer(.milliseconds, of: line, in: &request) ?? timeInSeconds(line, &request)
    if let client = value(.client, line, &request).range { request.setClient(client) }
    if let country = value(.country, line, &request).range, country.count == 2 {
      let letters = request.bytes[country]
      if letters.allSatisfy(\.isASCIILetter) { request.country = UInt16(letters[0]) << 8 | UInt16(letters[1]) }
    }
    request.asn = record.integer(.autonomousSystem, of: line, in: &request).flatMap(UInt32.init(exactly:))
    request.scheme = value(.scheme, line, &request).range ?? .empty
    request.httpVersion = value(.version, line, &request).range ?? .empty
    request.requestID = value(.requestID, line, &request).range ?? .empty
  }

  /// Paths without their slash have been seen in columns, which hold the same values.
  private func readPath(_ line: Span<UInt8>, _ request: inout Request) {
    request.path = decoded(.path, line, &request).component
    guard let range = request.path.knowledge == .known ? request.path.range : nil, !range.isEmpty else { return }
    let first = request.bytes[Int(range.start)]
    guard first != UInt8(ascii: "/"), first != UInt8(ascii: "*") else { return }
    let path = [UInt8(ascii: "/")] + request.bytes[range]
    request.path = .known(request.store(path))
  }

  private func readHeaders(_ line: Span<UInt8>, _ request: inout Request) {
    request.add(.host, decoded(.host, line, &request))
    request.add(.referer, decoded(.referer, line, &request))
    request.add(.userAgent, decoded(.userAgent, line, &request))
    let cookie = decoded(.cookie, line, &request)
    // Where logging of cookies is off, there is a `-` as well.
    request.add(.cookie, cookie == .missing ? .unknown : cookie)
    request.add(.forwardedFor, decoded(.forwardedFor, line, &request))
  }

  private func value(_ field: Field, _ line: Span<UInt8>, _ request: inout Request) -> LoggedValue {
    record.value(field, of: line, in: &request)
  }

  /// The value as it was on the wire.
  private func decoded(_ field: Field, _ line: Span<UInt8>, _ request: inout Request) -> LoggedValue {
    let value = value(field, line, &request)
    guard let range = value.range, request.bytes[range.indices].contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "\\") }) else {
      return value
    }
    var text = request.bytes[range]
    if field == .forwardedFor {
      // The blank behind a comma has been seen as `\x20`.
      var unescaped: [UInt8] = []
      _ = LoggerEscapes.append(text.span, to: &unescaped)
      text = unescaped
    }
    let start = request.bytes.count
    PercentEscapes.append(text.span, to: &request.bytes)
    return .text(ByteRange(start, request.bytes.count))
  }

  /// When the response ended, in whole seconds.
  private func timeInSeconds(_ line: Span<UInt8>, _ request: inout Request) -> Int64? {
    guard let date = value(.date, line, &request).range, let time = value(.time, line, &request).range else { return nil }
    let bytes = request.bytes.span
    return Timestamp.milliseconds(date: bytes.extracting(date.indices), timeOfDay: bytes.extracting(time.indices))
  }

  /// The fields that tell something of the request.
  enum Field: UInt8, FlatMember {
    case milliseconds, date, time, client, country, autonomousSystem, method, path, query, host, userAgent, referer, cookie, forwardedFor
    case receivedBytes, scheme, version, requestID

    static let table = FlatNames<Field>()

    var names: [String] {
      switch self {
      case .milliseconds: ["timestamp(ms)"]
      case .date: ["date"]
      case .time: ["time"]
      case .client: ["c-ip"]
      case .country: ["c-country"]
      case .autonomousSystem: ["asn"]
      case .method: ["cs-method"]
      case .path: ["cs-uri-stem"]
      case .query: ["cs-uri-query"]
      // `cs(Host)` is the name of the distribution.
      case .host: ["x-host-header"]
      case .userAgent: ["cs(User-Agent)"]
      case .referer: ["cs(Referer)"]
      case .cookie: ["cs(Cookie)"]
      case .forwardedFor: ["x-forwarded-for"]
      case .receivedBytes: ["cs-bytes"]
      case .scheme: ["cs-protocol"]
      case .version: ["cs-protocol-version"]
      case .requestID: ["x-edge-request-id"]
      }
    }

    static let otherNames: [String]? = [
      "x-edge-location", "sc-bytes", "cs(Host)", "sc-status", "x-edge-result-type", "time-taken", "ssl-protocol", "ssl-cipher",
      "x-edge-response-result-type", "fle-status", "fle-encrypted-fields", "c-port", "time-to-first-byte", "x-edge-detailed-result-type",
      "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end", "distribution-tenant-id", "connection-id", "origin-fbl", "origin-lbl",
      "cache-behavior-path-pattern",
    ]
  }
}
