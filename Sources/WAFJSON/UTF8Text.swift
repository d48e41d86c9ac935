/// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
public enum UTF8Text {
  /// Whether all bytes are UTF-8.
  public static func isValid(_ bytes: Span<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
      let length = sequenceLength(bytes, at: position, end: bytes.count)
      guard length > 0 else { return false }
      position += length
    }
    return true
  }

  /// Length of the character at `position`, which is below `end`; 0 where the bytes are not UTF-8.
  static func sequenceLength(_ bytes: Span<UInt8>, at position: Int, end: Int) -> Int {
    let first = bytes[position]
    // Second bytes are restricted where the full range would be overlong, a surrogate, or too large.
    let (length, second): (Int, ClosedRange<UInt8>)
    switch first {
    case 0x00...0x7f: return 1
    case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard position + length <= end, second.contains(bytes[position + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where !(0x80...0xbf).contains(bytes[position + offset]) { return 0 }
    return length
  }

  /// The character of `length` bytes at `position`, as `sequenceLength` found it.
  static func scalar(_ bytes: Span<UInt8>, at position: Int, length: Int) -> UInt32 {
    let first = UInt32(bytes[position])
    guard length > 1 else { return first }
    var value = first & (0xff >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3f) }
    return value
  }

  /// Adds the UTF-8 form of `scalar`; U+FFFD where it has none.
  static func append(_ scalar: UInt32, to output: inout [UInt8]) {
    let scalar = Unicode.Scalar(scalar) ?? "\u{fffd}"
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
