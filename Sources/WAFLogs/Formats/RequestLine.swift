internal import WAFBase
internal import WAFRequest

/// The request line as access logs quote it: method, target, protocol.
///
/// Source: spec of log formats, section 14, "The request field".
enum RequestLine {
  /// What a request field holds.
  enum Content {
    /// A request; `host` is the authority of an absolute-form target with its port, `scheme` what stands before it.
    case request(scheme: ByteRange?, host: ByteRange?)
    /// `-` or nothing: no request was read.
    case missing
    /// Bytes of another protocol, such as a TLS handshake.
    case notHTTP
  }

  /// Reads the unescaped text at `range` of the request's own bytes and sets what it tells.
  static func parse(_ range: ByteRange, of request: inout Request) throws(BadLine) -> Content {
    let (start, end) = (Int(range.start), Int(range.end))
    let space = UInt8(ascii: " ")
    guard let first = request.bytes[start..<end].firstIndex(of: space), let last = request.bytes[start..<end].lastIndex(of: space) else {
      let isMissing = start == end || (end - start == 1 && request.bytes[start] == UInt8(ascii: "-"))
      return isMissing ? .missing : .notHTTP
    }
    let tail = request.bytes[(last + 1)..<end]
    let isHTTP = tail.starts(with: "HTTP/".utf8)
    let method = request.bytes[start..<first]
    if method.isEmpty, isHTTP { throw .noMethod }
    if method.elementsEqual("-".utf8) { return .missing }
    guard !method.isEmpty, method.allSatisfy({ isHTTP ? $0.isMethodByte : $0.isMethodLetter }) else { return .notHTTP }
    // Without a protocol at the end the rest is the target of HTTP/0.9; a blank at the end stands for an empty protocol.
    let hasProtocol = isHTTP || tail.isEmpty || isProtocol(tail)
    let target = !hasProtocol ? ByteRange(first + 1, end) : first < last ? ByteRange(first + 1, last) : ByteRange(end, end)
    request.method = .known(ByteRange(start, first))
    if hasProtocol { request.httpVersion = ByteRange(last + 1, end) }
    let host = request.setTarget(target, fragmentIsKnown: false)
    return .request(scheme: host.map { ByteRange(Int(target.start), Int($0.start) - 3) }, host: host)
  }

  /// Whether `text` is the version of some protocol, such as `RTSP/1.0`: letters, a slash, a digit.
  private static func isProtocol(_ text: ArraySlice<UInt8>) -> Bool {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")), slash > text.startIndex, slash + 1 < text.endIndex else { return false }
    return text[..<slash].allSatisfy(\.isASCIILetter) && text[slash + 1].isASCIIDigit
  }
}

extension UInt8 {
  /// A byte of a method when a protocol shows that the line is HTTP: anything visible.
  fileprivate var isMethodByte: Bool { self > 0x20 && self < 0x7f }
  /// A byte of a method that nothing else vouches for.
  fileprivate var isMethodLetter: Bool { isASCIILetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
}
