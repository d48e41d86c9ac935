internal import WAFBase

/// URLs that run script, or are documents themselves, by how they begin.
enum ScriptingURL {
  /// Whether a browser that reads `value` as a URL comes to a dangerous scheme.
  ///
  /// Control characters, blanks and bytes beyond ASCII may come before it; within it NUL bytes and line feeds count for nothing, character references (`&#106;`, `&#x6a`) for
  /// what they stand for, and letters for either case.
  static func begins(_ value: Span<UInt8>) -> Bool {
    var start = 0
    while start < value.count, value[start] <= 0x20 || value[start] >= 0x7f { start += 1 }
    let url = value.extracting(droppingFirst: start)
    return MarkupWords.schemes.words.contains { begins(url, with: $0) }
  }

  /// Whether `url` begins with a scheme.
  private static func begins(_ url: Span<UInt8>, with scheme: MarkupWord) -> Bool {
    let count = scheme.count
    var position = 0
    var matched = 0
    while matched < count {
      guard let scalar = nextScalar(of: url, at: &position) else { return false }
      if matched == 0 && scalar <= 0x20 || scalar == 0x00 || scalar == 0x0a { continue }
      let capital = (0x61...0x7a).contains(scalar) ? scalar - 0x20 : scalar
      guard capital == UInt32(scheme[matched]) else { return false }
      matched += 1
    }
    return true
  }

  /// The byte at `position`, or what a character reference there stands for; `position` goes past it. Nil at the end.
  private static func nextScalar(of url: Span<UInt8>, at position: inout Int) -> UInt32? {
    guard position < url.count else { return nil }
    let byte = url[position]
    position += 1
    guard byte == UInt8(ascii: "&"), position < url.count, url[position] == UInt8(ascii: "#") else { return UInt32(byte) }
    var index = position + 1
    var radix: UInt32 = 10
    if index < url.count, url[index] | 0x20 == UInt8(ascii: "x") {
      radix = 16
      index += 1
    }
    let firstDigit = index
    var scalar: UInt32 = 0
    while index < url.count, let digit = url[index].hexDigitValue, UInt32(digit) < radix {
      scalar = scalar * radix + UInt32(digit)
      // No such character: the ampersand stands for itself.
      guard scalar <= largestScalar else { return UInt32(byte) }
      index += 1
    }
    guard index > firstDigit else { return UInt32(byte) }
    if index < url.count, url[index] == UInt8(ascii: ";") { index += 1 }
    position = index
    return scalar
  }

  /// Measured: what is beyond is taken literally.
  private static let largestScalar: UInt32 = 0x1000ff
}
