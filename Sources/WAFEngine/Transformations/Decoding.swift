internal import WAFBase

// What several transformations share: digits at a position, the full-width rule, the space class.

extension Span where Element == UInt8 {
  /// The byte that the two hexadecimal digits at `index` spell; nil when there are no two.
  @inline(__always)
  func hexPair(at index: Int) -> UInt8? {
    guard index + 1 < count, let high = self[index].hexDigitValue, let low = self[index + 1].hexDigitValue else { return nil }
    return high << 4 | low
  }

  /// The byte for the four-digit hexadecimal code at `index`, by the full-width rule; nil when there are no four digits.
  func fullWidthByte(at index: Int) -> UInt8? {
    guard let high = hexPair(at: index), let low = hexPair(at: index + 2) else { return nil }
    return FullWidth.byte(high, low)
  }

  /// The value of up to three octal digits at `index` and their number; none is the value 0.
  func octal(at index: Int) -> (value: Int, digits: Int) {
    var value = 0
    var digits = 0
    while digits < 3, index + digits < count, self[index + digits] & 0xf8 == 0x30 {
      value = value << 3 | Int(self[index + digits] & 0x07)
      digits += 1
    }
    return (value, digits)
  }
}

/// The full-width rule of `URL_DECODE_UNI`, `JS_DECODE` and `CSS_DECODE` (D.1).
enum FullWidth {
  /// The byte for the code `high low`: a full-width form U+FF01 to U+FF5E becomes its ASCII twin, any other code its low byte.
  static func byte(_ high: UInt8, _ low: UInt8) -> UInt8 { high == 0xff && 0x01...0x5e ~= low ? low + 0x20 : low }
}

extension UInt8 {
  /// Whether this is of the space class of D.1: space, tab, LF, VT, FF, CR.
  var isSpaceClass: Bool { self == 0x20 || self &- 0x09 < 5 }
}
