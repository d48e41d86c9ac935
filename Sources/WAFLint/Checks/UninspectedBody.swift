internal import WAFModel

extension LintCheck {
  /// C.1 and OV-10.
  static let uninspectedBody = LintCheck(
    .uninspectedBody,
    why: """
      A body is inspected up to 8,192 bytes behind a load balancer or AppSync, up to 16,384 to 65,536 elsewhere, and forwarded whole. With \
      OversizeHandling CONTINUE an attack behind so many bytes of padding passes. Either let the rule match what is oversize, or block bodies over \
      the limit where none are expected: a SizeConstraintStatement GT the limit with MATCH.
      """,
    fires: .rules(.rule("block-sqli", .block, .sqli(in: .body(.continue), .urlDecode))),
    passes: .rules(
      .rule("block-large-body", .block, priority: 0, .size(.greater, 8192, in: .body(.match))),
      .rule("block-sqli", .block, priority: 1, .sqli(in: .body(.continue), .urlDecode)))
  ) { subject, findings in
    guard !subject.refusesOversizeBodies else { return }
    for rule in subject.endingRules {
      for placed in PlacedStatement.all(of: rule) {
        guard let field = placed.statement.inspection?.fieldToMatch, field.isBody, field.oversize == .continue, !placed.isNegated else { continue }
        if case .sizeConstraint = placed.statement { continue }
        findings.add(
          .uninspectedBody, at: placed, ".FieldToMatch", "what lies beyond the inspected part of a body is not seen, and no rule refuses it")
      }
    }
  }
}

extension LintSubject {
  /// Rules of the web ACL and its groups that block, or ask for a puzzle, by the action that takes effect.
  fileprivate var endingRules: [Rule] {
    steps.flatMap { step -> [Rule] in
      switch step {
      case .rule(let rule): return rule.refuses ? [rule.rule].compactMap { $0 } : []
      case .group(let group): return group.override == .count ? [] : group.rules.filter(\.refuses).compactMap(\.rule)
      }
    }
  }

  /// Whether a rule refuses bodies over the limit of inspection, be it on some paths only.
  fileprivate var refusesOversizeBodies: Bool {
    if endingRules.contains(where: { rule in
      PlacedStatement.all(of: rule).contains { placed in
        guard let field = placed.statement.inspection?.fieldToMatch, field.isBody else { return false }
        return field.oversize == .match
      }
    }) {
      return true
    }
    return steps.contains { step in
      guard case .group(let group) = step, group.override == .none else { return false }
      return group.rules.contains { $0.name == "SizeRestrictions_BODY" && $0.refuses }
    }
  }
}

extension EffectiveRule {
  /// Whether it keeps requests from the resource.
  fileprivate var refuses: Bool {
    switch action {
    case .block, .captcha, .challenge: true
    case .allow, .count: false
    }
  }
}

extension PlacedStatement {
  /// Whether it stands in a `NotStatement`: what it does not see then matches.
  fileprivate var isNegated: Bool { path.contains(".NotStatement") }
}
