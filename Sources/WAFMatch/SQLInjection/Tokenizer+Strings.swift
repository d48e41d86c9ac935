internal import WAFBase

extension SQLInjection.Tokenizer {
  /// A string whose text begins at `position`, up to the next `quote` that is neither doubled nor escaped.
  mutating func string(in value: Span<UInt8>, endedBy quote: UInt8, openedBy opening: UInt8) -> SQLInjection.Token {
    let start = position
    var index = start
    while let found = value.firstIndex(of: quote, from: index) {
      if isEscaped(found, in: value, from: start) {
        index = found + 1
      } else if found + 1 < value.count, value[found + 1] == quote {
        index = found + 2
      } else {
        position = found + 1
        return text(start..<found, opening: opening, closing: quote)
      }
    }
    position = value.count
    return text(start..<value.count, opening: opening, closing: 0)
  }

  /// Whether an odd number of backslashes stands before `index`, none of them before `start`.
  private func isEscaped(_ index: Int, in value: Span<UInt8>, from start: Int) -> Bool {
    var first = index
    while first > start, value[first - 1] == UInt8(ascii: "\\") { first -= 1 }
    return (index - first) % 2 == 1
  }

  private func text(_ range: Range<Int>, opening: UInt8, closing: UInt8) -> SQLInjection.Token {
    var token = SQLInjection.Token(.string, at: range.lowerBound, count: range.count)
    token.opening = opening
    token.closing = closing
    return token
  }

  /// PostgreSQL's `E'…'` and the national `N'…'`.
  mutating func escapedString(in value: Span<UInt8>) -> SQLInjection.Token? {
    guard position + 2 < value.count, value[position + 1] == UInt8(ascii: "'") else { return nil }
    position += 2
    return string(in: value, endedBy: UInt8(ascii: "'"), openedBy: UInt8(ascii: "'"))
  }

  /// The `U&'…'` of the standard.
  mutating func unicodeString(in value: Span<UInt8>) -> SQLInjection.Token? {
    guard position + 2 < value.count, value[position + 1] == UInt8(ascii: "&"), value[position + 2] == UInt8(ascii: "'") else { return nil }
    position += 3
    var token = string(in: value, endedBy: UInt8(ascii: "'"), openedBy: UInt8(ascii: "u"))
    if token.closing != 0 { token.closing = UInt8(ascii: "u") }
    return token
  }

  /// Oracle's `q'[…]'`, whose `q` is `skipped` bytes behind `position`.
  mutating func delimitedString(in value: Span<UInt8>, from skipped: Int) -> SQLInjection.Token? {
    let start = position + skipped
    guard start + 2 < value.count, value[start] | 0x20 == UInt8(ascii: "q"), value[start + 1] == UInt8(ascii: "'"),
      // White space and bytes that are not ASCII are no delimiters.
      0x21...0x7f ~= value[start + 2]
    else { return nil }
    let delimiter: UInt8 =
      switch value[start + 2] {
      case UInt8(ascii: "("): UInt8(ascii: ")")
      case UInt8(ascii: "["): UInt8(ascii: "]")
      case UInt8(ascii: "{"): UInt8(ascii: "}")
      case UInt8(ascii: "<"): UInt8(ascii: ">")
      default: value[start + 2]
      }
    let first = start + 3
    var index = first
    while let found = value.firstIndex(of: delimiter, from: index) {
      if found + 1 < value.count, value[found + 1] == UInt8(ascii: "'") {
        position = found + 2
        return text(first..<found, opening: UInt8(ascii: "q"), closing: UInt8(ascii: "q"))
      }
      index = found + 1
    }
    position = value.count
    return text(first..<value.count, opening: UInt8(ascii: "q"), closing: 0)
  }

  /// What begins with `$`: an amount of money, PostgreSQL's `$$…$$` and `$tag$…$tag$`, or a word.
  mutating func dollar(in value: Span<UInt8>) -> SQLInjection.Token {
    let start = position
    guard start + 1 < value.count else { return single(.word) }
    let amount = value.end(from: start + 1) { $0.isASCIIDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") || $0 == 0 }
    if amount > start + 1 {
      if amount == start + 2, value[start + 1] == UInt8(ascii: ".") { return word(in: value) }
      position = amount
      return SQLInjection.Token(.number, at: start, count: amount - start)
    }
    let tag = value.end(from: start + 1) { $0.isASCIILetter || $0 == 0 }
    guard tag < value.count, value[tag] == UInt8(ascii: "$") else { return single(.word) }
    let first = tag + 1
    let end = ByteSearch.firstIndex(of: value.extracting(start..<first), in: value, from: first)
    position = end.map { $0 + first - start } ?? value.count
    return text(first..<(end ?? value.count), opening: UInt8(ascii: "$"), closing: end == nil ? 0 : UInt8(ascii: "$"))
  }
}

extension Span where Element == UInt8 {
  /// Where the bytes from `start` on that are `members` end.
  @inline(__always)
  func end(from start: Int, where isMember: (UInt8) -> Bool) -> Int {
    var index = start
    while index < count, isMember(self[index]) { index += 1 }
    return index
  }
}
