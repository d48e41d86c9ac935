internal import WAFEngine
internal import WAFModel

extension LintCheck {
  /// LM-1 to LM-8, MG-3.
  static let labelWithoutProducer = LintCheck(
    .labelWithoutProducer,
    why: """
      Nothing in the web ACL adds the label, or only rules that end the request as they add it: a LabelMatchStatement on it never matches. Labels are \
      compared with case, those of another context need their full name, labels of managed rules are not the names of the rules, and a rule of a \
      group has to count for a later rule to see its label.
      """,
    fires: .webACL(
      .reference(
        "common-rules", .none, priority: 0, .ruleGroupOfAWS("CommonRuleSet", overrides: [("NoUserAgent_HEADER", .count)])),
      .rule(
        "block-api-without-agent", .block, priority: 1,
        .and(
          .bytes("/api/", .startsWith, in: .uriPath), .label("awswaf:managed:aws:core-rule-set:NoUserAgent_HEADER")))),
    passes: .webACL(
      .reference(
        "common-rules", .none, priority: 0, .ruleGroupOfAWS("CommonRuleSet", overrides: [("NoUserAgent_HEADER", .count)])),
      .rule(
        "block-api-without-agent", .block, priority: 1,
        .and(
          .bytes("/api/", .startsWith, in: .uriPath), .label("awswaf:managed:aws:core-rule-set:NoUserAgent_Header"))))
  ) { subject, findings in
    // Of a bare list of rules nobody knows what stands before it.
    guard subject.isWholeACL else { return }
    let flow = LabelFlow(subject)
    for (question, answer) in flow.answers {
      let key = quoted(question.key)
      switch answer {
      case .added, .addedLater: break
      case .addedAtEnd(let rule):
        findings.add(
          .labelWithoutProducer, at: question.rule.origin, question.path, field: .labelMatchStatement,
          "\(key) is only added by rules that end the request, such as \(quoted(rule)): no later rule sees it", hint: "let that rule count")
      case .never:
        let near = subject.managedLabel(near: question.key)
        if near == nil, subject.hasUnlistedLabels(question.key) { continue }
        findings.add(
          .labelWithoutProducer, at: question.rule.origin, question.path, field: .labelMatchStatement, "no rule adds \(key): this never matches",
          hint: near.map { "did you mean \($0)?" } ?? subject.nearestLabel(to: question.key, flow).map { "did you mean \($0)?" })
      }
    }
  }
}

extension LintSubject {
  /// Groups of the catalogue that the web ACL references.
  private var cataloguedGroups: [ManagedRuleGroup] {
    steps.compactMap { step in
      guard case .group(let group) = step, case .managedRuleGroup(let statement) = group.reference.statement else { return nil }
      return ManagedRuleGroups.find(vendor: statement.vendorName, name: statement.name)
    }
  }

  /// The label that was meant by the name of a managed rule, or by its label in another case.
  fileprivate func managedLabel(near key: String) -> String? {
    for group in cataloguedGroups where key.lowercased().hasPrefix(group.labelNamespace) {
      let name = key.dropFirst(group.labelNamespace.count).lowercased()
      for rule in group.rules {
        let known = rule.labels.first { $0.lowercased() == key.lowercased() } ?? (rule.name.lowercased() == name ? rule.labels.first : nil)
        if let known, known != key { return known }
      }
    }
    return nil
  }

  /// Whether a group of the web ACL may add the label although nobody lists it: labels of managed rules change with their versions.
  fileprivate func hasUnlistedLabels(_ key: String) -> Bool {
    let labels = Set(cataloguedGroups.flatMap(\.rules).flatMap(\.labels))
    return cataloguedGroups.contains { key.hasPrefix($0.labelNamespace) } && !labels.contains(key)
  }

  /// A label of the rules that `key` may have been meant for: in full where it is of another context.
  fileprivate func nearestLabel(to key: String, _ flow: LabelFlow) -> String? {
    let labels = flow.producers.compactMap(\.label)
    if !key.hasPrefix("awswaf:"), let full = labels.first(where: { $0.hasSuffix(":" + key) && !$0.hasPrefix(documents.webACL.labelPrefix) }) {
      return full
    }
    let own = documents.webACL.labelPrefix
    let short = labels.map { $0.hasPrefix(own) && !key.hasPrefix("awswaf:") ? String($0.dropFirst(own.count)) : $0 }
    return didYouMean(key, short).map { String($0.dropFirst("did you mean ".count).dropLast()) }
  }
}
