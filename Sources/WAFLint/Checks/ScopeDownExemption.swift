internal import WAFModel

extension LintCheck {
  /// SD-1, RT-2.
  static let scopeDownExemption = LintCheck(
    .scopeDownExemption,
    why: """
      What a scope-down statement does not match is not looked at by the group, and not counted by a rate-based rule. A NotStatement there is an \
      exemption. Over a header, a cookie or a forwarded address it exempts whoever sends that; over a namespace it exempts whoever has any of its \
      labels. Exempt by the origin address or by one label that only trusted clients get.
      """,
    fires: .rules(
      .rule(
        "limit-address", .block,
        .rate(1000, scopeDown: .not(.bytes("uptime-probe/", .startsWith, in: .header("user-agent")))))),
    passes: .rules(
      .rule("limit-address", .block, .rate(1000, scopeDown: .not(.ipSet("monitor")))), others: [.ipSet("monitor", "192.0.2.250/31")])
  ) { subject, findings in
    for placed in subject.statements where placed.isScopeDown {
      guard case .not(let inner) = placed.statement else { continue }
      let claims = ClientClaims(inner)
      if claims.isForgeable, let claim = claims.claim {
        findings.add(.scopeDownExemption, at: placed, "", "exempts by \(claim), which any client can send")
      } else if case .labelMatch(let match) = inner, match.scope == .namespace {
        findings.add(.scopeDownExemption, at: placed, "", "exempts every label under \(quoted(match.key))", hint: "name the one label that is meant")
      }
    }
  }
}
