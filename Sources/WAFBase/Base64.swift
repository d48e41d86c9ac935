/// Bytes as base64, RFC 4648 section 4: the standard alphabet, padding required.
public enum Base64 {
  /// The text for `input`, padded.
  public static func encode(_ input: Span<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((input.count + 2) / 3 * 4)
    var index = 0
    while index < input.count {
      let second: UInt8? = index + 1 < input.count ? input[index + 1] : nil
      let third: UInt8? = index + 2 < input.count ? input[index + 2] : nil
      let bits = UInt32(input[index]) << 16 | UInt32(second ?? 0) << 8 | UInt32(third ?? 0)
      output.append(letter(bits >> 18))
      output.append(letter(bits >> 12))
      output.append(second == nil ? pad : letter(bits >> 6))
      output.append(third == nil ? pad : letter(bits))
      index += 3
    }
    return output
  }

  /// The bytes that `text` spells; nil unless it is canonical.
  ///
  /// Canonical means: the alphabet only, a length divisible by four, the right padding, and zero in the bits that the padding leaves unused.
  /// So encoding the result gives `text` again.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var index = 0
    while index < text.count {
      let isLast = index + 4 == text.count
      let padding = !isLast || text[index + 3] != pad ? 0 : text[index + 2] == pad ? 2 : 1
      var bits: UInt32 = 0
      for position in 0..<(4 - padding) {
        guard let value = value(of: text[index + position]) else { return nil }
        bits |= value << UInt32(18 - 6 * position)
      }
      let unused: UInt32 = padding == 0 ? 0 : padding == 1 ? 0xff : 0xffff
      guard bits & unused == 0 else { return nil }
      output.append(UInt8(truncatingIfNeeded: bits >> 16))
      if padding < 2 { output.append(UInt8(truncatingIfNeeded: bits >> 8)) }
      if padding < 1 { output.append(UInt8(truncatingIfNeeded: bits)) }
      index += 4
    }
    return output
  }

  private static let pad = UInt8(ascii: "=")

  /// The letter for the low six bits of `value`.
  private static func letter(_ value: UInt32) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: value & 0x3f)
    return switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + (value - 26)
    case 52..<62: UInt8(ascii: "0") + (value - 52)
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  /// The six bits of a letter; nil for a byte outside the alphabet, the padding included.
  @inlinable public static func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
