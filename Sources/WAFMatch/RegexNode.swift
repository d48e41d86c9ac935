/// A parsed pattern. Inline flags are resolved: what is left of `(?i)` is larger byte sets.
indirect enum RegexNode: Equatable, Sendable {
  /// One byte out of a set.
  case byte(ByteSet)
  /// A condition on the place, of no width.
  case assertion(Assertion)
  /// One after the other; without elements it matches the empty string.
  case sequence([RegexNode])
  /// One of several; at least two.
  case alternatives([RegexNode])
  /// A number of times; `maximum` nil means without bound.
  case repetition(RegexNode, minimum: Int, maximum: Int?)

  /// The zero-width assertions of RX-6.
  enum Assertion: Equatable, Sendable {
    /// `\A`, and `^` without the flag m.
    case start
    /// `^` with the flag m: also after a newline that is not the last byte.
    case lineStart
    /// `\z`.
    case end
    /// `\Z`, and `$` without the flag m: also before a newline that is the last byte.
    case endOrFinalNewline
    /// `$` with the flag m: also before any newline.
    case lineEnd
    /// `\b`.
    case wordBoundary
    /// `\B`.
    case noWordBoundary
  }
}

extension RegexNode {
  /// Whether an assertion in it looks at the byte behind its place.
  var looksAtWhatFollows: Bool {
    switch self {
    case .byte: false
    case .assertion(.start), .assertion(.lineStart): false
    case .assertion(.end), .assertion(.endOrFinalNewline), .assertion(.lineEnd), .assertion(.wordBoundary), .assertion(.noWordBoundary): true
    case .sequence(let nodes), .alternatives(let nodes): nodes.contains { $0.looksAtWhatFollows }
    case .repetition(let node, _, _): node.looksAtWhatFollows
    }
  }
}
