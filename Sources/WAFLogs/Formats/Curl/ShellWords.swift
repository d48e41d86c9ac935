internal import WAFBase

/// The words of a command as a POSIX shell takes it apart, with the `$'…'` of bash, which browsers use.
///
/// What a shell would replace or obey is refused: its meaning lies outside of the text.
struct ShellWords {
  private let text: [UInt8]
  private var position = 0
  private var words: [[UInt8]] = []
  /// The word at hand; nil between words, since `''` is a word too.
  private var word: [UInt8]?

  /// The words of `text`.
  static func split(_ text: [UInt8]) throws(CurlFault) -> [[UInt8]] {
    var splitter = ShellWords(text)
    while let byte = splitter.next() { try splitter.take(byte) }
    splitter.endWord()
    return splitter.words
  }

  private init(_ text: [UInt8]) { self.text = text }

  private mutating func next() -> UInt8? {
    guard position < text.count else { return nil }
    defer { position += 1 }
    return text[position]
  }

  private var peeked: UInt8? { position < text.count ? text[position] : nil }

  private mutating func append(_ byte: UInt8) { word = (word ?? []) + [byte] }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    if word == nil { word = [] }
    word?.append(contentsOf: bytes)
  }

  private mutating func endWord() {
    if let word { words.append(word) }
    word = nil
  }

  private mutating func take(_ byte: UInt8) throws(CurlFault) {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): endWord()
    case UInt8(ascii: "'"): append(try upToQuote(from: position))
    case UInt8(ascii: "\""): try takeDoubleQuoted()
    case UInt8(ascii: "\\"): takeBackslash()
    case UInt8(ascii: "$") where peeked == UInt8(ascii: "'"):
      position += 1
      try takeANSI()
    case UInt8(ascii: "$") where peeked.map(Self.beginsName) ?? false: throw .shell("$")
    case UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
      UInt8(ascii: ")"):
      throw .shell(String(UnicodeScalar(byte)))
    case UInt8(ascii: "^") where word == nil: throw .otherShell
    default: append(byte)
    }
  }

  /// A backslash outside of quotes: the byte after it stands for itself, and a line break for nothing.
  private mutating func takeBackslash() {
    if peeked == UInt8(ascii: "\r"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "\n") { position += 1 }
    guard let byte = next(), byte != UInt8(ascii: "\n") else { return }
    append(byte)
  }

  /// The text up to a single quote, which is taken.
  private mutating func upToQuote(from start: Int) throws(CurlFault) -> ArraySlice<UInt8> {
    guard let end = text[start...].firstIndex(of: UInt8(ascii: "'")) else { throw .openQuote }
    position = end + 1
    return text[start..<end]
  }

  private mutating func takeDoubleQuoted() throws(CurlFault) {
    append([])
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "`"): throw .shell("`")
      case UInt8(ascii: "$") where peeked.map(Self.beginsName) ?? false: throw .shell("$")
      case UInt8(ascii: "\\"):
        switch peeked {
        case UInt8(ascii: "\n"): position += 1
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"): if let escaped = next() { append(escaped) }
        default: append(byte)
        }
      default: append(byte)
      }
    }
    throw .openQuote
  }

  /// Whether a dollar before this byte asks for a value.
  private static func beginsName(_ byte: UInt8) -> Bool {
    byte.isASCIIWord || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "?")
  }
}

// MARK: - $'…'

extension ShellWords {
  private mutating func takeANSI() throws(CurlFault) {
    append([])
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "'"): return
      case UInt8(ascii: "\\"): try takeEscape()
      default: append(byte)
      }
    }
    throw .openQuote
  }

  private mutating func takeEscape() throws(CurlFault) {
    guard let letter = next() else { throw .openQuote }
    switch letter {
    case UInt8(ascii: "a"): append(0x07)
    case UInt8(ascii: "b"): append(0x08)
    case UInt8(ascii: "e"), UInt8(ascii: "E"): append(0x1b)
    case UInt8(ascii: "f"): append(0x0c)
    case UInt8(ascii: "n"): append(0x0a)
    case UInt8(ascii: "r"): append(0x0d)
    case UInt8(ascii: "t"): append(0x09)
    case UInt8(ascii: "v"): append(0x0b)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"): append(letter)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      position -= 1
      append(UInt8(truncatingIfNeeded: number(digits: 3, base: 8) ?? 0))
    case UInt8(ascii: "x"): takeNumber(letter, digits: 2) { [UInt8(truncatingIfNeeded: $0)] }
    case UInt8(ascii: "u"): takeNumber(letter, digits: 4, Self.utf8)
    case UInt8(ascii: "U"): takeNumber(letter, digits: 8, Self.utf8)
    default: append([UInt8(ascii: "\\"), letter])
    }
  }

  private mutating func takeNumber(_ letter: UInt8, digits: Int, _ meaning: (UInt32) -> [UInt8]) {
    append(number(digits: digits, base: 16).map { meaning($0)[...] } ?? [UInt8(ascii: "\\"), letter])
  }

  /// A number of as many digits as there are, up to `digits`; nil without any.
  private mutating func number(digits: Int, base: UInt32) -> UInt32? {
    var value: UInt32?
    for _ in 0..<digits {
      guard let digit = peeked?.hexDigitValue, UInt32(digit) < base else { break }
      value = (value ?? 0) &* base &+ UInt32(digit)
      position += 1
    }
    return value
  }

  private static func utf8(_ value: UInt32) -> [UInt8] { Array(String(UnicodeScalar(value) ?? "\u{fffd}").utf8) }
}
