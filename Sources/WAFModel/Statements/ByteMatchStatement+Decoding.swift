internal import WAFBase

extension ByteMatchStatement {
  /// Bytes of the longest search string (BM-1, Q-9).
  static let searchStringLimit = 200

  /// Nil when a member is at fault. Every member is read all the same, so that one run reports all faults.
  init?(_ object: JSONObject) {
    let searchString = Self.searchString(of: object)
    let constraint = object.enumeration("PositionalConstraint", PositionalConstraint.self)
    let isWord = Self.check(searchString, constraint, object)
    let inspection = Inspection(of: object) { Self.check($0, constraint, searchString, object) }
    object.refuseOtherMembers()
    guard let searchString, let inspection, let constraint, isWord else { return nil }
    self.init(searchString: searchString, inspection: inspection, positionalConstraint: constraint)
  }

  /// `SearchString`, decoded as the document writes them (IN-5).
  private static func searchString(of object: JSONObject) -> [UInt8]? {
    guard let value = object.required("SearchString"), let text = value.string() else { return nil }
    var bytes = Array(text.utf8)
    if object.context.searchStringsAreBase64 {
      guard let decoded = Base64.decode(bytes.span) else {
        value.report(.badBase64, "expected Base64 (RFC 4648 section 4, padded), found \(quoted(text))")
        return nil
      }
      bytes = decoded
    }
    guard bytes.count <= searchStringLimit else {
      value.report(.wrongLength, "expected at most \(searchStringLimit) bytes, found \(bytes.count)")
      return nil
    }
    return bytes
  }

  /// Word bytes only for `CONTAINS_WORD` (BM-4); an empty string is worth a warning elsewhere (BM-1). What is at fault itself is nil.
  private static func check(_ searchString: [UInt8]?, _ constraint: PositionalConstraint?, _ object: JSONObject) -> Bool {
    guard let searchString, let constraint, let value = object.optional("SearchString") else { return true }
    if constraint == .containsWord, searchString.isEmpty || !searchString.allSatisfy(\.isASCIIWord) {
      let found = searchString.isEmpty ? "an empty string" : "\"" + SafeText.quote(searchString.span) + "\""
      value.report(.containsWordCharacters, "CONTAINS_WORD needs a string of A-Z a-z 0-9 _, found \(found)")
      return false
    }
    if searchString.isEmpty {
      value.report(.emptySearchString, constraint == .exactly ? "an empty string matches empty values only" : "an empty string matches every value")
    }
    return true
  }

  /// Fingerprints need `EXACTLY` (BM-6) and have a known length (JA-1). What is at fault itself is nil.
  private static func check(
    _ field: FieldToMatch, _ constraint: PositionalConstraint?, _ searchString: [UInt8]?, _ object: JSONObject
  ) -> Bool {
    let length: Int
    switch field {
    case .ja3Fingerprint: length = 32
    case .ja4Fingerprint: length = 36
    default: return true
    }
    if let constraint, constraint != .exactly {
      object.reportFingerprint()
      return false
    }
    if let searchString, searchString.count != length {
      object.optional("SearchString")?.report(.fingerprintLength, "a \(field.wireName) has \(length) characters, this one \(searchString.count)")
    }
    return true
  }
}
