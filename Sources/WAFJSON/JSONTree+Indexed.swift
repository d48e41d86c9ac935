internal import WAFBase

// The fast way to a tree. simdjson finds the tokens, and `TokenWalk` takes what it knows for certain.

extension JSONTree {
  /// Bytes that have to stand after a text for `readIndexed`.
  public static let indexPadding = TokenIndex.padding

  /// Reads the first `count` bytes of `source` into the nodes that `readAll` makes with the rules of a log line, but faster; or not at all.
  ///
  /// - Parameters:
  ///   - source: The text, and at least `indexPadding` NUL bytes after it.
  ///   - count: Length of the text.
  /// - Returns: Whether it was read. If not, the tree is empty and `readAll` decides, which may well take the text.
  public mutating func readIndexed(_ source: Span<UInt8>, count: Int) -> Bool {
    nodes.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    rules = .logLine
    guard count < source.count, source[count] == 0 else { return false }
    let isRead = ownIndex().withTokens(of: source, count: count) { tokens in
      var isRead = false
      // Each node begins with a token of its own.
      nodes.append(addingCapacity: tokens.count) { nodes in
        var walk = TokenWalk(source)
        isRead = walk.read(tokens, source, into: &nodes)
      }
      return isRead
    }
    if !isRead { nodes.removeAll(keepingCapacity: true) }
    return isRead
  }

  /// The index of this tree alone: a copy of a tree gets its own.
  private mutating func ownIndex() -> TokenIndex {
    if isKnownUniquelyReferenced(&index), let index { return index }
    let fresh = TokenIndex()
    index = fresh
    return fresh
  }
}

/// The walk over the tokens of a text that makes the nodes of its tree.
///
///     {"a": [1, "x"]}
///     ^^  ^ ^^^ ^  ^^     tokens: brackets, colons, commas, opening quotes, first bytes of numbers and words
///
/// Strings are UTF-8 without control characters, or there would be no tokens. What stands between two tokens is the rest of the first one and white
/// space, so each token is checked up to the next one; the order of tokens is checked too, and with that the whole text. Whatever is not expected
/// here is not taken: faults of all kinds, but also fractions and exponents.
///
/// The tokens end with the length of the text, where a NUL byte stands. It is no token that is taken, so the walk ends there, and no index is
/// out of bounds. Leaving out the checks of indices was tried: it saves a tenth of the walk.
private struct TokenWalk {
  /// Number of the next token.
  private var token = 0
  /// Position of the first backslash that is not yet behind; beyond the text where there is none.
  private var backslash: Int
  /// Containers that are open.
  private var depth = 0

  init(_ source: Span<UInt8>) {
    backslash = source.firstIndex(of: UInt8(ascii: "\\")) ?? .max
  }

  /// Reads the text as one value; false where something is not taken.
  mutating func read(_ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>) -> Bool {
    readValue(tokens, source, into: &nodes) && token == tokens.count - 1
  }

  @inline(__always)
  private mutating func readValue(_ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>) -> Bool {
    let start = take(tokens)
    switch source[start] {
    case UInt8(ascii: "\""): return readString(start, tokens, source, into: &nodes)
    case UInt8(ascii: "{"): return readObject(start, tokens, source, into: &nodes)
    case UInt8(ascii: "["): return readArray(start, tokens, source, into: &nodes)
    case UInt8(ascii: "n"): return readLiteral("null", .null, start, tokens, source, into: &nodes)
    case UInt8(ascii: "t"): return readLiteral("true", .true, start, tokens, source, into: &nodes)
    case UInt8(ascii: "f"): return readLiteral("false", .false, start, tokens, source, into: &nodes)
    default: return readInteger(start, tokens, source, into: &nodes)
    }
  }

  // Objects and arrays have a function each, so that the processor learns separately what follows what in them; at most 128 are nested.

  /// Reads an object from its opening brace.
  private mutating func readObject(
    _ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>
  ) -> Bool {
    guard depth < JSONTree.Rules.logLine.depth else { return false }
    depth += 1
    let object = nodes.count
    nodes.append(JSONTree.Node(.object, start, start, next: 0))
    if source[Int(tokens[token])] == UInt8(ascii: "}") {
      close(object, tokens, in: &nodes)
      return true
    }
    while true {
      let name = take(tokens)
      guard source[name] == UInt8(ascii: "\""), readString(name, tokens, source, into: &nodes) else { return false }
      guard source[take(tokens)] == UInt8(ascii: ":"), readValue(tokens, source, into: &nodes) else { return false }
      let following = source[Int(tokens[token])]
      guard following == UInt8(ascii: ",") else {
        guard following == UInt8(ascii: "}") else { return false }
        close(object, tokens, in: &nodes)
        return true
      }
      token += 1
    }
  }

