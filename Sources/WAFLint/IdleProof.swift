public import WAFDocuments
public import WAFModel

/// A proof, from the documents alone, that a rule or a condition in it decides nothing whatever the traffic.
public struct IdleProof: Sendable {
  /// The rule; nil where it stands in no rule.
  public var rule: String?
  /// What is proven, and where it is written.
  public var finding: Finding
}

extension Lint {
  /// The checks that prove that something never matches, or never matters. What other checks find is a matter of judgement.
  static let idleChecks: [LintCheck] = [
    .unreachableRule, .shadowedRule, .duplicateRule, .conditionNeverMatches, .conditionAlwaysMatches, .searchStringNeverMatches,
    .uppercaseAfterLowercase, .regexNeverMatches, .labelWithoutProducer, .labelBeforeProducer, .rateLimitUnreachable,
  ]

  /// What the documents prove of rules that do nothing, in the order of `findings`.
  ///
  /// - Parameter places: Where the documents' values are written.
  public static func idleProofs(in documents: RuleDocuments, places: DocumentPlaces) -> [IdleProof] {
    let found = findings(in: documents, places: places, checks: idleChecks).kept
    guard !found.isEmpty else { return [] }
    let rules = FindingOwner.rules(of: documents, places)
    return found.map { finding in IdleProof(rule: rules.first { $0.holds(finding) }?.name, finding: finding) }
  }
}
