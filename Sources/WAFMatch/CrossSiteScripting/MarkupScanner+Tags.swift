extension MarkupScanner {
  /// Reads what a `<` begins. Nil when this is no piece.
  mutating func markup(in bytes: Span<UInt8>) -> Piece? {
    guard let first = take(in: bytes) else { return nil }
    switch first {
    case UInt8(ascii: "!"): return declaration(in: bytes)
    case UInt8(ascii: "?"): return comment(endingIn: UInt8(ascii: ">"), in: bytes)
    case UInt8(ascii: "%"): return serverCode(in: bytes)
    case UInt8(ascii: "/"):
      endsTag = true
      guard position < bytes.count else {
        place = .end
        return nil
      }
      if bytes[position].isASCIILetter { return tag(in: bytes) }
      if bytes[position] == UInt8(ascii: ">") { return nil }
      endsTag = false
      return comment(endingIn: UInt8(ascii: ">"), in: bytes)
    case 0x00:
      position -= 1
      return tag(in: bytes)
    case _ where first.isASCIILetter:
      position -= 1
      return tag(in: bytes)
    default:
      position -= 1
      return nil
    }
  }

  /// Reads the name of a tag and what ends it. Nil for the name of an end tag without anything behind it.
  private mutating func tag(in bytes: Span<UInt8>) -> Piece? {
    let name = pass(in: bytes) { $0.isMarkupSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
    guard let end = take(in: bytes) else { return .tag(name: name) }
    guard end == UInt8(ascii: ">") else {
      place = .tag
      if end == UInt8(ascii: "/") { position -= 1 }
      return .tag(name: name)
    }
    place = .text
    defer { endsTag = false }
    return endsTag ? nil : .tag(name: name)
  }

  /// Reads the next attribute of a tag. Nil when it has no value, and at the end of the tag.
  mutating func attribute(in bytes: Span<UInt8>) -> Piece? {
    guard let first = next(in: bytes, after: { $0.separatesAttributes || $0 == UInt8(ascii: "/") }) else { return nil }
    guard first != UInt8(ascii: ">") else {
      position += 1
      place = .text
      return nil
    }
    let start = position
    position += 1
    let rest = pass(in: bytes) { $0.separatesAttributes || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ">") }
    let name = start..<rest.upperBound
    guard let end = next(in: bytes, after: \.separatesAttributes) else { return nil }
    if end == UInt8(ascii: ">") { endsTag = false }
    guard end == UInt8(ascii: "=") else { return nil }
    position += 1
    return value(in: bytes).map { .attribute(name: name, value: $0) }
  }

  /// Reads the value behind a `=`. Nil at the end of the bytes.
  private mutating func value(in bytes: Span<UInt8>) -> Range<Int>? {
    guard let first = next(in: bytes, after: \.separatesAttributes) else { return nil }
    switch first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
      position += 1
      let start = position
      return start..<(skip(past: first, in: bytes) ?? bytes.count)
    default:
      let value = pass(in: bytes) { $0.separatesAttributes || $0 == UInt8(ascii: ">") }
      if position < bytes.count, bytes[position] == UInt8(ascii: ">") { endsTag = false }
      return value
    }
  }

  /// The byte that follows bytes between attributes, not passed; nil at the end, where nothing more will come.
  ///
  /// Measured: libinjection takes a byte of 0xff here for the end.
  private mutating func next(in bytes: Span<UInt8>, after isBetween: (UInt8) -> Bool) -> UInt8? {
    _ = pass(in: bytes) { !isBetween($0) }
    guard position < bytes.count, bytes[position] != 0xff else {
      place = .end
      return nil
    }
    return bytes[position]
  }
}

extension UInt8 {
  /// Whether this separates names and values in a tag: NUL, a blank, or a line or page break.
  fileprivate var separatesAttributes: Bool { isMarkupSpace || self == 0x00 }
}
