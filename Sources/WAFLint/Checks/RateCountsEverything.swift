internal import WAFModel

extension LintCheck {
  /// RT-1, RT-2.
  static let rateCountsEverything = LintCheck(
    .rateCountsEverything,
    why: """
      The limit is low and every request counts towards it: pages, images, scripts, health checks. One page view can be a hundred requests, and many \
      people may share an address. Let a scope-down statement name what is to be limited, such as the sign-in path, or raise the limit.
      """,
    fires: .rules(.rule("limit-login", .block, .rate(20, scopeDown: .bytes("/", .startsWith, in: .uriPath)))),
    passes: .rules(.rule("limit-login", .block, .rate(20, scopeDown: .bytes("/account/login", .exactly, in: .uriPath))))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .rateBased(let rate) = placed.statement, rate.limit < Self.lowLimit, rate.aggregateKeyType != .customKeys else { continue }
      if let scopeDown = rate.scopeDown {
        guard subject.reasoner.certainty(of: scopeDown) == .always else { continue }
        findings.add(
          .rateCountsEverything, at: placed, ".ScopeDownStatement",
          "matches every request: all of them count towards \(rate.limit) in \(rate.evaluationWindow) s")
      } else {
        findings.add(
          .rateCountsEverything, at: placed, ".Limit", "every request counts towards \(rate.limit) in \(rate.evaluationWindow) s",
          hint: "a scope-down statement for what is to be limited")
      }
    }
  }

  /// A page with its images and scripts may be this many requests.
  private static let lowLimit = 100
}
