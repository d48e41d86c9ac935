internal import WAFBase

extension SQLInjection {
  /// Tokens of one reading while they are folded.
  ///
  /// Only the last two or three of the tokens that are kept are looked at: those from `left` on. Where they say no more than one of them
  /// would, as in `1 + 1` or `name . name`, they become that one, and folding begins again at the first token. Where not, the leftmost of
  /// them stays and the next are looked at. It ends with five that stay, or at the end of the value:
  ///
  ///     1 + 2 * (3) OR a.b = c     tokens   1 o 1 …    →  1
  ///                                         1 o ( 1 )  →  1
  ///                                         1 & n . n  →  1 & n
  struct Folding: ~Copyable {
    /// The tokens kept are the first ones; one or two more help to tell what the last one is.
    private let tokens: TokenMemory
    private(set) var count = 0
    private(set) var tokenizer: Tokenizer
    /// The first token that may be folded with its successors.
    private var left = 0
    /// Whether the tokenizer may have another token.
    private var hasMore = true
    /// How often tokens were looked at to fold them.
    private(set) var rounds = 0
    /// Whether there was an empty name in braces, a way around filters that MySQL allows.
    private(set) var holdsEmptyBraces = false
    /// A comment behind the last token kept.
    private var trailingComment: Token?

    /// A token that was kept.
    @inline(__always)
    subscript(index: Int) -> Token { tokens[index] }

    /// The most tokens that are kept.
    static var limit: Int { 5 }

    /// Folds `value`, read in `context`, in `memory`, which is overwritten.
    init(_ value: Span<UInt8>, in context: Context, using memory: TokenMemory, _ tables: SQLTables) {
      tokens = memory
      tokenizer = Tokenizer(context, tables)
      guard let first = firstToken(of: value) else { return }
      tokens[0] = first
      count = 1
      fold(value)
      count = left
      if count < Self.limit, let trailingComment {
        tokens[count] = trailingComment
        count += 1
      }
      count = min(count, Self.limit)
    }

    /// Comments, opening parentheses, types and signs at the beginning say nothing; nil where there is nothing else.
    private mutating func firstToken(of value: Span<UInt8>) -> Token? {
      while let token = tokenizer.next(in: value) {
        switch token.kind {
        case .comment, .leftParenthesis, .type: continue
        default: if !token.isUnary(in: value) { return token }
        }
      }
      return nil
    }

    private mutating func fold(_ value: Span<UInt8>) {
      while true {
        rounds &+= 1
        if count >= Self.limit { shortenFull() }
        guard hasMore, left < Self.limit else { break }
        read(value, upTo: 2)
        guard count - left >= 2 else {
          left = count
          continue
        }
        if foldPair(value) { continue }
        read(value, upTo: 3)
        guard count - left >= 3 else {
          left = count
          continue
        }
        if foldTriple(value) { continue }
        left += 1
      }
      left = count
    }

    /// Reads tokens until there are `wanted` from `left` on. Comments are passed, but a last one is noted.
    private mutating func read(_ value: Span<UInt8>, upTo wanted: Int) {
      while hasMore, count <= Self.limit, count - left < wanted {
        guard let token = tokenizer.next(in: value) else {
          hasMore = false
          return
        }
        if token.kind == .comment {
          trailingComment = token
        } else {
          trailingComment = nil
          tokens[count] = token
          count += 1
        }
      }
    }

    /// Five tokens that are a calculation or the middle of one: their first says as much.
    private mutating func shortenFull() {
      switch (tokens[0].kind, tokens[1].kind, tokens[2].kind, tokens[3].kind, tokens[4].kind) {
      case (.number, .operator, .leftParenthesis, .number, .rightParenthesis), (.number, .comma, .leftParenthesis, .number, .rightParenthesis),
        (.word, .operator, .leftParenthesis, .number, .rightParenthesis), (.word, .operator, .leftParenthesis, .word, .rightParenthesis),
        (.number, .rightParenthesis, .comma, .leftParenthesis, .number), (.word, .rightParenthesis, .operator, .leftParenthesis, .word):
        if count > Self.limit {
          tokens[1] = tokens[Self.limit]
          count = 2
        } else {
          count = 1
        }
        left = 0
      default: break
      }
    }

    // MARK: Changes

    /// Drops the last `dropped` tokens and goes on at `next`. Returns true, as a fold.
    private mutating func drop(_ dropped: Int, next: Int = 0) -> Bool {
      count = max(count - dropped, 0)
      left = max(next, 0)
      return true
    }

    /// Drops the token at `left + offset`, of which the next takes the place, and then as many as `dropped`.
    private mutating func replace(_ offset: Int, dropping dropped: Int = 1) -> Bool {
      tokens[left + offset] = tokens[left + offset + 1]
      return drop(dropped)
    }

    // MARK: Two tokens

