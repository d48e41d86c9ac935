internal import WAFBase

/// Reads bytes as HTML, tolerantly as browsers do, and gives the pieces that can matter: tags, attributes with values, comments and document types.
///
/// ```
///  text ──<──▶ markup ──name──▶ tag ──name = value──▶ tag     each arrow yields a piece, ">" leads from a tag back to the text
///    ▲            │ ! ? / %      │
///    └─────>──────┴──────>───────┘
/// ```
///
/// A byte is passed at most once by each search, so the time for all pieces is proportional to the number of bytes. The scanner holds positions only; every call is given the same bytes.
struct MarkupScanner {
  /// One piece of markup; ranges are offsets into the bytes.
  enum Piece: Equatable, Sendable {
    /// A tag with its name; end tags with attributes, too, since browsers and their users took them for tags.
    case tag(name: Range<Int>)
    /// An attribute with a value, which may be empty; without quotes.
    case attribute(name: Range<Int>, value: Range<Int>)
    /// The text of a comment, a processing instruction or an unknown declaration.
    case comment(text: Range<Int>)
    /// A document type, up to where it ends.
    case documentType(text: Range<Int>)
  }

  /// What the next byte belongs to.
  enum Place {
    case text
    /// Inside a tag, where an attribute may begin.
    case tag
    /// Inside a value that began before the first byte and ends at this one.
    case value(delimiter: UInt8)
    /// Nothing more will come.
    case end
  }

  /// Where the first byte was taken to stand.
  let context: CrossSiteScripting.Context
  /// What the byte at `position` belongs to.
  var place: Place
  /// Offset of the next byte to look at.
  var position = 0
  /// Whether an end tag began, so that a name right before `>` is no tag.
  ///
  /// Measured: libinjection forgets this where `>` follows a tag's name, an attribute's name or an unquoted value, and not behind quotes, `/` or blanks.
  var endsTag = false
  /// How many bytes were looked at so far, each as often as it was.
  var examined = 0

  /// Offset of the last `<` or `=`: every piece begins at or before it.
  let lastSign: Int

  /// A scanner before the first byte. `lastSign` is where the bytes hold their last `<` or `=`, or any later offset.
  init(in context: CrossSiteScripting.Context, lastSign: Int = .max) {
    self.context = context
    self.lastSign = lastSign
    switch context {
    case .text: place = .text
    case .unquotedValue: place = .tag
    case .singleQuotedValue, .doubleQuotedValue, .backquotedValue: place = context.delimiter.map(Place.value) ?? .end
    }
  }

  /// The next piece; nil at the end.
  mutating func nextPiece(in bytes: Span<UInt8>) -> Piece? {
    while position <= lastSign {
      switch place {
      case .text:
        guard skip(past: UInt8(ascii: "<"), in: bytes) != nil else { return nil }
        if let piece = markup(in: bytes) { return piece }
      case .tag:
        if let piece = attribute(in: bytes) { return piece }
      case .value(let delimiter):
        guard skip(past: delimiter, in: bytes) != nil else { return nil }
        place = .tag
      case .end:
        return nil
      }
    }
    return nil
  }
}

extension MarkupScanner {
  /// The byte at the current position, which is then passed; nil at the end, where nothing more will come.
  mutating func take(in bytes: Span<UInt8>) -> UInt8? {
    guard position < bytes.count else {
      place = .end
      return nil
    }
    let byte = bytes[position]
    position += 1
    examined += 1
    return byte
  }

  /// Goes past the next `byte` and gives where it stands; nil when there is none, and nothing more will come.
  mutating func skip(past byte: UInt8, in bytes: Span<UInt8>) -> Int? {
    guard let found = bytes.firstIndex(of: byte, from: position) else {
      examined += bytes.count - position
      position = bytes.count
      place = .end
      return nil
    }
    examined += found + 1 - position
    position = found + 1
    return found
  }

  /// Goes to the next byte at which `stops` is true, or to the end; gives what was passed.
  mutating func pass(in bytes: Span<UInt8>, until stops: (UInt8) -> Bool) -> Range<Int> {
    let start = position
    var index = start
    while index < bytes.count, !stops(bytes[index]) { index += 1 }
    position = index
    examined += index - start + 1
    return start..<index
  }
}

extension UInt8 {
  /// Whether this separates names and values in a tag: a blank, or a line or page break.
  var isMarkupSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
