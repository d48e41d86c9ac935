internal import WAFBase

/// `URL_DECODE_UNI`: `URL_DECODE`, and `%u` with four hexadecimal digits becomes one byte by the full-width rule.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.7.
enum URLDecodeUni {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = URLDecode.firstEscape(in: input) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        let byte = input[index]
        if byte == UInt8(ascii: "%"), let escape = escape(in: input, at: index + 1) {
          out.append(escape.byte)
          index += 1 + escape.length
        } else {
          out.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
          index += 1
        }
      }
    }
    return true
  }

  /// What the bytes behind a `%` spell, and how many they are; nil when they are no escape.
  @inline(__always)
  private static func escape(in input: Span<UInt8>, at index: Int) -> (byte: UInt8, length: Int)? {
    if let byte = input.hexPair(at: index) { return (byte, 2) }
    guard index < input.count, input[index] | 0x20 == UInt8(ascii: "u") else { return nil }
    return input.fullWidthByte(at: index + 1).map { ($0, 5) }
  }
}
