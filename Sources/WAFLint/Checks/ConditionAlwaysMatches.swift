internal import WAFModel

extension LintCheck {
  /// LG-1.
  static let conditionAlwaysMatches = LintCheck(
    .conditionAlwaysMatches,
    why: """
      One of the alternatives of an OrStatement holds for every request, as with "not GET or not POST": every method is one or the other. It matches \
      everything. What was probably meant is an AndStatement of the two, or one NotStatement around an OrStatement.
      """,
    fires: .rules(
      .rule(
        "block-methods", .block,
        .or(.not(.bytes("GET", .exactly, in: .method)), .not(.bytes("POST", .exactly, in: .method))))),
    passes: .rules(
      .rule(
        "block-methods", .block,
        .and(.not(.bytes("GET", .exactly, in: .method)), .not(.bytes("POST", .exactly, in: .method)))))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .or(let parts) = placed.statement, subject.reasoner.certainty(of: placed.statement) == .always else { continue }
      if let part = parts.firstIndex(where: { subject.reasoner.certainty(of: $0) == .always }) {
        findings.add(.conditionAlwaysMatches, at: placed, ".Statements[\(part)]", "this matches every request, and so does the OrStatement")
      } else {
        findings.add(.conditionAlwaysMatches, at: placed, "", "one of the alternatives always holds", hint: "an AndStatement?")
      }
    }
  }
}
