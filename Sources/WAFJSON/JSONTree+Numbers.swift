internal import WAFBase

extension JSONTree {
  /// Reads a number: `-`, an integer part without leading zeros, a fraction, an exponent.
  mutating func readNumber(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    let start = position
    func digits() -> Int {
      let first = position
      while position < end, source[position].isASCIIDigit { position += 1 }
      return position - first
    }
    if source[position] == UInt8(ascii: "-") { position += 1 }
    let leadingZero = position < end && source[position] == UInt8(ascii: "0")
    let integerDigits = digits()
    guard integerDigits > 0 else { throw numberError(start, position, end) }
    if leadingZero, integerDigits > 1 { try fault(JSONError(offset: start, reason: .invalidNumber)) }
    if position < end, source[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw numberError(start, position, end) }
    }
    if position < end, source[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < end, source[position] == UInt8(ascii: "+") || source[position] == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw numberError(start, position, end) }
    }
    guard position - start <= rules.numberLength else { throw JSONError(offset: start, reason: .numberTooLong(limit: rules.numberLength)) }
    append(.number, from: start, to: position)
  }

  private func numberError(_ start: Int, _ position: Int, _ end: Int) -> JSONError {
    position < end ? JSONError(offset: start, reason: .invalidNumber) : JSONError(offset: end, reason: .endOfInput)
  }

  /// The number at `index`, exactly; nil for a number with a fraction, for one outside `Int64`, and for other kinds of nodes.
  ///
  /// `5`, `5.0` and `50e-1` are the same number.
  public func int64(at index: Int, in source: Span<UInt8>) -> Int64? {
    guard nodes[index].kind == .number else { return nil }
    return Self.exactInteger(source.extracting(nodes[index].range.indices))
  }

  /// The nearest binary floating-point number; nil where it would be infinite, and for other kinds of nodes.
  public func double(at index: Int, in source: Span<UInt8>) -> Double? {
    guard nodes[index].kind == .number else { return nil }
    guard let value = Double(String(lossy: source.extracting(nodes[index].range.indices))), value.isFinite else { return nil }
    return value
  }

  /// The number that `text` as a whole is, exactly; for numbers that stand in strings. Nil for anything else.
  public static func int64(text: Span<UInt8>) -> Int64? {
    var tree = JSONTree()
    guard (try? tree.readAll(text)) != nil, tree.nodes.first?.range.count == text.count else { return nil }
    return tree.int64(at: 0, in: text)
  }

  /// `text` is a number of RFC 8259.
  private static func exactInteger(_ text: Span<UInt8>) -> Int64? {
    let isNegative = text[0] == UInt8(ascii: "-")
    // Digits are added below zero, where there is one number more.
    var value: Int64 = 0
    var zeros = 0  // Zeros read since the last other digit: they count only when another digit follows.
    var scale = 0  // Power of ten that `value` and `zeros` stand for.
    var inFraction = false
    var index = isNegative ? 1 : 0
    while index < text.count {
      let byte = text[index]
      index += 1
      if byte == UInt8(ascii: ".") {
        inFraction = true
      } else if byte == UInt8(ascii: "0") {
        zeros += 1
        scale -= inFraction ? 1 : 0
      } else if byte.isASCIIDigit {
        scale -= inFraction ? 1 : 0
        guard let shifted = timesTen(value, zeros + 1) else { return nil }
        let (sum, overflow) = shifted.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
        guard !overflow else { return nil }
        (value, zeros) = (sum, 0)
      } else {
        scale += exponent(text, from: index)
        break
      }
    }
    guard value != 0 else { return 0 }
    guard zeros + scale >= 0, let scaled = timesTen(value, zeros + scale) else { return nil }
    if isNegative { return scaled }
    return scaled == Int64.min ? nil : -scaled
  }

  /// The exponent after `e`, kept within what can matter.
  private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int {
    var value = 0
    for index in start..<text.count where text[index].isASCIIDigit { value = min(value * 10 + Int(text[index] - UInt8(ascii: "0")), 1_000_000) }
    return start < text.count && text[start] == UInt8(ascii: "-") ? -value : value
  }

  /// `value` times ten to the power of `count`; nil when it leaves `Int64`.
  private static func timesTen(_ value: Int64, _ count: Int) -> Int64? {
    guard value != 0 else { return 0 }
    guard count <= 18 else { return nil }
    var result = value
    for _ in 0..<count {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      result = product
    }
    return result
  }
}
