internal import WAFBase
package import WAFJSON

/// A value of a document, and the API's name for the part it belongs to.
package struct JSONValue {
  package let context: DecodingContext
  /// Index of its node.
  package let index: Int
  /// The name that findings about it carry.
  package var field: FindingField

  /// A value of a document.
  package init(context: DecodingContext, index: Int, field: FindingField) {
    self.context = context
    self.index = index
    self.field = field
  }

  /// Its kind.
  package var kind: JSONTree.Kind { context.document.tree.nodes[index].kind }

  /// Adds a finding about the value.
  package func report(
    _ code: FindingCode, severity: Severity? = nil, _ message: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) {
    context.report(code, field, at: index, severity: severity, message(), hint: hint())
  }

  /// The same value as part of another field.
  package func within(_ field: FindingField) -> JSONValue {
    var value = self
    value.field = field
    return value
  }

  /// Path of the value.
  var path: String { context.document.path(of: index).description }

  /// The source text of the value, for numbers.
  var text: String { String(lossy: context.document.bytes[context.document.tree.nodes[index].range].span) }
}

// MARK: - Scalars

extension JSONValue {
  /// The value as an object; nil, and a finding, for other kinds.
  package func object() -> JSONObject? {
    guard kind == .object else { return wrongType("object") }
    return JSONObject(self)
  }

  /// The elements of an array; nil, and a finding, for other kinds.
  package func elements() -> [JSONValue]? {
    guard kind == .array else { return wrongType("array") }
    let tree = context.document.tree
    var elements: [JSONValue] = []
    var child = tree.firstChild(of: index)
    while child < tree.next(after: index) {
      elements.append(JSONValue(context: context, index: child, field: field))
      child = tree.next(after: child)
    }
    return elements
  }

  /// The text of a string; nil, and a finding, for other kinds.
  package func string() -> String? {
    guard kind == .string else { return wrongType("string") }
    return String(decoding: context.document.string(at: index), as: UTF8.self)
  }

  /// An integer of a range, also one that stands in a string (IN-1); nil, and a finding, for anything else.
  func integer(in range: ClosedRange<Int>) -> Int? {
    let number = plainInteger
    let shown = kind == .string ? String(decoding: context.document.string(at: index), as: UTF8.self) : text
    switch kind {
    case .number: break
    case .string where number != nil: report(.stringlyTypedScalar, "number \(quoted(shown)) is written as a string")
    default: return wrongType("number")
    }
    guard let number, let value = Int(exactly: number), range.contains(value) else {
      let isInteger = shown.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
      let wanted = range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
      report(.outOfRange, "expected \(isInteger ? "" : "an integer, ")\(wanted), found \(SafeText.escape(shown, limit: SafeText.messageLimit))")
      return nil
    }
    return value
  }

  /// The integer that the value is or that stands in it as a string; nil, without a finding, for anything else.
  var plainInteger: Int64? {
    let bytes = context.document.bytes
    switch kind {
    case .number: return context.document.tree.int64(at: index, in: bytes.span)
    case .string:
      let content = context.document.string(at: index)
      return JSONTree.int64(text: content.span)
    default: return nil
    }
  }

  /// A truth value, also one that stands in a string (IN-1); nil, and a finding, for anything else.
  func bool() -> Bool? {
    switch kind {
    case .true: return true
    case .false: return false
    case .string:
      let text = context.document.string(at: index)
      guard let value = Bool(String(decoding: text, as: UTF8.self)) else { return wrongType("boolean") }
      report(.stringlyTypedScalar, "boolean is written as a string")
      return value
    default: return wrongType("boolean")
    }
  }

  /// A text of a certain length, in Unicode scalars (QT-4), made of certain characters; nil, and a finding, for anything else.
  func text(length: ClosedRange<Int>, of characters: AllowedCharacters = .any) -> String? {
    guard let text = string() else { return nil }
    guard hasLength(text, length), characters.check(text, at: self) else { return nil }
    return text
  }

  /// Reports a text that is too short or too long.
  func hasLength(_ text: String, _ length: ClosedRange<Int>, unit: String = "characters") -> Bool {
    // A character has one byte at least: most texts need no count, and sets of addresses have thousands of texts.
    if length.lowerBound <= 1, length.contains(text.utf8.count) { return true }
    let count = text.unicodeScalars.count
    guard !length.contains(count) else { return true }
    report(.wrongLength, "expected \(length.lowerBound) to \(length.upperBound) \(unit), found \(count)")
    return false
  }

  /// One of the names of a closed list; nil, and a finding, for anything else.
  func enumeration<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Value? where Value.RawValue == String {
    guard let text = string() else { return nil }
    if let value = Value(rawValue: text) { return value }
    unknownValue(text, of: Value.allCases.map(\.rawValue))
    return nil
  }

  /// Reports a name that is not in a closed list.
  func unknownValue(_ text: String, of names: [String]) {
    report(
      .unknownValue, "unknown value \(quoted(text))",
      hint: didYouMean(text, names) ?? ((1...6).contains(names.count) ? "expected \(names.joined(separator: ", "))" : nil))
  }

  /// Reports a value of another type than `expected`.
  func wrongType<Value>(_ expected: String) -> Value? {
    report(.wrongType, "expected \(expected), found \(kind.name)")
    return nil
  }

  /// Reports a list that is too short or too long.
  func hasCount(_ count: Int, _ range: ClosedRange<Int>, of what: String, _ code: FindingCode = .wrongCount) -> Bool {
    guard !range.contains(count) else { return true }
    let wanted = range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    report(code, "expected \(wanted) \(what), found \(count)")
    return false
  }
}

extension JSONTree.Kind {
  /// As messages say it.
  var name: String {
    switch self {
    case .object: "object"
    case .array: "array"
    case .string: "string"
    case .number: "number"
    case .true, .false: "boolean"
    case .null: "null"
    }
  }
}
