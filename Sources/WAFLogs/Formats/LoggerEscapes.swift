internal import WAFBase

/// Undoes the escaping that a logger applied to a quoted field. The client's own percent-escapes are left alone.
///
/// One decoder serves nginx, Apache and the load balancers: `\xHH`, `\"`, `\\`, `\b \n \r \t \v` and `\uHHHH`; any other backslash stays.
///
/// Source: spec of log formats, section 14.
enum LoggerEscapes {
  /// Which styles of escaping a text used.
  struct Styles: OptionSet {
    let rawValue: UInt8
    /// `\x22`, `\x5C` or upper-case digits: nginx.
    static let nginx = Styles(rawValue: 1)
    /// `\"`, `\\`, `\n` and the like: Apache.
    static let apache = Styles(rawValue: 2)
  }

  /// Appends what `field` means to `output` and returns the styles of its escapes.
  static func append(_ field: Span<UInt8>, to output: inout [UInt8]) -> Styles {
    var styles: Styles = []
    var copied = 0
    while let backslash = field.firstIndex(of: UInt8(ascii: "\\"), from: copied) {
      appendPlain(field.extracting(copied..<backslash), to: &output)
      copied = backslash + appendEscape(field, at: backslash, to: &output, &styles)
    }
    appendPlain(field.extracting(copied..<field.count), to: &output)
    return styles
  }

  /// Appends the meaning of the escape at `start` and returns its length; a backslash that starts no escape means itself.
  private static func appendEscape(_ field: Span<UInt8>, at start: Int, to output: inout [UInt8], _ styles: inout Styles) -> Int {
    guard start + 1 < field.count else {
      output.append(UInt8(ascii: "\\"))
      return 1
    }
    switch field[start + 1] {
    case UInt8(ascii: "x"):
      if let length = appendHex(field, at: start, to: &output, &styles) { return length }
    case UInt8(ascii: "u"):
      if let length = appendUnicode(field, at: start, to: &output) { return length }
    default:
      if let meaning = meaning(of: field[start + 1]) {
        output.append(meaning)
        styles.insert(.apache)
        return 2
      }
    }
    output.append(UInt8(ascii: "\\"))
    return 1
  }

  /// What a backslash before `letter` means; nil when the pair is no escape.
  private static func meaning(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "v"): 0x0b
    case UInt8(ascii: "r"): 0x0d
    default: nil
    }
  }

  /// `\xHH`; nil when two hexadecimal digits do not follow.
  private static func appendHex(_ field: Span<UInt8>, at start: Int, to output: inout [UInt8], _ styles: inout Styles) -> Int? {
    guard let value = hexNumber(field, at: start + 2, digits: 2) else { return nil }
    let byte = UInt8(truncatingIfNeeded: value)
    let hasUpperCase = field[start + 2].isASCIIUppercase || field[start + 3].isASCIIUppercase
    if hasUpperCase || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { styles.insert(.nginx) }
    output.append(byte)
    return 4
  }

  /// `\uHHHH`, or two of them that form one character beyond 0xffff; nil when it is neither.
  private static func appendUnicode(_ field: Span<UInt8>, at start: Int, to output: inout [UInt8]) -> Int? {
    guard let unit = hexNumber(field, at: start + 2, digits: 4) else { return nil }
    var value = unit
    var length = 6
    if unit & 0xfc00 == 0xd800, start + 7 < field.count, field[start + 6] == UInt8(ascii: "\\"), field[start + 7] == UInt8(ascii: "u"),
      let low = hexNumber(field, at: start + 8, digits: 4), low & 0xfc00 == 0xdc00
    {
      value = 0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff
      length = 12
    }
    guard let scalar = Unicode.Scalar(value) else { return nil }
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return length
  }

  private static func hexNumber(_ field: Span<UInt8>, at start: Int, digits: Int) -> UInt32? {
    guard start + digits <= field.count else { return nil }
    var value: UInt32 = 0
    for index in start..<(start + digits) {
      guard let digit = field[index].hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private static func appendPlain(_ span: Span<UInt8>, to output: inout [UInt8]) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe span.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
  }
}
