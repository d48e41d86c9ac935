internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// BM-2.
  static let uppercaseAfterLowercase = LintCheck(
    .uppercaseAfterLowercase,
    why: """
      Text transformations change the request, never the search string. After LOWERCASE or CMD_LINE no value has an upper-case letter, so a search \
      string with one is never found and the rule does nothing. Write the search string in lower case.
      """,
    fires: .rules(.rule("block-admin", .block, .bytes("/Admin/", .startsWith, in: .uriPath, .lowercase))),
    passes: .rules(.rule("block-admin", .block, .bytes("/admin/", .startsWith, in: .uriPath, .lowercase)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .byteMatch(let match) = placed.statement, match.failsByCase else { continue }
      let lowered = quoted(String(decoding: match.searchString.map(\.asciiLowercased), as: UTF8.self))
      findings.add(
        .uppercaseAfterLowercase, at: placed, ".SearchString", "the value is in lower case when it is compared: this never matches",
        hint: "write \(lowered)")
    }
  }
}

extension ByteMatchStatement {
  /// Why no value can hold the search string; nil where one may.
  var obstacle: PossibleValues.Obstacle? { PossibleValues(inspection).obstacle(to: searchString, positionalConstraint) }

  /// Whether its search string is never found and would be if it were in lower case.
  var failsByCase: Bool {
    guard inspection.transformations.contains(where: { $0 == .lowercase || $0 == .cmdLine }), obstacle != nil else { return false }
    return PossibleValues(inspection).obstacle(to: searchString.map(\.asciiLowercased), positionalConstraint) == nil
  }
}
