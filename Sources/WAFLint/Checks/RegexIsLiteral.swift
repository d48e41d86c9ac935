internal import WAFMatch
internal import WAFModel

extension LintCheck {
  /// Capacity-and-quotas.md 1.1.
  static let regexIsLiteral = LintCheck(
    .regexIsLiteral,
    why: """
      The pattern is nothing but an anchored string. A ByteMatchStatement with EXACTLY, STARTS_WITH or ENDS_WITH says the same for 2 WCU instead of 3 and \
      needs no escapes. A string without anchors is another matter: CONTAINS costs 10, so there the pattern is cheaper.
      """,
    fires: .rules(.rule("block-status", .block, .regex("^/status$", in: .uriPath))),
    passes: .rules(.rule("block-status", .block, .bytes("/status", .exactly, in: .uriPath)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .regexMatch(let match) = placed.statement, let literal = match.pattern.pattern?.literal else { continue }
      let constraint: PositionalConstraint
      switch (literal.isAnchoredAtStart, literal.isAnchoredAtEnd) {
      case (true, true): constraint = .exactly
      case (true, false): constraint = .startsWith
      case (false, true): constraint = .endsWith
      case (false, false): continue
      }
      let text = quoted(String(decoding: literal.bytes, as: UTF8.self))
      findings.add(
        .regexIsLiteral, at: placed, ".RegexString",
        "\(quoted(match.pattern)) is a string: ByteMatchStatement \(constraint.rawValue) costs 2 WCU, this 3",
        hint: "\(constraint.rawValue) \(text)")
    }
  }
}
