internal import WAFBase
public import WAFModel
public import WAFTesting

/// The result of a test run, for people and for programs.
public struct TestReport {
  let result: TestRunResult
  let redaction: Redaction
  /// Fewest covered rules in hundredths; nil without a limit.
  let minCoverage: Int?
  /// Characters of a line, where a text can be broken.
  public static let width = 80

  /// A report on a run.
  public init(_ result: TestRunResult, redaction: Redaction = .standard, minCoverage: Int? = nil) {
    self.result = result
    self.redaction = redaction
    self.minCoverage = minCoverage
  }

  /// Whether a limit on coverage, of the command line or of a suite, is missed.
  public var missesCoverage: Bool { result.missesLimits || !missedCoverage.isEmpty }

  /// Web ACLs below the limit of the command line, in words; all suites of a web ACL count together.
  var missedCoverage: [String] {
    guard let minCoverage else { return [] }
    return result.coverages.compactMap { tested in
      let count = tested.coverage.ruleCount
      guard !Coverage.isEnough(count, percent: minCoverage) else { return nil }
      let name = SafeText.escape(tested.webACL, limit: 60)
      return "web ACL \(name): \(count.covered) of \(Figures.count(count.all, "rule")) covered, expected at least \(minCoverage) %"
    }
  }

  /// A failed test in words.
  func words(for failure: TestFailure) -> FailureText { FailureText(failure, redaction) }
}

extension TestReport {
  /// How many tests came to what end.
  struct Counts {
    var all = 0
    var failed = 0
    var skipped = 0
    /// Failed as they were said to.
    var known = 0
    var requests = 0

    init(_ tests: [TestResult]) {
      for test in tests {
        all += 1
        requests += test.requests
        switch test.outcome {
        case .passed: break
        case .failed, .passedUnexpectedly: failed += 1
        case .skipped: skipped += 1
        case .failedAsExpected: known += 1
        }
      }
    }

    var passed: Int { all - failed - skipped - known }
  }

  /// Tests of a kind that ran, and how many of them were decided as they should.
  func decided(_ kind: TestCase.Kind) -> (asExpected: Int, all: Int) {
    var count = (asExpected: 0, all: 0)
    for test in result.tests where test.kind == kind {
      switch test.outcome {
      case .passed, .passedUnexpectedly: count = (count.asExpected + 1, count.all + 1)
      case .failed, .failedAsExpected: count.all += 1
      case .skipped: break
      }
    }
    return count
  }
}
