internal import WAFModel

extension LintCheck {
  /// GO-1.
  static let groupCountStopsEarly = LintCheck(
    .groupCountStopsEarly,
    why: """
      OverrideAction Count does not make the rules of the group count. The group runs as it is, stops at its first rule that would allow, block or ask, \
      and only that result becomes one Count. Rules behind it are not evaluated: their counts are too low to decide by, and their labels are \
      missing. To watch every rule, use OverrideAction None and a RuleActionOverrides entry with Count for each.
      """,
    fires: .rules(.reference("common-rules", .count, priority: 0, .ruleGroupOfAWS("CommonRuleSet"))),
    passes: .rules(
      .reference("common-rules", .none, priority: 0, .ruleGroupOfAWS("AdminProtectionRuleSet", overrides: [("AdminProtection_URIPATH", .count)])))
  ) { subject, findings in
    for case .group(let group) in subject.steps where group.override == .count {
      let ending = group.rules.filter { $0.action != .count }
      // One rule alone hides nothing.
      guard group.source == .unknown || group.rules.count > 1 && !ending.isEmpty else { continue }
      let rules = ending.isEmpty ? "its rules" : ending.count == 1 ? "1 of its rules" : "\(ending.count) of its rules"
      let reason =
        group.source == .unknown ? "the group stops at its first match" : "\(rules) still stop the group, and what follows is not evaluated"
      findings.add(
        .groupCountStopsEarly, at: group.reference.origin, ".OverrideAction", field: .overrideAction, "counts the group, not its rules: \(reason)",
        hint: "OverrideAction None, and RuleActionOverrides with Count for each rule to watch")
    }
  }
}
