internal import WAFModel

extension LintCheck {
  /// EO-4.
  static let unreachableRule = LintCheck(
    .unreachableRule,
    why: """
      The rule before it matches every request and allows or blocks it, so evaluation never comes here. Rules run by their priority numbers, not in the \
      order of the document.
      """,
    fires: .rules(
      .rule("allow-all", .allow, priority: 0, .bytes("/", .startsWith, in: .uriPath)),
      .rule("block-admin", .block, priority: 1, .bytes("/admin/", .startsWith, in: .uriPath))),
    passes: .rules(
      .rule("block-admin", .block, priority: 0, .bytes("/admin/", .startsWith, in: .uriPath)),
      .rule("allow-all", .allow, priority: 1, .bytes("/", .startsWith, in: .uriPath)))
  ) { subject, findings in
    var end: (name: String, origin: Origin)?
    for (index, step) in subject.steps.enumerated() {
      if let end {
        let rest = subject.steps.count - index - 1
        let others = rest == 0 ? "" : rest == 1 ? ", nor to the rule behind it" : ", nor to the \(rest) rules behind it"
        findings.add(
          .unreachableRule, at: step.rule.origin, field: .rule,
          "\(quoted(end.name)) (\(findings.line(of: end.origin))) ends every request: evaluation never comes here\(others)")
        break
      }
      switch step {
      case .rule(let rule):
        if subject.endsEverything(rule), let written = rule.rule { end = (rule.name, written.origin) }
      case .group(let group):
        guard let last = group.rules.firstIndex(where: subject.endsEverything) else { continue }
        if last + 1 < group.rules.count, let written = group.rules[last].rule, let next = group.rules[last + 1].rule {
          findings.add(
            .unreachableRule, at: next.origin, field: .rule,
            "\(quoted(written.name)) (\(findings.line(of: written.origin))) ends the group for every request: evaluation never comes here")
        }
        if group.override == .none, group.scopeDown == nil { end = (group.reference.name, group.reference.origin) }
      }
    }
  }
}

extension LintSubject {
  /// Whether a rule allows or blocks every request.
  fileprivate func endsEverything(_ rule: EffectiveRule) -> Bool {
    guard rule.action.alwaysEnds, let written = rule.rule else { return false }
    return reasoner.certainty(of: written.statement) == .always
  }
}

extension EffectiveActions.Step {
  /// The rule of the web ACL.
  var rule: Rule {
    switch self {
    case .rule(let rule): rule.rule ?? Rule(name: rule.name, priority: 0, statement: .or([]), action: .action(.count([])))
    case .group(let group): group.reference
    }
  }
}
