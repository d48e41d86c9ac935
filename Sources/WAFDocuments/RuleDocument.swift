internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// One JSON document that holds WAF entities in the API's form (IN-6): a file, or an entity translated from another dialect.
///
/// Entities are found first and decoded when they are wanted: of several web ACLs only one is, and of the files beside a web ACL only those
/// that it refers to.
struct RuleDocument {
  /// The kinds of entities, by the API's names of their members.
  enum Kind: String, CaseIterable {
    case webACL = "WebACL"
    case ruleGroup = "RuleGroup"
    case ipSet = "IPSet"
    case regexPatternSet = "RegexPatternSet"
    /// A list of rules, or a single one, without anything around them.
    case rules = "Rules"

    var field: FindingField {
      switch self {
      case .webACL, .rules: .webACL
      case .ruleGroup: .ruleGroup
      case .ipSet: .ipSet
      case .regexPatternSet: .regexPatternSet
      }
    }
  }

  /// An entity that has not been decoded yet.
  struct Entity {
    var kind: Kind
    var value: JSONValue
    /// Its name and ARN where they are texts.
    var name: String?
    var arn: String?
  }

  /// What is found in it; shared by all its entities.
  let context: DecodingContext
  /// Name of the file without folder and extension.
  let stem: String
  /// Everything it holds, in the order of the text.
  private(set) var entities: [Entity] = []

  /// Finds the entities of a document. Nil when it holds none.
  init?(_ document: JSONDocument, number: Int, file: String, stem: String, options: DecodingOptions) {
    guard let (found, origin) = Self.entities(of: document) else { return nil }
    let decision = SearchStringDecision(for: document, from: origin, encoding: options.searchString)
    context = DecodingContext(document, number: number, file: file, options: options, searchStringsAreBase64: decision.isBase64)
    self.stem = stem
    for (kind, index) in found {
      let value = JSONValue(context: context, index: index, field: kind.field)
      entities.append(Entity(kind: kind, value: value, name: Self.text("Name", of: index, document), arn: Self.text("ARN", of: index, document)))
    }
    reportFaults(of: document)
    if let note = decision.note { context.report(.searchStringEncoding, .byteMatchStatement, at: 0, note) }
    refuseOtherRootMembers(origin)
  }

  /// An entity translated from another dialect; its search strings are Base64.
  init(_ entity: TranslatedEntity, number: Int, file: String, stem: String, options: DecodingOptions) {
    let document = entity.document
    context = DecodingContext(document, number: number, file: file, options: options, searchStringsAreBase64: true)
    self.stem = stem
    let value = JSONValue(context: context, index: 0, field: entity.kind.field)
    entities = [
      Entity(kind: entity.kind, value: value, name: Self.text("Name", of: 0, document), arn: Self.text("ARN", of: 0, document))
    ]
  }

  /// Faults of the text that left it readable.
  private func reportFaults(of document: JSONDocument) {
    for fault in document.faults { context.findings.add(Finding(fault, document, file: context.file)) }
  }

  /// A wrapper or bundle holds entities and what the API puts beside them, nothing else (IN-4).
  private func refuseOtherRootMembers(_ origin: SearchStringDecision.Origin) {
    let root = JSONValue(context: context, index: 0, field: .webACL)
    guard root.kind == .object, !entities.contains(where: { $0.value.index == 0 }) else { return }
    let object = JSONObject(root)
    for kind in Kind.allCases { object.ignore(kind.rawValue, kind.rawValue + "s") }
    object.ignore("LockToken", "ApplicationIntegrationURL", "ResponseMetadata", "Scope")
    object.refuseOtherMembers()
  }
}

// MARK: - Recognizing the form

extension RuleDocument {
  private static func entities(of document: JSONDocument) -> (entities: [(Kind, Int)], origin: SearchStringDecision.Origin)? {
    switch document.tree.nodes[0].kind {
    case .object: entities(ofObject: document)
    case .array: isRule(document, firstElement(0, document)) ? ([(.rules, 0)], .other) : nil
    default: nil
    }
  }

