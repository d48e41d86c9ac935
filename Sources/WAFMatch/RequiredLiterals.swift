internal import WAFBase

/// Literals one of which every match of a pattern must contain.
///
/// They are in lower case, and the promise is about the value in lower case: where none of them occurs, the pattern does not match. One
/// answer serves patterns with and without the flag i, and a filter that knows one case only. On doubt there is no answer, and
/// the pattern has to be run.
public enum RequiredLiterals {
  /// The literals of a pattern, the hardest to meet that were found; nil when a match may contain none.
  ///
  ///     (?i)select\s+.*\s+union                   union
  ///     /\.(?:git|svn)/                          /.git/  /.svn/
  ///     [0-9]+ or a*                             nil
  public static func of(_ syntax: RegexSyntax) -> [[UInt8]]? { Language(syntax.root).required?.strings }

  /// The literal of a byte string that has to occur.
  ///
  /// - Returns: Nil for the empty string, which occurs everywhere.
  public static func of(_ needle: [UInt8]) -> [[UInt8]]? {
    needle.isEmpty ? nil : [needle.map(\.asciiLowercased)]
  }
}

/// What is known of the byte strings that a part of a pattern matches, all in lower case.
private struct Language {
  /// All of the strings, where they are few.
  var exact: LiteralSet?
  /// Strings one of which each of them begins with.
  var heads: LiteralSet
  /// Strings one of which each of them ends with.
  var tails: LiteralSet
  /// Strings one of which is in each of them; nil when nothing is known.
  var required: LiteralSet?

  /// All strings are known.
  init(exact: LiteralSet) {
    self.exact = exact
    heads = exact
    tails = exact
    required = exact.useful
  }

  /// Not all strings are known. What they begin and end with is also in them.
  init(heads: LiteralSet = .emptyString, tails: LiteralSet = .emptyString, required: LiteralSet? = nil) {
    self.heads = heads
    self.tails = tails
    self.required = LiteralSet.harder(required, LiteralSet.harder(heads.useful, tails.useful))
  }

  init(_ node: RegexNode) {
    switch node {
    case .byte(let set): self = LiteralSet(set).map(Language.init(exact:)) ?? Language()
    case .assertion: self.init(exact: .emptyString)
    case .sequence(let nodes): self.init(sequence: Self.parts(of: nodes))
    case .alternatives(let nodes): self.init(alternatives: nodes.map(Language.init))
    case .repetition(let node, let minimum, let maximum): self.init(repeating: Language(node), minimum: minimum, maximum: maximum)
    }
  }

  /// The parts of a sequence. Bytes in a row are one part: a pattern is mostly that, and joining byte by byte would make a set of each.
  private static func parts(of nodes: [RegexNode]) -> [Language] {
    var parts: [Language] = []
    var row: [UInt8] = []
    func endRow() {
      if !row.isEmpty { parts.append(Language(exact: LiteralSet(of: row))) }
      row.removeAll()
    }
    for node in nodes {
      if case .byte(let set) = node, let byte = set.onlyLetter {
        if row.count == LiteralSet.maximumLength { endRow() }
        row.append(byte)
      } else {
        endRow()
        parts.append(Language(node))
      }
    }
    endRow()
    return parts
  }

  /// One after the other: what a part ends with and the next one begins with join to longer strings.
  private init(sequence parts: [Language]) {
    var heads: LiteralSet?
    var joined = LiteralSet.emptyString
    var hardest: LiteralSet?
    for part in parts {
      if let exact = part.exact, let longer = joined.product(with: exact) {
        joined = longer
      } else {
        let complete = joined.product(with: part.heads) ?? joined
        heads = heads ?? complete
        hardest = LiteralSet.harder(LiteralSet.harder(hardest, complete.useful), part.required)
        joined = part.tails
      }
    }
    if let heads {
      self.init(heads: heads, tails: joined, required: hardest)
    } else {
      self.init(exact: joined)
    }
  }

