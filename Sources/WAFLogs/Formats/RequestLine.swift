internal import WAFBase
internal import WAFRequest

/// The parts of a request line as access logs quote it, as positions in the text.
///
/// Source: spec of log formats, section 14, "The request field".
struct RequestLine: Equatable {
  /// The method token.
  var method: Range<Int>
  /// What stands between method and protocol, inner blanks included; may be empty.
  var target: Range<Int>
  /// `HTTP/1.1` and the like; empty for HTTP/0.9.
  var version: Range<Int>

  /// What a request field holds.
  enum Content: Equatable {
    case request(RequestLine)
    /// `-` or nothing: no request was read.
    case missing
    /// Bytes of another protocol, such as a TLS handshake.
    case notHTTP
  }

  /// Reads an unescaped request field.
  static func split(_ text: Span<UInt8>) throws(BadLine) -> Content {
    guard let first = text.firstIndex(of: UInt8(ascii: " ")) else {
      let isMissing = text.isEmpty || (text.count == 1 && text[0] == UInt8(ascii: "-"))
      return isMissing ? .missing : .notHTTP
    }
    var last = text.count - 1
    while text[last] != UInt8(ascii: " ") { last -= 1 }
    let tail = text.extracting((last + 1)..<text.count)
    let isHTTP = startsWithHTTP(tail)
    if first == 0, isHTTP { throw .noMethod }
    if first == 1, text[0] == UInt8(ascii: "-") { return .missing }
    guard first > 0, (0..<first).allSatisfy({ isHTTP ? text[$0].isMethodByte : text[$0].isMethodLetter }) else { return .notHTTP }
    // Without a protocol at the end the rest is the target of HTTP/0.9; a blank at the end stands for an empty protocol.
    guard isHTTP || tail.isEmpty || isProtocol(tail) else {
      return .request(RequestLine(method: 0..<first, target: (first + 1)..<text.count, version: text.count..<text.count))
    }
    return .request(RequestLine(method: 0..<first, target: min(first + 1, last)..<last, version: (last + 1)..<text.count))
  }

  private static func startsWithHTTP(_ text: Span<UInt8>) -> Bool {
    text.count >= 5 && text[0] == UInt8(ascii: "H") && text[1] == UInt8(ascii: "T") && text[2] == UInt8(ascii: "T")
      && text[3] == UInt8(ascii: "P") && text[4] == UInt8(ascii: "/")
  }

  /// Whether `text` is the version of some protocol, such as `RTSP/1.0`: letters, a slash, a digit.
  private static func isProtocol(_ text: Span<UInt8>) -> Bool {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")), slash > 0, slash + 1 < text.count else { return false }
    return (0..<slash).allSatisfy { text[$0].isASCIILetter } && text[slash + 1].isASCIIDigit
  }
}

extension UInt8 {
  /// A byte of a method when a protocol shows that the line is HTTP: anything visible.
  fileprivate var isMethodByte: Bool { self > 0x20 && self < 0x7f }
  /// A byte of a method that nothing else vouches for.
  fileprivate var isMethodLetter: Bool { isASCIILetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
}

extension Request {
  /// Reads the request line at `range` of the bytes and sets what it tells.
  ///
  /// - Returns: Positions of the host of an absolute-form target, with its port; nil for the other forms and where there is no request.
  mutating func setRequestLine(_ range: ByteRange, _ notes: inout ParsingNotes) throws(BadLine) -> ByteRange? {
    let line: RequestLine
    switch try RequestLine.split(bytes.span.extracting(range.indices)) {
    case .request(let parts): line = parts
    case .missing: return nil
    case .notHTTP:
      notes.notHTTP += 1
      return nil
    }
    func place(_ part: Range<Int>) -> ByteRange { ByteRange(Int(range.start) + part.lowerBound, Int(range.start) + part.upperBound) }
    method = .known(place(line.method))
    httpVersion = place(line.version)
    let target = place(line.target)
    guard let host = setTarget(target, fragmentIsKnown: false) else { return nil }
    // Three bytes, `://`, stand between scheme and host.
    scheme = ByteRange(Int(target.start), Int(host.start) - 3)
    return host
  }
}
