internal import WAFModel

extension LintCheck {
  /// Managed-rule-groups.md.
  static let missingBaseline = LintCheck(
    .missingBaseline,
    why: """
      A web ACL that allows by default and has no rule group, managed or your own, catches what its own rules name and nothing else. \
      AWSManagedRulesCommonRuleSet (700 WCU) and AWSManagedRulesKnownBadInputsRuleSet (200 WCU) are the usual baseline.
      """,
    fires: .webACL(defaultAction: .allow, .rule("block-admin", .block, .bytes("/admin/", .startsWith, in: .uriPath))),
    passes: .webACL(
      defaultAction: .allow, .rule("block-admin", .block, priority: 0, .bytes("/admin/", .startsWith, in: .uriPath)),
      .reference("known-bad-inputs", .none, priority: 1, .ruleGroupOfAWS("KnownBadInputsRuleSet")))
  ) { subject, findings in
    guard subject.isWholeACL, case .allow = subject.documents.webACL.defaultAction else { return }
    let hasGroup = subject.steps.contains { if case .group = $0 { true } else { false } }
    guard !hasGroup else { return }
    findings.add(
      .missingBaseline, at: subject.documents.webACL.origin, ".Rules", field: .webACL, "allows by default and has no rule group",
      hint: "AWSManagedRulesCommonRuleSet and AWSManagedRulesKnownBadInputsRuleSet")
  }
}
