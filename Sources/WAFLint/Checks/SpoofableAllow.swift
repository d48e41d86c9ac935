internal import WAFModel

extension LintCheck {
  /// EO-4, and section 6.1 of the spec of statements.
  static let spoofableAllow = LintCheck(
    .spoofableAllow,
    why: """
      Allow ends the evaluation: none of the rules behind it is asked. Here it rests on what the client says of itself, a header, a cookie or an \
      address that is not the last in a forwarding header, so whoever knows the rule walks past all others. Use the origin address, the last \
      forwarded address behind a proxy of your own, or a secret of 16 bytes and more compared with EXACTLY; or Count and label instead of Allow.
      """,
    fires: .webACL(
      .rule("allow-monitor", .allow, priority: 0, .bytes("UptimeProbe/", .startsWith, in: .header("user-agent"))),
      .rule("block-admin", .block, priority: 1, .bytes("/admin/", .startsWith, in: .uriPath))),
    passes: .webACL(
      .rule(
        "allow-monitor", .allow, priority: 0,
        .and(.ipSet("monitor"), .bytes("UptimeProbe/", .startsWith, in: .header("user-agent")))),
      .rule("block-admin", .block, priority: 1, .bytes("/admin/", .startsWith, in: .uriPath)),
      others: [.ipSet("monitor", "192.0.2.250/31")])
  ) { subject, findings in
    for (index, step) in subject.steps.enumerated() {
      let canBeStopped = subject.stopsRequests(after: index)
      switch step {
      case .rule(let rule):
        if canBeStopped, rule.action == .allow { Self.look(at: rule, &findings) }
      case .group(let group):
        guard group.override == .none else { continue }
        for (inner, rule) in group.rules.enumerated() where rule.action == .allow {
          if canBeStopped || group.rules[(inner + 1)...].contains(where: { $0.action != .count }) { Self.look(at: rule, &findings) }
        }
      }
    }
  }

  private static func look(at rule: EffectiveRule, _ findings: inout LintFindings) {
    guard let written = rule.rule else { return }
    let claims = ClientClaims(written.statement)
    guard claims.isForgeable, let claim = claims.claim else { return }
    findings.add(
      .spoofableAllow, at: written.origin, ".Statement", field: .rule,
      "\(quoted(rule.name)) allows by \(claim), which any client can send, and no rule behind it is asked then",
      hint: "an IP set of the origin beside it")
  }
}

extension LintSubject {
  /// Whether anything behind a rule of the web ACL may keep a request from the resource.
  fileprivate func stopsRequests(after index: Int) -> Bool {
    if case .block = documents.webACL.defaultAction { return true }
    return steps[(index + 1)...].contains { step in
      switch step {
      case .rule(let rule): rule.action != .count && rule.action != .allow
      case .group(let group): group.override == .none
      }
    }
  }
}
