internal import WAFRequest

/// A conjunction or disjunction under evaluation.
struct Frame {
  var isAnd: Bool
  var outcome: Outcome
  /// Number of open leaves when it began.
  var openLeaves: Int
}

extension Evaluator {
  /// Runs `steps` and returns what they leave in the accumulator.
  ///
  /// Kleene's logic with short circuits: a conjunction ends at its first miss, a disjunction at its first match. Leaves that are
  /// undetermined gather in `openLeaves`; when what contains them is decided all the same they are taken out again, so that in
  /// the end exactly those leaves remain whose every ancestor is undetermined.
  mutating func run(_ steps: Range<Int>, rule: Int, of request: borrowing Request) -> Outcome {
    guard !steps.isEmpty else { return .match }
    // Most rules are one statement: no frames, no jumps.
    if steps.count == 1 { return outcome(ofLeaf: Int(program.steps[steps.lowerBound].operand), rule: rule, of: request) }
    var accumulator = Outcome.match
    var index = steps.lowerBound
    while index < steps.upperBound {
      let step = program.steps[index]
      index += 1
      switch step.operation {
      case .leaf:
        accumulator = outcome(ofLeaf: Int(step.operand), rule: rule, of: request)
      case .negate:
        accumulator = accumulator.negated
      case .enterAnd:
        frames.append(Frame(isAnd: true, outcome: .match, openLeaves: openLeaves.count))
      case .enterOr:
        frames.append(Frame(isAnd: false, outcome: .miss, openLeaves: openLeaves.count))
      case .fold:
        let last = frames.count - 1
        if frames[last].isAnd {
          frames[last].outcome = min(frames[last].outcome, accumulator)
          if frames[last].outcome == .miss { index = Int(step.operand) }
        } else {
          frames[last].outcome = max(frames[last].outcome, accumulator)
          if frames[last].outcome == .match { index = Int(step.operand) }
        }
      case .leave:
        guard let frame = frames.popLast() else { break }
        accumulator = frame.outcome
        if accumulator != .undetermined { openLeaves.removeLast(openLeaves.count - frame.openLeaves) }
      }
    }
    return accumulator
  }

  private mutating func outcome(ofLeaf number: Int, rule: Int, of request: borrowing Request) -> Outcome {
    let leaf = program.leaves[number]
    let result: Tested
    switch leaf.kind {
    case .predicate: result = test(Int(leaf.index), of: request)
    case .label: result = Tested(labels.outcomes[Int(leaf.index)], .labelUndetermined)
    case .open: result = Tested(.undetermined, leaf.reason)
    }
    if recordsLeaves { leafOutcomes.append((number, Certainty(result.outcome))) }
    if result.outcome == .undetermined { openLeaves.append(OpenLeaf(rule: rule, path: Int(leaf.path), reason: result.reason)) }
    return result.outcome
  }
}
