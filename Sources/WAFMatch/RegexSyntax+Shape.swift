internal import WAFBase

// What can be said of a pattern by looking at it. All of it is on the safe side: on doubt nothing is found.

extension RegexSyntax {
  /// Whether some string made of these bytes alone matches.
  ///
  /// Assertions are taken to hold, so true means "perhaps".
  package func canMatch(with bytes: ByteSet) -> Bool { root.canMatch(with: bytes) }

  /// Whether every value matches, the empty one too.
  package var matchesEverything: Bool {
    // An assertion holds at some place of every value, but two need not hold at the same one.
    let assertions = root.assertions
    return root.isNullable && assertions.count <= 1 && !assertions.contains(.wordBoundary) && !assertions.contains(.noWordBoundary)
  }

  /// Whether every value that begins with `byte` matches.
  package func matchesEverything(beginningWith byte: UInt8) -> Bool {
    let nodes = root.elements
    let rest = nodes.dropFirst(nodes.first?.isStart == true ? 1 : 0)
    guard case .byte(let set) = rest.first, set.contains(byte) else { return false }
    return rest.dropFirst().allSatisfy { $0.isNullable && $0.assertions.isEmpty }
  }

  /// The string that the whole pattern stands for, without its anchors; nil for a pattern that is more than a string.
  package var literal: RegexLiteral? {
    let nodes = root.elements
    let (isAtStart, isAtEnd) = (nodes.first?.isStart == true, nodes.last?.isEnd == true)
    var bytes: [UInt8] = []
    for node in nodes.dropFirst(isAtStart ? 1 : 0).dropLast(isAtEnd ? 1 : 0) {
      guard case .byte(let set) = node, set.count == 1 else { return nil }
      bytes += set.bytes
    }
    return bytes.isEmpty ? nil : RegexLiteral(bytes: bytes, isAnchoredAtStart: isAtStart, isAnchoredAtEnd: isAtEnd)
  }

  /// Whether every match starts at the beginning of the value.
  package var isAnchoredAtStart: Bool { root.isAnchored(\.first, by: \.isStart) }

  /// Whether every match ends at the end of the value, or before a newline at its end.
  package var isAnchoredAtEnd: Bool { root.isAnchored(\.last, by: \.isEnd) }

  /// A `.` between two words of two letters and more, as in `example.com`; nil where there is none. The words are in lower case.
  package var bareDot: (before: String, after: String)? { root.bareDot }

  /// Whether something repeated without bound holds a repetition without bound, such that one string splits in many ways, as in `(a+)+`.
  ///
  /// `(/[a-z]+)*` is none: each round begins with a byte that nothing else in it can take.
  package var hasAmbiguousRepetition: Bool { root.hasAmbiguousRepetition }
}

/// A pattern that is nothing but a string.
package struct RegexLiteral: Equatable, Sendable {
  /// The string.
  package var bytes: [UInt8]
  /// Whether the match has to be at the beginning of the value.
  package var isAnchoredAtStart: Bool
  /// Whether the match has to be at its end.
  package var isAnchoredAtEnd: Bool
}

extension RegexNode {
  /// What stands one after the other.
  fileprivate var elements: [RegexNode] {
    if case .sequence(let nodes) = self { return nodes }
    return [self]
  }

  fileprivate var isStart: Bool { self == .assertion(.start) }
  fileprivate var isEnd: Bool { self == .assertion(.end) || self == .assertion(.endOrFinalNewline) }

  fileprivate func canMatch(with bytes: ByteSet) -> Bool {
    switch self {
    case .byte(let set): set.overlaps(bytes)
    case .assertion: true
    case .sequence(let nodes): nodes.allSatisfy { $0.canMatch(with: bytes) }
    case .alternatives(let nodes): nodes.contains { $0.canMatch(with: bytes) }
    case .repetition(let node, let minimum, _): minimum == 0 || node.canMatch(with: bytes)
    }
  }

  /// Its assertions, wherever they stand.
  fileprivate var assertions: [Assertion] {
    switch self {
    case .byte: []
    case .assertion(let assertion): [assertion]
    case .sequence(let nodes), .alternatives(let nodes): nodes.flatMap(\.assertions)
    case .repetition(let node, _, _): node.assertions
    }
  }

  /// Whether every alternative has such an assertion at one of its ends.
  fileprivate func isAnchored(_ end: (([RegexNode]) -> RegexNode?), by isAnchor: (RegexNode) -> Bool) -> Bool {
    switch self {
    case .assertion: isAnchor(self)
    case .sequence(let nodes): end(nodes)?.isAnchored(end, by: isAnchor) ?? false
    case .alternatives(let nodes): nodes.allSatisfy { $0.isAnchored(end, by: isAnchor) }
    case .byte, .repetition: false
    }
  }

  fileprivate var bareDot: (before: String, after: String)? {
    switch self {
    case .byte, .assertion: return nil
    case .alternatives(let nodes):
      for node in nodes { if let found = node.bareDot { return found } }
      return nil
    case .repetition(let node, _, _): return node.bareDot
    case .sequence(let nodes):
      let letters = nodes.map(\.hostLetter)
      for (index, node) in nodes.enumerated() {
        if case .byte(let set) = node, set == ByteSet.newline.inverted || set == .all {
          let before = letters[..<index].reversed().prefix { $0 != nil }.reversed().compactMap { $0 }
          let after = letters[(index + 1)...].prefix { $0 != nil }.compactMap { $0 }
          if before.count >= 2, after.count >= 2 { return (String(decoding: before, as: UTF8.self), String(decoding: after, as: UTF8.self)) }
        } else if let found = node.bareDot {
          return found
        }
      }
      return nil
    }
  }

  /// The letter, digit or hyphen that this stands for, in either case; nil for anything else.
  private var hostLetter: UInt8? {
    guard case .byte(let set) = self, let letter = set.onlyLetter, letter.isASCIILetter || letter.isASCIIDigit || letter == UInt8(ascii: "-") else {
      return nil
    }
    return letter
  }
}
