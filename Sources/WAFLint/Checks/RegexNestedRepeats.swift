internal import WAFModel

extension LintCheck {
  /// RX-8.
  static let regexNestedRepeats = LintCheck(
    .regexNestedRepeats,
    why: """
      Something repeated without bound stands in something repeated without bound, so that one string can be split in very many ways, as with (a+)+. A \
      matcher that tries them one after the other stalls on values made for it. Write the repetition once, or let every round begin with a byte \
      that the rest of it cannot take, as in (/[a-z]+)*.
      """,
    fires: .rules(.rule("block-words", .block, .regex("^(\\w+\\s?)*!$", in: .header("x-note")))),
    passes: .rules(.rule("block-words", .block, .regex("^[\\w\\s]*!$", in: .header("x-note"))))
  ) { subject, findings in
    subject.eachPattern { pattern, origin, path, field in
      guard pattern.pattern?.hasAmbiguousRepetition == true else { return }
      findings.add(.regexNestedRepeats, at: origin, path, field: field, "\(quoted(pattern)): a repetition in a repetition can split in many ways")
    }
  }
}

extension LintSubject {
  /// Calls `body` with every pattern, its place and its field: those of statements, and those of sets.
  func eachPattern(_ body: (_ pattern: String, _ origin: Origin, _ path: String, _ field: FindingField) -> Void) {
    for placed in statements {
      guard case .regexMatch(let match) = placed.statement else { continue }
      body(match.pattern, placed.rule.origin, placed.path + ".RegexMatchStatement.RegexString", .statement)
    }
    for set in documents.regexPatternSets {
      for (index, pattern) in set.patterns.enumerated() { body(pattern, set.origin, set.path(ofPattern: index), .regexPatternSet) }
    }
  }
}

extension RegexPatternSet {
  /// The way from the set to one of its patterns. Where some are open, those that are known do not tell their places.
  func path(ofPattern index: Int) -> String {
    openValues.isEmpty ? ".RegularExpressionList[\(index)].RegexString" : ".RegularExpressionList"
  }
}
