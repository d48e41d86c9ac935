/// A text of a configuration in JSON: plain text with expressions in `${…}`.
struct TerraformTemplate {
  /// A piece of it.
  enum Part: Equatable {
    case text(String)
    /// What stands between the braces.
    case expression(String)
  }

  private(set) var parts: [Part] = []

  /// The pieces of `text`. `$${` and `%%{` are `${` and `%{` as text; directives in `%{…}` are expressions that nobody can resolve.
  init(_ text: String) {
    var literal: [UInt8] = []
    let bytes = Array(text.utf8)
    var position = 0
    func finish(_ parts: inout [Part]) {
      guard !literal.isEmpty else { return }
      parts.append(.text(String(decoding: literal, as: UTF8.self)))
      literal = []
    }
    while position < bytes.count {
      let byte = bytes[position]
      let isMark = byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%")
      if isMark, bytes[position...].starts(with: [byte, byte, UInt8(ascii: "{")]) {
        literal += [byte, UInt8(ascii: "{")]
        position += 3
      } else if isMark, bytes[position...].starts(with: [byte, UInt8(ascii: "{")]), let end = Self.end(of: position + 2, in: bytes) {
        finish(&parts)
        let inner = String(decoding: bytes[(position + 2)..<end], as: UTF8.self)
        parts.append(.expression(byte == UInt8(ascii: "$") ? Self.trimmed(inner) : "%{\(inner)}"))
        position = end + 1
      } else {
        literal.append(byte)
        position += 1
      }
    }
    finish(&parts)
  }

  /// The only expression, where the text is nothing else.
  var wholeExpression: String? {
    guard parts.count == 1, case .expression(let text) = parts[0] else { return nil }
    return text
  }

  /// A text as a template that means it.
  static func escaped(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    for (position, byte) in bytes.enumerated() {
      let isMark = byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%")
      if isMark, position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "{") { result.append(byte) }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Position of the brace that ends the expression that begins at `start`; braces in quotes do not count.
  private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
    var depth = 0
    var isQuoted = false
    var position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\") where isQuoted: position += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "{") where !isQuoted: depth += 1
      case UInt8(ascii: "}") where !isQuoted:
        if depth == 0 { return position }
        depth -= 1
      default: break
      }
      position += 1
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    // `${~ … ~}` takes blanks away around it.
    let blanks = text.drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "~" }
    return String(blanks.reversed().drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "~" }.reversed())
  }
}
