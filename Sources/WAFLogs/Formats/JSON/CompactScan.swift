internal import WAFBase

/// Goes through JSON without blanks by the marks of its line: the positions of quotes and backslashes, in order.
///
///     {"name":"sec-ch-ua","value":"\"Chromium\";v=\"122\""}
///      ^    ^ ^         ^ ^     ^ ^^^        ^^   ^^   ^^^
///
/// So a string costs the same whatever its length. Each method gives nil, or false, where the text is not of the usual form; then the scan
/// means nothing any more.
struct CompactScan {
  private(set) var position = 0
  private var mark = 0

  /// A string between its quotes.
  struct Text {
    var range: ByteRange
    var hasEscapes = false
  }

  /// Whether the byte here is `byte`, which is then passed.
  @inline(__always)
  mutating func take(_ byte: UInt8, _ line: Span<UInt8>) -> Bool {
    guard position < line.count, line[position] == byte else { return false }
    position += 1
    return true
  }

  /// The string that begins here. Of escape sequences `\"`, `\\` and `\/` are usual.
  @inline(__always)
  mutating func string(_ line: Span<UInt8>, _ marks: Span<UInt32>) -> Text? {
    guard mark + 1 < marks.count, Int(marks[mark]) == position, line[position] == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    mark += 1
    var end = Int(marks[mark])
    var text = Text(range: ByteRange(start, end))
    while line[end] != UInt8(ascii: "\"") {
      guard end + 1 < line.count else { return nil }
      let escaped = line[end + 1]
      guard escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") || escaped == UInt8(ascii: "/") else { return nil }
      mark += escaped == UInt8(ascii: "/") ? 1 : 2
      guard mark < marks.count else { return nil }
      end = Int(marks[mark])
      text = Text(range: ByteRange(start, end), hasEscapes: true)
    }
    mark += 1
    position = end + 1
    return text
  }

  /// The name of a member, up to its colon.
  @inline(__always)
  mutating func name(_ line: Span<UInt8>, _ marks: Span<UInt32>) -> ByteRange? {
    guard let text = string(line, marks), !text.hasEscapes, take(UInt8(ascii: ":"), line) else { return nil }
    return text.range
  }

  /// Number of the name of a member of one kind of object, up to its colon; `expected` is the number that it probably has.
  @inline(__always)
  mutating func member<Name>(
    of names: borrowing MemberNames<Name>, _ expected: Int, _ line: Span<UInt8>, _ marks: Span<UInt32>
  ) -> Int? {
    if let length = names.length(ofQuoted: expected, at: position, line) {
      position += length
      mark += 2
      return expected
    }
    guard let name = name(line, marks) else { return nil }
    return names.number(of: name, expected, line)
  }

  /// The string behind `prefix`, which holds so many quotes, that of the string among them.
  @inline(__always)
  mutating func string(behind prefix: borrowing SpelledName, quotes: Int, _ line: Span<UInt8>, _ marks: Span<UInt32>) -> Text? {
    guard prefix.begins(at: position, of: line) else { return nil }
    position += prefix.count - 1
    mark += quotes - 1
    return string(line, marks)
  }

  /// The number that begins here: digits, without sign, fraction and superfluous zeros.
  mutating func number(_ line: Span<UInt8>) -> Int64? {
    let start = position
    var value: Int64 = 0
    while position < line.count, line[position].isASCIIDigit {
      // Eighteen digits are always a number of 64 bits.
      guard position - start < 18 else { return nil }
      value = value * 10 + Int64(line[position] & 0x0f)
      position += 1
    }
    guard position > start, position == start + 1 || line[start] != UInt8(ascii: "0") else { return nil }
    // A fraction or an exponent makes another number of it.
    guard position < line.count, line[position] != UInt8(ascii: "."), line[position] | 0x20 != UInt8(ascii: "e") else { return nil }
    return value
  }

  /// Passes `null`, if that is what stands here.
  @inline(__always)
  mutating func null(_ line: Span<UInt8>) -> Bool { literal("null", line) }

  private mutating func literal(_ text: StaticString, _ line: Span<UInt8>) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= line.count else { return false }
    // A static string lives as long as the process, and the offset is below its length.
    for offset in 0..<count where unsafe line[position + offset] != text.utf8Start[offset] { return false }
    position += count
    return true
  }

  /// Passes a value of any kind.
  mutating func skip(_ line: Span<UInt8>, _ marks: Span<UInt32>) -> Bool {
    // For each open container a bit, the innermost lowest: whether it is an object.
    var (containers, depth) = (UInt64(0), 0)
    while true {
      guard position < line.count else { return false }
      switch line[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = line[position] == UInt8(ascii: "{")
        position += 1
        if !take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), line) {
          guard depth < 64 else { return false }
          containers = containers << 1 | (isObject ? 1 : 0)
          depth += 1
          if isObject { guard name(line, marks) != nil else { return false } }
          continue
        }
      case UInt8(ascii: "\""): guard string(line, marks) != nil else { return false }
      case UInt8(ascii: "n"): guard null(line) else { return false }
      case UInt8(ascii: "t"): guard literal("true", line) else { return false }
      case UInt8(ascii: "f"): guard literal("false", line) else { return false }
      default: guard number(line) != nil else { return false }
      }
      // A value has ended: close what ends with it.
      while depth > 0, !take(UInt8(ascii: ","), line) {
        guard take(containers & 1 == 1 ? UInt8(ascii: "}") : UInt8(ascii: "]"), line) else { return false }
        containers >>= 1
        depth -= 1
      }
      guard depth > 0 else { return true }
      if containers & 1 == 1 { guard name(line, marks) != nil else { return false } }
    }
  }
}
