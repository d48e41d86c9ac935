internal import WAFBase

extension RegexParser {
  /// What an escape stands for.
  enum Escape {
    case byte(UInt8)
    case set(ByteSet)
    case assertion(RegexNode.Assertion)
  }

  /// Reads what follows a backslash. `start` is the position of the backslash, `index` that of the next byte.
  mutating func parseEscape(from start: Int, inClass: Bool) throws(RegexError) -> Escape {
    guard let byte = peek() else { throw RegexError(.malformed, at: start, "a backslash at the end of the pattern") }
    index += 1
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .byte(try parseDigits(from: start, inClass: inClass))
    case UInt8(ascii: "a"): return .byte(0x07)
    case UInt8(ascii: "e"): return .byte(0x1b)
    case UInt8(ascii: "f"): return .byte(0x0c)
    case UInt8(ascii: "n"): return .byte(0x0a)
    case UInt8(ascii: "r"): return .byte(0x0d)
    case UInt8(ascii: "t"): return .byte(0x09)
    case UInt8(ascii: "c"): return .byte(try parseControl(from: start))
    case UInt8(ascii: "o"): return .byte(try parseBraced(from: start, radix: 8))
    case UInt8(ascii: "x"): return .byte(peek() == UInt8(ascii: "{") ? try parseBraced(from: start, radix: 16) : parseHexPair())
    case UInt8(ascii: "d"): return .set(.digits)
    case UInt8(ascii: "D"): return .set(ByteSet.digits.inverted)
    case UInt8(ascii: "w"): return .set(.word)
    case UInt8(ascii: "W"): return .set(ByteSet.word.inverted)
    case UInt8(ascii: "s"): return .set(.space)
    case UInt8(ascii: "S"): return .set(ByteSet.space.inverted)
    case UInt8(ascii: "h"): return .set(.horizontalSpace)
    case UInt8(ascii: "H"): return .set(ByteSet.horizontalSpace.inverted)
    case UInt8(ascii: "v"): return .set(.verticalSpace)
    case UInt8(ascii: "V"): return .set(ByteSet.verticalSpace.inverted)
    case UInt8(ascii: "b") where inClass: return .byte(0x08)
    case _ where !byte.isASCIILetter: return .byte(byte)
    default: break
    }
    if let reason = Self.unsupportedEscape(byte) { throw RegexError(.unsupported, at: start, reason) }
    if inClass { throw RegexError(.malformed, at: start, "\\\(Character(Unicode.Scalar(byte))) has no meaning in a character class") }
    switch byte {
    case UInt8(ascii: "A"): return .assertion(.start)
    case UInt8(ascii: "Z"): return .assertion(.endOrFinalNewline)
    case UInt8(ascii: "z"): return .assertion(.end)
    case UInt8(ascii: "b"): return .assertion(.wordBoundary)
    case UInt8(ascii: "B"): return .assertion(.noWordBoundary)
    case UInt8(ascii: "N"):
      if peek() == UInt8(ascii: "{"), try quantifier() == nil {
        throw RegexError(.unsupported, at: start, "characters by name or Unicode number are not supported; matching is by bytes")
      }
      return .set(ByteSet.newline.inverted)
    default: throw RegexError(.malformed, at: start, "\\\(Character(Unicode.Scalar(byte))) has no meaning")
    }
  }

  /// Why the escape with this letter is refused; nil when it is not a known unsupported one (RX-3, RX-4).
  private static func unsupportedEscape(_ letter: UInt8) -> String? {
    switch letter {
    case UInt8(ascii: "k"): "back-references are not supported"
    case UInt8(ascii: "g"): "back-references and calls of groups are not supported"
    case UInt8(ascii: "C"): "\\C is not supported"
    case UInt8(ascii: "R"): "\\R is not supported"
    case UInt8(ascii: "K"): "\\K is not supported"
    case UInt8(ascii: "G"): "\\G is not supported"
    case UInt8(ascii: "X"): "\\X is not supported; matching is by bytes"
    case UInt8(ascii: "p"), UInt8(ascii: "P"): "Unicode properties are not supported; matching is by bytes"
    case UInt8(ascii: "L"), UInt8(ascii: "l"), UInt8(ascii: "U"), UInt8(ascii: "u"), UInt8(ascii: "F"): "changes of case are not supported"
    default: nil
    }
  }

  /// Reads an octal number after a backslash; the first digit has been read. What PCRE2 takes for a back-reference is refused.
  private mutating func parseDigits(from start: Int, inClass: Bool) throws(RegexError) -> UInt8 {
    let first = pattern[index - 1]
    if first != UInt8(ascii: "0"), !inClass {
      // A decimal number is a reference if it has one digit, starts with 8 or 9, or so many groups came before.
      var number = 0
      var position = index - 1
      while position < pattern.count, pattern[position].isASCIIDigit {
        number = min(number * 10 + Int(pattern[position] - UInt8(ascii: "0")), 1_000_000)
        position += 1
      }
      if number < 10 || first >= UInt8(ascii: "8") || number <= groupCount {
        throw RegexError(.unsupported, at: start, "back-references are not supported")
      }
    }
    guard first < UInt8(ascii: "8") else { return first }
    var value = Int(first - UInt8(ascii: "0"))
    var digits = 1
    while digits < 3, let digit = peek(), digit >= UInt8(ascii: "0"), digit < UInt8(ascii: "8") {
      value = value * 8 + Int(digit - UInt8(ascii: "0"))
      digits += 1
      index += 1
    }
    return try byte(value, from: start)
  }

  /// Reads up to two hexadecimal digits; none is zero.
  private mutating func parseHexPair() -> UInt8 {
    var value: UInt8 = 0
    var digits = 0
    while digits < 2, let digit = peek()?.hexDigitValue {
      value = value << 4 | digit
      digits += 1
      index += 1
    }
    return value
  }

  /// Reads `{…}` with digits of `radix` in it.
  private mutating func parseBraced(from start: Int, radix: Int) throws(RegexError) -> UInt8 {
    guard peek() == UInt8(ascii: "{") else { throw RegexError(.malformed, at: start, "missing { after \\o") }
    index += 1
    let first = index
    var value = 0
    while let digit = peek()?.hexDigitValue, digit < radix {
      value = min(value * radix + Int(digit), 0x100)
      index += 1
    }
    guard index > first, peek() == UInt8(ascii: "}") else {
      throw malformed(radix == 8 ? "\\o{…} needs octal digits" : "\\x{…} needs hexadecimal digits")
    }
    index += 1
    return try byte(value, from: start)
  }

  private func byte(_ value: Int, from start: Int) throws(RegexError) -> UInt8 {
    guard let byte = UInt8(exactly: value) else {
      throw RegexError(.unsupported, at: start, "a character above ff is not supported; matching is by bytes")
    }
    return byte
  }

  /// Reads the character after `\c`.
  private mutating func parseControl(from start: Int) throws(RegexError) -> UInt8 {
    guard let byte = peek(), (0x20...0x7e).contains(byte) else {
      throw RegexError(.malformed, at: start, "\\c needs a printable ASCII character")
    }
    index += 1
    let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte ^ 0x20 : byte
    return upper ^ 0x40
  }
}
