internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// BM-2.
  static let encodedAfterDecode = LintCheck(
    .encodedAfterDecode,
    why: """
      URL_DECODE has turned every escape into its byte before the comparison. A search string with an escape such as %2f then finds only what was \
      encoded twice. If that is wanted, fine; else write the byte itself.
      """,
    fires: .rules(.rule("block-traversal", .block, .bytes("..%2f", .contains, in: .queryString, .urlDecode))),
    passes: .rules(.rule("block-traversal", .block, .bytes("../", .contains, in: .queryString, .urlDecode)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .byteMatch(let match) = placed.statement, match.inspection.isDecodedLast, match.obstacle == nil else { continue }
      guard let escape = match.searchString.percentEscape else { continue }
      findings.add(
        .encodedAfterDecode, at: placed, ".SearchString", "\(quoted(escape)) is decoded before it is compared: only what was encoded twice matches")
    }
  }
}

extension Inspection {
  /// Whether percent-escapes are decoded, and nothing after that could make new ones.
  fileprivate var isDecodedLast: Bool {
    guard let last = transformations.lastIndex(where: { $0 == .urlDecode || $0 == .urlDecodeUni }) else { return false }
    return transformations[(last + 1)...].allSatisfy { [.none, .lowercase, .compressWhiteSpace, .normalizePath, .normalizePathWin].contains($0) }
  }
}

extension [UInt8] {
  /// The first `%` with two hexadecimal digits behind it.
  fileprivate var percentEscape: String? {
    for index in indices.dropLast(2) where self[index] == UInt8(ascii: "%") {
      // `%25` is a percent sign, which is looked for to find what was encoded twice.
      guard self[index + 1].hexDigitValue != nil, self[index + 2].hexDigitValue != nil else { continue }
      if self[index + 1] == UInt8(ascii: "2"), self[index + 2] == UInt8(ascii: "5") { continue }
      return String(decoding: self[index...index + 2], as: UTF8.self)
    }
    return nil
  }
}
