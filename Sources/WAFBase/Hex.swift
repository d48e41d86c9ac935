/// Bytes as hexadecimal digits.
public enum Hex {
  /// The two lower-case digits of each byte of `input`.
  public static func encode(_ input: Span<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(2 * input.count)
    for index in input.indices { append(input[index], to: &output) }
    return output
  }

  /// The bytes that pairs of digits of either case spell; nil for an odd number of digits or any other byte.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 2)
    var index = 0
    while index < text.count {
      guard let high = text[index].hexDigitValue, let low = text[index + 1].hexDigitValue else { return nil }
      output.append(high << 4 | low)
      index += 2
    }
    return output
  }

  /// Writes the two lower-case digits of `byte`.
  public static func append(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(digit(byte >> 4))
    output.append(digit(byte & 0x0f))
  }

  /// Writes `value` in lower case without leading zeros; zero is one digit.
  public static func appendShortest(_ value: some FixedWidthInteger & UnsignedInteger, to output: inout [UInt8]) {
    let start = output.count
    var rest = value
    repeat {
      output.append(digit(UInt8(truncatingIfNeeded: rest) & 0x0f))
      rest >>= 4
    } while rest != 0
    output[start...].reverse()
  }

  /// The lower-case digit for `value`, of which only the low four bits are read.
  @inlinable public static func digit(_ value: UInt8) -> UInt8 {
    let nibble = value & 0x0f
    return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
  }
}
