internal import WAFModel

extension LintCheck {
  /// LG-1.
  static let conditionNeverMatches = LintCheck(
    .conditionNeverMatches,
    why: """
      An AndStatement holds two conditions that no request meets together: two exact values of one component, an IPv4 and an IPv6 set of the same \
      address, two countries. It never matches; an OrStatement was probably meant.
      """,
    fires: .rules(
      .rule("label-office", .count, labels: ["trust:office"], .and(.ipSet("office"), .ipSet("office-v6"))),
      others: [.ipSet("office", "192.0.2.0/28"), .ipSet("office-v6", "2001:db8:f00::/48")]),
    passes: .rules(
      .rule("label-office", .count, labels: ["trust:office"], .or(.ipSet("office"), .ipSet("office-v6"))),
      others: [.ipSet("office", "192.0.2.0/28"), .ipSet("office-v6", "2001:db8:f00::/48")])
  ) { subject, findings in
    for placed in subject.statements {
      guard case .and(let parts) = placed.statement, let (first, second) = subject.reasoner.exclusivePair(parts) else { continue }
      findings.add(
        .conditionNeverMatches, at: placed, ".Statements[\(second)]",
        "no request meets this and Statements[\(first)]: the AndStatement never matches",
        hint: "an OrStatement?")
    }
  }
}
