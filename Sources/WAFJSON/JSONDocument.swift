/// A JSON document in memory, with the place and path of every value.
public final class JSONDocument: Sendable {
  /// The bytes as read; a byte order mark is kept, so that positions are those of the file.
  public let bytes: [UInt8]
  /// The values; the first node is the root.
  public let tree: JSONTree
  /// Everything that makes the text other than plain JSON, by position: the document should be refused, but its values can still be looked at.
  public let faults: [JSONError]
  private let lines: LineIndex

  /// Bytes of the largest document (reliability.md section 3).
  public static let sizeLimit = 16 << 20

  /// Reads a document. Faults that leave no doubt about the rest (trailing commas, duplicate names, bad escapes) are collected in `faults`.
  /// - Throws: The faults up to and including the first one that reading cannot go on after.
  public init(_ bytes: [UInt8]) throws(JSONDocumentError) {
    let lines = LineIndex(bytes)
    self.lines = lines
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

  /// Place of the byte at `offset`.
  public func place(ofOffset offset: Int) -> TextPlace { lines.place(of: offset, in: bytes) }

  /// Place of the first byte of the node at `index`; for strings that is the opening quote.
  public func place(of index: Int) -> TextPlace {
    let node = tree.nodes[index]
    return place(ofOffset: Int(node.range.start) - (node.kind == .string ? 1 : 0))
  }

  /// Path of the node at `index`.
  public func path(of index: Int) -> JSONPath {
    let bytes = bytes  // A span has to come from a variable of its own, not from a property of a class.
    return tree.path(of: index, in: bytes.span)
  }

  /// Path of the string whose opening quote is at `offset`; the root where there is none.
  public func path(ofOffset offset: Int) -> JSONPath {
    path(of: tree.nodes.firstIndex { $0.kind == .string && Int($0.range.start) == offset + 1 } ?? 0)
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
