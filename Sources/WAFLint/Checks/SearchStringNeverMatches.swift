internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// BM-2, and parts B and D of the spec of components.
  static let searchStringNeverMatches = LintCheck(
    .searchStringNeverMatches,
    why: """
      The component, or its value after the text transformations, can never hold this search string: a path has no ? and begins with /, \
      COMPRESS_WHITE_SPACE leaves no two spaces together, NORMALIZE_PATH leaves no // and no /../ in a path. The rule does nothing. Search for what \
      is left of the value, or leave out the transformation.
      """,
    fires: .rules(.rule("block-traversal", .block, .bytes("/../", .contains, in: .uriPath, .urlDecode, .normalizePath))),
    passes: .rules(.rule("block-traversal", .block, .bytes("/../", .contains, in: .uriPath, .urlDecode)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .byteMatch(let match) = placed.statement, !match.failsByCase, let obstacle = match.obstacle else { continue }
      let place = match.inspection.transformations.contains { $0 != .none } ? "after its transformations " : ""
      let component = match.inspection.fieldToMatch.wireName
      findings.add(
        .searchStringNeverMatches, at: placed, ".SearchString", "\(place)\(component) \(obstacle.words): this never matches", hint: obstacle.hint)
    }
  }
}

extension PossibleValues.Obstacle {
  /// What is true of the component, as the end of a sentence about it.
  fileprivate var words: String {
    switch self {
    case .byte(let byte): "never holds \(SafeText.quotedByte(byte))"
    case .length(let length): "has \(length) bytes"
    case .text(let text): "never holds \(text)"
    case .beginning: "begins with /"
    case .blank: "has no blank at its ends"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .byte(UInt8(ascii: "?")): "what follows the ? is the QueryString"
    case .beginning: "put a / before it"
    case .byte, .length, .text, .blank: nil
    }
  }
}

extension SafeText {
  /// A byte as messages show it.
  fileprivate static func quotedByte(_ byte: UInt8) -> String { "\"" + escape([byte].span) + "\"" }
}
