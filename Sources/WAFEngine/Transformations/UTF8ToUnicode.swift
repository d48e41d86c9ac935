internal import WAFBase

/// `UTF8_TO_UNICODE`: each well-formed UTF-8 sequence of several bytes becomes `%u` and its code point in at least four digits.
///
/// Bytes that belong to no such sequence stay. The output is at most three times as long as the input: two bytes become six.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.22.
enum UTF8ToUnicode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = input.firstIndex(whereLanes: { $0.lanesAboveASCII }) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: 3 * (input.count - first)) { out in
      var index = first
      while index < input.count {
        guard input[index] >= 0x80, let (scalar, length) = input.scalar(at: index) else {
          out.append(input[index])
          index += 1
          continue
        }
        out.append(UInt8(ascii: "%"))
        out.append(UInt8(ascii: "u"))
        let digits: UInt32 = scalar.value > 0xfffff ? 6 : scalar.value > 0xffff ? 5 : 4
        for digit in (0..<digits).reversed() { out.append(Hex.digit(UInt8(truncatingIfNeeded: scalar.value >> (4 * digit)))) }
        index += length
      }
    }
    return true
  }
}