  private static func entities(ofObject document: JSONDocument) -> (entities: [(Kind, Int)], origin: SearchStringDecision.Origin)? {
    if let kind = bareKind(document, 0) { return ([(kind, kind == .rules ? rulesIndex(document) : 0)], .other) }
    var found: [(Kind, Int)] = []
    var isBundle = false
    let hasWebACL = member("WebACL", of: 0, document) != nil
    let tree = document.tree
    var name = tree.firstChild(of: 0)
    while name < tree.next(after: 0) {
      let text = String(decoding: document.string(at: name), as: UTF8.self)
      let value = name + 1
      if let kind = Kind(rawValue: text), kind != .rules, tree.nodes[value].kind == .object {
        found.append((kind, value))
      } else if let kind = Kind.allCases.first(where: { $0 != .rules && $0.rawValue + "s" == text }), tree.nodes[value].kind == .array {
        // Without a web ACL it may be the answer of a `list` call, which has the same names, but holds summaries.
        let elements = self.elements(value, document).filter { hasWebACL || bareKind(document, $0) == kind }
        found += elements.map { (kind, $0) }
        isBundle = isBundle || hasWebACL || !elements.isEmpty
      }
      name = tree.next(after: value)
    }
    guard !found.isEmpty else { return nil }
    return (found, isBundle ? .bundle : member("LockToken", of: 0, document) != nil ? .answer : .other)
  }

  /// The kind of an entity that stands on its own, by the members that only it has.
  private static func bareKind(_ document: JSONDocument, _ index: Int) -> Kind? {
    guard document.tree.nodes[index].kind == .object else { return nil }
    func has(_ name: StaticString) -> Bool { member(name, of: index, document) != nil }
    if has("DefaultAction") { return .webACL }
    if has("Addresses") || has("IPAddressVersion") { return .ipSet }
    if has("RegularExpressionList") { return .regexPatternSet }
    if has("Rules") {
      if has("Capacity") || (text("ARN", of: index, document)?.contains("rulegroup/") ?? false) { return .ruleGroup }
      return has("Name") ? .webACL : .rules
    }
    return isRule(document, index) ? .rules : nil
  }

  private static func isRule(_ document: JSONDocument, _ index: Int?) -> Bool {
    guard let index, document.tree.nodes[index].kind == .object else { return false }
    return member("Statement", of: index, document) != nil
  }

  /// The list of an object that holds rules and nothing that would make it an entity; the object itself where it is a rule.
  private static func rulesIndex(_ document: JSONDocument) -> Int { member("Rules", of: 0, document) ?? 0 }

  private static func member(_ name: StaticString, of index: Int, _ document: JSONDocument) -> Int? {
    let bytes = document.bytes
    return document.tree.member(name, of: index, in: bytes.span)
  }

  private static func text(_ name: StaticString, of index: Int, _ document: JSONDocument) -> String? {
    guard let value = member(name, of: index, document), document.tree.nodes[value].kind == .string else { return nil }
    return String(decoding: document.string(at: value), as: UTF8.self)
  }

  private static func firstElement(_ index: Int, _ document: JSONDocument) -> Int? {
    let first = document.tree.firstChild(of: index)
    return first < document.tree.next(after: index) ? first : nil
  }

  private static func elements(_ index: Int, _ document: JSONDocument) -> [Int] {
    var elements: [Int] = []
    var child = document.tree.firstChild(of: index)
    while child < document.tree.next(after: index) {
      elements.append(child)
      child = document.tree.next(after: child)
    }
    return elements
  }
}

extension Finding {
  /// A fault of the text.
  init(_ fault: JSONError, at place: TextPlace, file: String, path: String? = nil, hint: String? = nil) {
    self.init(
      code: .syntax, severity: .error, field: .webACL, place: .init(file: file, line: place.line, column: place.column), path: path,
      message: SafeText.escape(fault.description, limit: 200), hint: hint)
  }

  /// A fault of a text that could be read all the same. A duplicate member names the line of the first one.
  init(_ fault: JSONError, _ document: JSONDocument, file: String) {
    self.init(fault, at: document.place(ofOffset: fault.offset), file: file)
    if case .duplicateName(_, let first) = fault.reason {
      code = .duplicateMember
      path = document.path(ofOffset: fault.offset).description
      message += ", first at line \(document.place(ofOffset: first).line)"
    }
  }
}
