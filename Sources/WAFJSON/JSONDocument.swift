/// A JSON document in memory, with the place and path of every value.
public final class JSONDocument: Sendable {
  /// The bytes as read; a byte order mark is kept, so that positions are those of the file.
  public let bytes: [UInt8]
  /// The values; the first node is the root.
  public let tree: JSONTree
  /// Everything that makes the text other than plain JSON, by position: the document should be refused, but its values can still be looked at.
  public let faults: [JSONError]
  /// Nodes that stand for a value nobody knows yet, by index.
  public let openValues: [Int: OpenValue]
  /// How the dialect in which a person wrote the values spells the names of members, where it is otherwise.
  public let spellings: [String: String]
  private let places: Places

  /// Where the values are in the text that a person wrote.
  private enum Places: Sendable {
    /// In `bytes`.
    case lines(LineIndex)
    /// In a text of another language; one place a node.
    case marks([TextPlace])
    /// In another document, whose paths people know; one of its nodes for each of ours.
    case nodes([Int32], of: JSONDocument)
  }

  /// Bytes of the largest document (reliability.md section 3).
  public static let sizeLimit = 16 << 20

  /// Reads a document. Faults that leave no doubt about the rest (trailing commas, duplicate names, bad escapes) are collected in `faults`.
  /// - Throws: The faults up to and including the first one that reading cannot go on after.
  public init(_ bytes: [UInt8]) throws(JSONDocumentError) {
    let lines = LineIndex(bytes)
    places = .lines(lines)
    openValues = [:]
    spellings = [:]
    self.bytes = bytes
    var tree = JSONTree()
    do throws(JSONError) {
      guard bytes.count <= Self.sizeLimit else { throw JSONError(offset: 0, reason: .tooLarge(limit: Self.sizeLimit)) }
      let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
      try tree.readAll(bytes.span, in: start..<bytes.count, rules: .document)
    } catch {
      throw JSONDocumentError(faults: (tree.faults + [error]).map { ($0, lines.place(of: $0.offset, in: bytes)) })
    }
    faults = (tree.faults + Self.duplicates(tree, bytes.span)).sorted { $0.offset < $1.offset }
    self.tree = tree
  }

  /// A document made of values from elsewhere.
  private init(values: DocumentText, places: Places, faults: [JSONError] = [], spellings: [String: String] = [:]) {
    bytes = values.bytes
    tree = values.tree
    openValues = values.openValues
    self.places = places
    self.faults = faults
    self.spellings = spellings
  }

  /// Values of a text of another language, such as YAML.
  /// - Parameter values: Each has as its `node` an index into `places`.
  public convenience init(_ values: DocumentValue, places: [TextPlace]) throws(JSONError) {
    let text = try DocumentText(values)
    let faults = Self.duplicates(text.tree, text.bytes.span)
    self.init(values: text, places: .marks(text.origins.map { places[Int($0)] }), faults: faults)
  }

  /// Values of `source` in the shape of another dialect. Places are those of `source`, and so is `sourcePath(of:)`.
  /// - Parameter spellings: How `source` spells the names of members, where it is otherwise.
  public convenience init(_ values: DocumentValue, from source: JSONDocument, spellings: [String: String] = [:]) throws(JSONError) {
    let text = try DocumentText(values)
    self.init(values: text, places: .nodes(text.origins, of: source), spellings: spellings)
  }

  /// The name of a member of the object at `index` as the person wrote it, or would have to write it.
  public func spelling(of name: String, in index: Int) -> String {
    guard let spelling = spellings[name], textNode(of: index) == nil else { return name }
    return spelling
  }

  /// Place of the byte at `offset`; of a document made of values from elsewhere, that of the string whose opening quote is there.
  public func place(ofOffset offset: Int) -> TextPlace {
    guard case .lines(let lines) = places else { return place(of: stringNode(atOffset: offset)) }
    return lines.place(of: offset, in: bytes)
  }

  /// Place of the first character of the node at `index`; for strings in JSON that is the opening quote.
  public func place(of index: Int) -> TextPlace {
    switch places {
    case .lines:
      let node = tree.nodes[index]
      return place(ofOffset: Int(node.range.start) - (node.kind == .string ? 1 : 0))
    case .marks(let marks): return marks[index]
    case .nodes(let nodes, let source): return source.place(of: Int(nodes[index]))
    }
  }

  /// Path of the node at `index` in the document that a person wrote: of a translation, that of the value it was made from. Where that is a text
  /// with JSON in it, the path goes on in the text.
  public func sourcePath(of index: Int) -> JSONPath {
    guard case .nodes(let nodes, let source) = places else { return path(of: index) }
    let path = source.sourcePath(of: Int(nodes[index]))
    guard let text = textNode(of: index) else { return path }
    return JSONPath(path.steps + self.path(of: index).steps.dropFirst(self.path(of: text).steps.count))
  }

