internal import WAFBase
package import WAFJSON

/// Values as YAML text, in blocks, with strings plain only where no reader could take them for anything else.
package enum YAMLWriter {
  /// A value, with a line feed at its end.
  package static func document(_ value: DocumentValue) -> [UInt8] {
    var text = ""
    write(value, indentation: 0, startsLine: true, to: &text)
    return Array(text.utf8)
  }

  /// Writes a value behind what stands on the line already, up to and including its line feed.
  private static func write(_ value: DocumentValue, indentation: Int, startsLine: Bool, to text: inout String) {
    switch value.content {
    case .object(let members) where !members.isEmpty:
      for (index, member) in members.enumerated() {
        if index > 0 || !startsLine { text += String(repeating: " ", count: indentation) }
        text += scalar(member.name) + ":"
        write(memberValue: member.value, indentation: indentation, to: &text)
      }
    case .array(let elements) where !elements.isEmpty:
      for (index, element) in elements.enumerated() {
        if index > 0 || !startsLine { text += String(repeating: " ", count: indentation) }
        text += "- "
        write(element, indentation: indentation + 2, startsLine: true, to: &text)
      }
    case .object: text += "{}\n"
    case .array: text += "[]\n"
    case .string(let string): text += scalar(string) + "\n"
    case .number(let number): text += number + "\n"
    case .bool(let flag): text += flag ? "true\n" : "false\n"
    case .null: text += "null\n"
    case .open(let open): text += scalar(open.text) + "\n"
    }
  }

  /// Containers begin on a line of their own, everything else stands behind the name.
  private static func write(memberValue value: DocumentValue, indentation: Int, to text: inout String) {
    let isBlock = value.members?.isEmpty == false || value.elements?.isEmpty == false
    text += isBlock ? "\n" : " "
    write(value, indentation: indentation + (isBlock ? 2 : 0), startsLine: !isBlock, to: &text)
  }

  /// Words that some readers take for truth values, null or numbers.
  private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "inf", "nan", "infinity"]

  /// A text: plain where it is a simple word, else in double quotes as JSON writes it, which YAML reads alike.
  private static func scalar(_ text: String) -> String {
    let isSimple = text.utf8.allSatisfy { $0.isASCIIWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
    if isSimple, let first = text.utf8.first, first.isASCIILetter, !words.contains(text.lowercased()) { return text }
    // `Fn::GetAtt` and the like are plain words too: a colon ends a name only before a blank.
    if text.hasPrefix("Fn::") || text.hasPrefix("AWS::"), text.utf8.allSatisfy({ $0.isASCIIWord || $0 == UInt8(ascii: ":") }) { return text }
    var writer = JSONWriter()
    writer.value(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
