extension Span where Element == UInt8 {
  /// The scalar whose UTF-8 sequence starts at `index`, and the number of its bytes, 1 to 4.
  ///
  /// - Returns: Nil at the end, and where the bytes are no well-formed sequence: stray continuation, overlong form, surrogate, above
  ///   U+10FFFF, or cut short.
  ///
  /// Source: The Unicode Standard, table 3-7 "Well-Formed UTF-8 Byte Sequences".
  public func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    guard index >= 0, index < count else { return nil }
    let lead = self[index]
    if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
    let length: Int
    // The bounds of the second byte are what shuts out overlong forms, surrogates and numbers that are too high.
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return nil
    }
    guard count - index >= length, second.contains(self[index + 1]) else { return nil }
    var value = UInt32(lead) & (0x7f >> UInt32(length))
    for position in 1..<length {
      let byte = self[index + position]
      guard byte & 0xc0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3f)
    }
    return Unicode.Scalar(value).map { ($0, length) }
  }
}
