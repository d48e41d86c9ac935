internal import WAFBase
internal import WAFEngine
internal import WAFModel

extension TraceText {
  /// What leaves the verdict open, what either answer leads to, and what would close the gap.
  func openQuestions(_ trace: Trace) -> [String] {
    // What a label leaves open another question decides.
    let asked = trace.decisions.filter { $0.reason != .labelUndetermined }
    let decisions = asked.isEmpty ? trace.decisions : asked
    func isTelling(_ decision: OpenDecision) -> Bool {
      [decision.ifMatch, decision.ifMiss].contains { $0.map { $0.actions != trace.verdict.possibleActions || $0.rule != nil } ?? false }
    }
    let telling = decisions.filter(isTelling)
    var lines: [String] = []
    for decision in telling.prefix(Self.questionsShown) {
      lines += self.lines(question(decision, trace), first: "  ", rest: "    ")
      for answer in answers(decision, trace) { lines += self.lines(answer, first: "    ", rest: "      ") }
    }
    if telling.count > Self.questionsShown { lines.append("  and \(Figures.count(telling.count - Self.questionsShown, "further question"))") }
    let others = decisions.filter { !isTelling($0) }
    if !others.isEmpty {
      let names = others.prefix(Self.questionsShown).map { question($0, trace) }.joined(separator: " · ")
      let rest = others.count > Self.questionsShown ? " · and \(others.count - Self.questionsShown) more" : ""
      lines += self.lines((telling.isEmpty ? "Together: " : "Not alone: ") + names + rest, first: "  ", rest: "    ")
    }
    var advised: [Reason] = []
    for reason in decisions.map(\.reason) where !advised.contains(reason) { advised.append(reason) }
    for reason in advised { lines += self.lines(reason.rawValue + ": " + reason.advice, first: "  ", rest: "    ") }
    return lines
  }

  private static let questionsShown = 10

  private func question(_ decision: OpenDecision, _ trace: Trace) -> String {
    let rules = uniqueNames(decision.leaves.map { trace.rules[$0.rule].basis == .statement ? $0.rule : program.rules[$0.rule].group ?? $0.rule })
    return "\(asked(decision, trace)) (\(rules); \(decision.reason.rawValue))"
  }

  private func uniqueNames(_ rules: [Int]) -> String {
    var names: [String] = []
    for name in rules.map(name(of:)) where !names.contains(name) { names.append(name) }
    return names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }

  private func asked(_ decision: OpenDecision, _ trace: Trace) -> String {
    guard let leaf = decision.leaves.first else { return "" }
    if decision.reason == .tokenUnknown { return "a valid token?" }
    let path = program.paths[leaf.path]
    if let statement = trace.rules[leaf.rule].statement?.statement(at: path) { return questions.question(statement.statement) + "?" }
    return trace.rules[leaf.rule].basis == .statement ? "the rule?" : "the managed rules?"
  }

  private func answers(_ decision: OpenDecision, _ trace: Trace) -> [String] {
    let isToken = decision.reason == .tokenUnknown
    var answers: [String] = []
    if let ifMatch = decision.ifMatch { answers.append("\(isToken ? "if it is valid" : "if it matches"): \(consequence(ifMatch))") }
    if let ifMiss = decision.ifMiss { answers.append("if not: \(consequence(ifMiss))") }
    if isToken, let rule = decision.leaves.first?.rule, let action = program.rules[rule].effectiveAction?.kind.logName {
      answers.append("if not: \(action) by \(name(of: rule))")
    }
    return answers
  }
}

extension StatementTrace {
  /// The statement in it that stands at `path`.
  func statement(at path: String) -> StatementTrace? {
    if self.path == path { return self }
    for child in children { if let found = child.statement(at: path) { return found } }
    return nil
  }
}
