internal import WAFBase
public import WAFDocuments
public import WAFEngine
public import WAFModel
internal import WAFRequest

/// A suite with its web ACL, compiled and ready to run.
public struct SuiteRun: Sendable {
  /// The suite.
  public let suite: TestSuite
  /// The web ACL and its entities.
  public let documents: RuleDocuments
  /// Where they are written.
  public let places: DocumentPlaces
  /// The web ACL, compiled.
  public let program: Program
  /// Which of the programs of a test run it is: suites of one web ACL share one.
  public let programNumber: Int
  /// Managed groups, `Vendor/Name`, that stand-ins answer.
  let standIns: Set<String>

  /// Verdicts that were stored for the suite.
  let snapshots: Snapshots
  private let isSnapshotDamaged: Bool

  /// A suite of a web ACL.
  ///
  /// - Parameter standIns: Managed groups, `Vendor/Name`, that stand-ins answer.
  public init(
    _ suite: TestSuite, _ documents: RuleDocuments, places: DocumentPlaces, program: Program, programNumber: Int = 0, standIns: Set<String> = []
  ) {
    self.suite = suite
    self.standIns = standIns
    self.programNumber = programNumber
    let stored = suite.tests.contains(where: \.hasSnapshot) ? Snapshots.read(besides: suite.file) : Snapshots()
    snapshots = stored ?? Snapshots()
    isSnapshotDamaged = stored == nil
    self.documents = documents
    self.places = places
    self.program = program
  }

  /// What is wrong with the suite beside its web ACL: the names of rules in it, each of which has to be one of the web ACL, and its snapshots.
  public func findings() -> Findings {
    var findings = Findings()
    if isSnapshotDamaged {
      let path = Snapshots.path(besides: suite.file)
      findings.add(
        Finding(
          code: .badTest, severity: .error, field: .webACL, place: Finding.Place(file: SafeText.escape(path), line: 0, column: 0), path: nil,
          message: "the file holds no snapshots", hint: "remove it, and store them anew with --update"))
    }
    let names = Set(program.rules.map { $0.displayName(in: program) } + ["Default_Action"])
    for test in suite.tests {
      for step in test.steps {
        for rule in [step.expectation.rule].compactMap({ $0 }) + step.expectation.counted where !names.contains(rule.value) {
          let inner = names.filter { $0.hasSuffix("/" + rule.value) }.sorted()
          let hint = inner.isEmpty ? didYouMean(rule.value, names.sorted()) : "did you mean \(inner.joined(separator: " or "))?"
          findings.add(
            Finding(
              code: .badTest, severity: .error, field: .webACL, place: rule.place, path: nil,
              message: "the web ACL has no rule \(quoted(rule.value))", hint: hint))
        }
      }
    }
    return findings
  }

  /// Runs the tests at `indices`, one after the other, and hands each result to `report`.
  ///
  /// - Returns: What they exercised.
  public func run(_ indices: some Sequence<Int>, snapshots: Snapshots?, report: (Int, TestResult) -> Bool) -> Coverage {
    var coverage = Coverage(program, without: standIns)
    var evaluator = Evaluator(program: program)
    evaluator.recordsLeaves = true
    var verdict = Verdict()
    for index in indices {
      let result = run(suite.tests[index], snapshots, &evaluator, &verdict, &coverage)
      if !report(index, result) { break }
    }
    return coverage
  }

  private func run(
    _ test: TestCase, _ snapshots: Snapshots?, _ evaluator: inout Evaluator, _ verdict: inout Verdict, _ coverage: inout Coverage
  ) -> TestResult {
    var result = TestResult(name: test.name, place: test.place, kind: test.kind, outcome: .passed)
    if let reason = test.skipReason {
      result.outcome = .skipped(reason: reason)
      return result
    }
    if program.needsOrder { evaluator.forgetRates() }
    let failure = firstFailure(of: test, snapshots, &evaluator, &verdict, &coverage, &result.requests)
    switch (failure, test.expectedFailure) {
    case (nil, nil): break
    case (nil, let reason?): result.outcome = .passedUnexpectedly(reason: reason)
    case (_?, let reason?): result.outcome = .failedAsExpected(reason: reason)
    case (let failure?, nil): result.outcome = .failed(failure)
    }
    return result
  }

  /// The first request of a test that is not decided as expected, whatever the test is marked as.
  func firstFailure(of index: Int) -> TestFailure? {
    var coverage = Coverage(program, without: standIns)
    var evaluator = Evaluator(program: program)
    evaluator.recordsLeaves = true
    var verdict = Verdict()
    var requests = 0
    return firstFailure(of: suite.tests[index], snapshots, &evaluator, &verdict, &coverage, &requests)
  }

  private func firstFailure(
    of test: TestCase, _ snapshots: Snapshots?, _ evaluator: inout Evaluator, _ verdict: inout Verdict, _ coverage: inout Coverage,
    _ requests: inout Int
  ) -> TestFailure? {
    var clock = TestClock()
    for (number, step) in test.steps.enumerated() {
      var request = step.request
      for repetition in 1...step.count {
        request.timestamp = clock.next(step, isFirst: repetition == 1)
        evaluator.evaluate(request, into: &verdict)
        requests += 1
        coverage.add(verdict, leaves: evaluator.leafOutcomes)
        var differences = step.expectation.differences(from: verdict, of: request, by: program)
        if test.hasSnapshot, repetition == 1, let snapshots {
          differences += snapshots.differences(from: verdict, by: program, test: test.name, step: number)
        }
        guard differences.isEmpty else {
          return TestFailure(
            step: test.steps.count > 1 ? number + 1 : nil, repetition: step.count > 1 ? repetition : nil, place: step.place,
            differences: differences, request: request)
        }
      }
    }
    return nil
  }
}

/// The times of the requests of one test.
struct TestClock {
  private var first: Int64?
  private var last: Int64 = 0
  private var interval: Int64 = 0

  /// The time of the next request.
  mutating func next(_ step: TestStep, isFirst: Bool) -> Int64 {
    let start = step.request.timestamp ?? 0
    let time: Int64
    if !isFirst {
      time = last + step.interval
    } else {
      switch step.start {
      case .next: time = first == nil ? start : last + interval
      case .later(let offset): time = (first == nil ? start : last) + offset
      case .sinceStart(let offset): time = (first ?? start) + offset
      case .at(let instant): time = instant
      }
      interval = step.interval
    }
    first = first ?? time
    last = time
    return time
  }
}

extension SuiteRun {
  /// The stored verdicts, with those of the tests at `indices` as they are now.
  func freshSnapshots(of indices: [Int]) -> Snapshots {
    var snapshots = self.snapshots.keeping(Set(suite.tests.filter(\.hasSnapshot).map(\.name)))
    var evaluator = Evaluator(program: program)
    var verdict = Verdict()
    for test in indices.map({ suite.tests[$0] }) where test.hasSnapshot && test.skipReason == nil {
      snapshots.forget(test.name)
      if program.needsOrder { evaluator.forgetRates() }
      var clock = TestClock()
      for step in test.steps {
        var request = step.request
        for repetition in 1...step.count {
          request.timestamp = clock.next(step, isFirst: repetition == 1)
          evaluator.evaluate(request, into: &verdict)
          if repetition == 1 { snapshots.store(verdict, by: program, test: test.name) }
        }
      }
    }
    return snapshots
  }
}
