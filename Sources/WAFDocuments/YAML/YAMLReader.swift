internal import WAFBase
internal import WAFJSON

/// Reads YAML into a document with the place of every value.
///
/// Values are those of JSON: plain scalars that are written as JSON writes numbers, truth values and null are such, everything else is text. So `NO`
/// is a country and `010` stays as written, whatever other readers make of them. A mapping's names are texts. Tags of CloudFormation become the
/// long form of the function (`!Sub x` is `{"Fn::Sub": "x"}`); others are refused, since their meaning is a program's.
struct YAMLReader {
  /// What is accepted.
  struct Rules {
    /// Aliases in a text.
    var aliases: Int
    /// Values after aliases are followed.
    var values: Int
    /// Whether tags are functions of CloudFormation.
    var takesFunctions: Bool
    /// Bytes of a text.
    var size = 1 << 20
    /// Containers that may be open at once.
    var depth = 256

    /// A template: no aliases, functions as tags (reliability.md section 3).
    static let ruleDocument = Rules(aliases: 0, values: 1_000_000, takesFunctions: true)
  }

  private let rules: Rules
  private var places: [TextPlace] = []
  private var aliases = 0
  /// Values that aliases may name.
  private var anchored: [String: DocumentValue] = [:]

  /// The document that a text spells. Names that come twice in a mapping are faults of the document.
  static func document(_ bytes: [UInt8], _ rules: Rules) throws(YAMLError) -> JSONDocument {
    let start = TextPlace(line: 1, column: 1)
    guard bytes.count <= rules.size else { throw YAMLError(place: start, message: "the text is larger than \(rules.size) bytes") }
    guard bytes.span.isUTF8 else { throw YAMLError(place: start, message: "the text is not UTF-8") }
    var reader = YAMLReader(rules: rules)
    let value = try reader.read(bytes)
    do throws(JSONError) {
      return try JSONDocument(value, places: reader.places)
    } catch {
      throw YAMLError(place: start, message: SafeText.escape(error.description, limit: 200))
    }
  }

  private init(rules: Rules) { self.rules = rules }

