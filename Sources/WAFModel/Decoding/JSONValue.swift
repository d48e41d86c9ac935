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

  /// Where the value is written.
  package var origin: Origin { Origin(document: context.number, path: context.document.path(of: index).description) }

  /// What a template or plan leaves open instead of the value.
  var open: OpenValue? { context.document.openValues[index] }

  /// A name in the object that the value is, or is in, as the person who wrote the document spells it.
  func spelling(_ name: String) -> String { context.document.spelling(of: name, in: index) }

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
    // A template may have any scalar for a text, such as a name of digits.
    if context.document.isTranslation, kind == .number || kind == .true || kind == .false { return text }
    guard kind == .string, open == nil else { return wrongType("string") }
    return String(decoding: context.document.string(at: index), as: UTF8.self)
  }

  /// An integer of a range, also one that stands in a string (IN-1); nil, and a finding, for anything else.
  package func integer(in range: ClosedRange<Int>) -> Int? {
    let number = plainInteger
    let shown = kind == .string ? String(decoding: context.document.string(at: index), as: UTF8.self) : text
    switch kind {
    case .number: break
    case .string where number != nil:
      // Templates have texts for numbers where they have parameters for them.
      if !context.document.isTranslation { report(.stringlyTypedScalar, "number \(quoted(shown)) is written as a string") }
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
  package var plainInteger: Int64? {
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
  package func bool() -> Bool? {
    switch kind {
    case .true: return true
    case .false: return false
    case .string:
      let text = context.document.string(at: index)
      guard let value = Bool(String(decoding: text, as: UTF8.self)) else { return wrongType("boolean") }
      if !context.document.isTranslation { report(.stringlyTypedScalar, "boolean is written as a string") }
      return value
    default: return wrongType("boolean")
    }
  }

  /// A text of a certain length, in Unicode scalars (QT-4), made of certain characters; nil, and a finding, for anything else.
  package func text(length: ClosedRange<Int>, of characters: AllowedCharacters = .any) -> String? {
    guard let text = string() else { return nil }
    guard hasLength(text, length), characters.check(text, at: self) else { return nil }
    return text
  }

  /// Reports a text that is too short or too long.
  package func hasLength(_ text: String, _ length: ClosedRange<Int>, unit: String = "characters") -> Bool {
    // A character has one byte at least: most texts need no count, and sets of addresses have thousands of texts.
    if length.lowerBound <= 1, length.contains(text.utf8.count) { return true }
    let count = text.unicodeScalars.count
    guard !length.contains(count) else { return true }
    report(.wrongLength, "expected \(length.lowerBound) to \(length.upperBound) \(unit), found \(count)")
    return false
  }

  /// One of the names of a closed list; nil, and a finding, for anything else.
  package func enumeration<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Value? where Value.RawValue == String {
    guard let text = string() else { return nil }
    if let value = Value(rawValue: text) { return value }
    unknownValue(text, of: Value.allCases.map(\.rawValue))
    return nil
  }

  /// Reports a name that is not in a closed list.
  package func unknownValue(_ text: String, of names: [String]) {
    report(
      .unknownValue, "unknown value \(quoted(text))",
      hint: didYouMean(text, names) ?? ((1...6).contains(names.count) ? "expected \(names.joined(separator: ", "))" : nil))
  }

  /// Reports a value of another type than `expected`.
  package func wrongType<Value>(_ expected: String) -> Value? {
    if let open {
      reportOpen(open)
      return nil
    }
    report(.wrongType, "expected \(expected), found \(kind.name)")
    return nil
  }

  /// Warns of each value in this one that is open, where the rest can be evaluated without it, and returns their names, each once.
  func reportOpenValues() -> [String] {
    var names: [String] = []
    for (node, open) in context.document.openValues(in: index) {
      let value = JSONValue(context: context, index: node, field: field)
      let shown = SafeText.escape(open.text, limit: SafeText.messageLimit)
      value.report(.openValue, severity: .warning, "not known before deployment, so undetermined: \(shown)", hint: open.hint)
      if !names.contains(open.text) { names.append(open.text) }
    }
    return names
  }

  /// Reports a value that is open where nothing can be said without it.
  func reportOpen(_ open: OpenValue) {
    report(.openValue, "the value is not known before deployment: \(SafeText.escape(open.text, limit: SafeText.messageLimit))", hint: open.hint)
  }

  /// Reports a list that is too short or too long.
  package func hasCount(_ count: Int, _ range: ClosedRange<Int>, of what: String, _ code: FindingCode = .wrongCount) -> Bool {
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
