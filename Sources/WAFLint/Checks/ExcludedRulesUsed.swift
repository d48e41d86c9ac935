internal import WAFModel

extension LintCheck {
  /// OA-1.
  static let excludedRules = LintCheck(
    .excludedRules,
    why: """
      ExcludedRules is the form of before October 2022. It decides like an override to Count, but its matches are logged elsewhere (excludedRules, not \
      nonTerminatingMatchingRules), where filters and dashboards may not look. Write a RuleActionOverrides entry with Count.
      """,
    fires: .rules(.reference("common-rules", .none, .ruleGroupOfAWS("CommonRuleSet", excluded: ["SizeRestrictions_BODY"]))),
    passes: .rules(.reference("common-rules", .none, .ruleGroupOfAWS("CommonRuleSet", overrides: [("SizeRestrictions_BODY", .count)])))
  ) { subject, findings in
    for placed in subject.statements {
      let names: [String]
      switch placed.statement {
      case .ruleGroupReference(let reference): names = reference.excludedRules
      case .managedRuleGroup(let reference): names = reference.excludedRules
      default: continue
      }
      for (index, name) in names.enumerated() {
        let entry = #"{"Name": \#(quoted(name)), "ActionToUse": {"Count": {}}}"#
        findings.add(
          .excludedRules, at: placed, ".ExcludedRules[\(index)]", "\(quoted(name)) is excluded in the form of before 2022",
          hint: "in RuleActionOverrides: \(entry)")
      }
    }
  }
}
