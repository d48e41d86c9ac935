internal import WAFBase

extension SQLInjection.Tokenizer {
  /// A word: a keyword, a function, a type, or any other.
  ///
  /// A keyword that ends before a dot or a tick ends the token there.
  mutating func word(in value: Span<UInt8>) -> SQLInjection.Token {
    let start = position
    var end = start + 1
    var hash = WordTable.Hash()
    hash.add(value[start])
    while end < value.count, end - start < SQLInjection.Token.longestText, !value[end].endsSQLWord {
      if value[end] == UInt8(ascii: ".") || value[end] == UInt8(ascii: "`"), let kind = keyword(start..<end, hash, in: value) {
        return take(kind, to: end)
      }
      hash.add(value[end])
      end += 1
    }
    // What is this long is no word of SQL, and only now is the rest looked at, so that it is looked at once.
    guard end - start < SQLInjection.Token.longestText else { return take(.word, to: value.end(from: end) { !$0.endsSQLWord }) }
    return take(keyword(start..<end, hash, in: value) ?? .word, to: end)
  }

  private mutating func take(_ kind: SQLInjection.TokenKind, to end: Int) -> SQLInjection.Token {
    let start = position
    position = end
    return SQLInjection.Token(kind, at: start, count: end - start)
  }

  /// The kind of a word that has a meaning.
  private func keyword(_ range: Range<Int>, _ hash: WordTable.Hash, in value: Span<UInt8>) -> SQLInjection.TokenKind? {
    tables.words.kind(range, hash, in: value).flatMap { $0 == .word ? nil : $0 }
  }

  /// SQL Server's and Access's `[name]`.
  mutating func bracketedWord(in value: Span<UInt8>) -> SQLInjection.Token {
    take(.word, to: value.firstIndex(of: UInt8(ascii: "]"), from: position).map { $0 + 1 } ?? value.count)
  }

  /// MySQL's `` `name` ``, which may name a function.
  mutating func tickedWord(in value: Span<UInt8>) -> SQLInjection.Token {
    position += 1
    var token = string(in: value, endedBy: UInt8(ascii: "`"), openedBy: UInt8(ascii: "`"))
    let range = Int(token.start)..<Int(token.start) + Int(token.count)
    token.kind = tables.words.kind(range, in: value) == .function ? .function : .word
    return token
  }

  /// `@name` and `@@name`, also with a quoted name.
  mutating func variable(in value: Span<UInt8>) -> SQLInjection.Token {
    position += position + 1 < value.count && value[position + 1] == UInt8(ascii: "@") ? 2 : 1
    guard position < value.count else { return take(.variable, to: position) }
    switch value[position] {
    case UInt8(ascii: "`"):
      var token = tickedWord(in: value)
      token.kind = .variable
      return token
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let quote = value[position]
      position += 1
      var token = string(in: value, endedBy: quote, openedBy: quote)
      token.kind = .variable
      return token
    default:
      return take(.variable, to: value.end(from: position) { !$0.endsSQLVariable })
    }
  }
}

extension UInt8 {
  /// Whether a word ends before this byte: 00, 09 to 0D, 20 to 23, 25 to 2D, 2F, 3A to 40, 5B to 5E, 7B to 7E and A0.
  ///
  /// As bits of 64 bytes each, since of a list the compiler makes comparisons and a jump, for every byte of every word.
  @inline(__always)
  fileprivate var endsSQLWord: Bool {
    let bit = UInt64(self & 0x3f)
    switch self >> 6 {
    case 0: return 0xfc00_bfef_0000_3e01 as UInt64 >> bit & 1 != 0
    case 1: return 0x7800_0000_7800_0001 as UInt64 >> bit & 1 != 0
    default: return self == 0xa0
    }
  }

  /// Whether the name of a variable ends before this byte.
  @inline(__always)
  fileprivate var endsSQLVariable: Bool {
    switch self {
    case 0x00, 0x09...0x0d, 0x20...0x23, 0x25...0x2d, 0x2f, 0x3a...0x40, 0x5c, 0x5e, 0x60, 0x7c, 0x7e: true
    default: false
    }
  }
}
