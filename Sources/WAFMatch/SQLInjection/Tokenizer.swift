internal import WAFBase

extension SQLInjection {
  /// Cuts a value into tokens, in one context. It looks at no byte more than a few times, so all of them take linear time.
  ///
  /// Each method begins at `position`, moves it behind what it takes, and gives the token.
  struct Tokenizer: ~Copyable {
    let context: Context
    /// At hand, since getting at what is made at first use takes as long as looking up a word.
    let tables: SQLTables
    /// Where the next token begins.
    var position = 0
    /// How many tokens there were.
    private(set) var tokenCount = 0
    /// Whether something came up that the other style of comments reads otherwise: `--` before other than white space, or `#`.
    var dependsOnStyle = false

    init(_ context: Context, _ tables: SQLTables) {
      self.context = context
      self.tables = tables
    }

    /// The next token; nil at the end.
    mutating func next(in value: Span<UInt8>) -> Token? {
      if position == 0, tokenCount == 0, let quote = context.quoteByte {
        guard !value.isEmpty else { return nil }
        tokenCount = 1
        return string(in: value, endedBy: quote, openedBy: 0)
      }
      while position < value.count {
        if let token = token(in: value) {
          tokenCount &+= 1
          return token
        }
      }
      return nil
    }

    /// The token at `position`; nil where there is white space, which it passes.
    private mutating func token(in value: Span<UInt8>) -> Token? {
      switch value[position] {
      case 0x00...0x20, 0x7f, 0xa0:
        position += 1
        return nil
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        position += 1
        return string(in: value, endedBy: value[position - 1], openedBy: value[position - 1])
      case UInt8(ascii: "#"): return hash(in: value)
      case UInt8(ascii: "$"): return dollar(in: value)
      case UInt8(ascii: "("): return single(.leftParenthesis)
      case UInt8(ascii: ")"): return single(.rightParenthesis)
      case UInt8(ascii: ","): return single(.comma)
      case UInt8(ascii: ";"): return single(.semicolon)
      case UInt8(ascii: "{"): return single(.leftBrace)
      case UInt8(ascii: "}"): return single(.rightBrace)
      case UInt8(ascii: "?"), UInt8(ascii: "]"): return single(.unknown)
      case UInt8(ascii: "-"): return dash(in: value)
      case UInt8(ascii: "/"): return slash(in: value)
      case UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "~"): return single(.operator)
      case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: ">"),
        UInt8(ascii: "|"):
        return symbols(in: value)
      case UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"): return number(in: value)
      case UInt8(ascii: "@"): return variable(in: value)
      case UInt8(ascii: "["): return bracketedWord(in: value)
      case UInt8(ascii: "\\"): return backslash(in: value)
      case UInt8(ascii: "`"): return tickedWord(in: value)
      case UInt8(ascii: "B"), UInt8(ascii: "b"): return digits(in: value, base: 2) ?? word(in: value)
      case UInt8(ascii: "X"), UInt8(ascii: "x"): return digits(in: value, base: 16) ?? word(in: value)
      case UInt8(ascii: "E"), UInt8(ascii: "e"): return escapedString(in: value) ?? word(in: value)
      case UInt8(ascii: "N"), UInt8(ascii: "n"): return escapedString(in: value) ?? delimitedString(in: value, from: 1) ?? word(in: value)
      case UInt8(ascii: "Q"), UInt8(ascii: "q"): return delimitedString(in: value, from: 0) ?? word(in: value)
      case UInt8(ascii: "U"), UInt8(ascii: "u"): return unicodeString(in: value) ?? word(in: value)
      default: return word(in: value)
      }
    }

    // MARK: Operators

    /// A token of one byte.
    @inline(__always)
    mutating func single(_ kind: TokenKind) -> Token {
      position += 1
      return Token(kind, at: position - 1, count: 1)
    }

    /// An operator of up to three bytes.
    private mutating func symbols(in value: Span<UInt8>) -> Token {
      let start = position
      guard start + 1 < value.count else { return single(.operator) }
      if start + 2 < value.count, value[start] == UInt8(ascii: "<"), value[start + 1] == UInt8(ascii: "="), value[start + 2] == UInt8(ascii: ">") {
        position += 3
        return Token(.operator, at: start, count: 3)
      }
      if let kind = tables.words.kind(start..<start + 2, in: value) {
        position += 2
        return Token(kind, at: start, count: 2)
      }
      return single(value[start] == UInt8(ascii: ":") ? .colon : .operator)
    }

    private mutating func backslash(in value: Span<UInt8>) -> Token {
      // MySQL reads \N as NULL.
      guard position + 1 < value.count, value[position + 1] == UInt8(ascii: "N") else { return single(.backslash) }
      position += 2
      return Token(.number, at: position - 2, count: 2)
    }

    // MARK: Comments

    private mutating func hash(in value: Span<UInt8>) -> Token {
      dependsOnStyle = true
      return context.comments == .mySQL ? lineComment(in: value) : single(.operator)
    }

    private mutating func dash(in value: Span<UInt8>) -> Token {
      guard position + 1 < value.count, value[position + 1] == UInt8(ascii: "-") else { return single(.operator) }
      if position + 2 == value.count || value[position + 2].isSQLSpace { return lineComment(in: value) }
      guard context.comments == .ansi else { return single(.operator) }
      dependsOnStyle = true
      return lineComment(in: value)
    }

    private mutating func lineComment(in value: Span<UInt8>) -> Token {
      let start = position
      let end = value.firstIndex(of: UInt8(ascii: "\n"), from: start)
      position = end.map { $0 + 1 } ?? value.count
      return Token(.comment, at: start, count: (end ?? value.count) - start)
    }

    private mutating func slash(in value: Span<UInt8>) -> Token {
      let start = position
      guard start + 1 < value.count, value[start + 1] == UInt8(ascii: "*") else { return single(.operator) }
      let end = ByteSearch.commentEnd(in: value, from: start + 2)
      position = end ?? value.count
      // PostgreSQL nests comments, and MySQL executes those that begin with an exclamation mark.
      let isNested = end.map { ByteSearch.commentStart(in: value, from: start + 2, to: $0) } ?? false
      let isExecuted = start + 2 < value.count && value[start + 2] == UInt8(ascii: "!")
      return Token(isNested || isExecuted ? .evil : .comment, at: start, count: position - start)
    }
  }
}

extension UInt8 {
  /// Whether a word or a dash ends before this byte as before white space.
  @inline(__always)
  var isSQLSpace: Bool { self == 0x20 || self == 0 || self == 0xa0 || self &- 9 < 5 }
}

extension ByteSearch {
  /// Where `*/` ends, searched from `start`; nil where there is none.
  static func commentEnd(in value: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while let star = value.firstIndex(of: UInt8(ascii: "*"), from: index) {
      if star + 1 < value.count, value[star + 1] == UInt8(ascii: "/") { return star + 2 }
      index = star + 1
    }
    return nil
  }

  /// Whether `/*` begins in `value[start..<end]` before its last byte.
  fileprivate static func commentStart(in value: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var index = start
    while let slash = value.firstIndex(of: UInt8(ascii: "/"), from: index), slash + 1 < end {
      if value[slash + 1] == UInt8(ascii: "*") { return true }
      index = slash + 1
    }
    return false
  }
}
