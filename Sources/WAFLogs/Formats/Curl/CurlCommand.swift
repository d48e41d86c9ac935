internal import WAFBase

/// A curl command, as people type it and browsers copy it, as the request that curl would send.
///
/// Known are method, target, body and the headers of options, and what curl adds of itself without doubt: `Host`, `Accept`, and for a body
/// `Content-Type` and `Content-Length`. Of its user agent the beginning is known. What differs between versions of curl is unknown.
public struct CurlCommand: Sendable {
  /// The request as a line of our own (spec of log formats, section 19), without line break.
  public let requestLine: [UInt8]

  /// Reads a command with its quotes.
  public init(_ text: String) throws(CurlFault) {
    let words = try ShellWords.split(Array(text.utf8))
    guard let first = words.first, first == Array("curl".utf8) || first == Array("curl.exe".utf8) else { throw .notCurl }
    var arguments = CurlArguments()
    try arguments.read(words.dropFirst())
    requestLine = try CurlRequest(arguments).line
  }
}

/// What the options of a command say.
struct CurlArguments {
  var url: [UInt8]?
  var method: [UInt8]?
  /// Lines of `-H`.
  var headers: [[UInt8]] = []
  /// Data of `-d` and the like, put together; nil without any.
  var data: [UInt8]?
  var isJSON = false
  var hasForm = false
  var isGet = false
  var isHead = false
  var cookies: [[UInt8]] = []
  /// Nil for curl's own.
  var userAgent: [UInt8]?
  var referer: [UInt8]?
  var authorization: [UInt8]?
  /// Whether there is an authorization that is not known.
  var hidesAuthorization = false
  var range: [UInt8]?
  var isCompressed = false
  var target: [UInt8]?
  var keepsPath = false
  var keepsBrackets = false
  var version: String?

  /// Reads the words after `curl`.
  mutating func read(_ words: ArraySlice<[UInt8]>) throws(CurlFault) {
    var words = words
    var hasOptions = true
    while let word = words.popFirst() {
      guard hasOptions, word.count > 1, word[0] == UInt8(ascii: "-") else {
        try setURL(word)
        continue
      }
      if word == Array("--".utf8) {
        hasOptions = false
      } else if word[1] == UInt8(ascii: "-") {
        let name = String(decoding: word, as: UTF8.self)
        let option = try Self.option(name)
        try apply(option, name, option.takesValue ? Self.value(of: name, &words) : [])
      } else {
        try readLetters(word, &words)
      }
    }
  }

  /// Letters of options in one word, of which the last may be followed by its value: `-sSXPOST`.
  private mutating func readLetters(_ word: [UInt8], _ words: inout ArraySlice<[UInt8]>) throws(CurlFault) {
    var index = 1
    while index < word.count {
      let name = "-" + String(UnicodeScalar(word[index]))
      let option = try Self.option(name)
      index += 1
      guard option.takesValue else {
        try apply(option, name, [])
        continue
      }
      let value = index < word.count ? Array(word[index...]) : try Self.value(of: name, &words)
      return try apply(option, name, value)
    }
  }

  private static func option(_ name: String) throws(CurlFault) -> CurlOption {
    guard let option = CurlOption(name) else { throw .unknownOption(name) }
    return option
  }

  private static func value(of name: String, _ words: inout ArraySlice<[UInt8]>) throws(CurlFault) -> [UInt8] {
    guard let value = words.popFirst() else { throw .missingValue(name) }
    return value
  }

  private mutating func setURL(_ text: [UInt8]) throws(CurlFault) {
    guard url == nil else { throw .severalURLs }
    url = text
  }
}

// MARK: - Options

extension CurlArguments {
  private mutating func apply(_ option: CurlOption, _ name: String, _ value: [UInt8]) throws(CurlFault) {
    switch option {
    case .request: method = value
    case .header: try Self.refuseFile(value, name) { headers.append(value) }
    case .data: try Self.refuseFile(value, name) { addData(value) }
    case .dataRaw: addData(value)
    case .dataURLEncode: addData(try Self.urlEncoded(value, name))
    case .json:
      try Self.refuseFile(value, name) { data = (data ?? []) + value }
      isJSON = true
    case .form: hasForm = true
    case .get: isGet = true
    case .head: isHead = true
    case .cookie:
      guard value.contains(UInt8(ascii: "=")) else { throw .unsupportedOption(name, reason: Self.noFile) }
      cookies.append(value)
    case .userAgent: userAgent = value
    case .referer: referer = value.starts(with: Array(";auto".utf8)) ? nil : Self.withoutSuffix(";auto", value)
    case .user:
      authorization = Array("Basic ".utf8) + Base64.encode(value.span)
      // Without a password curl asks for one.
      if !value.contains(UInt8(ascii: ":")) { hidesAuthorization = true }
    case .bearer: authorization = Array("Bearer ".utf8) + value
    case .otherAuthorization: hidesAuthorization = true
    case .compressed: isCompressed = true
    case .range: range = value
    case .url: try setURL(value)
    case .requestTarget: target = value
    case .pathAsIs: keepsPath = true
    case .globOff: keepsBrackets = true
    case .http10: version = "HTTP/1.0"
    case .http11: version = "HTTP/1.1"
    case .http2: version = "HTTP/2.0"
    case .http3: version = "HTTP/3.0"
    case .ignored, .ignoredValue: break
    case .unsupported(let reason), .unsupportedValue(let reason): throw .unsupportedOption(name, reason: reason)
    }
  }

  private static let noFile = "files are not read; give the content itself"

  private static func refuseFile(_ value: [UInt8], _ name: String, else body: () -> Void) throws(CurlFault) {
    guard value.first != UInt8(ascii: "@") else { throw .unsupportedOption(name, reason: noFile) }
    body()
  }

  private mutating func addData(_ value: [UInt8]) { data = data.map { $0 + [UInt8(ascii: "&")] + value } ?? value }

  /// The value of `--data-urlencode`: `content`, `=content` or `name=content`.
  private static func urlEncoded(_ value: [UInt8], _ name: String) throws(CurlFault) -> [UInt8] {
    let mark = value.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") }
    guard let mark else { return percentEncoded(value[...]) }
    guard value[mark] == UInt8(ascii: "=") else { throw .unsupportedOption(name, reason: noFile) }
    let content = percentEncoded(value[(mark + 1)...])
    return mark == 0 ? content : Array(value[...mark]) + content
  }

  private static func percentEncoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return text.flatMap { byte -> [UInt8] in
      let isPlain = (byte.isASCIIWord || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~"))
      return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  private static func withoutSuffix(_ suffix: String, _ value: [UInt8]) -> [UInt8] {
    value.suffix(suffix.utf8.count) == Array(suffix.utf8)[...] ? value.dropLast(suffix.utf8.count) : value
  }
}
