internal import WAFBase

/// The form of lines of an access log, as nginx's `log_format` or Apache's `LogFormat` writes it.
///
/// ```
/// $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_cookie"
/// %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{Cookie}i"
/// ```
public struct LineTemplate: Equatable, Sendable {
  /// The text before the first field.
  let beginning: [UInt8]
  /// The fields in their order.
  let fields: [Field]

  /// A field and the text that ends it.
  struct Field: Equatable, Sendable {
    var meaning: TemplateField
    /// As in the template, for messages.
    var name: String
    /// Whether a quote stands before the field.
    var isQuoted: Bool
    /// The text up to the next field or to the end of the line.
    var end: [UInt8]
  }

  /// Reads a template.
  ///
  /// - Throws: When it has no field of the request, or when lines of this form could not be split.
  public init(_ text: String) throws(LineTemplateError) {
    // Quotes have a backslash where the template was copied from a configuration of Apache.
    let bytes = Array(text.utf8)
    var pieces = TemplatePieces(isApache: !Self.hasVariable(bytes))
    pieces.read(bytes)
    beginning = pieces.beginning
    fields = pieces.fields
    guard !fields.isEmpty else { throw .noField }
    for (field, next) in zip(fields, fields.dropFirst()) where field.end.isEmpty && field.meaning != .commonTime {
      throw .notSeparated(field.name, next.name)
    }
    for field in fields where field.meaning.mayHoldBlanks && !field.isQuoted && field.end.first == UInt8(ascii: " ") {
      throw .notQuoted(field.name)
    }
    guard fields.contains(where: { $0.meaning.isOfTarget }) else { throw .noRequest }
  }

  /// Whether `$name` or `${name}` occurs, as in nginx.
  private static func hasVariable(_ bytes: [UInt8]) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "$") && ($1.isASCIILetter || $1 == UInt8(ascii: "{")) }
  }

  /// Whether lines are JSON objects: there an empty value may stand for one that was not sent.
  var isJSON: Bool { beginning.first == UInt8(ascii: "{") }
  /// Whether a field holds the host header itself.
  var hasHostHeader: Bool { fields.contains { $0.meaning == .header(.host) } }
}

/// Why a text is no template.
public enum LineTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It has no variable of nginx and no directive of Apache.
  case noField
  /// It has no field of the request.
  case noRequest
  /// Nothing shows where the first field ends and the second begins.
  case notSeparated(String, String)
  /// The field may hold blanks and ends at one.
  case notQuoted(String)

  /// What is wrong with it.
  public var description: String {
    switch self {
    case .noField: "no field in it, such as $request of nginx or %r of Apache"
    case .noRequest: "no field of the request in it: needs $request or $request_uri of nginx, %r or %U of Apache"
    case .notSeparated(let field, let next): "nothing between \(field) and \(next), so lines cannot be split there"
    case .notQuoted(let field): "\(field) may hold blanks, so it has to stand in quotes"
    }
  }
}

/// The pieces of a template while it is read.
private struct TemplatePieces {
  let isApache: Bool
  private(set) var beginning: [UInt8] = []
  private(set) var fields: [LineTemplate.Field] = []

  init(isApache: Bool) { self.isApache = isApache }

  mutating func read(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      let length = isApache ? readDirective(bytes[index...]) : readVariable(bytes[index...])
      if length == 0 { add(text: bytes[index]) }
      index += max(length, 1)
    }
  }

  private mutating func add(text byte: UInt8) {
    if fields.isEmpty { beginning.append(byte) } else { fields[fields.count - 1].end.append(byte) }
  }

  private mutating func add(_ meaning: TemplateField, _ name: ArraySlice<UInt8>) {
    let before = fields.last?.end ?? beginning
    fields.append(
      LineTemplate.Field(meaning: meaning, name: String(decoding: name, as: UTF8.self), isQuoted: before.last == UInt8(ascii: "\""), end: []))
  }

  /// Reads `$name` or `${name}` at the start of `rest` and returns its length; 0 for anything else.
  private mutating func readVariable(_ rest: ArraySlice<UInt8>) -> Int {
    guard rest.first == UInt8(ascii: "$") else { return 0 }
    let isBraced = rest.dropFirst().first == UInt8(ascii: "{")
    let name = rest.dropFirst(isBraced ? 2 : 1).prefix { $0.isASCIIWord }
    guard !name.isEmpty else { return 0 }
    let length = 1 + name.count + (isBraced ? 2 : 0)
    add(TemplateField(variable: String(decoding: name, as: UTF8.self)), rest.prefix(length))
    return length
  }

  /// Reads `%h`, `%>s`, `%{name}i` and the like, `%%` and `\"` at the start of `rest`, and returns the length; 0 for anything else.
  private mutating func readDirective(_ rest: ArraySlice<UInt8>) -> Int {
    if rest.starts(with: Array(#"\""#.utf8)) || rest.starts(with: Array("%%".utf8)) {
      add(text: rest[rest.startIndex + 1])
      return 2
    }
    guard rest.first == UInt8(ascii: "%") else { return 0 }
    let isModifier: (UInt8) -> Bool = { $0.isASCIIDigit || Array("<>!,".utf8).contains($0) }
    let modifiers = rest.dropFirst().prefix(while: isModifier)
    var tail = rest[modifiers.endIndex...]
    var argument: ArraySlice<UInt8>?
    if tail.first == UInt8(ascii: "{"), let end = tail.firstIndex(of: UInt8(ascii: "}")) {
      argument = tail[(tail.startIndex + 1)..<end]
      tail = tail[(end + 1)...]
    }
    if tail.first == UInt8(ascii: "^") { tail = tail.dropFirst(2) }
    guard let letter = tail.first, letter.isASCIILetter else { return 0 }
    let whole = rest[..<(tail.startIndex + 1)]
    // Under a list of statuses a `-` may mean any other status.
    let isConditional = modifiers.contains { $0.isASCIIDigit }
    let meaning = TemplateField(directive: letter, argument: argument.map { String(decoding: $0, as: UTF8.self) })
    let hasBrackets = meaning == .commonTime
    if hasBrackets { add(text: UInt8(ascii: "[")) }
    add(isConditional ? .other : meaning, whole)
    if hasBrackets { add(text: UInt8(ascii: "]")) }
    return whole.count
  }
}
