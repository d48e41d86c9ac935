public import WAFEngine
internal import WAFModel
public import WAFRequest

extension SuiteRun {
  /// A request of a test, and how its evaluation went.
  public struct ExplainedRequest: Sendable {
    /// The test.
    public var test: TestCase
    /// Step of the test, from 0.
    public var step: Int
    /// Which sending of the step it is, from 1.
    public var repetition: Int
    /// The request, with its time.
    public var request: Request
    /// How its evaluation went.
    public var trace: Trace
    /// Whether it was not decided as expected.
    public var isFailure = false
  }

  /// Explains a request of the test that is written at `line` of the file: the one that is not decided as expected, else the last of the step in
  /// that line. Of the cases of a matrix it is the first that fails, else the first. Nil where no test begins at or before the line.
  public func explain(line: Int, isFull: Bool = false) -> ExplainedRequest? {
    guard let start = suite.tests.map(\.place.line).filter({ $0 <= line }).max() else { return nil }
    let cases = suite.tests.indices.filter { suite.tests[$0].place.line == start }
    let failures = cases.map { (index: $0, failure: firstFailure(of: $0)) }
    guard let picked = failures.first(where: { $0.failure != nil }) ?? failures.first else { return nil }
    let test = suite.tests[picked.index]
    let step = picked.failure.map { ($0.step ?? 1) - 1 } ?? test.steps.lastIndex { $0.place.line <= line } ?? test.steps.count - 1
    var explained = explain(test, step: step, repetition: picked.failure.map { $0.repetition ?? 1 } ?? test.steps[step].count, isFull: isFull)
    explained?.isFailure = picked.failure != nil
    return explained
  }

  /// Runs a test up to one of its requests, which is explained.
  func explain(_ test: TestCase, step: Int, repetition: Int, isFull: Bool = false) -> ExplainedRequest? {
    var evaluator = Evaluator(program: program)
    var verdict = Verdict()
    var clock = TestClock()
    for number in test.steps.indices {
      var request = test.steps[number].request
      for time in 1...test.steps[number].count {
        request.timestamp = clock.next(test.steps[number], isFirst: time == 1)
        guard number == step, time == repetition else {
          evaluator.evaluate(request, into: &verdict)
          continue
        }
        let trace = evaluator.explain(request, by: RuleSources(documents), isFull: isFull)
        return ExplainedRequest(test: test, step: step, repetition: repetition, request: request, trace: trace)
      }
    }
    return nil
  }

  /// What decided a failure: of the rule that ended the evaluation, and of those that the test expects to have done something.
  func deciding(_ failure: TestFailure, of test: TestCase) -> [TestFailure.DecidingRule] {
    let step = (failure.step ?? 1) - 1
    guard let trace = explain(test, step: step, repetition: failure.repetition ?? 1)?.trace else { return [] }
    let expectation = test.steps[step].expectation
    let expected = [expectation.rule].compactMap { $0?.value } + expectation.counted.map(\.value)
    let ended = trace.verdict.isDetermined ? program.decidingRuleName(of: trace.verdict) : nil
    return trace.rules.compactMap { rule in
      let name = program.rules[rule.rule].displayName(in: program)
      return name == ended || expected.contains(name) ? .init(rule: name, trace: rule) : nil
    }
  }
}
