public import WAFModel

extension Lint {
  /// Labels that rules add and that nothing in the web ACL asks for, with the rule as reports name it: in order of evaluation. They are no fault,
  /// since logs show them; but a misspelt one is among them. Labels of managed groups are not listed.
  public static func unreadLabels(in documents: RuleDocuments) -> [(label: String, rule: String)] {
    let flow = LabelFlow(LintSubject(documents))
    return flow.producers.compactMap { producer in
      guard let label = producer.label, !label.hasPrefix("awswaf:managed:") else { return nil }
      let bytes = Array(label.utf8)
      return flow.questions.contains { $0.matcher.matches(bytes) } ? nil : (label, producer.rule)
    }
  }
}
