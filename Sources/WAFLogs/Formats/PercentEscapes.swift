internal import WAFBase

/// Undoes the percent-encoding that CloudFront applies to what it logs, once. A client's own escapes are encoded once more by it, so they are
/// what remains.
///
/// Source: spec of log formats, sections 7 and 20.
enum PercentEscapes {
  /// Appends what `field` means to `output`. A `%` without two hexadecimal digits behind it means itself.
  ///
  /// - Parameter undoesBackslashes: Whether `\xHH` is an escape too.
  static func append(_ field: Span<UInt8>, undoesBackslashes: Bool = false, to output: inout [UInt8]) {
    var index = 0
    while index < field.count {
      if field[index] == UInt8(ascii: "%"), let byte = byte(field, at: index + 1) {
        output.append(byte)
        index += 3
      } else if undoesBackslashes, field[index] == UInt8(ascii: "\\"), index + 1 < field.count, field[index + 1] == UInt8(ascii: "x"),
        let byte = byte(field, at: index + 2)
      {
        output.append(byte)
        index += 4
      } else {
        output.append(field[index])
        index += 1
      }
    }
  }

  /// The length of `field` without an escape that its end cuts.
  static func lengthOfWholeEscapes(_ field: Span<UInt8>) -> Int {
    for length in 1...2 where field.count >= length && field[field.count - length] == UInt8(ascii: "%") { return field.count - length }
    return field.count
  }

  private static func byte(_ field: Span<UInt8>, at start: Int) -> UInt8? {
    guard start + 1 < field.count, let high = field[start].hexDigitValue, let low = field[start + 1].hexDigitValue else { return nil }
    return high << 4 | low
  }
}
