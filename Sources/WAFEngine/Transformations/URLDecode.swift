internal import WAFBase

/// `URL_DECODE`: `%` and two hexadecimal digits become the byte they spell, `+` becomes a space; once, from left to right.
///
/// A `%` without two digits behind it stays.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.6.
enum URLDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = firstEscape(in: input) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        let byte = input[index]
        if byte == UInt8(ascii: "%"), let decoded = input.hexPair(at: index + 1) {
          out.append(decoded)
          index += 3
        } else {
          out.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
          index += 1
        }
      }
    }
    return true
  }

  /// Position of the first `%` or `+`.
  @inline(__always)
  static func firstEscape(in input: Span<UInt8>) -> Int? {
    input.firstIndex { $0.lanes(of: UInt8(ascii: "%")) | $0.lanes(of: UInt8(ascii: "+")) }
  }
}