  /// Reads an array from its opening bracket.
  private mutating func readArray(
    _ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>
  ) -> Bool {
    guard depth < JSONTree.Rules.logLine.depth else { return false }
    depth += 1
    let array = nodes.count
    nodes.append(JSONTree.Node(.array, start, start, next: 0))
    if source[Int(tokens[token])] == UInt8(ascii: "]") {
      close(array, tokens, in: &nodes)
      return true
    }
    while true {
      guard readValue(tokens, source, into: &nodes) else { return false }
      let following = source[Int(tokens[token])]
      guard following == UInt8(ascii: ",") else {
        guard following == UInt8(ascii: "]") else { return false }
        close(array, tokens, in: &nodes)
        return true
      }
      token += 1
    }
  }

  /// Passes a closing bracket by, and gives the container its ends.
  @inline(__always)
  private mutating func close(_ container: Int, _ tokens: Span<UInt32>, in nodes: inout OutputSpan<JSONTree.Node>) {
    let next = UInt32(truncatingIfNeeded: nodes.count)
    nodes[container].range.end = UInt32(truncatingIfNeeded: take(tokens) + 1)
    nodes[container].next = next
    depth -= 1
  }

  /// Position of the next token, which is passed by.
  @inline(__always)
  private mutating func take(_ tokens: Span<UInt32>) -> Int {
    let position = Int(tokens[token])
    token += 1
    return position
  }
}

// MARK: - Values without parts

extension TokenWalk {
  /// Reads a string from its opening quote. Its closing quote is the last byte before the next token that is no white space.
  @inline(__always)
  private mutating func readString(
    _ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>
  ) -> Bool {
    var end = Int(tokens[token]) - 1
    while end > start, source[end].isJSONBlank { end -= 1 }
    guard end > start, source[end] == UInt8(ascii: "\"") else { return false }
    let hasEscapes = backslash < end
    if hasEscapes { guard skipEscapes(from: start, to: end, source) else { return false } }
    nodes.append(JSONTree.Node(.string, start + 1, end, hasEscapes: hasEscapes, next: UInt32(truncatingIfNeeded: nodes.count + 1)))
    return true
  }

  /// Passes the escape sequences of a string by; false where one is malformed.
  private mutating func skipEscapes(from start: Int, to end: Int, _ source: Span<UInt8>) -> Bool {
    while backslash < end {
      guard backslash > start else { return false }
      var next = backslash + 2
      switch source[backslash + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
        UInt8(ascii: "t"):
        guard next <= end else { return false }
      case UInt8(ascii: "u"):
        next += 4
        guard next <= end, (backslash + 2..<next).allSatisfy({ source[$0].hexDigitValue != nil }) else { return false }
      default: return false
      }
      backslash = source.firstIndex(of: UInt8(ascii: "\\"), from: next) ?? .max
    }
    return true
  }

  /// Reads a number without fraction and exponent.
  @inline(__always)
  private mutating func readInteger(
    _ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>, into nodes: inout OutputSpan<JSONTree.Node>
  ) -> Bool {
    let first = source[start] == UInt8(ascii: "-") ? start + 1 : start
    var end = first
    while source[end].isASCIIDigit { end += 1 }
    // A zero stands alone.
    guard end > first, end == first + 1 || source[first] != UInt8(ascii: "0") else { return false }
    guard end - start <= JSONTree.Rules.logLine.numberLength, isBlank(end, tokens, source) else { return false }
    nodes.append(JSONTree.Node(.number, start, end, next: UInt32(truncatingIfNeeded: nodes.count + 1)))
    return true
  }

  @inline(__always)
  private mutating func readLiteral(
    _ text: StaticString, _ kind: JSONTree.Kind, _ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>,
    into nodes: inout OutputSpan<JSONTree.Node>
  ) -> Bool {
    for offset in 0..<text.utf8CodeUnitCount {
      // A literal of this file: the pointer lives as long as the process, and `offset` is below its length. The text ends with NUL bytes,
      // which are not in it.
      guard unsafe source[start + offset] == text.utf8Start[offset] else { return false }
    }
    let end = start + text.utf8CodeUnitCount
    guard isBlank(end, tokens, source) else { return false }
    nodes.append(JSONTree.Node(kind, start, end, next: UInt32(truncatingIfNeeded: nodes.count + 1)))
    return true
  }

  /// Whether there is nothing but white space from `start` to the next token.
  @inline(__always)
  private func isBlank(_ start: Int, _ tokens: Span<UInt32>, _ source: Span<UInt8>) -> Bool {
    var position = start
    let end = Int(tokens[token])
    while position < end, source[position].isJSONBlank { position += 1 }
    return position == end
  }
}

extension JSONTree.Node {
  fileprivate init(_ kind: JSONTree.Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false, next: UInt32) {
    self.init(kind: kind, hasEscapes: hasEscapes, hasInvalidUTF8: false, range: ByteRange(start, end), next: next)
  }
}

extension UInt8 {
  fileprivate var isJSONBlank: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}
