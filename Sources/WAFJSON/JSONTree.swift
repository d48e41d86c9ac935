public import WAFBase

/// A JSON text as a flat array of nodes over its bytes, in the order of the text (RFC 8259).
///
/// Containers stand before their contents, a member's name stands before its value, and every node knows the node after its subtree:
///
///     {"a": [1, 2], "b": "x"}
///
///     index   0       1     2      3       4       5     6
///     node    object  "a"   array  number  number  "b"   "x"
///     next    7       2     5      4       5       6     7
///
/// Nothing is copied: a node is a range of the source, and each method that needs the bytes takes them again. One tree is filled again and again;
/// it allocates nothing once it has held a text of that size.
public struct JSONTree: Sendable {
  /// Kind of a node.
  public enum Kind: UInt8, Equatable, Sendable {
    case object, array, string, number, `true`, `false`, null
  }

  /// One node: sixteen bytes, trivially copied.
  public struct Node: Equatable, Sendable {
    /// What it is. The name of a member is a string.
    public let kind: Kind
    /// A string: whether it has escape sequences.
    @usableFromInline
    let hasEscapes: Bool
    /// A string: whether it holds bytes that are not UTF-8 (only where `Rules.keepsInvalidUTF8`).
    public internal(set) var hasInvalidUTF8: Bool
    /// Bytes of the source: a string without its quotes, everything else as written, containers with their brackets.
    public internal(set) var range: ByteRange
    /// Index of the first node after this one and everything in it.
    @usableFromInline
    var next: UInt32
  }

  /// What is accepted.
  public struct Rules: Equatable, Sendable {
    /// Containers that may be open at once.
    public var depth = 128
    /// Members and elements in all.
    public var elements = 100_000
    /// Characters of one number.
    public var numberLength = 64
    /// Whether strings may hold bytes that are not UTF-8; they are marked then.
    public var keepsInvalidUTF8 = true
    /// Whether reading goes on after a fault that leaves no doubt about the rest. Such faults are collected, not thrown.
    public var collectsFaults = false

    /// A line of a log: bytes are taken as they are.
    public static let logLine = Rules()
    /// A rule document: UTF-8, and all faults in one run. Deeper than a line, since 64 nested statements (NE-6) are some 200 containers.
    public static let document = Rules(depth: 256, elements: 1_000_000, keepsInvalidUTF8: false, collectsFaults: true)
  }

  /// The nodes of the last text; empty after a thrown error.
  public internal(set) var nodes: [Node] = []
  /// What was wrong with the last text without ending its reading, by position; at most `faultLimit`.
  public internal(set) var faults: [JSONError] = []
  /// Indices of the containers that are still open.
  var open: [UInt32] = []
  var rules = Rules.logLine
  /// Where the tokens are found for `readIndexed`; made at its first call.
  var index: TokenIndex?

  /// Faults that are collected before reading ends.
  public static let faultLimit = 100

  /// A tree without nodes.
  public init() {}

  /// Reads one value and the white space before it, and returns the position after the value.
  ///
  /// What follows the value is not looked at, so that values without anything between them can be read one after the other.
  ///
  /// - Parameters:
  ///   - source: The bytes; positions below 2^32.
  ///   - range: The part to read; nil means all.
  ///   - rules: What is accepted.
  /// - Throws: The first fault that reading cannot go on after; the tree is empty then.
  public mutating func read(_ source: Span<UInt8>, in range: Range<Int>? = nil, rules: Rules = .logLine) throws(JSONError) -> Int {
    nodes.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    self.rules = rules
    let all = 0..<source.count
    let range = (range ?? all).clamped(to: all)
    guard range.upperBound <= Int(UInt32.max) else { throw JSONError(offset: range.lowerBound, reason: .tooLarge(limit: Int(UInt32.max))) }
    do {
      var position = range.lowerBound
      try readValue(source, &position, range.upperBound)
      return position
    } catch {
      nodes.removeAll(keepingCapacity: true)
      throw error
    }
  }

  /// Reads a text that is one value with nothing but white space around it.
  public mutating func readAll(_ source: Span<UInt8>, in range: Range<Int>? = nil, rules: Rules = .logLine) throws(JSONError) {
    let end = range?.upperBound ?? source.count
    var position = try read(source, in: range, rules: rules)
    skipWhiteSpace(source, &position, min(end, source.count))
    guard position >= min(end, source.count) else {
      nodes.removeAll(keepingCapacity: true)
      throw JSONError(offset: position, reason: .expectedEnd)
    }
  }
}

// MARK: - Reading

