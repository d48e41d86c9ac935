internal import WAFBase
internal import WAFRequest

/// Undoes the percent-encoding that a logger applied to a value: once, so that the client's own escapes are what is left.
enum PercentEscapes {
  /// Appends what `text` means to `output`; a `%` without two hexadecimal digits behind it means itself.
  static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
        let high = text[index + 1].hexDigitValue, let low = text[index + 2].hexDigitValue
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(text[index])
        index += 1
      }
    }
  }
}
