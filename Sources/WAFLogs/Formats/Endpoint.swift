internal import WAFBase

/// Addresses with a port behind them, as logs write the two ends of a connection.
enum Endpoint {
  /// The address of a field `client:port`. The last colon separates, also after an IPv6 address without brackets.
  static func address(in field: Range<Int>, of text: Span<UInt8>) -> Range<Int> {
    let end = field.last(where: { text[$0] == UInt8(ascii: ":") }) ?? field.upperBound
    return withoutBrackets(field.lowerBound..<end, of: text)
  }

  /// The address of a field in which a port may be missing: one follows brackets, or the only colon.
  static func address(inMixed field: Range<Int>, of text: Span<UInt8>) -> Range<Int> {
    let isBracketed = !field.isEmpty && text[field.lowerBound] == UInt8(ascii: "[")
    if isBracketed, let closing = field.last(where: { text[$0] == UInt8(ascii: "]") }) {
      return withoutBrackets(field.lowerBound..<(closing + 1), of: text)
    }
    let hasPort = field.count { text[$0] == UInt8(ascii: ":") } == 1
    return hasPort ? address(in: field, of: text) : field
  }

  private static func withoutBrackets(_ address: Range<Int>, of text: Span<UInt8>) -> Range<Int> {
    let isBracketed =
      address.count > 2 && text[address.lowerBound] == UInt8(ascii: "[") && text[address.upperBound - 1] == UInt8(ascii: "]")
    return isBracketed ? (address.lowerBound + 1)..<(address.upperBound - 1) : address
  }
}
