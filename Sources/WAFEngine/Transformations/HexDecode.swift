internal import WAFBase

/// `HEX_DECODE`: each pair of bytes becomes the byte it spells in hexadecimal; a last odd byte is dropped.
///
/// Bytes that are no digits are not refused: they go through the arithmetic for digits.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.12.
enum HexDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard !input.isEmpty else { return false }
    output.append(upTo: input.count / 2) { out in
      var index = 0
      while index + 1 < input.count {
        out.append(nibble(input[index]) &* 16 &+ nibble(input[index + 1]))
        index += 2
      }
    }
    return true
  }

  private static func nibble(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") ? (byte & 0xdf) &- UInt8(ascii: "A") &+ 10 : byte &- UInt8(ascii: "0")
  }
}
