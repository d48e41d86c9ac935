// What tests of a rule set can exercise.
extension Program {
  /// A statement without statements in it.
  public struct LeafStatement: Sendable {
    /// Index into `rules` of the rule that it is part of.
    public var rule: Int
    /// Its `$.` path.
    public var path: String
  }

  /// Every statement leaf, as evaluators number them.
  public var leafStatements: [LeafStatement] {
    var rules = [Int](repeating: 0, count: leaves.count)
    for (rule, code) in code.enumerated() {
      for step in code.steps where steps[step].operation == .leaf { rules[Int(steps[step].operand)] = rule }
    }
    return leaves.indices.map { LeafStatement(rule: rules[$0], path: paths[Int(leaves[$0].path)]) }
  }

  /// Labels of rules that may have matched, and of which it is not certain: fully qualified, in order of evaluation, each once.
  public func possibleLabels(of verdict: borrowing Verdict) -> [String] {
    var labels: [String] = []
    for rule in verdict.touched where verdict.outcomes[rule].matched == .possible {
      for label in code[rule].labels {
        let text = String(decoding: literals[self.labels[label].text], as: UTF8.self)
        if !labels.contains(text) { labels.append(text) }
      }
    }
    return labels
  }

  /// Whether tests can decide rule `index`: it has a statement of its own, and is no rule of a managed group that nobody defines.
  public func isTestable(rule index: Int) -> Bool {
    switch rules[index].kind {
    case .ruleGroup, .managedRuleGroup: return false
    case .regular, .rateBased: break
    }
    guard let group = rules[index].group, let opaque = code[group].opaque else { return true }
    return opaque.hasDefinition
  }
}
