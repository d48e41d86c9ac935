internal import WAFRequest

/// What a rate-based rule wants to know when a request comes to it.
public struct RateQuestion: Equatable, Sendable {
  /// Index into `Program.rates`.
  var rate: Int
  /// Index into `Program.rules`.
  public var rule: Int
  /// Whether the request counts.
  var counts: Certainty
  /// Its outcome when the limit is exceeded.
  var given: Outcome
}

/// What a rate-based rule finds.
struct RehearsedAnswer: Hashable, Sendable {
  var outcome: Outcome
  /// Why it is undetermined, where that is not the count: an unknown part of the key, or the time.
  var reason: Reason?
}

/// The answers that rate-based rules get while a plan is made, or while it is tried what another answer would change.
struct Rehearsal {
  /// Answers to the first questions, in their order.
  var answers: [RehearsedAnswer]
  /// By rule the outcome for a request that certainly counts; then there are no `answers`.
  private var outcomes: [Int: Outcome]?
  private var asked = 0
  /// The first question behind the answers; then what the evaluation gives means nothing.
  private(set) var question: RateQuestion?

  init(answers: [RehearsedAnswer]) { self.answers = answers }

  init(outcomes: [Int: Outcome]) {
    answers = []
    self.outcomes = outcomes
  }

  mutating func answer(_ question: RateQuestion) -> RehearsedAnswer {
    if let outcomes { return RehearsedAnswer(outcome: min(outcomes[question.rule] ?? .miss, question.given)) }
    if asked < answers.count {
      asked += 1
      return answers[asked - 1]
    }
    if self.question == nil { self.question = question }
    return RehearsedAnswer(outcome: .miss)
  }
}

/// What a web ACL does with all requests of one signature, whatever its rate-based rules find.
///
///     rate-all? ─ miss ─▶ rate-login? ─ miss ──▶ verdict 0
///         │                    └─────── match ─▶ verdict 1
///         └────── match ─▶ verdict 2
///
/// Steps are made ahead for the usual answers; those that are missing are made when they are needed (`PlanBook`).
public struct Plan: Sendable {
  /// A question, or a verdict.
  struct Step: Sendable {
    var question: RateQuestion?
    /// Index of the verdict where there is no question.
    var verdict = 0
    /// The next step by outcome of the question; -1 where it is not made yet.
    private var next: (miss: Int, undetermined: Int, match: Int) = (-1, -1, -1)
    /// The next step by reason, where it is another one than the count.
    private var nextByReason: [Reason: Int] = [:]

    init(question: RateQuestion) { self.question = question }
    init(verdict: Int) { self.verdict = verdict }

    /// The next step; -1 where it is not made yet.
    func next(after answer: RehearsedAnswer) -> Int {
      if let reason = answer.reason { return nextByReason[reason] ?? -1 }
      return switch answer.outcome {
      case .miss: next.miss
      case .undetermined: next.undetermined
      case .match: next.match
      }
    }

    mutating func setNext(after answer: RehearsedAnswer, _ step: Int) {
      if let reason = answer.reason { return nextByReason[reason] = step }
      switch answer.outcome {
      case .miss: next.miss = step
      case .undetermined: next.undetermined = step
      case .match: next.match = step
      }
    }

    /// Moves everything that it refers to.
    mutating func shift(steps: Int, verdicts: Int) {
      verdict += verdicts
      if next.miss >= 0 { next.miss += steps }
      if next.undetermined >= 0 { next.undetermined += steps }
      if next.match >= 0 { next.match += steps }
      nextByReason = nextByReason.mapValues { $0 + steps }
    }
  }
  /// The first is where every request begins.
  var steps: [Step] = []
  var verdicts: [Verdict] = []

  /// Steps made ahead at most: with many rate-based rules that only count there could be one for each combination of answers.
  static let stepLimit = 32
}

extension Evaluator {
  /// Makes the plan of the signature of `request`, which is independent of earlier requests and of their rates.
  mutating func plan(_ request: borrowing Request) -> Plan {
    var plan = Plan()
    var answers: [RehearsedAnswer] = []
    _ = grow(&plan, &answers, request)
    return plan
  }

  private mutating func grow(_ plan: inout Plan, _ answers: inout [RehearsedAnswer], _ request: borrowing Request) -> Int {
    let index = plan.steps.count
    plan.steps.append(rehearse(answers, request, into: &plan.verdicts))
    guard let question = plan.steps[index].question else { return index }
    for outcome in [Outcome.miss, question.given] where plan.steps.count < Plan.stepLimit {
      answers.append(RehearsedAnswer(outcome: outcome))
      let next = grow(&plan, &answers, request)
      plan.steps[index].setNext(after: RehearsedAnswer(outcome: outcome), next)
      answers.removeLast()
    }
    return index
  }

  /// The step to which a request comes after these answers; a verdict is added to `verdicts`.
  mutating func rehearse(_ answers: [RehearsedAnswer], _ request: borrowing Request, into verdicts: inout [Verdict]) -> Plan.Step {
    rehearsal = Rehearsal(answers: answers)
    defer { rehearsal = nil }
    time = request.timestamp
    var verdict = Verdict()
    walk(request, into: &verdict)
    if let question = rehearsal?.question { return Plan.Step(question: question) }
    verdicts.append(verdict)
    return Plan.Step(verdict: verdicts.count - 1)
  }
}
