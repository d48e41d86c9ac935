@testable import WAFMatch

/// Matches a parsed pattern by following all ways at once: slow, plain, and without PCRE2. The oracle for the parser.
struct NodeMatcher {
  let value: [UInt8]

  /// Whether `node` matches somewhere in the value.
  func isFound(_ node: RegexNode) -> Bool { !ends(of: node, from: Set(0...value.count)).isEmpty }

  /// Where a match of `node` can end that begins at one of `starts`.
  private func ends(of node: RegexNode, from starts: Set<Int>) -> Set<Int> {
    switch node {
    case .byte(let set): return Set(starts.filter { $0 < value.count && set.contains(value[$0]) }.map { $0 + 1 })
    case .assertion(let assertion): return starts.filter { holds(assertion, at: $0) }
    case .sequence(let nodes): return nodes.reduce(starts) { ends(of: $1, from: $0) }
    case .alternatives(let nodes): return nodes.reduce(into: []) { $0.formUnion(ends(of: $1, from: starts)) }
    case .repetition(let node, let minimum, let maximum):
      var current = starts
      for _ in 0..<minimum { current = ends(of: node, from: current) }
      var all = current
      for _ in minimum..<(maximum ?? minimum + value.count + 1) {
        current = ends(of: node, from: current)
        if current.isSubset(of: all) { break }
        all.formUnion(current)
      }
      return all
    }
  }

  private func holds(_ assertion: RegexNode.Assertion, at place: Int) -> Bool {
    let newline = UInt8(ascii: "\n")
    switch assertion {
    case .start: return place == 0
    case .lineStart: return place == 0 || (place < value.count && value[place - 1] == newline)
    case .end: return place == value.count
    case .endOrFinalNewline: return place == value.count || (place == value.count - 1 && value[place] == newline)
    case .lineEnd: return place == value.count || value[place] == newline
    case .wordBoundary: return isWord(place - 1) != isWord(place)
    case .noWordBoundary: return isWord(place - 1) == isWord(place)
    }
  }

  private func isWord(_ place: Int) -> Bool { value.indices.contains(place) && ByteSet.word.contains(value[place]) }
}