  /// The outermost container around a node, or the node itself, that was made of one text of a source that spells names otherwise; nil for one that
  /// was made of anything else.
  private func textNode(of index: Int) -> Int? {
    guard !spellings.isEmpty, case .nodes(let nodes, let source) = places, source.tree.nodes[Int(nodes[index])].kind == .string else { return nil }
    return nodes.indices.first { node in
      nodes[node] == nodes[index] && (tree.nodes[node].kind == .object || tree.nodes[node].kind == .array)
        && node <= index && index < tree.next(after: node)
    }
  }

  /// The open values in the node at `index`, itself included, in order.
  public func openValues(in index: Int) -> [(node: Int, value: OpenValue)] {
    let nodes = index..<tree.next(after: index)
    return openValues.filter { nodes.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Whether the node at `index`, or anything in it, is open.
  public func hasOpenValues(in index: Int) -> Bool {
    guard !openValues.isEmpty else { return false }
    let nodes = index..<tree.next(after: index)
    return openValues.keys.contains { nodes.contains($0) }
  }

  /// Path of the node at `index`.
  public func path(of index: Int) -> JSONPath {
    let bytes = bytes  // A span has to come from a variable of its own, not from a property of a class.
    return tree.path(of: index, in: bytes.span)
  }

  /// The node that a path leads to, as `path(of:)` writes it; the last one on the way where it leads nowhere.
  public func node(at path: String) -> Int {
    var index = 0
    var rest = path.utf8.dropFirst()  // "$"
    while let sign = rest.first {
      rest = rest.dropFirst()
      if sign == UInt8(ascii: ".") {
        let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
        rest = rest[name.endIndex...]
        guard let member = children(of: index).first(where: { string(at: $0).elementsEqual(name) }) else { return index }
        index = member + 1
      } else if rest.first == UInt8(ascii: "'") {
        // A name that is no identifier is found by its own path, which spells it the same way.
        guard let end = Array(rest).firstRange(of: Array("']".utf8)) else { return index }
        let step = "['" + String(decoding: rest.dropFirst().prefix(end.lowerBound - 1), as: UTF8.self) + "']"
        guard
          let member = children(of: index).first(where: {
            JSONPath([.member(String(decoding: string(at: $0), as: UTF8.self))]).description == "$" + step
          })
        else { return index }
        rest = rest.dropFirst(end.upperBound)
        index = member + 1
      } else {
        let digits = rest.prefix { $0 != UInt8(ascii: "]") }
        rest = rest[digits.endIndex...].dropFirst()
        let elements = children(of: index)
        guard let position = Int(String(decoding: digits, as: UTF8.self)), elements.indices.contains(position) else { return index }
        index = elements[position]
      }
    }
    return index
  }

  /// Nodes of the elements of an array, or of the names of an object's members; none of anything else.
  private func children(of index: Int) -> [Int] {
    let kind = tree.nodes[index].kind
    guard kind == .object || kind == .array else { return [] }
    var nodes: [Int] = []
    var child = tree.firstChild(of: index)
    while child < tree.next(after: index) {
      nodes.append(child)
      child = tree.next(after: kind == .object ? child + 1 : child)
    }
    return nodes
  }

  /// Path of the string whose opening quote is at `offset`; the root where there is none.
  public func path(ofOffset offset: Int) -> JSONPath { path(of: stringNode(atOffset: offset)) }

  private func stringNode(atOffset offset: Int) -> Int {
    tree.nodes.firstIndex { $0.kind == .string && Int($0.range.start) == offset + 1 } ?? 0
  }

  /// Whether its values were written in another shape: scalars may be texts there, and members have other names.
  public var isTranslation: Bool {
    if case .nodes = places { return true }
    return false
  }

  /// Text of the string at `index`.
  public func string(at index: Int) -> [UInt8] {
    let bytes = bytes
    return tree.string(at: index, in: bytes.span)
  }

  private static func duplicates(_ tree: JSONTree, _ source: Span<UInt8>) -> [JSONError] {
    var faults: [JSONError] = []
    for index in tree.nodes.indices where tree.hasDuplicateNames(in: index, source: source) {
      for (name, first) in tree.duplicateNames(in: index, source: source) {
        guard faults.count < JSONTree.faultLimit else { return faults }
        let text = String(decoding: tree.string(at: name, in: source), as: UTF8.self)
        let reason = JSONError.Reason.duplicateName(text, first: Int(tree.nodes[first].range.start) - 1)
        faults.append(JSONError(offset: Int(tree.nodes[name].range.start) - 1, reason: reason))
      }
    }
    return faults
  }
}

/// A text that cannot be read as JSON to its end.
public struct JSONDocumentError: Error, Sendable {
  /// What is wrong, by position; the last one ended the reading.
  public let faults: [(error: JSONError, place: TextPlace)]
}
