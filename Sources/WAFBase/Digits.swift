/// Decimal numbers as bytes: nothing but digits, so no sign, blank or exponent.
public enum Digits {
  /// The number that `text` spells; nil when it is empty, holds another byte than a digit, or exceeds `UInt64.max`.
  ///
  /// Leading zeros are accepted.
  public static func value(of text: Span<UInt8>) -> UInt64? {
    guard !text.isEmpty else { return nil }
    var value: UInt64 = 0
    for index in text.indices {
      guard text[index].isASCIIDigit else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(UInt64(text[index] - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// Writes `value` with at least `width` digits, zeros in front.
  public static func append(_ value: UInt64, width: Int = 1, to output: inout [UInt8]) {
    let start = output.count
    var rest = value
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    while output.count - start < width { output.append(UInt8(ascii: "0")) }
    output[start...].reverse()
  }
}