  /// One of several: each has to give something, or there is nothing to ask for.
  private init(alternatives parts: [Language]) {
    func union(_ sets: [LiteralSet?]) -> LiteralSet? {
      sets.dropFirst().reduce(sets.first ?? nil) { all, set in all.flatMap { all in set.flatMap { all.union(with: $0) } } }
    }
    if let exact = union(parts.map(\.exact)) {
      self.init(exact: exact)
    } else {
      self.init(
        heads: union(parts.map(\.heads)) ?? .emptyString, tails: union(parts.map(\.tails)) ?? .emptyString,
        required: union(parts.map(\.required)))
    }
  }

  private init(repeating part: Language, minimum: Int, maximum: Int?) {
    // The strings of `minimum` times in a row; they are all there is, or what all there is begins and ends with.
    var row: LiteralSet? = .emptyString
    for _ in 0..<minimum {
      row = row.flatMap { row in part.exact.flatMap { row.product(with: $0) } }
      if row == nil { break }
    }
    if maximum == minimum, let row {
      self.init(exact: row)
    } else if minimum == 0, maximum == 1, let exact = part.exact?.union(with: .emptyString) {
      self.init(exact: exact)
    } else if minimum > 0 {
      self.init(heads: row ?? part.heads, tails: row ?? part.tails, required: part.required)
    } else {
      self.init()
    }
  }
}

/// A few distinct byte strings, in order of appearance.
private struct LiteralSet {
  private(set) var strings: [[UInt8]]

  static let emptyString = LiteralSet(strings: [[]])

  /// More alternatives than this cost a filter more than they save.
  private static let maximumCount = 24
  /// Longer strings are no rarer.
  static let maximumLength = 64
  /// A set of bytes with more members is no literal.
  private static let maximumChoices = 4

  private init(strings: [[UInt8]]) { self.strings = strings }

  /// One string, in lower case.
  init(of string: [UInt8]) { strings = [string] }

  /// The strings of one byte out of a set, in lower case; nil when there are too many. A set without members has no strings at all.
  init?(_ set: ByteSet) {
    guard set.count <= 2 * Self.maximumChoices else { return nil }
    var result = LiteralSet(strings: [])
    for byte in set.bytes { result.insert([byte.asciiLowercased]) }
    guard result.strings.count <= Self.maximumChoices else { return nil }
    self = result
  }

  /// Each string of this set with each of `other` behind it; nil when these are too many or too long.
  func product(with other: LiteralSet) -> LiteralSet? {
    guard strings.count * other.strings.count <= Self.maximumCount else { return nil }
    var result = LiteralSet(strings: [])
    for head in strings {
      for tail in other.strings {
        guard head.count + tail.count <= Self.maximumLength else { return nil }
        result.insert(head + tail)
      }
    }
    return result
  }

  /// The strings of both sets; nil when these are too many.
  func union(with other: LiteralSet) -> LiteralSet? {
    var result = self
    for string in other.strings { result.insert(string) }
    return result.strings.count <= Self.maximumCount ? result : nil
  }

  private mutating func insert(_ string: [UInt8]) {
    if !strings.contains(string) { strings.append(string) }
  }

  /// The set itself unless one of its strings is empty. Without strings there is no match at all; then it stays: nothing has to occur.
  var useful: LiteralSet? { strings.contains([]) ? nil : self }

  /// The set that fewer values meet.
  static func harder(_ first: LiteralSet?, _ second: LiteralSet?) -> LiteralSet? {
    guard let first else { return second }
    guard let second else { return first }
    return first.hardness < second.hardness ? second : first
  }

  /// The hardness of the easiest string, less a little for many. A single byte is next to nothing: no filter looks for it.
  private var hardness: Int {
    (strings.map { $0.count < 2 ? 0 : LiteralWindow.hardest(in: $0).hardness }.min() ?? .max / 2) - strings.count / 4
  }
}
