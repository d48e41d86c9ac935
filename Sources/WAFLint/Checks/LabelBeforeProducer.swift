internal import WAFModel

extension LintCheck {
  /// LM-6, NE-8.
  static let labelBeforeProducer = LintCheck(
    .labelBeforeProducer,
    why: """
      A label is seen by rules behind the one that adds it, not by that rule itself and not by rules before it, whatever their order in the document: \
      priorities decide. Give the rule that adds the label a lower number.
      """,
    fires: .rules(
      .rule("block-tools", .block, priority: 0, .and(.bytes("POST", .exactly, in: .method), .label("client:tool"))),
      .rule("label-tools", .count, priority: 1, labels: ["client:tool"], .bytes("curl/", .startsWith, in: .header("user-agent")))),
    passes: .rules(
      .rule("label-tools", .count, priority: 0, labels: ["client:tool"], .bytes("curl/", .startsWith, in: .header("user-agent"))),
      .rule("block-tools", .block, priority: 1, .and(.bytes("POST", .exactly, in: .method), .label("client:tool"))))
  ) { subject, findings in
    for (question, answer) in LabelFlow(subject).answers {
      guard case .addedLater(let rule, let isSame) = answer else { continue }
      let message = isSame ? "the rule itself adds it, which is seen by later rules only" : "\(quoted(rule)) adds it, which comes later"
      findings.add(
        .labelBeforeProducer, at: question.rule.origin, question.path, field: .labelMatchStatement, "\(quoted(question.key)): \(message)",
        hint: isSame ? nil : "give \(quoted(rule)) a lower priority number")
    }
  }
}
