internal import WAFMatch
internal import WAFModel

extension PossibleValues {
  /// Follows one transformation.
  mutating func apply(_ transformation: TextTransformation) {
    switch transformation {
    case .none: break
    case .lowercase:
      if bytes.overlaps(.upper) { bytes.formUnion(bytes.lowercased) }
      bytes.subtract(.upper)
    case .compressWhiteSpace:
      let blanks = ByteSet(0x09...0x0d, 0xa0...0xa0)
      if bytes.overlaps(blanks) { replace(blanks, by: " ") }
      hasLoneSpaces = true
    case .removeNulls:
      guard bytes.contains(0) else { return }
      // What stood on both sides of a null now stands together.
      keep(firstByte: true)
      bytes.subtract(ByteSet(0x00...0x00))
    case .replaceNulls:
      guard bytes.contains(0) else { return }
      replace(ByteSet(0x00...0x00), by: " ")
    case .cmdLine:
      keep(firstByte: true)
      bytes.formUnion(bytes.lowercased)
      bytes.subtract(.upper)
      bytes.subtract(ByteSet("\\", "\"", "'", "^", ",", ";", "\t"))
      bytes.subtract(ByteSet(0x0a...0x0a, 0x0d...0x0d))
      bytes.insert(UInt8(ascii: " "))
      hasLoneSpaces = true
    case .normalizePath: normalizePath()
    case .normalizePathWin:
      bytes.subtract(ByteSet("\\"))
      bytes.insert(UInt8(ascii: "/"))
      hasNoComments = false
      normalizePath()
    case .replaceComments:
      beginsWithSlash = false
      replace(.none, by: " ")
      hasNoComments = true
    case .urlDecode, .urlDecodeUni: decode(escape: "%", "+")
    case .htmlEntityDecode: decode(escape: "&")
    case .jsDecode, .cssDecode, .escapeSeqDecode: decode(escape: "\\")
    case .utf8ToUnicode:
      let isASCII = !bytes.overlaps(ByteSet(0x80...0xff))
      guard !isASCII else { return }
      keep(firstByte: true)
      bytes.formUnion(ByteSet(0x30...0x39, 0x61...0x66))
      bytes.formUnion(ByteSet("%", "u"))
    case .md5:
      keep()
      (bytes, length) = (.all, 16)
    case .base64Decode, .base64DecodeExt, .hexDecode, .sqlHexDecode:
      keep()
      bytes = .all
    }
  }

  /// Segments `.` and `..` and repeated slashes go; the slash at the beginning stays. No byte comes to be that was not there.
  private mutating func normalizePath() {
    length = nil
    isTrimmed = false
    // `/a/../*` becomes `/*`.
    hasNoComments = false
    hasCleanSegments = true
  }

  /// Forgets what holds of places and neighbours, for transformations that take away or put in what they like.
  private mutating func keep(firstByte: Bool = false) {
    beginsWithSlash = beginsWithSlash && firstByte
    (isTrimmed, hasLoneSpaces, hasCleanSegments, hasNoComments, length) = (false, false, false, false, nil)
  }

  /// Some bytes become others.
  private mutating func replace(_ replaced: ByteSet, by byte: Character) {
    bytes.subtract(replaced)
    bytes.formUnion(ByteSet(byte))
    (isTrimmed, hasLoneSpaces, length) = (false, false, nil)
  }

  /// Escapes, where there can be any, become whatever they spell.
  private mutating func decode(escape: Character...) {
    var escapes = ByteSet.none
    for character in escape { escapes.formUnion(ByteSet(character)) }
    guard bytes.overlaps(escapes) else { return }
    // A first `/` is part of no escape.
    keep(firstByte: true)
    bytes = .all
  }
}

extension ByteSet {
  /// The lower-case letters of the upper-case ones in the set.
  fileprivate var lowercased: ByteSet {
    var result = ByteSet.none
    for byte in bytes where ByteSet.upper.contains(byte) { result.insert(byte | 0x20) }
    return result
  }
}
