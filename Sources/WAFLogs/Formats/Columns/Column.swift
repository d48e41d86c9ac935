/// What a column tells about a request.
enum Column: Equatable, Sendable {
  /// Nothing that rules look at.
  case other
  /// Day and time of day, which stand in two columns.
  case date, time
  /// Seconds since the epoch, with a fraction.
  case seconds
  /// Milliseconds since the epoch.
  case milliseconds
  case client
  case method
  /// The path without the query string.
  case path
  /// Path and query string.
  case target
  case query
  /// A header that most requests have.
  case header(LoggedHeader)
  /// A header of this lower-case name.
  case otherHeader([UInt8])
  case scheme, version, requestID
  /// Bytes of the request, its headers included.
  case receivedBytes
  case country, systemNumber
  /// Header lines of CloudFront's real-time log, cut at a limit; names of all headers, likewise; number of headers.
  case headerLines, headerNames, headerCount

  /// The meaning of a column name in `format`, which decides what the same name stands for.
  init(named name: String, of format: LogFormat) {
    let isCloudFront = format == .cloudFront || format == .cloudFrontRealTime
    switch name.lowercased() {
    case "date": self = .date
    case "time": self = .time
    case "timestamp": self = .seconds
    case "timestamp(ms)": self = .milliseconds
    case "c-ip": self = .client
    case "cs-method": self = .method
    // The real-time log writes the query string here too.
    case "cs-uri-stem": self = format == .cloudFrontRealTime ? .target : .path
    case "cs-uri": self = .target
    case "cs-uri-query": self = .query
    case "cs-bytes": self = .receivedBytes
    case "cs-protocol": self = .scheme
    case "cs-version", "cs-protocol-version": self = .version
    case "x-edge-request-id": self = .requestID
    case "c-country": self = .country
    case "asn": self = .systemNumber
    case "cs-host": self = .header(.host)
    // The distribution's own name and the host header stand the other way round in the two logs of CloudFront.
    case "x-host-header": self = format == .cloudFront ? .header(.host) : .other
    case "cs(host)": self = isCloudFront ? .other : .header(.host)
    case "x-forwarded-for": self = .header(.forwardedFor)
    case "cs-user-agent": self = .header(.userAgent)
    case "cs-referer": self = .header(.referer)
    case "cs-cookie": self = .header(.cookie)
    case "cs-accept": self = .otherHeader(Array("accept".utf8))
    case "cs-accept-encoding": self = .otherHeader(Array("accept-encoding".utf8))
    case "cs-headers": self = .headerLines
    case "cs-header-names": self = .headerNames
    case "cs-headers-count": self = .headerCount
    case let lowercased: self = Self.header(of: lowercased) ?? .other
    }
  }

  /// The header of a column `cs(name)`.
  private static func header(of name: String) -> Column? {
    guard name.hasPrefix("cs("), name.hasSuffix(")") else { return nil }
    let header = Array(name.utf8.dropFirst(3).dropLast())
    guard !header.isEmpty else { return nil }
    return LoggedHeader(named: header).map { .header($0) } ?? .otherHeader(header)
  }

  /// Whether the column shows that lines hold requests.
  var isOfRequest: Bool {
    switch self {
    case .client, .method, .path, .target, .query, .header, .otherHeader, .headerLines: true
    case .other, .date, .time, .seconds, .milliseconds, .scheme, .version, .requestID, .receivedBytes, .country, .systemNumber, .headerNames,
      .headerCount:
      false
    }
  }
}
