internal import WAFBase

/// Writes HTML that is well-formed XML too, so that a strict parser can prove what it consists of.
///
/// Markup comes from literals of this program only: names of elements and attributes are `StaticString`s. Every other text goes through `text` or
/// the value of an attribute, where it is made inert and escaped. There is no way to write a `String` as markup.
struct HTMLWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = Array("<!DOCTYPE html>\n".utf8)

  /// An element with content.
  mutating func element(_ name: StaticString, _ attributes: HTMLAttribute..., content: (inout HTMLWriter) -> Void) {
    open(name, attributes)
    content(&self)
    close(name)
  }

  /// An element that holds a text.
  mutating func element(_ name: StaticString, _ attributes: HTMLAttribute..., text: String) {
    open(name, attributes)
    self.text(text)
    close(name)
  }

  /// An element that is never closed in HTML, or a shape of SVG: `<meta/>`.
  mutating func void(_ name: StaticString, _ attributes: HTMLAttribute...) {
    bytes.removeLast(open(name, attributes))
    append("/>")
  }

  /// A text, which never becomes markup.
  mutating func text(_ text: String) { Self.append(text, to: &bytes) }

  /// A line feed between elements.
  mutating func line() { append("\n") }

  /// Style or script of this program, as it is: hashes in the content security policy are of exactly these bytes.
  mutating func asset(_ name: StaticString, _ content: StaticString) {
    open(name, [])
    append(content)
    close(name)
  }

  /// - Returns: Bytes of what ends the tag.
  @discardableResult
  private mutating func open(_ name: StaticString, _ attributes: [HTMLAttribute]) -> Int {
    append("<")
    append(name)
    for attribute in attributes {
      append(" ")
      append(attribute.name)
      append("=\"")
      Self.append(attribute.value, to: &bytes)
      append("\"")
    }
    append(">")
    return 1
  }

  private mutating func close(_ name: StaticString) {
    append("</")
    append(name)
    append(">")
  }

  private mutating func append(_ literal: StaticString) {
    // The buffer of a literal lives as long as the program.
    literal.withUTF8Buffer { buffer in unsafe bytes.append(contentsOf: buffer) }
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    var inert: [UInt8] = []
    SafeText.append(Array(text.utf8).span, to: &inert)
    for byte in inert {
      switch byte {
      case UInt8(ascii: "&"): output += Array("&amp;".utf8)
      case UInt8(ascii: "<"): output += Array("&lt;".utf8)
      case UInt8(ascii: ">"): output += Array("&gt;".utf8)
      case UInt8(ascii: "\""): output += Array("&quot;".utf8)
      case UInt8(ascii: "'"): output += Array("&#39;".utf8)
      default: output.append(byte)
      }
    }
  }
}

/// An attribute of an element. Its name is a literal; there are no handlers and no styles, which the content security policy would refuse.
struct HTMLAttribute {
  /// As written.
  let name: StaticString
  /// Not yet escaped.
  let value: String

  /// An attribute by its name.
  static func set(_ name: StaticString, _ value: String) -> HTMLAttribute { HTMLAttribute(name: name, value: value) }

  /// `class`, names with blanks between them.
  static func `class`(_ names: StaticString) -> HTMLAttribute { .set("class", "\(names)") }

  /// A number of SVG or a table.
  static func number(_ name: StaticString, _ value: Double) -> HTMLAttribute { .set(name, Coordinate.text(value)) }

  /// The same by which a script sorts.
  static func sortKey(_ value: Int) -> HTMLAttribute { .set("data-v", String(value)) }

  /// What a screen reader says of a picture.
  static func label(_ text: String) -> HTMLAttribute { .set("aria-label", text) }
}

/// Numbers in pictures: one digit behind the point, the same on every machine.
enum Coordinate {
  /// `12.5`, `12`.
  static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}
