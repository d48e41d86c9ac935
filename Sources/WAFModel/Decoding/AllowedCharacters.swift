internal import WAFBase

/// What a name may be made of (capacity-and-quotas.md 2.3); `\w` is ASCII (QT-4).
package enum AllowedCharacters {
  case any
  /// `^[\w\-]+$`: names of entities, rules and body keys.
  case entityName
  /// `^[\w#:\.\-/]+$`: metric names and versions.
  case metricName
  /// `^[a-zA-Z0-9-]+$`: header with the forwarded address.
  case headerName
  /// `^[a-zA-Z0-9._$-]+$`: inserted headers.
  case customHeaderName
  /// `^[0-9A-Za-z_\-:]+$`: labels, label keys and namespaces.
  case label
  /// `^[\w\.\-/]+$`
  case tokenDomain
  /// At least one character that is no white space.
  case notBlank
  /// Letters, digits, `+=:#@/-,.` and white space that is not at the ends.
  case description

  /// As messages say it.
  private var wanted: String {
    switch self {
    case .any: "any characters"
    case .entityName: "A-Z a-z 0-9 _ -"
    case .metricName: "A-Z a-z 0-9 _ # : . - /"
    case .headerName: "A-Z a-z 0-9 -"
    case .customHeaderName: "A-Z a-z 0-9 . _ $ -"
    case .label: "A-Z a-z 0-9 _ - :"
    case .tokenDomain: "A-Z a-z 0-9 _ . - /"
    case .notBlank: "a character that is no space"
    case .description: "letters, digits, + = : # @ / - , . and inner spaces"
    }
  }

  private func allows(_ scalar: Unicode.Scalar) -> Bool {
    let word = scalar.isASCII && UInt8(truncatingIfNeeded: scalar.value).isASCIIWord
    return switch self {
    case .any, .notBlank: true
    case .entityName: word || scalar == "-"
    case .metricName: word || "#:.-/".unicodeScalars.contains(scalar)
    case .headerName: word && scalar != "_" || scalar == "-"
    case .customHeaderName: word || ".$-".unicodeScalars.contains(scalar)
    case .label: word || "-:".unicodeScalars.contains(scalar)
    case .tokenDomain: word || ".-/".unicodeScalars.contains(scalar)
    case .description: word || "+=:#@/-,. \t\n\r".unicodeScalars.contains(scalar)
    }
  }

  /// Whether `text` is made of nothing else; a finding at `value` where it is not.
  func check(_ text: String, at value: JSONValue) -> Bool {
    if case .any = self { return true }
    if case .notBlank = self {
      guard text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else { return true }
      value.report(.badCharacters, "expected \(wanted), found \(quoted(text))")
      return false
    }
    if case .description = self, let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
      first.properties.isWhitespace || last.properties.isWhitespace
    {
      value.report(.badCharacters, "expected no space at the ends")
      return false
    }
    guard let wrong = text.unicodeScalars.first(where: { !allows($0) }) else { return true }
    value.report(.badCharacters, "unexpected character \(quoted(String(wrong))) in \(quoted(text)), expected \(wanted)")
    return false
  }
}
