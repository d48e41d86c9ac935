internal import WAFBase

/// `CSS_DECODE`: decodes the escapes of CSS 2, one byte each, whatever the code point.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.10.
enum CSSDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = input.firstLane(of: UInt8(ascii: "\\")) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        guard input[index] == UInt8(ascii: "\\") else {
          out.append(input[index])
          index += 1
          continue
        }
        index += 1
        // A backslash at the end is dropped.
        guard index < input.count else { break }
        let digits = digits(in: input, at: index)
        if digits > 0 {
          out.append(byte(of: input.extracting(index..<(index + digits))))
          index += digits
          if index < input.count, input[index].isSpaceClass { index += 1 }
        } else {
          if input[index] != UInt8(ascii: "\n") { out.append(input[index]) }
          index += 1
        }
      }
    }
    return true
  }

  /// Number of hexadecimal digits at `index`, at most six.
  private static func digits(in input: Span<UInt8>, at index: Int) -> Int {
    var digits = 0
    while digits < 6, index + digits < input.count, input[index + digits].hexDigitValue != nil { digits += 1 }
    return digits
  }

  /// The byte for one to six digits: their last two, by the full-width rule where the code has four digits but for leading zeros.
  private static func byte(of digits: Span<UInt8>) -> UInt8 {
    var code: UInt32 = 0
    for index in digits.indices { code = code << 4 | UInt32(digits[index].hexDigitValue ?? 0) }
    let low = UInt8(truncatingIfNeeded: code)
    return digits.count >= 4 && code <= 0xffff ? FullWidth.byte(UInt8(code >> 8), low) : low
  }
}
