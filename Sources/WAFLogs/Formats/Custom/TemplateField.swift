internal import WAFBase

/// What a field of a template tells about a request.
enum TemplateField: Equatable, Sendable {
  /// Nothing that rules look at.
  case other
  case client
  /// `25/Jul/2025:10:00:01 +0200`, which holds a blank.
  case commonTime
  case isoTime
  /// Seconds since the epoch, with or without a fraction.
  case seconds
  case milliseconds
  case microseconds
  case requestLine, method, target
  /// The path as the server decoded and normalised it.
  case decodedPath
  case query
  /// The query string with its `?`; nothing where there is none.
  case queryWithMark
  case version, scheme, requestID
  /// The host that the server answered for.
  case virtualHost
  case header(LoggedHeader)
  /// A header of this lower-case name.
  case otherHeader([UInt8])
  /// The header `Content-Length`.
  case contentLength
  /// Bytes of the request, its headers included.
  case receivedBytes
  case body

  /// A variable of nginx, without its `$`.
  init(variable name: String) {
    switch name {
    case "remote_addr": self = .client
    case "time_local": self = .commonTime
    case "time_iso8601": self = .isoTime
    case "msec": self = .seconds
    case "request": self = .requestLine
    case "request_method": self = .method
    case "request_uri": self = .target
    case "uri", "document_uri": self = .decodedPath
    case "args", "query_string": self = .query
    case "server_protocol": self = .version
    case "scheme": self = .scheme
    case "request_id": self = .requestID
    case "host": self = .virtualHost
    case "content_length", "http_content_length": self = .contentLength
    case "content_type": self = .otherHeader(Array("content-type".utf8))
    case "request_length": self = .receivedBytes
    case "request_body": self = .body
    case _ where name.hasPrefix("http_"): self = Self.header(name.dropFirst(5).utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 })
    default: self = .other
    }
  }

  /// A directive of Apache: `%h`, or `%{argument}i`.
  init(directive letter: UInt8, argument: String?) {
    switch (Unicode.Scalar(letter), argument) {
    case ("h", _), ("a", nil): self = .client
    case ("t", nil): self = .commonTime
    case ("t", "sec"), ("t", "begin:sec"): self = .seconds
    case ("t", "msec"), ("t", "begin:msec"): self = .milliseconds
    case ("t", "usec"), ("t", "begin:usec"): self = .microseconds
    case ("r", _): self = .requestLine
    case ("m", _): self = .method
    case ("U", _): self = .decodedPath
    case ("q", _): self = .queryWithMark
    case ("H", _): self = .version
    case ("v", _), ("V", _): self = .virtualHost
    case ("I", _): self = .receivedBytes
    case ("e", "UNIQUE_ID"): self = .requestID
    case ("i", let name?): self = Self.header(Array(name.utf8))
    default: self = .other
    }
  }

  private static func header(_ name: [UInt8]) -> TemplateField {
    let name = name.map(\.asciiLowercased)
    guard name != Array("content-length".utf8) else { return .contentLength }
    return LoggedHeader(named: name).map { .header($0) } ?? .otherHeader(name)
  }

  /// Whether a usual value has blanks in it; the time has too, but it has a length of its own.
  var mayHoldBlanks: Bool {
    switch self {
    case .requestLine, .header(.referer), .header(.userAgent), .header(.forwardedFor), .header(.cookie), .otherHeader, .body: true
    case .other, .client, .commonTime, .isoTime, .seconds, .milliseconds, .microseconds, .method, .target, .decodedPath, .query, .queryWithMark,
      .version, .scheme, .requestID, .virtualHost, .header(.host), .header(.requestID), .contentLength, .receivedBytes:
      false
    }
  }

  /// Whether the field tells what was asked for.
  var isOfTarget: Bool { self == .requestLine || self == .target || self == .decodedPath }
}
