internal import WAFModel
internal import WAFRequest

/// A question that leaves a verdict open.
private enum OpenQuestion: Hashable {
  /// A predicate of the program: the same answer for all statements that ask it.
  case predicate(Int)
  /// What AWS's managed rules say, by the rule that references their group.
  case group(Int)
  /// Whether a rate-based rule limits.
  case rate(Int)
  /// Whether the token is valid for a rule that asks for it.
  case token(Int)
  /// What cannot be tried: a label, whose rule is another question; an unknown key or time; what AWS would have said behind its own stop.
  case other(rule: Int, path: Int)
}

/// What an evaluation takes for granted instead of finding it out.
private struct Assumptions {
  var program: Program
  /// Outcomes by predicate.
  var predicates: [Int: Tested] = [:]
  /// Outcomes of rate-based rules for a request that certainly counts.
  var rates: [Int: Outcome]
  let time: Int64?
  let request: Request

  /// Nothing is assumed but the rates; statements that are open for ever become predicates, so that they can be answered as well.
  init(_ program: Program, rates: [Int: Outcome], time: Int64?, _ request: Request) {
    self.program = program
    self.rates = rates
    self.time = time
    self.request = request
    for index in program.leaves.indices where program.leaves[index].kind == .open {
      let predicate = self.program.predicates.count
      // It looks at nothing and is never tested, since its outcome is always given.
      self.program.predicates.append(Predicate(kind: .xss))
      self.program.leaves[index].kind = .predicate
      self.program.leaves[index].index = Int32(predicate)
      predicates[predicate] = Tested(.undetermined, program.leaves[index].reason)
    }
  }

  /// Makes the managed group that rule `index` references one of which no rule matches.
  mutating func silenceGroup(_ index: Int) { program.code[index].opaque = nil }

  /// Answers a question. Returns whether that can be done.
  mutating func answer(_ question: OpenQuestion, _ answer: Outcome) -> Bool {
    switch question {
    case .predicate(let index): predicates[index] = Tested(answer)
    case .group(let rule):
      guard answer == .miss else { return false }
      silenceGroup(rule)
    case .rate(let rule): rates[rule] = answer
    case .token(let rule):
      // With a valid token the rule counts. Without one it ends the evaluation, which needs no trying.
      guard answer == .match else { return false }
      program.code[rule].action = .count
    case .other: return false
    }
    return true
  }

  /// What the web ACL does then; counts nothing.
  var consequence: Consequence {
    var side = Evaluator(program: program)
    return Consequence(side.evaluate(request, at: time, assuming: predicates, Rehearsal(outcomes: rates)))
  }
}

extension Evaluator {
  /// Tries both answers to each open question and notes what the web ACL does then.
  func decide(_ trace: inout Trace, _ standings: [Int: RateStanding], _ request: Request) {
    let assumptions = Assumptions(program, rates: standings.mapValues(\.outcome), time: time, request)
    var questions: [OpenQuestion] = []
    for leaf in trace.verdict.open {
      let question = question(of: leaf, in: assumptions.program, request)
      if let known = questions.firstIndex(of: question) {
        trace.decisions[known].leaves.append(leaf)
      } else {
        questions.append(question)
        trace.decisions.append(OpenDecision(leaves: [leaf], reason: leaf.reason))
      }
    }
    for (index, question) in questions.enumerated().prefix(Self.questionLimit) {
      func consequence(_ answer: Outcome) -> Consequence? {
        var answered = assumptions
        return answered.answer(question, answer) ? answered.consequence : nil
      }
      trace.decisions[index].ifMatch = consequence(.match)
      trace.decisions[index].ifMiss = consequence(.miss)
    }
    trace.ifNothingMatched = consequenceOfNothing(assumptions, request)
  }

  /// Questions that are tried; what more there are are named only.
  private static var questionLimit: Int { 32 }

  private func question(of leaf: OpenLeaf, in answerable: Program, _ request: Request) -> OpenQuestion {
    if leaf.reason == .tokenUnknown { return .token(leaf.rule) }
    if let asked = answerable.leaves.first(where: { Int($0.path) == leaf.path && $0.kind == .predicate }) { return .predicate(Int(asked.index)) }
    let group = program.rules[leaf.rule].group ?? leaf.rule
    if let opaque = program.code[group].opaque, leaf.path == program.code[group].path {
      return record(of: opaque, in: request) == nil ? .group(group) : .other(rule: group, path: leaf.path)
    }
    return leaf.reason == .rateUndetermined ? .rate(leaf.rule) : .other(rule: leaf.rule, path: leaf.path)
  }

  /// The verdict if nothing that is open matched, in the rules that the evaluation came to and in all others.
  private func consequenceOfNothing(_ assumptions: Assumptions, _ request: Request) -> Consequence {
    var silent = assumptions
    for index in program.code.indices {
      if let opaque = program.code[index].opaque, record(of: opaque, in: request) == nil { silent.silenceGroup(index) }
    }
    silent.rates = silent.rates.mapValues { $0 == .undetermined ? .miss : $0 }
    for index in silent.predicates.keys { silent.predicates[index] = Tested(.miss) }
    var side = Evaluator(program: program)
    for index in program.predicates.indices where side.test(index, of: request).outcome == .undetermined { silent.predicates[index] = Tested(.miss) }
    return silent.consequence
  }

  /// The verdict on `request` with some predicates and all rates answered.
  fileprivate mutating func evaluate(
    _ request: Request, at time: Int64?, assuming facts: [Int: Tested], _ rates: Rehearsal
  ) -> Verdict {
    rehearsal = rates
    self.time = time
    forgetRequest()
    for (index, outcome) in facts { tested[index] = outcome }
    var verdict = Verdict()
    verdict.reset(rules: program.rules.count)
    var walk = Walk()
    addGivenLabels(of: request, to: &verdict)
    walkRules(of: request, &walk, &verdict)
    return verdict
  }
}
