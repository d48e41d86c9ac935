internal import WAFBase

/// `SQL_HEX_DECODE`: `0x` and the pairs of hexadecimal digits behind it become the bytes they spell, anywhere in the value.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.13.
enum SQLHexDecode {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = firstLiteral(in: input) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var index = first
      while index < input.count {
        guard isLiteral(input, at: index) else {
          out.append(input[index])
          index += 1
          continue
        }
        index += 2
        while let byte = input.hexPair(at: index) {
          out.append(byte)
          index += 2
        }
      }
    }
    return true
  }

  /// Whether `0x` and at least one pair of digits start at `index`.
  private static func isLiteral(_ input: Span<UInt8>, at index: Int) -> Bool {
    index + 3 < input.count && input[index] == UInt8(ascii: "0") && input[index + 1] | 0x20 == UInt8(ascii: "x")
      && input.hexPair(at: index + 2) != nil
  }

  /// Position of the first literal, found by its `x`, which is rarer than `0`.
  private static func firstLiteral(in input: Span<UInt8>) -> Int? {
    var start = 1
    while let found = input.firstIndex(from: start, whereLanes: { $0.lanes(of: UInt8(ascii: "x")) | $0.lanes(of: UInt8(ascii: "X")) }) {
      if isLiteral(input, at: found - 1) { return found - 1 }
      start = found + 1
    }
    return nil
  }
}
