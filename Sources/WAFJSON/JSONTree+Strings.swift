internal import WAFBase

extension JSONTree {
  /// Reads a string from its opening quote.
  mutating func readString(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    let start = position + 1
    var hasEscapes = false
    var hasInvalidUTF8 = false
    position = start
    while true {
      skipPlainText(source, &position, end)
      let found = try byte(source, position, end)
      switch found {
      case UInt8(ascii: "\""):
        append(.string, from: start, to: position, hasEscapes: hasEscapes, hasInvalidUTF8: hasInvalidUTF8)
        position += 1
        return
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try skipEscape(source, &position, end)
      case 0x00..<0x20:
        try fault(JSONError(offset: position, reason: .controlCharacter(found)))
        position += 1
      default:
        if let (_, length) = source.scalar(at: position) {
          position += length
        } else {
          if !rules.keepsInvalidUTF8, !hasInvalidUTF8 { try fault(JSONError(offset: position, reason: .invalidUTF8)) }
          hasInvalidUTF8 = true
          position += 1
        }
      }
    }
  }

  /// Moves to the next quote, backslash, control character or byte above 0x7f, eight bytes at a time.
  @inline(__always)
  private func skipPlainText(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position + 8 <= end {
      // Any eight bytes are a number; the load checks that they lie in the span.
      let word = UInt64(littleEndian: unsafe source.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      // The top bit of each byte that ends plain text, and perhaps of bytes above the first such byte: the lowest one is exact.
      let isControl = word &- 0x2020_2020_2020_2020
      let isQuote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
      let isBackslash = (word ^ 0x5c5c_5c5c_5c5c_5c5c) &- 0x0101_0101_0101_0101
      let ends = (word | isControl | isQuote | isBackslash) & 0x8080_8080_8080_8080
      guard ends == 0 else {
        position += ends.trailingZeroBitCount / 8
        return
      }
      position += 8
    }
    while position < end {
      let byte = source[position]
      guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
      position += 1
    }
  }

  private mutating func skipEscape(_ source: Span<UInt8>, _ position: inout Int, _ end: Int) throws(JSONError) {
    let start = position
    switch try byte(source, position + 1, end) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
      UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      for offset in 2..<6 where try byte(source, start + offset, end).hexDigitValue == nil {
        try fault(JSONError(offset: start, reason: .invalidEscape))
        position += 2
        return
      }
      position += 6
    default:
      try fault(JSONError(offset: start, reason: .invalidEscape))
      // The backslash alone: what follows may be a quote or the first byte of a longer character.
      position += 1
    }
  }
}

// MARK: - Text of strings

extension JSONTree {
  /// Whether the bytes of a string are its text, so that its range can be used without unescaping.
  @inlinable public func isPlain(at index: Int) -> Bool { !nodes[index].hasEscapes }

  /// Adds the text of the string at `index`, escape sequences resolved.
  ///
  /// Half of a surrogate pair without its other half becomes U+FFFD, since it is no character and has no UTF-8 form. Bytes that are not
  /// UTF-8 stay as they are.
  public func appendString(at index: Int, in source: Span<UInt8>, to output: inout [UInt8]) {
    let range = nodes[index].range.indices
    guard !isPlain(at: index) else {
      // The buffer is only read inside the closure, where the span keeps it alive.
      unsafe source.extracting(range).withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
      return
    }
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = source[position]
      guard byte == UInt8(ascii: "\\"), position + 1 < range.upperBound else {
        output.append(byte)
        position += 1
        continue
      }
      switch source[position + 1] {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0c)
      case UInt8(ascii: "n"): output.append(0x0a)
      case UInt8(ascii: "r"): output.append(0x0d)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "u"):
        appendUnicodeEscape(source, &position, range.upperBound, to: &output)
        continue
      case let literal: output.append(literal)
      }
      position += 2
    }
  }

  /// The text of the string at `index`, escape sequences resolved.
  public func string(at index: Int, in source: Span<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    appendString(at: index, in: source, to: &output)
    return output
  }

  /// Adds the character of `\uXXXX`, or of two of them that form a surrogate pair.
  private func appendUnicodeEscape(_ source: Span<UInt8>, _ position: inout Int, _ end: Int, to output: inout [UInt8]) {
    guard let first = codeUnit(source, position, end) else {
      position += 2
      return
    }
    position += 6
    var scalar = first
    if (0xd800..<0xdc00).contains(first), let second = codeUnit(source, position, end), (0xdc00..<0xe000).contains(second) {
      scalar = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
      position += 6
    }
    let character = Unicode.Scalar(scalar) ?? "\u{fffd}"
    output.append(contentsOf: UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
  }

  /// The number of `\uXXXX` at `position`; nil where there is none.
  private func codeUnit(_ source: Span<UInt8>, _ position: Int, _ end: Int) -> UInt32? {
    guard position + 6 <= end, source[position] == UInt8(ascii: "\\"), source[position + 1] == UInt8(ascii: "u") else { return nil }
    var value: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = source[position + offset].hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
