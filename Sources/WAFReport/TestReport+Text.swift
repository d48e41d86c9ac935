internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFRequest
public import WAFTesting

/// The result of a test run, for people and for programs.
public struct TestReport {
  let result: TestRunResult
  let redaction: Redaction
  /// Fewest covered rules in hundredths; nil without a limit.
  let minCoverage: Int?

  /// A report on a run.
  public init(_ result: TestRunResult, redaction: Redaction = .standard, minCoverage: Int? = nil) {
    self.result = result
    self.redaction = redaction
    self.minCoverage = minCoverage
  }

  /// Whether a limit on coverage, of the command line or of a suite, is missed.
  public var missesCoverage: Bool { result.missesLimits || !missedCoverage.isEmpty }

  /// Suites below the limit of the command line, in words.
  var missedCoverage: [String] {
    guard let minCoverage else { return [] }
    return result.suites.compactMap { suite in
      let count = suite.coverage.ruleCount
      guard !Coverage.isEnough(count, percent: minCoverage) else { return nil }
      return "\(SafeText.escape(suite.file)): \(count.covered) of \(count.all) rules covered, expected at least \(minCoverage) %"
    }
  }

  /// Failures in full, then a line a suite and the sum.
  public var text: [UInt8] {
    var lines: [String] = []
    for (suite, run) in zip(result.suites, result.runs) {
      for test in suite.tests { lines += self.lines(of: test, in: suite, run) }
    }
    for suite in result.suites {
      let failed = suite.tests.count { $0.isFailure }
      let count = suite.coverage.ruleCount
      let covered = "\(count.covered) of \(Figures.count(count.all, "rule")) covered"
      let state = failed > 0 ? "FAIL" : "ok  "
      lines.append("\(state)  \(SafeText.escape(suite.file))  \(passedAndAll(suite.tests)), \(covered)")
      lines += suite.missedLimits.map { "      " + $0 }
    }
    lines += missedCoverage
    lines.append(summary)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func passedAndAll(_ tests: [TestResult]) -> String { "\(tests.count { !$0.isFailure }) of \(Figures.count(tests.count, "test"))" }

  /// What came of all tests, and rates of detection and false alarms where tests say what they are.
  private var summary: String {
    let tests = result.tests
    var parts = [Figures.count(tests.count, "test"), "\(tests.count { $0.isFailure }) failed"]
    let skipped = tests.count { if case .skipped = $0.outcome { true } else { false } }
    let expected = tests.count { if case .failedAsExpected = $0.outcome { true } else { false } }
    if skipped > 0 { parts.append("\(skipped) skipped") }
    if expected > 0 { parts.append("\(expected) failed as expected") }
    for (kind, words) in [(TestCase.Kind.attack, "attacks decided as expected"), (.benign, "benign requests decided as expected")] {
      let all = tests.filter { $0.kind == kind }
      if !all.isEmpty { parts.append("\(all.count { !$0.isFailure }) of \(all.count) \(words)") }
    }
    return parts.joined(separator: ", ")
  }

  /// What people need to know of one test: nothing where it passed.
  private func lines(of test: TestResult, in suite: SuiteResult, _ run: SuiteRun) -> [String] {
    let name = SafeText.escape(test.name)
    switch test.outcome {
    case .passed: return []
    case .skipped(let reason): return ["skip  \(test.place): \(name)  (\(SafeText.escape(reason)))"]
    case .failedAsExpected(let reason): return ["known \(test.place): \(name)  (\(SafeText.escape(reason)))"]
    case .passedUnexpectedly(let reason):
      return ["FAIL  \(test.place): \(name)", "      passes although xfail says: \(SafeText.escape(reason))", "      take the xfail out", ""]
    case .failed(let failure): return failureLines(test, failure, run)
    }
  }

  private func failureLines(_ test: TestResult, _ failure: TestFailure, _ run: SuiteRun) -> [String] {
    var lines = ["FAIL  \(failure.place): \(SafeText.escape(test.name))"]
    if let step = failure.step {
      let repetition = failure.repetition.map { ", sent the \(Self.ordinal($0)) time" } ?? ""
      lines.append("      step \(step)\(repetition)")
    } else if let repetition = failure.repetition {
      lines.append("      sent the \(Self.ordinal(repetition)) time")
    }
    let width = failure.differences.map(\.field.count).max() ?? 0
    for difference in failure.differences {
      let field = difference.field.padding(to: width)
      lines.append("      \(field)  expected \(SafeText.escape(difference.expected)), found \(SafeText.escape(difference.found))")
      if let hint = difference.hint { lines.append("      \(String(repeating: " ", count: width))  \(hint)") }
    }
    lines.append("      request   \(RequestText.line(failure.request, redaction))")
    lines.append("      as curl   \(RequestText.curl(failure.request, redaction))")
    lines.append("")
    return lines
  }

  private static func ordinal(_ number: Int) -> String {
    let ending = (11...13).contains(number % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
    return Figures.number(number) + ending
  }
}

extension String {
  /// The text with blanks behind it.
  func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
