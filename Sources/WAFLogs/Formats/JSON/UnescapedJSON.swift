internal import WAFBase

/// Flat JSON objects of a logger that puts values between quotes as they are, so that a quote or backslash in a value breaks the line.
///
///     {"ip":"192.0.2.1","userAgent":"a "quoted" agent","status":"200"}
///                                     ^        ^      ends nothing: neither a comma and a name nor the end of the object follow
enum UnescapedJSON {
  /// The object with its values escaped; nil for a line that is none.
  static func escaped(_ line: Span<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(line.count + 16)
    var index = skipBlanks(line, 0)
    guard byte(line, index) == UInt8(ascii: "{") else { return nil }
    repeat {
      // Up to the value: the brace or comma, the name, the colon.
      guard let name = endOfName(line, from: skipBlanks(line, index + 1)) else { return nil }
      let value = skipBlanks(line, name)
      output.append(contentsOf: line.extracting(index..<value).copied())
      guard let end = appendValue(line, from: value, to: &output) else { return nil }
      index = skipBlanks(line, end)
    } while byte(line, index) == UInt8(ascii: ",")
    guard byte(line, index) == UInt8(ascii: "}"), skipBlanks(line, index + 1) == line.count else { return nil }
    output.append(UInt8(ascii: "}"))
    return output
  }

  /// Appends the value at `start` and returns the position after it.
  private static func appendValue(_ line: Span<UInt8>, from start: Int, to output: inout [UInt8]) -> Int? {
    var index = start
    guard byte(line, start) == UInt8(ascii: "\"") else {
      while index < line.count, line[index] != UInt8(ascii: ","), line[index] != UInt8(ascii: "}") {
        output.append(line[index])
        index += 1
      }
      return index
    }
    output.append(line[start])
    index += 1
    while index < line.count {
      if line[index] == UInt8(ascii: "\""), endsValue(line, index) {
        output.append(line[index])
        return index + 1
      }
      appendEscaped(line[index], to: &output)
      index += 1
    }
    return nil
  }

  private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
    case 0x00..<0x20:
      output += Array("\\u00".utf8)
      Hex.append(byte, to: &output)
    default: output.append(byte)
    }
  }

  /// Whether the next member or the end of the line follows the quote at `quote`.
  private static func endsValue(_ line: Span<UInt8>, _ quote: Int) -> Bool {
    let next = skipBlanks(line, quote + 1)
    switch byte(line, next) {
    case UInt8(ascii: ","): return endOfName(line, from: skipBlanks(line, next + 1)) != nil
    case UInt8(ascii: "}"): return skipBlanks(line, next + 1) == line.count
    default: return false
    }
  }

  /// Position after a quoted name at `start` and the colon behind it.
  private static func endOfName(_ line: Span<UInt8>, from start: Int) -> Int? {
    guard byte(line, start) == UInt8(ascii: "\""), let end = line.firstIndex(of: UInt8(ascii: "\""), from: start + 1) else { return nil }
    let colon = skipBlanks(line, end + 1)
    return byte(line, colon) == UInt8(ascii: ":") ? colon + 1 : nil
  }

  private static func skipBlanks(_ line: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < line.count, line[index].isHTTPBlank { index += 1 }
    return min(index, line.count)
  }

  private static func byte(_ line: Span<UInt8>, _ index: Int) -> UInt8? { index < line.count ? line[index] : nil }
}
