/// The regular expressions that AWS WAF accepts: PCRE without what an automaton cannot do (RX-4 to RX-9).
public struct RegexSyntax: Sendable {
  /// The pattern as PCRE2 is to read it: a `{` that stands for itself is escaped, since versions differ in what counts as bounds.
  let portablePattern: [UInt8]
  /// The parsed pattern.
  let root: RegexNode
  /// Where a backslash was put in, as positions in the pattern as written.
  private let insertions: [Int]

  /// Reads a pattern. Its length is not limited here.
  ///
  /// - Throws: What AWS WAF does not support or what is no regular expression, and where.
  public init(_ pattern: [UInt8]) throws(RegexError) {
    var parser = RegexParser(pattern: pattern)
    root = try parser.parse()
    insertions = parser.literalBraces
    var portable: [UInt8] = []
    portable.reserveCapacity(pattern.count + insertions.count)
    var copied = 0
    for position in insertions {
      portable += pattern[copied..<position]
      portable.append(UInt8(ascii: "\\"))
      copied = position
    }
    portablePattern = portable + pattern[copied...]
  }

  /// Whether a match can depend on what follows it, because of `$`, `\z`, `\Z`, `\b` or `\B`.
  ///
  /// Where this is false, what matches in the first bytes of a value matches in the whole value.
  public var looksAtWhatFollows: Bool { root.looksAtWhatFollows }

  /// The position in the pattern as written for a position in `portablePattern`.
  func originalOffset(_ offset: Int) -> Int {
    var original = offset
    for (number, position) in insertions.enumerated() where position + number < offset { original -= 1 }
    return original
  }
}
