internal import WAFModel

extension LintCheck {
  /// Capacity-and-quotas.md 2.1.
  static let rateLimitUnreachable = LintCheck(
    .rateLimitUnreachable,
    why: """
      A web ACL takes 100,000 requests a second unless the quota was raised. A limit that needs more of them in its window than the whole web ACL can \
      get is never exceeded.
      """,
    fires: .rules(.rule("limit-address", .block, .rate(20_000_000, seconds: 60))),
    passes: .rules(.rule("limit-address", .block, .rate(2000, seconds: 60)))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .rateBased(let rate) = placed.statement, rate.limit > rate.evaluationWindow * Self.quota else { continue }
      let perSecond = rate.limit / rate.evaluationWindow
      findings.add(
        .rateLimitUnreachable, at: placed, ".Limit",
        "\(rate.limit) in \(rate.evaluationWindow) s are \(perSecond) a second; a web ACL takes \(Self.quota)")
    }
  }

  /// Requests a second of a web ACL.
  private static let quota = 100_000
}
