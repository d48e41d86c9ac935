internal import WAFBase

extension RegexParser {
  /// Reads a group; nil for a change of flags such as `(?i)`.
  mutating func parseGroup() throws(RegexError) -> RegexNode? {
    let start = index
    let outerFlags = flags
    guard try parseOpening() else { return nil }
    depth += 1
    guard depth <= Self.maximumDepth else {
      throw RegexError(.tooLarge, at: start, "groups are nested more than \(Self.maximumDepth) deep")
    }
    let content = try parseAlternatives()
    guard peek() == UInt8(ascii: ")") else { throw RegexError(.malformed, at: start, "missing closing parenthesis of this group") }
    index += 1
    depth -= 1
    flags = outerFlags
    return content
  }

  /// Reads what opens a group; false for a change of flags, which is then complete.
  private mutating func parseOpening() throws(RegexError) -> Bool {
    let start = index
    if peek(1) == UInt8(ascii: "*") { throw RegexError(.unsupported, at: start, "backtracking control verbs (*…) are not supported") }
    guard peek(1) == UInt8(ascii: "?") else {
      index += 1
      groupCount += 1
      return true
    }
    if let refusal = refusalOfOpening { throw refusal }
    switch (peek(2), peek(3)) {
    case (UInt8(ascii: "P"), UInt8(ascii: "<")): index += 4
    case (UInt8(ascii: "<"), _), (UInt8(ascii: "'"), _): index += 3
    default:
      index += 2
      return try parseFlags(from: start)
    }
    try skipGroupName(terminator: pattern[index - 1] == UInt8(ascii: "'") ? UInt8(ascii: "'") : UInt8(ascii: ">"))
    groupCount += 1
    return true
  }

  /// Why the group that opens here with `(?` is refused by its kind; nil when it is not (RX-4, RX-6).
  private var refusalOfOpening: RegexError? {
    guard let kind = peek(2) else { return nil }
    let next = peek(3)
    func unsupported(_ message: String) -> RegexError { RegexError(.unsupported, at: index, message) }
    let recursion = unsupported("recursion and calls of groups are not supported")
    switch kind {
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "*"): return RegexError(.lookaround, at: index, "look-ahead is not supported")
    case UInt8(ascii: "<"):
      guard next == UInt8(ascii: "=") || next == UInt8(ascii: "!") || next == UInt8(ascii: "*") else { return nil }
      return RegexError(.lookaround, at: index, "look-behind is not supported")
    case UInt8(ascii: ">"): return unsupported("atomic groups are not supported")
    case UInt8(ascii: "|"): return unsupported("groups that reset group numbers are not supported")
    case UInt8(ascii: "("): return unsupported("conditional groups are not supported")
    case UInt8(ascii: "C"): return unsupported("callouts are not supported")
    case UInt8(ascii: "{"), UInt8(ascii: "?"): return unsupported("embedded code is not supported")
    case UInt8(ascii: "R"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"): return recursion
    case UInt8(ascii: "-"): return next?.isASCIIDigit == true ? recursion : nil
    case UInt8(ascii: "P"):
      if next == UInt8(ascii: "=") { return unsupported("back-references are not supported") }
      return next == UInt8(ascii: ">") ? recursion : nil
    default: return nil
    }
  }

  /// Reads a group name and the byte that ends it. The name means nothing (RX-5).
  private mutating func skipGroupName(terminator: UInt8) throws(RegexError) {
    let start = index
    while let byte = peek(), byte.isASCIIWord { index += 1 }
    guard index > start, !pattern[start].isASCIIDigit else { throw RegexError(.malformed, at: start, "a group name starts with a letter or _") }
    guard index - start <= 32 else { throw RegexError(.tooLarge, at: start, "a group name has at most 32 letters") }
    guard peek() == terminator else { throw malformed("the group name is not closed") }
    guard groupNames.insert(Array(pattern[start..<index])).inserted else {
      throw RegexError(.malformed, at: start, "two groups have the same name")
    }
    index += 1
  }

  /// Reads the letters after `(?` up to `)`, which changes the flags for the rest of the group around it, or `:`, which opens a group.
  ///
  /// - Returns: Whether a group is open now.
  private mutating func parseFlags(from start: Int) throws(RegexError) -> Bool {
    var changed = flags
    var value = true
    while let byte = peek() {
      index += 1
      switch byte {
      case UInt8(ascii: ")"), UInt8(ascii: ":"):
        flags = changed
        return byte == UInt8(ascii: ":")
      case UInt8(ascii: "-") where value: value = false
      case UInt8(ascii: "i"): changed.caseless = value
      case UInt8(ascii: "m"): changed.multiline = value
      case UInt8(ascii: "s"): changed.dotAll = value
      case UInt8(ascii: "x") where peek() != UInt8(ascii: "x"): changed.extended = value
      default: throw RegexError(.unsupported, at: index - 1, "only the inline flags i, m, s and x are supported")
      }
    }
    throw RegexError(.malformed, at: start, "missing closing parenthesis of this group")
  }
}
