internal import WAFBase

extension RegexParser {
  /// Reads a character class with its brackets. Under the flag i it holds both cases.
  mutating func parseClass() throws(RegexError) -> ByteSet {
    let start = index
    if endOfPOSIXClass() != nil { throw malformed("POSIX classes belong inside of a character class, such as [[:alpha:]]") }
    index += 1
    if has("[:<:]]") || has("[:>:]]") { throw RegexError(.unsupported, at: start, "[[:<:]] and [[:>:]] are not supported; write \\b") }
    let isNegated = skipClassStart()
    var members = ClassMembers(caseless: flags.caseless)
    var isInQuote = false
    var isFirst = true
    while let byte = peek() {
      // A closing bracket that comes first stands for itself.
      if !isInQuote, byte == UInt8(ascii: "]"), !isFirst {
        index += 1
        members.finish()
        return isNegated ? members.set.inverted : members.set
      }
      isFirst = false
      if has("\\E") {
        isInQuote = false
        index += 2
      } else if isInQuote {
        try addLiteral(byte, to: &members)
      } else if has("\\Q") {
        isInQuote = true
        index += 2
      } else if byte == UInt8(ascii: "["), let end = endOfPOSIXClass() {
        try addPOSIXClass(endingAt: end, to: &members)
      } else if byte == UInt8(ascii: "-"), members.openRange() {
        index += 1
      } else if byte == UInt8(ascii: "\\") {
        try addEscape(to: &members)
      } else {
        try addLiteral(byte, to: &members)
      }
    }
    throw RegexError(.malformed, at: start, "missing closing bracket of this character class")
  }

  /// Moves over `^` and whatever stands for nothing around it; returns whether there was one.
  private mutating func skipClassStart() -> Bool {
    var isNegated = false
    while true {
      if has("\\E") {
        index += 2
      } else if has("\\Q\\E") {
        index += 4
      } else if !isNegated, peek() == UInt8(ascii: "^") {
        isNegated = true
        index += 1
      } else {
        return isNegated
      }
    }
  }

  private mutating func addLiteral(_ byte: UInt8, to members: inout ClassMembers) throws(RegexError) {
    guard members.add(byte) else { throw malformed("this range of characters is out of order") }
    index += 1
  }

  private mutating func addEscape(to members: inout ClassMembers) throws(RegexError) {
    let start = index
    index += 1
    switch try parseEscape(from: start, inClass: true) {
    case .byte(let byte):
      guard members.add(byte) else { throw RegexError(.malformed, at: start, "this range of characters is out of order") }
    case .set(let set): try addSet(set, from: start, to: &members)
    case .assertion: throw RegexError(.malformed, at: start, "an assertion has no meaning in a character class")
    }
  }

  /// Adds what can be no bound of a range. PCRE2 refuses a hyphen next to it unless the hyphen is the first or last member.
  private func addSet(_ set: ByteSet, from start: Int, to members: inout ClassMembers) throws(RegexError) {
    let precedesHyphen = peek() == UInt8(ascii: "-") && peek(1) != nil && peek(1) != UInt8(ascii: "]")
    guard members.add(set), !precedesHyphen else { throw RegexError(.malformed, at: start, "a class of characters is no bound of a range") }
  }

  /// Position of the `:]` (or `.]`, `=]`) that ends the POSIX class which begins here; nil when none does.
  private func endOfPOSIXClass() -> Int? {
    guard let terminator = peek(1), terminator == UInt8(ascii: ":") || terminator == UInt8(ascii: ".") || terminator == UInt8(ascii: "=") else {
      return nil
    }
    var position = index + 2
    while position + 1 < pattern.count {
      let (byte, next) = (pattern[position], pattern[position + 1])
      if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "]") || next == UInt8(ascii: "\\") {
        position += 1
      } else if byte == UInt8(ascii: "]") || (byte == UInt8(ascii: "[") && next == terminator) {
        return nil
      } else if byte == terminator, next == UInt8(ascii: "]") {
        return position
      }
      position += 1
    }
    return nil
  }

  private mutating func addPOSIXClass(endingAt end: Int, to members: inout ClassMembers) throws(RegexError) {
    let start = index
    guard pattern[index + 1] == UInt8(ascii: ":") else { throw malformed("collating elements such as [.a.] are not supported") }
    index += 2
    let isNegated = peek() == UInt8(ascii: "^")
    if isNegated { index += 1 }
    guard var set = ByteSet(posixName: pattern[index..<max(index, end)]) else {
      throw RegexError(.malformed, at: start, "unknown name of a POSIX class")
    }
    // Under the flag i, PCRE2 reads "upper" and "lower" as "alpha".
    if flags.caseless, set == .upper || set == .lower { set = .letters }
    index = end + 2
    try addSet(isNegated ? set.inverted : set, from: start, to: &members)
  }
}

/// The members of a character class read so far, and whether the last one may be or is the start of a range.
private struct ClassMembers {
  private(set) var set = ByteSet.none
  private var last = Last.closed
  private let caseless: Bool

  private enum Last {
    /// No member, or one that starts no range.
    case closed
    /// A single byte.
    case single(UInt8)
    /// A single byte and a hyphen.
    case range(from: UInt8)
  }

  init(caseless: Bool) { self.caseless = caseless }

  /// Takes a hyphen for the sign of a range; false where it stands for itself.
  mutating func openRange() -> Bool {
    guard case .single(let byte) = last else { return false }
    last = .range(from: byte)
    return true
  }

  /// Adds a byte or the range that it ends; false when its bounds are out of order.
  mutating func add(_ byte: UInt8) -> Bool {
    if case .range(let low) = last {
      guard low <= byte else { return false }
      insert(ByteSet(low...byte))
      last = .closed
    } else {
      insert(ByteSet(byte...byte))
      last = .single(byte)
    }
    return true
  }

  /// Adds a class; false when it would end a range.
  mutating func add(_ other: ByteSet) -> Bool {
    if case .range = last { return false }
    set.formUnion(other)
    last = .closed
    return true
  }

  /// A range without an end: its hyphen stands for itself.
  mutating func finish() {
    if case .range = last { set.insert(UInt8(ascii: "-")) }
  }

  private mutating func insert(_ other: ByteSet) { set.formUnion(caseless ? other.caseFolded : other) }
}
