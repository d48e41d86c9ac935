internal import WAFBase

/// Why a JSON body does not fit the grammar.
struct JSONBodyFailure: Error, Equatable {
  /// Position of the first byte that does not fit; the length of the body when it ends too early.
  var offset: Int
  /// Whether the body ended too early, so that more bytes could mend it.
  var isAtEnd: Bool

  /// The byte at `offset` does not fit.
  static func unexpected(at offset: Int) -> JSONBodyFailure { JSONBodyFailure(offset: offset, isAtEnd: false) }
  /// `body` ends too early.
  static func end(of body: Span<UInt8>) -> JSONBodyFailure { JSONBodyFailure(offset: body.count, isAtEnd: true) }
}

/// The tokens of a JSON body (JB-4.4, JB-4.5). Each function takes a valid position and returns the one behind the token.
enum JSONBodyTokens {
  /// A string, whose opening quote is at `start`; its unescaped bytes are appended to `text`, also those before a failure.
  static func string(in body: Span<UInt8>, at start: Int, into text: inout ByteScratch) throws(JSONBodyFailure) -> Int {
    var index = start + 1
    while true {
      var end = index
      while end < body.count, body[end] >= 0x20, body[end] != UInt8(ascii: "\""), body[end] != UInt8(ascii: "\\") { end += 1 }
      text.append(body.extracting(index..<end))
      guard end < body.count else { throw .end(of: body) }
      switch body[end] {
      case UInt8(ascii: "\""): return end + 1
      case UInt8(ascii: "\\"): index = try escape(in: body, at: end, into: &text)
      default: throw .unexpected(at: end)
      }
    }
  }

  /// An escape, whose backslash is at `start`.
  private static func escape(in body: Span<UInt8>, at start: Int, into text: inout ByteScratch) throws(JSONBodyFailure) -> Int {
    guard start + 1 < body.count else { throw .end(of: body) }
    switch body[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(body[start + 1])
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): return try unicodeEscape(in: body, at: start, into: &text)
    default: throw .unexpected(at: start)
    }
    return start + 2
  }

  /// `\u` and four digits; two of them when they are a surrogate pair. A lone surrogate is U+FFFD.
  private static func unicodeEscape(in body: Span<UInt8>, at start: Int, into text: inout ByteScratch) throws(JSONBodyFailure) -> Int {
    guard let unit = codeUnit(in: body, at: start) else {
      for index in (start + 2)..<max(start + 2, min(start + 6, body.count)) where body[index].hexDigitValue == nil { throw .unexpected(at: start) }
      throw .end(of: body)
    }
    var value = unit
    var end = start + 6
    if 0xd800...0xdbff ~= unit, let low = codeUnit(in: body, at: end), 0xdc00...0xdfff ~= low {
      value = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      end += 6
    }
    for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{fffd}") ?? UTF8.encodedReplacementCharacter { text.append(byte) }
    return end
  }

  /// The UTF-16 code unit of the escape at `start`; nil when there is none.
  private static func codeUnit(in body: Span<UInt8>, at start: Int) -> UInt32? {
    guard start + 1 < body.count, body[start] == UInt8(ascii: "\\"), body[start + 1] == UInt8(ascii: "u"),
      let high = body.hexPair(at: start + 2), let low = body.hexPair(at: start + 4)
    else { return nil }
    return UInt32(high) << 8 | UInt32(low)
  }

  /// The longest number at `start`, where a digit or `-` stands.
  ///
  /// - Returns: `isOpen` when the body ends in it or in what could continue it, such as `1.` or `1e+`.
  static func number(in body: Span<UInt8>, at start: Int) throws(JSONBodyFailure) -> (end: Int, isOpen: Bool) {
    let first = body[start] == UInt8(ascii: "-") ? start + 1 : start
    guard first < body.count else { throw .end(of: body) }
    guard body[first].isASCIIDigit else { throw .unexpected(at: start) }
    var end = body[first] == UInt8(ascii: "0") ? first + 1 : digits(in: body, from: first)
    // How far one has to look to know that the number does not go on.
    var seen = end
    if end < body.count, body[end] == UInt8(ascii: ".") {
      seen = digits(in: body, from: end + 1)
      if seen > end + 1 { end = seen }
    }
    if end < body.count, body[end] | 0x20 == UInt8(ascii: "e") {
      var exponent = end + 1
      if exponent < body.count, body[exponent] == UInt8(ascii: "+") || body[exponent] == UInt8(ascii: "-") { exponent += 1 }
      seen = digits(in: body, from: exponent)
      if seen > exponent { end = seen }
    }
    return (end, seen == body.count)
  }

  /// Position behind the digits at `start`.
  private static func digits(in body: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < body.count, body[index].isASCIIDigit { index += 1 }
    return index
  }

  /// `true`, `false` or `null`.
  static func literal(in body: Span<UInt8>, at start: Int) throws(JSONBodyFailure) -> Int {
    let word: StaticString =
      switch body[start] {
      case UInt8(ascii: "t"): "true"
      case UInt8(ascii: "f"): "false"
      case UInt8(ascii: "n"): "null"
      default: throw .unexpected(at: start)
      }
    for offset in 0..<word.utf8CodeUnitCount {
      guard start + offset < body.count else { throw .end(of: body) }
      // The offset is below the length of the word, which lives as long as the process.
      guard unsafe body[start + offset] == word.utf8Start[offset] else { throw .unexpected(at: start) }
    }
    return start + word.utf8CodeUnitCount
  }
}
