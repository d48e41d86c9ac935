internal import WAFModel

extension LintCheck {
  /// EO-4.
  static let shadowedRule = LintCheck(
    .shadowedRule,
    why: """
      Every request that this rule could match is matched by an earlier one, which allows or blocks it. The rule never does anything: it is left over, \
      or it has to come first.
      """,
    fires: .rules(
      .rule("block-admin", .block, priority: 0, .bytes("/admin", .startsWith, in: .uriPath)),
      .rule("allow-admin-login", .allow, priority: 1, .bytes("/admin/login", .exactly, in: .uriPath))),
    passes: .rules(
      .rule("allow-admin-login", .allow, priority: 0, .bytes("/admin/login", .exactly, in: .uriPath)),
      .rule("block-admin", .block, priority: 1, .bytes("/admin", .startsWith, in: .uriPath)))
  ) { subject, findings in
    for list in subject.effectiveLists {
      let list = list.prefix(500)
      for (index, later) in list.enumerated() {
        guard let earlier = list[..<index].indices.first(where: { subject.reasoner.shadows(list[$0], later, between: list[$0..<index]) }) else {
          continue
        }
        let first = list[earlier].rule
        let place = findings.line(of: first.origin)
        findings.add(
          .shadowedRule, at: later.rule.origin, ".Statement", field: .rule,
          "\(quoted(first.name)) (\(place)) ends every request that \(quoted(later.rule.name)) could match")
      }
    }
  }
}

/// A rule and the action that it has wherever it is evaluated.
struct SettledRule {
  var rule: Rule
  /// Nil for a rule that references a group.
  var action: ActionKind?
}

extension LintSubject {
  /// The rules of the web ACL, and those of each group, in order of evaluation. Of a rule with several effective actions the mildest counts.
  var effectiveLists: [[SettledRule]] {
    let own = steps.map { step -> SettledRule in
      switch step {
      case .rule(let rule): SettledRule(rule: step.rule, action: rule.action)
      case .group: SettledRule(rule: step.rule, action: nil)
      }
    }
    let groups = documents.ruleGroups.map { group in
      group.rules.sorted { $0.priority < $1.priority }.map { rule in
        SettledRule(rule: rule, action: action(of: rule))
      }
    }
    return [own] + groups
  }

  /// The action of a rule of a group where all references agree on whether it ends the group; else Count.
  private func action(of rule: Rule) -> ActionKind {
    let actions = steps.flatMap { step -> [ActionKind] in
      guard case .group(let group) = step else { return [] }
      return group.rules.filter { $0.rule?.origin.path == rule.origin.path && $0.rule?.origin.document == rule.origin.document }.map(\.action)
    }
    if let mild = actions.first(where: { !$0.alwaysEnds }) { return mild }
    guard actions.isEmpty, case .action(let own) = rule.action else { return actions.first ?? .count }
    return own.kind
  }
}

extension Reasoner {
  /// Whether `earlier` ends every request that `later` could match. `between` begins with `earlier` and ends before `later`.
  fileprivate func shadows(_ earlier: SettledRule, _ later: SettledRule, between: ArraySlice<SettledRule>) -> Bool {
    guard let action = earlier.action, action.alwaysEnds else { return false }
    // Asked for seldom, and dear: whether labels may come between the two.
    func addsLabels() -> Bool {
      between.contains { $0.action == nil || $0.rule.statement.addsGeoLabels } || between.dropFirst().contains { !$0.rule.labels.isEmpty }
    }
    func implies(_ first: Statement, _ second: Statement) -> Bool {
      self.implies(first, second) && (!first.readsLabels || !addsLabels() || self.implies(first, second, hasSameLabels: false))
    }
    switch (earlier.rule.statement, later.rule.statement) {
    case (.rateBased(let one), .rateBased(let other)):
      // What the first lets through is counted by the second too, and never exceeds a limit that is no lower.
      var same = other
      same.limit = one.limit
      return one == same && other.limit >= one.limit && (one.scopeDown?.readsLabels != true || !addsLabels())
    case (.rateBased, _): return false
    case (let statement, .rateBased(let rate)): return rate.scopeDown.map { implies($0, statement) } ?? false
    case (let statement, .managedRuleGroup(let group)): return group.scopeDown.map { implies($0, statement) } ?? false
    case (_, .ruleGroupReference): return false
    case (let statement, let other):
      // Conditions that match nothing are found on their own.
      return implies(other, statement) && certainty(of: statement) == .open && certainty(of: other) == .open
    }
  }
}

extension Statement {
  /// Whether a geo statement in it adds labels to whatever is evaluated.
  fileprivate var addsGeoLabels: Bool {
    if case .geoMatch = self { return true }
    return children.contains(where: \.addsGeoLabels)
  }
}
