internal import WAFModel

extension LintCheck {
  /// GR-3 and capacity.
  static let duplicateRule = LintCheck(
    .duplicateRule,
    why: """
      Two rules of one list ask and do the same. The second costs its capacity again and changes nothing; when one of them is edited they drift apart.
      """,
    fires: .rules(
      .rule("count-curl", .count, priority: 0, labels: ["client:tool"], .bytes("curl/", .startsWith, in: .header("user-agent"))),
      .rule("label-curl", .count, priority: 1, labels: ["client:tool"], .bytes("curl/", .startsWith, in: .header("user-agent")))),
    passes: .rules(
      .rule("label-curl", .count, priority: 0, labels: ["client:curl"], .bytes("curl/", .startsWith, in: .header("user-agent"))),
      .rule("label-wget", .count, priority: 1, labels: ["client:wget"], .bytes("Wget/", .startsWith, in: .header("user-agent"))))
  ) { subject, findings in
    for list in subject.ruleLists {
      let list = list.prefix(500)
      for (index, rule) in list.enumerated() {
        // A rule behind one that ends its requests is shadowed, which says more.
        guard let first = list[..<index].first(where: { $0.statement == rule.statement && $0.action == rule.action && $0.labels == rule.labels }),
          !first.endsItsRequests
        else { continue }
        findings.add(
          .duplicateRule, at: rule.origin, field: .rule,
          "\(quoted(rule.name)) says the same as \(quoted(first.name)) (\(findings.line(of: first.origin)))")
      }
    }
  }
}

extension Rule {
  fileprivate var endsItsRequests: Bool {
    guard case .action(let action) = self.action else { return false }
    return action.kind.alwaysEnds
  }
}
