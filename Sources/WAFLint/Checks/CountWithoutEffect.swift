internal import WAFModel

extension LintCheck {
  /// Evaluation.md 1.2.
  static let countWithoutEffect = LintCheck(
    .countWithoutEffect,
    why: """
      A rule in Count that adds no label and no header changes nothing but a metric. Mostly it was put there to be watched before it blocks, and was \
      forgotten. Decide by a replay of the logs whom Block would hit; or give it a label that tells what it is for.
      """,
    fires: .rules(.rule("watch-admin", .count, .bytes("/admin/", .startsWith, in: .uriPath))),
    passes: .rules(.rule("label-admin", .count, labels: ["path:admin"], .bytes("/admin/", .startsWith, in: .uriPath)))
  ) { subject, findings in
    for rule in subject.ruleLists.flatMap({ $0 }) {
      guard case .action(.count(let headers)) = rule.action, headers.isEmpty, rule.labels.isEmpty, !rule.statement.addsLabelsOfItsOwn else {
        continue
      }
      findings.add(.countWithoutEffect, at: rule.origin, ".Action", field: .ruleAction, "\(quoted(rule.name)) counts and does nothing else")
    }
  }
}

extension Statement {
  /// Whether evaluating it adds labels: those of places (GM-5).
  fileprivate var addsLabelsOfItsOwn: Bool {
    if case .geoMatch = self { return true }
    return children.contains(where: \.addsLabelsOfItsOwn)
  }
}
