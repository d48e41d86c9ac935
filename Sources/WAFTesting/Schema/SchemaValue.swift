internal import WAFJSON

/// What a key of a test file takes, as JSON Schema says it.
indirect enum SchemaValue: Sendable {
  case string
  /// A text; numbers and truth values are taken as they are written.
  case scalar
  /// A whole number, or a text with one, since the values of a matrix are put into texts.
  case integer(ClosedRange<Int>)
  case flag
  case oneOf([String])
  case list(SchemaValue, atLeast: Int)
  /// An object whose names are data.
  case map(SchemaValue)
  case anyOf([SchemaValue])
  /// An object of `SuiteSchema.objects`.
  case object(String)

  /// A text or a list of texts.
  static let scalars = anyOf([.scalar, .list(.scalar, atLeast: 0)])
}

/// A key of an object of test files.
struct SchemaKey: Sendable {
  var name: String
  var value: SchemaValue
  /// For the person who writes the file: what it is for, and what holds without it.
  var description: String
  var isRequired = false

  init(_ name: String, _ value: SchemaValue, isRequired: Bool = false, _ description: String) {
    (self.name, self.value, self.description, self.isRequired) = (name, value, description, isRequired)
  }
}

/// An object of test files: these keys and no others.
struct SchemaObject: Sendable {
  var name: String
  var keys: [SchemaKey]
}

extension SchemaValue {
  /// Writes the members of its schema.
  func write(to writer: inout JSONWriter) {
    switch self {
    case .string: writer.member("type", "string")
    case .scalar: writer.strings("type", ["string", "number", "boolean"])
    case .integer(let range):
      writer.strings("type", ["integer", "string"])
      writer.member("minimum", range.lowerBound)
      if range.upperBound < .max { writer.member("maximum", range.upperBound) }
    case .flag: writer.strings("type", ["boolean", "string"])
    case .oneOf(let names): writer.strings("enum", names)
    case .list(let element, let count):
      writer.member("type", "array")
      if count > 0 { writer.member("minItems", count) }
      writer.object("items") { element.write(to: &$0) }
    case .map(let value):
      writer.member("type", "object")
      writer.object("additionalProperties") { value.write(to: &$0) }
    case .anyOf(let values):
      writer.array("anyOf") { writer in for value in values { writer.object { value.write(to: &$0) } } }
    case .object(let name): writer.member("$ref", "#/$defs/\(name)")
    }
  }
}

extension SchemaObject {
  /// Writes the members of its schema.
  func write(to writer: inout JSONWriter) {
    writer.member("type", "object")
    writer.object("properties") { writer in
      for key in keys {
        writer.name(key.name)
        writer.object { writer in
          writer.member("description", key.description)
          key.value.write(to: &writer)
        }
      }
    }
    let required = keys.filter(\.isRequired).map(\.name)
    if !required.isEmpty { writer.strings("required", required) }
    writer.member("additionalProperties", false)
  }
}

extension JSONWriter {
  fileprivate mutating func strings(_ name: StaticString, _ texts: [String]) {
    array(name) { writer in for text in texts { writer.value(text) } }
  }
}
