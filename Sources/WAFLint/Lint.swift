public import WAFDocuments
public import WAFModel

/// Looks for what AWS WAF accepts and its author hardly meant.
public enum Lint {
  /// Every check, in the order in which lists show them.
  public static let checks: [LintCheck] = [
    .uppercaseAfterLowercase, .searchStringNeverMatches, .encodedAfterDecode, .lowercaseMethod, .regexNeverMatches, .conditionNeverMatches,
    .conditionAlwaysMatches, .sizeBeyondInspection, .uninspectedBody, .regexNestedRepeats, .regexUnanchored, .regexUnescapedDot, .regexIsLiteral,
    .spoofableAllow, .labelWithoutProducer, .labelBeforeProducer, .unreachableRule, .shadowedRule, .duplicateRule, .countWithoutEffect,
    .missingBaseline, .groupCountStopsEarly, .excludedRules, .scopeDownExemption, .rateCountsEverything, .rateLimitUnreachable, .subsumedAddress,
    .secretInSearchString,
  ]

  /// The check of a code; nil for codes of validation.
  public static func check(_ code: FindingCode) -> LintCheck? { checks.first { $0.code == code } }

  /// What the checks find in documents that were accepted: by file, and in the order of the text within each.
  ///
  /// - Parameters:
  ///   - places: Where the documents' values are written.
  ///   - checks: Those to make.
  public static func findings(in documents: RuleDocuments, places: DocumentPlaces, checks: [LintCheck] = checks) -> Findings {
    let subject = LintSubject(documents)
    var findings = LintFindings(places)
    for check in checks { check.look(subject, &findings) }
    return findings.sorted()
  }
}
