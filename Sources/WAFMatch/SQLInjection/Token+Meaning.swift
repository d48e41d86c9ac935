internal import WAFBase

extension SQLInjection.TokenKind {
  /// Whether a token of this kind may be the first word of a phrase.
  @inline(__always)
  var beginsPhrase: Bool {
    switch self {
    case .keyword, .word, .operator, .union, .function, .expression, .statement, .type: true
    case .logic, .leftParenthesis, .rightParenthesis, .comma, .dot, .number, .colon, .semicolon, .unknown, .collation, .grouping, .evil, .backslash,
      .comment, .string, .variable, .leftBrace, .rightBrace:
      false
    }
  }
}

extension SQLInjection.Token {
  /// Whether this is a sign or a negation.
  func isUnary(in value: Span<UInt8>) -> Bool {
    guard kind == .operator else { return false }
    switch count {
    case 1:
      switch firstByte(in: value) {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "!"), UInt8(ascii: "~"): return true
      default: return false
      }
    case 2: return isSpelled("!!", in: value)
    case 3: return isSpelled("NOT", in: value)
    default: return false
    }
  }

  /// Whether this is `*`, `/`, `-`, `+` or `%`.
  func isArithmetic(in value: Span<UInt8>) -> Bool {
    guard kind == .operator, count == 1 else { return false }
    switch firstByte(in: value) {
    case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "%"): return true
    default: return false
    }
  }

  /// Whether this names a function that has no keyword of its own, since it is written without parentheses too.
  func namesFunction(in value: Span<UInt8>) -> Bool {
    switch count {
    case 4: isSpelled("USER", in: value)
    case 7: isSpelled("USER_ID", in: value)
    case 8: isSpelled("DATABASE", in: value) || isSpelled("PASSWORD", in: value)
    case 9: isSpelled("USER_NAME", in: value) || isSpelled("LOCALTIME", in: value)
    case 12: isSpelled("CURRENT_USER", in: value) || isSpelled("CURRENT_DATE", in: value) || isSpelled("CURRENT_TIME", in: value)
    case 14: isSpelled("LOCALTIMESTAMP", in: value)
    case 17: isSpelled("CURRENT_TIMESTAMP", in: value)
    default: false
    }
  }

  /// Whether this is `IN` or `NOT IN`.
  func isMembership(in value: Span<UInt8>) -> Bool { isSpelled("IN", in: value) || isPhrase("NOT IN") }

  /// Whether this is `LIKE` or `NOT LIKE`.
  func isComparisonWord(in value: Span<UInt8>) -> Bool { isSpelled("LIKE", in: value) || isPhrase("NOT LIKE") }

  /// Whether this is a phrase that begins with `text`, which is in upper case.
  func phraseBegins(with text: StaticString) -> Bool {
    guard phrase >= 0 else { return false }
    let spelling = SQLTables.shared.words.spelling(of: Int(phrase))
    guard spelling.count >= text.utf8CodeUnitCount else { return false }
    for (offset, byte) in spelling.prefix(text.utf8CodeUnitCount).enumerated() {
      // The offset lies within the text, which is there as long as the program.
      guard unsafe byte == text.utf8Start[offset] else { return false }
    }
    return true
  }

  private func isPhrase(_ text: StaticString) -> Bool { Int(count) == text.utf8CodeUnitCount && phraseBegins(with: text) }

  /// The byte at `index` of the text; that of a phrase is in upper case.
  @inline(__always)
  func byte(_ index: Int, in value: Span<UInt8>, _ words: WordTable) -> UInt8 {
    guard phrase >= 0 else { return value[Int(start) + index] }
    let spelling = words.spelling(of: Int(phrase))
    return spelling[spelling.startIndex + index]
  }

  /// Whether the text of a single token holds `byte`.
  func contains(_ byte: UInt8, in value: Span<UInt8>) -> Bool {
    guard phrase < 0 else { return false }
    return value.extracting(Int(start)..<Int(start) + Int(count)).firstIndex(of: byte) != nil
  }
}
