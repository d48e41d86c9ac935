internal import WAFBase
internal import WAFRequest

/// A line of text in the bytes of a request, so that its fields are positions there and not copies.
///
/// ```
/// names of headers | the line as it is | fields that had to be unescaped …
/// ```
struct StoredLine {
  /// Position of the first byte of the line.
  private let base: Int
  /// Styles of the escapes that were undone so far.
  private(set) var styles: LoggerEscapes.Styles = []

  /// Stores `line` in a request that holds no bytes yet.
  init(_ line: Span<UInt8>, in request: inout Request) {
    base = request.store(LoggedHeader.block).count
    _ = request.store(line)
  }

  /// Where `field` of the line lies in the request.
  func place(of field: Range<Int>) -> ByteRange { ByteRange(base + field.lowerBound, base + field.upperBound) }

  /// Where the meaning of `field` lies in the request, the logger's escapes undone.
  mutating func text(_ field: Range<Int>, of line: Span<UInt8>, in request: inout Request) -> ByteRange {
    let text = line.extracting(field)
    guard text.firstIndex(of: UInt8(ascii: "\\")) != nil else { return place(of: field) }
    let start = request.bytes.count
    styles.formUnion(LoggerEscapes.append(text, to: &request.bytes))
    return ByteRange(start, request.bytes.count)
  }
}

/// A header that access logs have a field for. The names stand one after the other at the start of the request's bytes.
enum LoggedHeader: UInt8 {
  case host, referer, userAgent, forwardedFor, cookie, requestID

  fileprivate static let block = Array("hostrefereruser-agentx-forwarded-forcookiex-request-id".utf8)

  /// Where the name stands in a request with a `StoredLine`.
  var name: ByteRange {
    switch self {
    case .host: ByteRange(0, 4)
    case .referer: ByteRange(4, 11)
    case .userAgent: ByteRange(11, 21)
    case .forwardedFor: ByteRange(21, 36)
    case .cookie: ByteRange(36, 42)
    case .requestID: ByteRange(42, 54)
    }
  }
}

extension Request {
  /// Adds a header with this value.
  mutating func add(_ header: LoggedHeader, _ value: Component) {
    headers.append(Header(name: header.name, value: value))
  }

  /// Notes that a header was not sent.
  mutating func addAbsent(_ header: LoggedHeader) {
    absentHeaders.append(header.name)
  }
}
