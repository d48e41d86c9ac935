internal import WAFBase
internal import WAFMatch
internal import WAFModel

/// What can be said of every value of a component after its text transformations.
///
/// Everything here is certain: what is not known to be impossible counts as possible. Each transformation keeps what it cannot spoil, so that a
/// chain is followed step by step:
///
///     UriPath                      no ? and #; begins with /
///     after URL_DECODE             begins with /
///     after NORMALIZE_PATH         begins with /; no //, /./ and /../
///     after LOWERCASE              the same, and no A to Z
struct PossibleValues: Equatable {
  /// Bytes that can occur.
  var bytes = ByteSet.all
  /// Whether every value is empty or begins with `/`; the path `*` of `OPTIONS` counts as such.
  var beginsWithSlash = false
  /// Whether no value has a blank at either end.
  var isTrimmed = false
  /// Whether no value has two spaces in a row.
  var hasLoneSpaces = false
  /// Whether no value has two slashes in a row, or a segment `.` that another follows.
  var hasCleanSegments = false
  /// Whether no value has `/*`.
  var hasNoComments = false
  /// Bytes of every value; nil where they differ.
  var length: Int?

  /// Values of a component after a chain of transformations.
  init(_ inspection: Inspection) {
    self.init(inspection.fieldToMatch)
    for transformation in inspection.transformations { apply(transformation) }
  }

  /// Values of a component as received.
  init(_ field: FieldToMatch) {
    switch field {
    case .uriPath:
      bytes.subtract(ByteSet("?", "#"))
      beginsWithSlash = true
    case .queryString: bytes.subtract(ByteSet("#"))
    case .singleQueryArgument, .allQueryArguments: bytes.subtract(ByteSet("#", "&"))
    case .method, .headerOrder: bytes = ByteSet(0x21...0x7e)
    case .singleHeader:
      bytes.subtract(ByteSet(0x00...0x00, 0x0a...0x0a, 0x0d...0x0d))
      isTrimmed = true
    case .ja3Fingerprint:
      bytes = ByteSet(0x30...0x39, 0x61...0x66)
      length = 32
    case .headers, .cookies, .body, .jsonBody, .uriFragment, .ja4Fingerprint: break
    }
  }

  /// Why a byte string cannot be in any value at this position; nil where it may be.
  func obstacle(to text: [UInt8], _ constraint: PositionalConstraint) -> Obstacle? {
    if let byte = text.first(where: { !bytes.contains($0) }) { return .byte(byte) }
    if let length, constraint == .exactly ? text.count != length : text.count > length { return .length(length) }
    if hasLoneSpaces, text.contains("  ") { return .text("two spaces") }
    if hasNoComments, text.contains("/*") { return .text("/*") }
    if hasCleanSegments {
      for part in ["//", "/./"] where text.contains(part) { return .text(part) }
      if beginsWithSlash, text.contains("/../") { return .text("/../") }
    }
    let isAtStart = constraint == .exactly || constraint == .startsWith
    let isAtEnd = constraint == .exactly || constraint == .endsWith
    if beginsWithSlash, isAtStart, let first = text.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "*") { return .beginning }
    if hasCleanSegments, beginsWithSlash, isAtEnd, text.ends(with: "/.") || text.ends(with: "/..") { return .text("a last segment of dots") }
    if isTrimmed, isAtStart && text.first?.isHTTPBlank == true || isAtEnd && text.last?.isHTTPBlank == true { return .blank }
    return nil
  }

  /// What keeps a byte string out of every value.
  enum Obstacle: Equatable {
    case byte(UInt8)
    case length(Int)
    case text(String)
    /// It does not begin with a slash.
    case beginning
    /// It has a blank at its end.
    case blank
  }
}

extension ByteSet {
  /// The bytes of these ASCII characters.
  init(_ characters: Character...) {
    self.init()
    for character in characters { if let byte = character.asciiValue { insert(byte) } }
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
  fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
