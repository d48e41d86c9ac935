internal import WAFBase
public import WAFRequest

/// What a rate-based rule found of one request that certainly counted.
public struct RateAnswer: Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// Requests that certainly count in the window, this one included; as in `RateEvaluation.count`.
  public var count: Int
  /// Whether the request was certainly limited.
  public var isLimited: Bool
  /// The parts of its key as reports show them; nil where that is the client address, or where all requests share one.
  public var key: [UInt8]?
}

/// The plans of all classifiers, and the rates: goes through records in the order of the log and tells the verdict of each.
///
///     roots      worker 0: signature 0 ─▶ step 0, 1 ─▶ 4 …      steps and verdicts of all plans, one after the other
///     steps      [ rate-all? miss▶1 match▶3 | verdict 0 | … ]
///     counts     [ 17, 0, 4 … ]                                 records by verdict
public struct PlanBook: ~Copyable {
  /// All verdicts of the plans so far. `rates` of them means nothing.
  public private(set) var verdicts: [Verdict] = []
  /// Number of records by verdict.
  public private(set) var counts: [Int] = []
  /// What the rate-based rules found of the last record, in order of evaluation: the first `answerCount`.
  public private(set) var answers: [RateAnswer]
  /// Number of answers of the last record.
  public private(set) var answerCount = 0

  private var evaluator: Evaluator
  private var steps: [Plan.Step] = []
  private var roots: [[Int]]

  // Of the record at hand.
  private var time: Int64?
  private var address: IPAddress?
  private var addressHash: UInt64 = 0
  /// Answers to the questions so far: the first `asked`.
  private var given: [RehearsedAnswer]
  private var asked = 0
  /// The step at which `follow` stopped, and whether it is the key of its question that is wanted or else the step behind it.
  private var stop = (step: 0, wantsKey: false)

  /// A book for the classifiers of so many workers, without any plan.
  public init(program: Program, workers: Int) {
    evaluator = Evaluator(program: program)
    roots = Array(repeating: [], count: workers)
    // No rule asks twice.
    answers = Array(repeating: RateAnswer(rule: 0, count: 0, isLimited: false), count: program.rates.count)
    given = Array(repeating: RehearsedAnswer(outcome: .miss), count: program.rates.count)
  }

  /// Requests whose time was before the newest seen; they were evaluated at the newest time (RM-1).
  public var lateRequests: Int { evaluator.lateRequests }

  /// Adds the plans of the next signatures of a worker.
  public mutating func add(_ plans: [Plan], of worker: Int) {
    for plan in plans {
      let (firstStep, firstVerdict) = (steps.count, verdicts.count)
      roots[worker].append(firstStep)
      for var step in plan.steps {
        step.shift(steps: firstStep, verdicts: firstVerdict)
        steps.append(step)
      }
      verdicts += plan.verdicts
      counts += Array(repeating: 0, count: plan.verdicts.count)
    }
  }

  /// Brings what the rates hold of the clients of some records into the processor's cache; changes no result.
  ///
  /// - Returns: The rule that most records are going to ask, and the hashes of the addresses that it counts by; nil where there is none.
  public mutating func load(_ records: [ClassifiedRecord], _ range: Range<Int>, of worker: Int) -> (rule: Int, hashes: [UInt64])? {
    var first: RateQuestion?
    var hashes: [UInt64] = []
    hashes.reserveCapacity(range.count)
    for index in range where records[index].signature < ClassifiedRecord.Special.unread {
      guard let question = steps[roots[worker][Int(records[index].signature)]].question else { continue }
      if first == nil { first = question }
      if question.rate == first?.rate { hashes.append(records[index].addressHash) }
    }
    guard let first, evaluator.program.rates[first.rate].isByOrigin else { return nil }
    evaluator.rateStates[first.rate].load(hashes.span)
    return (first.rule, hashes)
  }

  /// Counts a record of a worker and tells its verdict.
  ///
  /// - Returns: Index into `verdicts`; nil where `resume` needs the request: for a key, or for a step of the plan that is still to be made.
  public mutating func verdict(of record: borrowing ClassifiedRecord, from worker: Int) -> Int? {
    time = evaluator.advance(to: record.timestamp)
    address = record.address
    addressHash = record.addressHash
    answerCount = 0
    asked = 0
    return follow(roots[worker][Int(record.signature)])
  }

  /// Goes on with the record for which `verdict` had to stop; `request` is what it was made from.
  ///
  /// - Returns: Index into `verdicts`.
  public mutating func resume(with request: borrowing Request) -> Int {
    while true {
      if stop.wantsKey, let question = steps[stop.step].question {
        let (answer, count, key) = evaluator.count(question, of: request, at: time)
        note(answer, question, count: key == nil ? nil : count, key: key)
      } else {
        let known = verdicts.count
        let step = evaluator.rehearse(Array(given.prefix(asked)), request, into: &verdicts)
        counts += Array(repeating: 0, count: verdicts.count - known)
        steps[stop.step].setNext(after: given[asked - 1], steps.count)
        steps.append(step)
      }
      let next = steps[stop.step].next(after: given[asked - 1])
      guard next >= 0 else {
        stop.wantsKey = false
        continue
      }
      if let found = follow(next) { return found }
    }
  }

  /// Evaluates a request that has no signature.
  public mutating func evaluate(_ request: borrowing Request, into verdict: inout Verdict) { evaluator.evaluate(request, into: &verdict) }

  private mutating func follow(_ start: Int) -> Int? {
    var step = start
    while let question = steps[step].question {
      guard evaluator.program.rates[question.rate].needsAddressOnly else {
        stop = (step, true)
        return nil
      }
      let counted = evaluator.count(question, of: address, hash: addressHash, at: time)
      let answer = RehearsedAnswer(outcome: counted.outcome)
      note(answer, question, count: counted.count, key: nil)
      let next = steps[step].next(after: answer)
      guard next >= 0 else {
        stop = (step, false)
        return nil
      }
      step = next
    }
    let verdict = steps[step].verdict
    counts[verdict] += 1
    return verdict
  }

  /// - Parameter count: Nil where the request has no key or nobody knows it, and so is in no window.
  private mutating func note(_ answer: RehearsedAnswer, _ question: RateQuestion, count: Int?, key: [UInt8]?) {
    given[asked] = answer
    asked += 1
    guard question.counts == .certain, let count else { return }
    answers[answerCount] = RateAnswer(rule: question.rule, count: count, isLimited: answer.outcome == .match, key: key)
    answerCount += 1
  }
}
