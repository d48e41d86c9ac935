internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// Looks at the statements of rules that evaluation did not come to, as if every rule before them had only counted.
  mutating func lookBehindStop(_ trace: inout Trace, _ sources: RuleSources, _ standings: [Int: RateStanding], _ request: Request) {
    var standings = standings
    var side = Evaluator(program: program.counting)
    var verdict = Verdict()
    // Rates with labels in their keys depend on what the walk finds, so they are known in the second round.
    for _ in 0..<2 {
      side.rehearsal = Rehearsal(outcomes: standings.mapValues(\.outcome))
      side.time = time
      side.watch = LabelWatch(rules: program.rules.count)
      side.walk(request, into: &verdict)
      for index in program.rules.indices where program.code[index].rate >= 0 && standings[index] == nil {
        guard let state = side.watch?.states[index] else { continue }
        labels = state
        standings[index] = standing(ofRule: index, request, verdict)
      }
    }
    let states = side.watch?.states ?? []
    for index in trace.rules.indices where trace.rules[index].outcome == .notReached && trace.rules[index].basis == .statement {
      // The rules of a group whose scope-down statement does not match find what the group finds.
      guard let state = states[index] ?? program.rules[index].group.flatMap({ states[$0] }) else { continue }
      trace.rules[index].labelsBefore = side.labels(state, verdict.bytes)
      let rate = standings[index].flatMap { self.trace($0, ofRule: index, trace.verdict) }
      let surroundings = RuleSurroundings(labels: state, labelBytes: verdict.bytes, rate: rate)
      trace.rules[index].statement = side.traceStatement(of: sources.rules[index].rule, rule: index, sources.documents, surroundings, request)
      trace.rules[index].isBehindStop = true
    }
  }
}

extension Program {
  /// The same program in which nothing ends: every rule counts, and so does every group.
  fileprivate var counting: Program {
    var counting = self
    for index in counting.code.indices {
      counting.code[index].action = .count
      if counting.rules[index].groupOverride != nil { counting.rules[index].groupOverride = .count }
    }
    return counting
  }
}
