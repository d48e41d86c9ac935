internal import WAFJSON

/// A JSON value of an example, written as examples are printed: what fits on a line stands on one.
indirect enum ExampleJSON: ExpressibleByStringLiteral, Sendable {
  case string(String)
  case number(Int)
  case flag(Bool)
  case object([(String, ExampleJSON)])
  case array([ExampleJSON])

  init(stringLiteral text: String) { self = .string(text) }

  /// Columns of a line.
  private static let width = 76

  /// The value with a line feed at its end.
  var text: String { lines(indentation: 0, room: Self.width).joined(separator: "\n") + "\n" }

  /// - Parameter room: Columns that are left for the first line.
  private func lines(indentation: Int, room: Int) -> [String] {
    let compact = compact
    guard compact.count > room else { return [compact] }
    let margin = String(repeating: " ", count: indentation + 2)
    let (open, close, parts): (String, String, [[String]])
    switch self {
    case .string, .number, .flag: return [compact]
    case .object(let members):
      (open, close) = ("{", "}")
      parts = members.map { name, value in
        let name = Self.quoted(name) + ": "
        let lines = value.lines(indentation: indentation + 2, room: Self.width - indentation - 3 - name.count)
        return [name + lines[0]] + lines.dropFirst()
      }
    case .array(let elements):
      (open, close) = ("[", "]")
      parts = elements.map { $0.lines(indentation: indentation + 2, room: Self.width - indentation - 3) }
    }
    var result = [open]
    for (index, lines) in parts.enumerated() {
      for (number, line) in lines.enumerated() {
        let comma = number == lines.count - 1 && index < parts.count - 1 ? "," : ""
        // Lines of what is inside carry their own margin from the second on.
        result.append((number == 0 ? margin : "") + line + comma)
      }
    }
    return result + [String(repeating: " ", count: indentation) + close]
  }

  private var compact: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .number(let number): String(number)
    case .flag(let flag): String(flag)
    case .object(let members):
      members.isEmpty ? "{}" : "{ " + members.map { Self.quoted($0.0) + ": " + $0.1.compact }.joined(separator: ", ") + " }"
    case .array(let elements): "[" + elements.map(\.compact).joined(separator: ", ") + "]"
    }
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.value(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
