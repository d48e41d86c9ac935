internal import WAFBase

/// `BASE64_DECODE`: decodes the longest prefix that consists of letters of the alphabet; padding is not needed.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.14.
enum Base64Decode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    decode(input, skipsOtherBytes: false, to: &output)
  }

  /// Appends the bytes that the letters of `input` spell.
  ///
  /// - Parameter skipsOtherBytes: Whether a byte outside the alphabet is passed over; otherwise it is the end.
  /// - Returns: False when `input` is empty.
  static func decode(_ input: Span<UInt8>, skipsOtherBytes: Bool, to output: inout ByteScratch) -> Bool {
    guard !input.isEmpty else { return false }
    // Six bits a letter, so that two, three and four letters give one, two and three bytes.
    output.append(upTo: input.count / 4 * 3 + 2) { out in
      var bits: UInt32 = 0
      var pending = 0
      for index in input.indices {
        guard let letter = Base64.value(of: input[index]) else {
          if skipsOtherBytes { continue }
          break
        }
        bits = bits << 6 | letter
        pending += 6
        if pending >= 8 {
          pending -= 8
          out.append(UInt8(truncatingIfNeeded: bits >> UInt32(pending)))
        }
      }
    }
    return true
  }
}
