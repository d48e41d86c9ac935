internal import WAFBase
internal import WAFJSON
internal import WAFRequest

// Values of members, each with the error that names the member.

extension JSONRecordReader {
  /// The error for the value at `node`.
  func fault(_ node: Int, _ line: Span<UInt8>, _ expected: BadLine.ExpectedValue) -> BadLine {
    .member(tree.path(of: node, in: line), expected: expected)
  }

  /// Throws unless the value is of this kind.
  func expect(_ kind: JSONTree.Kind, _ node: Int, _ line: Span<UInt8>, _ expected: BadLine.ExpectedValue) throws(BadLine) {
    guard tree.nodes[node].kind == kind else { throw fault(node, line, expected) }
  }

  /// Index of the value of a member; nil where it is absent or null.
  func member(_ name: StaticString, of object: Int, _ line: Span<UInt8>) -> Int? {
    guard let node = tree.member(name, of: object, in: line), tree.nodes[node].kind != .null else { return nil }
    return node
  }

  /// Where the text of a string is in the request's bytes, which begin with the line.
  @inline(__always)
  func string(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> ByteRange {
    try expect(.string, node, line, .string)
    return tree.isPlain(at: node) ? tree.nodes[node].range : unescapedString(node, line, &request)
  }

  private func unescapedString(_ node: Int, _ line: Span<UInt8>, _ request: inout Request) -> ByteRange {
    let start = request.bytes.count
    tree.appendString(at: node, in: line, to: &request.bytes)
    return ByteRange(start, request.bytes.count)
  }

  /// The same, empty for an absent member.
  func optionalString(_ node: Int?, _ line: Span<UInt8>, _ request: inout Request) throws(BadLine) -> ByteRange {
    guard let node else { return .empty }
    return try string(node, line, &request)
  }

  /// The bytes that a string spells in Base64.
  func base64Bytes(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> [UInt8] {
    try expect(.string, node, line, .base64)
    let text = tree.string(at: node, in: line)
    guard let bytes = Base64.decode(text.span) else { throw fault(node, line, .base64) }
    return bytes
  }

  func integer(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> Int64 {
    guard let number = tree.int64(at: node, in: line) else { throw fault(node, line, .integer) }
    return number
  }

  /// A number of bytes; nil for an absent member.
  func optionalSize(_ node: Int?, _ line: Span<UInt8>) throws(BadLine) -> Int? {
    guard let node else { return nil }
    let number = try integer(node, line)
    guard number >= 0 else { throw fault(node, line, .size) }
    return Int(clamping: number)
  }

  func boolean(_ node: Int, _ line: Span<UInt8>) throws(BadLine) -> Bool {
    switch tree.nodes[node].kind {
    case .true: return true
    case .false: return false
    case .object, .array, .string, .number, .null: throw fault(node, line, .boolean)
    }
  }
}

extension JSONPath {
  /// The path of a member of what this one leads to.
  func appending(_ member: String) -> JSONPath { JSONPath(steps + [.member(member)]) }
}

extension Request {
  /// A part with this text, or a masked one where the text is the logger's mark for that (RQ-5).
  @inline(__always)
  func component(_ range: ByteRange) -> Component {
    let isMasked = marksRedaction && range.count == 8 && bytes[range.indices].elementsEqual("REDACTED".utf8)
    return isMasked ? .redacted : .known(range)
  }
}