  /// The one value of a text.
  private mutating func read(_ bytes: [UInt8]) throws(YAMLError) -> DocumentValue {
    var result = Result<DocumentValue, YAMLError>.failure(YAMLError(place: TextPlace(line: 1, column: 1), message: "the text holds no value"))
    // Events are read only inside the closure, where the bytes stay where they are.
    unsafe bytes.withUnsafeBufferPointer { text in
      var events = unsafe YAMLEvents(text)
      do throws(YAMLError) {
        var event = try events.next()
        guard event.kind == .documentStart else { return }
        event = try events.next()
        let value = try self.value(event, &events, depth: 0)
        event = try events.next()
        guard event.kind == .end else { throw YAMLError(place: event.place, message: "a second document; expected one") }
        result = .success(value)
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  /// The value that begins with `event`.
  private mutating func value(_ event: YAMLEvents.Event, _ events: inout YAMLEvents, depth: Int) throws(YAMLError) -> DocumentValue {
    guard depth < rules.depth else { throw YAMLError(place: event.place, message: "more than \(rules.depth) levels") }
    if event.kind == .alias { return try aliased(event) }
    let node = try addPlace(event.place)
    var value: DocumentValue
    switch event.kind {
    case .scalar(let text, let isPlain):
      let isText = !isPlain || (event.tag != nil && event.tag != "!")
      value = DocumentValue(isText ? .string(text) : YAMLScalar.content(of: text), node: node)
    case .sequenceStart:
      var elements: [DocumentValue] = []
      var next = try events.next()
      while next.kind != .sequenceEnd {
        elements.append(try self.value(next, &events, depth: depth + 1))
        next = try events.next()
      }
      value = DocumentValue(.array(elements), node: node)
    case .mappingStart:
      var members: [DocumentValue.Member] = []
      var next = try events.next()
      while next.kind != .mappingEnd {
        guard case .scalar(let name, _) = next.kind else { throw YAMLError(place: next.place, message: "a name that is no text") }
        guard name != "<<" else { throw YAMLError(place: next.place, message: "merging with << is not taken; write the members out") }
        let nameNode = try addPlace(next.place)
        members.append(.init(name, try self.value(try events.next(), &events, depth: depth + 1), node: nameNode))
        next = try events.next()
      }
      value = DocumentValue(.object(members), node: node)
    case .documentStart, .alias, .sequenceEnd, .mappingEnd, .end:
      throw YAMLError(place: event.place, message: "expected a value")
    }
    if let tag = event.tag { value = try tagged(value, tag, event.place) }
    if let anchor = event.anchor { anchored[anchor] = value }
    return value
  }

  private mutating func addPlace(_ place: TextPlace) throws(YAMLError) -> Int {
    guard places.count < rules.values else { throw YAMLError(place: place, message: "more than \(rules.values) values") }
    places.append(place)
    return places.count - 1
  }

  // MARK: Tags and aliases

  /// The long form of a function that is written as a tag.
  private func tagged(_ value: DocumentValue, _ tag: String, _ place: TextPlace) throws(YAMLError) -> DocumentValue {
    let standard = "tag:yaml.org,2002:"
    if tag == "!" || tag == standard + "str" || tag == standard + "map" || tag == standard + "seq" { return value }
    guard rules.takesFunctions, tag.hasPrefix("!"), tag.dropFirst().utf8.allSatisfy(\.isASCIIWord) else {
      throw YAMLError(place: place, message: "unknown tag \(SafeText.escape(tag, limit: SafeText.messageLimit))")
    }
    let name = String(tag.dropFirst())
    var argument = value
    // `!GetAtt Set.Arn` is the one function whose short form is spelled otherwise.
    if name == "GetAtt", let text = value.string, let dot = text.firstIndex(of: ".") {
      let parts = [String(text[..<dot]), String(text[text.index(after: dot)...])]
      argument.content = .array(parts.map { DocumentValue(.string($0), node: value.node) })
    }
    let isPlainName = name == "Ref" || name == "Condition"
    return DocumentValue(.object([.init(isPlainName ? name : "Fn::" + name, argument, node: value.node)]), node: value.node)
  }

  /// What an alias names. Its values are counted again, so that a few lines cannot become millions.
  private mutating func aliased(_ event: YAMLEvents.Event) throws(YAMLError) -> DocumentValue {
    aliases += 1
    guard aliases <= rules.aliases else {
      let allowed = rules.aliases == 0 ? "aliases are not taken; write the value out" : "more than \(rules.aliases) aliases"
      throw YAMLError(place: event.place, message: allowed)
    }
    guard let anchor = event.anchor, let value = anchored[anchor] else {
      throw YAMLError(place: event.place, message: "an alias of nothing")
    }
    return try copied(value, event.place)
  }

  private mutating func copied(_ value: DocumentValue, _ place: TextPlace) throws(YAMLError) -> DocumentValue {
    var copy = value
    copy.node = try addPlace(places[value.node])
    switch value.content {
    case .array(let elements):
      var copies: [DocumentValue] = []
      for element in elements { copies.append(try copied(element, place)) }
      copy.content = .array(copies)
    case .object(let members):
      var copies: [DocumentValue.Member] = []
      for member in members { copies.append(.init(member.name, try copied(member.value, place), node: try addPlace(places[member.node]))) }
      copy.content = .object(copies)
    case .string, .number, .bool, .null, .open: break
    }
    return copy
  }
}

/// Plain scalars, which stand without quotes.
enum YAMLScalar {
  /// The value that a plain scalar is: YAML 1.2's core schema as far as JSON has the same, text otherwise.
  static func content(of text: String) -> DocumentValue.Content {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: isNumber(text) ? .number(text) : .string(text)
    }
  }

  /// Whether a text is a number as JSON writes it.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits(_ rest: inout Substring.UTF8View) -> Int {
      let found = rest.prefix(while: \.isASCIIDigit)
      rest = rest[found.endIndex...]
      return found.count
    }
    guard text.utf8.count <= 64 else { return false }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits(&rest)
    guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits(&rest) > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }
}
