internal import WAFBase

/// The lines of an HTTP/1.1 request as it is sent.
///
/// Source: spec of log formats, section 18; RFC 9112.
enum HTTPSyntax {
  /// The parts of a request line; nil for a line of another kind.
  ///
  /// A target may hold blanks, since scanners send such, and the version may be left out behind a target that is one beyond doubt.
  static func requestLine(_ text: Span<UInt8>) -> RequestLine? {
    guard let first = text.firstIndex(of: UInt8(ascii: " ")), first > 0, (0..<first).allSatisfy({ text[$0].isTokenByte }) else { return nil }
    var last = text.count - 1
    while text[last] != UInt8(ascii: " ") { last -= 1 }
    if isVersion(text.extracting((last + 1)..<text.count)) {
      return RequestLine(method: 0..<first, target: min(first + 1, last)..<last, version: (last + 1)..<text.count)
    }
    let target = (first + 1)..<text.count
    guard first == last, !target.isEmpty, text[target.lowerBound] == UInt8(ascii: "/") || text.extracting(target).contains("://") else { return nil }
    return RequestLine(method: 0..<first, target: target, version: text.count..<text.count)
  }

  /// Whether a line begins a request wherever it stands, also in place of a header: `METHOD target HTTP/1.1`.
  static func beginsRequest(_ text: Span<UInt8>) -> Bool {
    guard let line = requestLine(text) else { return false }
    return !line.version.isEmpty && !line.target.isEmpty && line.method.allSatisfy { text[$0].isASCIIUppercase }
  }

  /// `HTTP/1.1`, `HTTP/2`.
  private static func isVersion(_ text: Span<UInt8>) -> Bool {
    guard text.count == 6 || text.count == 8, text.hasPrefix(Array("HTTP/".utf8)), text[5].isASCIIDigit else { return false }
    return text.count == 6 || (text[6] == UInt8(ascii: ".") && text[7].isASCIIDigit)
  }

  /// Name and value of a header line. A blank before the colon belongs to the name. Nil without a name or a colon.
  static func header(_ text: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, !text[0].isHTTPBlank else { return nil }
    return (0..<colon, trimmed(text, (colon + 1)..<text.count))
  }

  /// A comment of ours before a request, `# client-ip: 192.0.2.1`; nil for any other line.
  static func comment(_ text: Span<UInt8>) -> (name: HTTPComment, value: Range<Int>)? {
    guard text.count > 1, text[0] == UInt8(ascii: "#"), let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = text.extracting(trimmed(text, 1..<colon))
    guard let found = HTTPComment.allCases.first(where: { Array($0.rawValue.utf8).span.equals(name) }) else { return nil }
    return (found, trimmed(text, (colon + 1)..<text.count))
  }

  /// A line that ends one request and may begin another.
  static func isSeparator(_ text: Span<UInt8>) -> Bool { text.hasPrefix(Array("###".utf8)) }

  /// Size of a chunk, from the line before it; nil when it is none.
  static func chunkSize(_ text: Span<UInt8>) -> Int? {
    let digits = trimmed(text, 0..<(text.firstIndex(of: UInt8(ascii: ";")) ?? text.count))
    // Fifteen digits cannot overflow.
    guard !digits.isEmpty, digits.count < 16 else { return nil }
    var size = 0
    for index in digits {
      guard let digit = text[index].hexDigitValue else { return nil }
      size = size << 4 | Int(digit)
    }
    return size
  }

  /// `range` without blanks around it.
  static func trimmed(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start].isHTTPBlank { start += 1 }
    while end > start, text[end - 1].isHTTPBlank { end -= 1 }
    return start..<end
  }
}

/// What a comment before a request can tell of it that its text cannot.
enum HTTPComment: String, CaseIterable {
  case clientIP = "client-ip"
  case country, time, asn, ja3, ja4
}

/// Where the body of a request ends, from its method and headers.
struct BodyLength {
  /// How its end is found.
  enum Rule: Equatable {
    case chunked
    case size(Int)
    /// There is no body.
    case none
    /// Nothing tells: it goes on to the next separator or the end of the input.
    case untilSeparator
  }

  private let hasContent: Bool
  private var isChunked = false
  private var size: Int?
  /// Whether two sizes contradict each other, or one is no number.
  private var isUnclear = false

  /// The rule of a request with this method, before its headers are known.
  init(method: Span<UInt8>) {
    hasContent = !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"].contains { Array($0.utf8).span.equals(method) }
  }

  /// Takes a header line into account.
  mutating func note(name: Span<UInt8>, value: Span<UInt8>) {
    if name.equalsIgnoringASCIICase(Array("transfer-encoding".utf8).span) {
      let last = value.lastIndex(of: UInt8(ascii: ",")).map { $0 + 1 } ?? 0
      let coding = value.extracting(HTTPSyntax.trimmed(value, last..<value.count))
      isChunked = coding.equalsIgnoringASCIICase(Array("chunked".utf8).span)
    } else if name.equalsIgnoringASCIICase(Array("content-length".utf8).span) {
      let number = Digits.value(of: value).map { Int(clamping: $0) }
      isUnclear = isUnclear || number == nil || (size != nil && size != number)
      size = number
    }
  }

  /// How the end of the body is found. A request without any length has none where its method gives it no meaning.
  var rule: Rule {
    if isChunked { return .chunked }
    if let size, !isUnclear { return .size(size) }
    return hasContent || isUnclear ? .untilSeparator : .none
  }
}

extension Span where Element == UInt8 {
  fileprivate func lastIndex(of byte: UInt8) -> Int? {
    var index = count - 1
    while index >= 0, self[index] != byte { index -= 1 }
    return index < 0 ? nil : index
  }
}

extension UInt8 {
  /// A byte of a method: a `tchar` of RFC 9110.
  fileprivate var isTokenByte: Bool {
    if isASCIILetter || isASCIIDigit { return true }
    switch self {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"),
      UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}
