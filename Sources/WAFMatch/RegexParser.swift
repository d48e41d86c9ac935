internal import WAFBase

/// Reads the subset of PCRE that AWS WAF supports (RX-4 to RX-9), byte for byte as PCRE2 does.
///
/// PCRE2 says what a pattern means; this parser exists to refuse, with the place and in plain words, what AWS refuses, and to learn
/// which literals a pattern needs. Where PCRE2 has a quirk (what may stand between an item and its quantifier, what `\E` means in
/// a class) the parser has it too, and tests compare the two.
struct RegexParser {
  let pattern: [UInt8]
  var index = 0
  var flags = Flags()
  /// Whether the reader is between `\Q` and `\E`.
  var isQuoting = false
  /// Capturing groups opened so far; decides whether `\12` is a reference or an octal number.
  var groupCount = 0
  /// Names of groups opened so far.
  var groupNames: Set<[UInt8]> = []
  /// Positions of `{` that stand for themselves.
  var literalBraces: [Int] = []
  var depth = 0

  /// The inline flags; scoped to the group in which they are set.
  struct Flags {
    var caseless = false
    var multiline = false
    var dotAll = false
    var extended = false
  }

  /// The greatest bound in `{n,m}` (RX-8).
  static let maximumBound = 1000
  /// How deep groups may nest; the limit of PCRE2.
  static let maximumDepth = 250

  init(pattern: [UInt8]) { self.pattern = pattern }

  /// Reads the whole pattern.
  mutating func parse() throws(RegexError) -> RegexNode {
    let root = try parseAlternatives()
    guard index == pattern.count else { throw malformed("unmatched closing parenthesis") }
    return root
  }

  /// Reads up to the end or to the `)` that ends the group.
  mutating func parseAlternatives() throws(RegexError) -> RegexNode {
    var alternatives: [RegexNode] = []
    var sequence: [RegexNode] = []
    // Whether a quantifier may follow.
    var isRepeatable = false
    try skipInvisible()
    while let byte = peek(), isQuoting || byte != UInt8(ascii: ")") {
      if !isQuoting, byte == UInt8(ascii: "|") {
        index += 1
        alternatives.append(.joined(sequence))
        sequence = []
        isRepeatable = false
      } else if !isQuoting, let quantifier = try quantifier() {
        guard isRepeatable, let item = sequence.popLast() else { throw malformed("quantifier without anything to repeat") }
        index = quantifier.end
        try skipQuantifierSuffix()
        sequence.append(.repetition(item, minimum: quantifier.minimum, maximum: quantifier.maximum))
        isRepeatable = false
      } else {
        let item = try parseItem()
        if let item { sequence.append(item) }
        if case .assertion = item { isRepeatable = false } else { isRepeatable = item != nil }
      }
      try skipInvisible()
    }
    guard !alternatives.isEmpty else { return .joined(sequence) }
    return .alternatives(alternatives + [.joined(sequence)])
  }

  /// Reads one item without its quantifier; nil for a change of flags.
  private mutating func parseItem() throws(RegexError) -> RegexNode? {
    let byte = pattern[index]
    guard !isQuoting else { return literal(byte) }
    switch byte {
    case UInt8(ascii: "("): return try parseGroup()
    case UInt8(ascii: "["): return .byte(try parseClass())
    case UInt8(ascii: "\\"): return try parseEscapedItem()
    case UInt8(ascii: "."):
      index += 1
      return .byte(flags.dotAll ? .all : ByteSet.newline.inverted)
    case UInt8(ascii: "^"):
      index += 1
      return .assertion(flags.multiline ? .lineStart : .start)
    case UInt8(ascii: "$"):
      index += 1
      return .assertion(flags.multiline ? .lineEnd : .endOrFinalNewline)
    case UInt8(ascii: "{"):
      literalBraces.append(index)
      return literal(byte)
    default: return literal(byte)
    }
  }

  /// The next byte, standing for itself.
  private mutating func literal(_ byte: UInt8) -> RegexNode {
    index += 1
    return .byte(set(of: byte))
  }

  private mutating func parseEscapedItem() throws(RegexError) -> RegexNode {
    let start = index
    index += 1
    switch try parseEscape(from: start, inClass: false) {
    case .byte(let byte): return .byte(set(of: byte))
    case .set(let set): return .byte(set)
    case .assertion(let assertion): return .assertion(assertion)
    }
  }

  /// One byte under the current flags.
  func set(of byte: UInt8) -> ByteSet {
    let set = ByteSet(byte...byte)
    return flags.caseless ? set.caseFolded : set
  }
}

// MARK: - Reading

extension RegexParser {
  /// The byte `distance` further on; nil beyond the end.
  func peek(_ distance: Int = 0) -> UInt8? {
    index + distance < pattern.count ? pattern[index + distance] : nil
  }

  /// Whether `text` comes next.
  func has(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard pattern.count - index >= length else { return false }
    for position in 0..<length {
      // A static string with pointer representation has `length` readable bytes.
      guard unsafe pattern[index + position] == text.utf8Start[position] else { return false }
    }
    return true
  }

  /// Moves over what stands for nothing: comments, `\E`, an opening `\Q`, and the white space of the flag x.
  ///
  /// It may stand between an item and its quantifier, and between a quantifier and the `?` that makes it lazy.
  mutating func skipInvisible() throws(RegexError) {
    while let byte = peek() {
      if isQuoting {
        guard has("\\E") else { return }
        isQuoting = false
        index += 2
      } else if has("\\E") {
        index += 2
      } else if has("\\Q") {
        isQuoting = true
        index += 2
      } else if has("(?#") {
        guard let end = pattern[index...].firstIndex(of: UInt8(ascii: ")")) else { throw malformed("missing closing parenthesis of this comment") }
        index = end + 1
      } else if flags.extended, ByteSet.space.contains(byte) || byte == 0x85 {
        // PCRE2 skips the next-line character of Latin-1 although other bytes above 7f are plain; so it does within UTF-8 sequences.
        index += 1
      } else if flags.extended, byte == UInt8(ascii: "#") {
        index = pattern[index...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? pattern.count
      } else {
        return
      }
    }
  }

  /// The error for what is no regular expression at all, at the current place.
  func malformed(_ message: String) -> RegexError { RegexError(.malformed, at: index, message) }
}

extension RegexNode {
  /// The elements one after the other; an only one stays as it is.
  static func joined(_ elements: [RegexNode]) -> RegexNode {
    elements.count == 1 ? elements[0] : .sequence(elements)
  }
}