    /// Folds the two tokens from `left` on. Returns whether that changed anything.
    private mutating func foldPair(_ value: Span<UInt8>) -> Bool {
      let (first, second) = (tokens[left], tokens[left + 1])
      switch (first.kind, second.kind) {
      case (.string, .string), (.semicolon, .semicolon): return drop(1, next: left)
      case (.operator, .type), (.logic, .type): return drop(1)
      case (.operator, .operator), (.logic, .operator): if second.isUnary(in: value) { return drop(1) }
      case (.leftParenthesis, .operator): if second.isUnary(in: value) { return drop(1, next: left - 1) }
      default: break
      }
      if let phrase = phrase(first, second, in: value) {
        tokens[left] = phrase
        return drop(1, next: left - 1)
      }
      switch (first.kind, second.kind) {
      case (.semicolon, .function):
        // A function elsewhere, IF behind a semicolon is a statement of Transact-SQL.
        guard second.begins(with: "IF", in: value) || second.phraseBegins(with: "IF") else { return false }
        tokens[left + 1].kind = .statement
        return true
      case (.word, .leftParenthesis), (.variable, .leftParenthesis):
        guard first.namesFunction(in: value) else { return false }
        tokens[left].kind = .function
        return true
      case (.keyword, _) where first.isMembership(in: value):
        tokens[left].kind = second.kind == .leftParenthesis ? .operator : .word
        return true
      case (.operator, _) where first.isComparisonWord(in: value):
        if second.kind == .leftParenthesis { tokens[left].kind = .function }
        return false
      case (.type, .word), (.type, .number), (.type, .type), (.type, .leftParenthesis), (.type, .function), (.type, .variable), (.type, .string):
        return replace(0)
      case (.collation, .word):
        // Names of collations have underscores.
        if second.contains(UInt8(ascii: "_"), in: value) {
          tokens[left + 1].kind = .type
          left = 0
        }
        return false
      case (.backslash, _):
        guard second.isArithmetic(in: value) else { return replace(0) }
        tokens[left].kind = .number
        left = 0
        return true
      case (.leftParenthesis, .leftParenthesis), (.rightParenthesis, .rightParenthesis): return drop(1)
      case (.leftBrace, .word):
        // A name in braces is ODBC's.
        guard second.count == 0 else { return drop(2) }
        holdsEmptyBraces = true
        hasMore = false
        return drop(0)
      case (_, .rightBrace): return drop(1)
      default: return false
      }
    }

    /// The phrase that two tokens make together, such as `UNION ALL`.
    private func phrase(_ first: Token, _ second: Token, in value: Span<UInt8>) -> Token? {
      guard first.kind.beginsPhrase, second.kind.beginsPhrase || second.kind == .logic else { return nil }
      let words = tokenizer.tables.words
      let count = Int(first.count) + 1 + Int(second.count)
      guard count <= Token.longestText, first.count > 0, second.count > 0,
        words.mayBePhrase(first.byte(0, in: value, words), first.count, second.byte(0, in: value, words), second.count)
      else { return nil }
      var text = InlineArray<32, UInt8>(repeating: 0)
      var hash = WordTable.Hash()
      for index in 0..<count {
        let offset = index - Int(first.count)
        let byte = offset < 0 ? first.byte(index, in: value, words) : offset == 0 ? UInt8(ascii: " ") : second.byte(offset - 1, in: value, words)
        text[index] = byte
        hash.add(byte)
      }
      guard let entry = words.find(hash, count: count, byteAt: { text[$0] }) else { return nil }
      var phrase = first
      phrase.kind = words.kind(of: entry)
      phrase.count = UInt8(count)
      phrase.phrase = Int16(entry)
      return phrase
    }

    // MARK: Three tokens

    /// Folds the three tokens from `left` on. Returns whether that changed anything.
    private mutating func foldTriple(_ value: Span<UInt8>) -> Bool {
      let (first, second, third) = (tokens[left], tokens[left + 1], tokens[left + 2])
      switch (first.kind, second.kind, third.kind) {
      case (.number, .operator, .number), (.logic, _, .logic), (.variable, .operator, .variable), (.variable, .operator, .number),
        (.variable, .operator, .word), (.word, .operator, .number), (.word, .operator, .word), (.number, .operator, .word):
        return drop(2)
      case (.operator, .leftParenthesis, .operator): return false
      case (.operator, _, .operator): return drop(2)
      case (.word, .operator, .type), (.number, .operator, .type), (.variable, .operator, .type), (.string, .operator, .type):
        return second.isSpelled("::", in: value) ? drop(2) : false
      case (.word, .comma, .word), (.word, .comma, .number), (.word, .comma, .string), (.word, .comma, .variable), (.number, .comma, .word),
        (.number, .comma, .number), (.number, .comma, .string), (.number, .comma, .variable), (.string, .comma, .word), (.string, .comma, .number),
        (.string, .comma, .string), (.string, .comma, .variable), (.variable, .comma, .word), (.variable, .comma, .number),
        (.variable, .comma, .string), (.variable, .comma, .variable):
        return drop(2)
      case (.expression, .operator, .leftParenthesis), (.grouping, .operator, .leftParenthesis):
        return second.isUnary(in: value) ? replace(1) : false
      case (.keyword, .operator, .number), (.keyword, .operator, .word), (.keyword, .operator, .variable), (.keyword, .operator, .string),
        (.keyword, .operator, .function), (.expression, .operator, .number), (.expression, .operator, .word), (.expression, .operator, .variable),
        (.expression, .operator, .string), (.expression, .operator, .function), (.grouping, .operator, .number), (.grouping, .operator, .word),
        (.grouping, .operator, .variable), (.grouping, .operator, .string), (.grouping, .operator, .function):
        return second.isUnary(in: value) ? replace(1) : false
      case (.comma, .operator, .number), (.comma, .operator, .word), (.comma, .operator, .variable), (.comma, .operator, .string):
        // What came before the comma is read again with what comes after the sign.
        return second.isUnary(in: value) ? replace(1, dropping: 3) : false
      case (.comma, .operator, .function), (.comma, .operator, .leftParenthesis): return second.isUnary(in: value) ? replace(1) : false
      case (.word, .dot, .word): return drop(2)
      case (.expression, .dot, .word): return replace(1)
      case (.function, .leftParenthesis, .rightParenthesis): return false
      case (.function, .leftParenthesis, _):
        // USER() has no arguments, so with one it is another function.
        if first.isSpelled("USER", in: value) { tokens[left].kind = .word }
        return false
      default: return false
      }
    }
  }
}
