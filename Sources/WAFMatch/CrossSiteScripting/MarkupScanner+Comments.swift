internal import WAFBase

extension MarkupScanner {
  /// What stands behind `<!` where a section of characters begins.
  private static let characterSection = Array("[CDATA[".utf8)

  /// Reads what `<!` begins: a document type, a section of characters, a comment, or something unknown that is read as one.
  mutating func declaration(in bytes: Span<UInt8>) -> Piece? {
    let rest = bytes.extracting(droppingFirst: position)
    if MarkupWords.beginsDocumentType(rest) {
      let start = position
      return .documentType(text: start..<(skip(past: UInt8(ascii: ">"), in: bytes) ?? bytes.count))
    }
    if rest.extracting(first: 7).equals(Self.characterSection.span) {
      position += 7
      skipCharacterSection(in: bytes)
      return nil
    }
    if rest.count > 1, rest[0] == UInt8(ascii: "-"), rest[1] == UInt8(ascii: "-") {
      position += 2
      return longComment(in: bytes)
    }
    return comment(endingIn: UInt8(ascii: ">"), in: bytes)
  }

  /// Reads the text up to the rest `end`, or to the end of the bytes.
  mutating func comment(endingIn end: UInt8, in bytes: Span<UInt8>) -> Piece {
    place = .text
    let start = position
    return .comment(text: start..<(skip(past: end, in: bytes) ?? bytes.count))
  }

  /// Reads a comment up to two hyphens and `>`, or to the end of the bytes. NUL bytes may stand between the hyphens, and the second may be a `!`.
  private mutating func longComment(in bytes: Span<UInt8>) -> Piece {
    let start = position
    while let hyphen = skip(past: UInt8(ascii: "-"), in: bytes) {
      var index = hyphen + 1
      while index < bytes.count, bytes[index] == 0x00 { index += 1 }
      examined += index - hyphen
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "!") else { continue }
      guard bytes[index + 1] == UInt8(ascii: ">") else { continue }
      position = index + 2
      return .comment(text: start..<hyphen)
    }
    return .comment(text: start..<bytes.count)
  }

  /// Reads code of a page that the server runs, `<% … %>`, as a comment.
  mutating func serverCode(in bytes: Span<UInt8>) -> Piece {
    let start = position
    while let sign = skip(past: UInt8(ascii: "%"), in: bytes) {
      guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else { continue }
      position += 1
      return .comment(text: start..<sign)
    }
    return .comment(text: start..<bytes.count)
  }

  /// Goes past the end of `<![CDATA[ … ]]>`, which is text.
  private mutating func skipCharacterSection(in bytes: Span<UInt8>) {
    while skip(past: UInt8(ascii: "]"), in: bytes) != nil {
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "]"), bytes[position + 1] == UInt8(ascii: ">") else { continue }
      position += 2
      return
    }
  }
}