extension JSONTree {
  /// The walk over the text: a value, then whatever its container asks for, until no container is open.
  private mutating func readValue(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    var elements = 0
    while true {
      skipWhiteSpace(source, &position, end)
      elements += 1
      guard elements <= rules.elements else { throw JSONError(offset: position, reason: .tooManyElements(limit: rules.elements)) }
      switch try byte(source, position, end) {
      case UInt8(ascii: "{"):
        try openContainer(.object, &position)
        skipWhiteSpace(source, &position, end)
        if try byte(source, position, end) != UInt8(ascii: "}") {
          try readName(source, &position, end)
          continue
        }
      case UInt8(ascii: "["):
        try openContainer(.array, &position)
        skipWhiteSpace(source, &position, end)
        if try byte(source, position, end) != UInt8(ascii: "]") { continue }
      case UInt8(ascii: "\""): try readString(source, &position, end)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber(source, &position, end)
      case UInt8(ascii: "t"): try readLiteral("true", .true, source, &position, end)
      case UInt8(ascii: "f"): try readLiteral("false", .false, source, &position, end)
      case UInt8(ascii: "n"): try readLiteral("null", .null, source, &position, end)
      default: throw JSONError(offset: position, reason: .expectedValue)
      }
      guard try readSeparators(source, &position, end) else { return }
    }
  }

  /// Reads commas and closing brackets after a value. False when no container is open any more.
  private mutating func readSeparators(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) -> Bool {
    while let container = open.last {
      skipWhiteSpace(source, &position, end)
      let found = try byte(source, position, end)
      let isObject = nodes[Int(container)].kind == .object
      let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      if found == closing {
        position += 1
        closeContainer(at: position)
        continue
      }
      guard found == UInt8(ascii: ",") else {
        throw JSONError(offset: position, reason: isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket)
      }
      let comma = position
      position += 1
      skipWhiteSpace(source, &position, end)
      if try byte(source, position, end) == closing {
        try fault(JSONError(offset: comma, reason: .trailingComma))
        continue
      }
      if isObject { try readName(source, &position, end) }
      return true
    }
    return false
  }

  private mutating func openContainer(_ kind: Kind, _ position: inout Int) throws(JSONError) {
    guard open.count < rules.depth else { throw JSONError(offset: position, reason: .tooDeep(limit: rules.depth)) }
    open.append(UInt32(truncatingIfNeeded: nodes.count))
    append(kind, from: position, to: position)
    position += 1
  }

  private mutating func closeContainer(at position: Int) {
    guard let container = open.popLast() else { return }
    nodes[Int(container)].range.end = UInt32(truncatingIfNeeded: position)
    nodes[Int(container)].next = UInt32(truncatingIfNeeded: nodes.count)
  }

  /// Reads a member name and the colon after it.
  private mutating func readName(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    guard try byte(source, position, end) == UInt8(ascii: "\"") else { throw JSONError(offset: position, reason: .expectedName) }
    try readString(source, &position, end)
    skipWhiteSpace(source, &position, end)
    guard try byte(source, position, end) == UInt8(ascii: ":") else { throw JSONError(offset: position, reason: .expectedColon) }
    position += 1
  }

  private mutating func readLiteral(
    _ text: StaticString, _ kind: Kind, _ source: Span<UInt8>, _ position: inout Int, _ end: Int
  ) throws(JSONError) {
    let start = position
    for offset in 0..<text.utf8CodeUnitCount {
      guard start + offset < end else { throw JSONError(offset: end, reason: .endOfInput) }
      // A literal of this file: the pointer lives as long as the process, and `offset` is below its length.
      guard unsafe source[start + offset] == text.utf8Start[offset] else { throw JSONError(offset: start, reason: .expectedValue) }
    }
    position = start + text.utf8CodeUnitCount
    append(kind, from: start, to: position)
  }

  /// Adds a node whose subtree is itself; a container gets its ends when it is closed.
  mutating func append(_ kind: Kind, from start: Int, to end: Int, hasEscapes: Bool = false, hasInvalidUTF8: Bool = false) {
    let next = UInt32(truncatingIfNeeded: nodes.count + 1)
    nodes.append(Node(kind: kind, hasEscapes: hasEscapes, hasInvalidUTF8: hasInvalidUTF8, range: ByteRange(start, end), next: next))
  }

  /// Collects a fault that the rest of the text does not depend on, or throws it.
  mutating func fault(_ error: JSONError) throws(JSONError) {
    guard rules.collectsFaults, faults.count < Self.faultLimit else { throw error }
    faults.append(error)
  }

  @inline(__always)
  func byte(_ source: Span<UInt8>, _ position: Int, _ end: Int) throws(JSONError) -> UInt8 {
    guard position < end else { throw JSONError(offset: end, reason: .endOfInput) }
    return source[position]
  }

  @inline(__always)
  private func skipWhiteSpace(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end {
      switch source[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position += 1
      default: return
      }
    }
  }
}
