internal import WAFBase

extension SQLInjection.Tokenizer {
  /// A number, or a dot that stands alone.
  mutating func number(in value: Span<UInt8>) -> SQLInjection.Token {
    let start = position
    if let prefixed = prefixedNumber(in: value) { return prefixed }
    var end = value.end(from: start) { $0.isASCIIDigit }
    if end < value.count, value[end] == UInt8(ascii: ".") {
      end = value.end(from: end + 1) { $0.isASCIIDigit }
      if end == start + 1 {
        position = end
        return SQLInjection.Token(.dot, at: start, count: 1)
      }
    }
    var isComplete = true
    if end < value.count, value[end] | 0x20 == UInt8(ascii: "e") {
      end += 1
      if end < value.count, value[end] == UInt8(ascii: "+") || value[end] == UInt8(ascii: "-") { end += 1 }
      let exponent = end
      end = value.end(from: end) { $0.isASCIIDigit }
      isComplete = end > exponent
    }
    if endsInOracleSuffix(end, in: value) { end += 1 }
    position = end
    return SQLInjection.Token(isComplete ? .number : .word, at: start, count: end - start)
  }

  /// `0x…` and `0b…`; without a digit they are words.
  private mutating func prefixedNumber(in value: Span<UInt8>) -> SQLInjection.Token? {
    let start = position
    guard value[start] == UInt8(ascii: "0"), start + 1 < value.count else { return nil }
    let end: Int
    switch value[start + 1] | 0x20 {
    case UInt8(ascii: "x"): end = value.end(from: start + 2) { $0.isDigit(base: 16) }
    case UInt8(ascii: "b"): end = value.end(from: start + 2) { $0.isDigit(base: 2) }
    default: return nil
    }
    position = end
    return SQLInjection.Token(end > start + 2 ? .number : .word, at: start, count: end - start)
  }

  /// Whether Oracle's suffix of floating-point numbers is at `index`: `d` or `f` at the end, before white space, `;`, or a `u` as of `UNION`.
  private func endsInOracleSuffix(_ index: Int, in value: Span<UInt8>) -> Bool {
    guard index < value.count, value[index] | 0x20 == UInt8(ascii: "d") || value[index] | 0x20 == UInt8(ascii: "f") else { return false }
    guard index + 1 < value.count else { return true }
    let next = value[index + 1]
    return next.isSQLSpace || next == UInt8(ascii: ";") || next | 0x20 == UInt8(ascii: "u")
  }

  /// `b'…'` with binary and `x'…'` with hexadecimal digits.
  mutating func digits(in value: Span<UInt8>, base: UInt8) -> SQLInjection.Token? {
    let start = position
    guard start + 2 < value.count, value[start + 1] == UInt8(ascii: "'") else { return nil }
    let end = value.end(from: start + 2) { $0.isDigit(base: base) }
    guard end < value.count, value[end] == UInt8(ascii: "'") else { return nil }
    position = end + 1
    return SQLInjection.Token(.number, at: start, count: end + 1 - start)
  }
}

extension UInt8 {
  /// Whether this is a digit of such a number. A zero byte passes as one, as where texts end with it.
  @inline(__always)
  fileprivate func isDigit(base: UInt8) -> Bool { self == 0 || hexDigitValue.map { $0 < base } ?? false }
}
