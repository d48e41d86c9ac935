internal import WAFBase

extension RegexParser {
  /// The quantifier that comes next, and where it ends; nil when none does. A `{` that opens no valid bounds stands for itself.
  func quantifier() throws(RegexError) -> (minimum: Int, maximum: Int?, end: Int)? {
    switch peek() {
    case UInt8(ascii: "*"): return (0, nil, index + 1)
    case UInt8(ascii: "+"): return (1, nil, index + 1)
    case UInt8(ascii: "?"): return (0, 1, index + 1)
    case UInt8(ascii: "{"): return try bounds()
    default: return nil
    }
  }

  /// Reads `{n}`, `{n,}` or `{n,m}`.
  private func bounds() throws(RegexError) -> (minimum: Int, maximum: Int?, end: Int)? {
    var position = index + 1
    guard let minimum = number(at: &position) else { return nil }
    var maximum: Int? = minimum
    if position < pattern.count, pattern[position] == UInt8(ascii: ",") {
      position += 1
      maximum = number(at: &position)
    }
    guard position < pattern.count, pattern[position] == UInt8(ascii: "}") else { return nil }
    guard minimum <= Self.maximumBound, maximum ?? 0 <= Self.maximumBound else {
      throw RegexError(.tooLarge, at: index, "a bound of a repetition is at most \(Self.maximumBound)")
    }
    if let maximum, maximum < minimum { throw malformed("the bounds of this repetition are out of order") }
    return (minimum, maximum, position + 1)
  }

  /// The decimal number at `position`, which moves behind it; nil without a digit. Beyond the greatest bound it stops counting.
  private func number(at position: inout Int) -> Int? {
    let start = position
    var value = 0
    while position < pattern.count, pattern[position].isASCIIDigit {
      value = min(value * 10 + Int(pattern[position] - UInt8(ascii: "0")), Self.maximumBound + 1)
      position += 1
    }
    return position > start ? value : nil
  }

  /// Reads the `?` of a lazy quantifier, which does not change whether there is a match, and refuses the `+` of a possessive one.
  mutating func skipQuantifierSuffix() throws(RegexError) {
    try skipInvisible()
    guard !isQuoting else { return }
    if peek() == UInt8(ascii: "+") { throw RegexError(.unsupported, at: index, "possessive quantifiers are not supported") }
    if peek() == UInt8(ascii: "?") { index += 1 }
  }
}
