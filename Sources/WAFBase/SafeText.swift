/// Shows bytes of unknown origin so that they are inert on a terminal and in a text file.
///
/// Printable UTF-8 stays as it is. Control bytes and bytes that are no UTF-8 become `\xHH`; other invisible or direction-changing
/// characters (C1 controls, bidirectional controls, zero-width characters, line separators) become `\u{H…}`. A backslash stays one
/// backslash: the result is for reading, not for decoding.
public enum SafeText {
  /// How many bytes of a value a message quotes.
  public static let messageLimit = 60

  /// `input` made inert.
  ///
  /// - Parameter limit: Most bytes of output. What does not fit is left out and replaced by `…`, which comes on top.
  public static func escape(_ input: Span<UInt8>, limit: Int? = nil) -> String {
    var output: [UInt8] = []
    append(input, limit: limit, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// `text` made inert; see `escape(_:limit:)` for bytes.
  public static func escape(_ text: String, limit: Int? = nil) -> String {
    escape(Array(text.utf8).span, limit: limit)
  }

  /// `input` as messages quote it: inert, and cut to `messageLimit` bytes.
  public static func quote(_ input: Span<UInt8>) -> String { escape(input, limit: messageLimit) }

  /// Writes `input`, made inert, to `output`; see `escape(_:limit:)`.
  public static func append(_ input: Span<UInt8>, limit: Int? = nil, to output: inout [UInt8]) {
    let start = output.count
    var index = 0
    while index < input.count {
      let end = output.count
      index += appendUnit(of: input, at: index, to: &output)
      if let limit, output.count - start > limit {
        output.removeSubrange(end...)
        output.append(contentsOf: Array("…".utf8))
        return
      }
    }
  }

  /// Writes the character or stray byte at `index` and returns how many bytes of input it took.
  private static func appendUnit(of input: Span<UInt8>, at index: Int, to output: inout [UInt8]) -> Int {
    guard let (scalar, length) = input.scalar(at: index) else {
      appendByte(input[index], to: &output)
      return 1
    }
    if isInert(scalar) {
      for position in index..<(index + length) { output.append(input[position]) }
    } else if length == 1 {
      appendByte(input[index], to: &output)
    } else {
      output.append(contentsOf: Array("\\u{".utf8))
      Hex.appendShortest(scalar.value, to: &output)
      output.append(UInt8(ascii: "}"))
    }
    return length
  }

  private static func appendByte(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "x")])
    Hex.append(byte, to: &output)
  }

  /// Whether a terminal shows `scalar` as one visible thing at its place.
  static func isInert(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7f }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
