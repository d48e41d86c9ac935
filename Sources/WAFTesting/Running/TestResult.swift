public import WAFEngine
public import WAFModel
public import WAFRequest

/// What came of the tests of one suite.
public struct SuiteResult: Sendable {
  /// The file.
  public var file: String
  /// Name of the web ACL.
  public var webACL: String
  /// One a test, in the order of the file.
  public var tests: [TestResult]
  /// Limits of `acl_expect` that are not kept, in words.
  public var missedLimits: [String] = []
  /// What the tests exercised.
  public var coverage: Coverage
}

/// What came of one test.
public struct TestResult: Sendable {
  /// Name of the test.
  public var name: String
  /// Where it is written.
  public var place: Finding.Place
  /// What its requests are.
  public var kind: TestCase.Kind?
  /// What came of it.
  public var outcome: Outcome
  /// Requests that were evaluated.
  public var requests = 0

  /// What came of a test.
  public enum Outcome: Sendable {
    case passed
    /// The failures of the first request that was not as expected.
    case failed(TestFailure)
    case skipped(reason: String)
    /// It failed, as it was said to.
    case failedAsExpected(reason: String)
    /// It was said to fail and did not: the note can go.
    case passedUnexpectedly(reason: String)
  }

  /// Whether the suite fails for it.
  public var isFailure: Bool {
    switch outcome {
    case .failed, .passedUnexpectedly: true
    case .passed, .skipped, .failedAsExpected: false
    }
  }
}

/// A request that was not decided as expected.
public struct TestFailure: Sendable {
  /// Step of the sequence, from 1; nil for a test of one request.
  public var step: Int?
  /// Which sending of the step it was, from 1; nil where it is sent once.
  public var repetition: Int?
  /// Where the step is written.
  public var place: Finding.Place
  /// What differs, at least one thing.
  public var differences: [Difference]
  /// The request, with its time.
  public var request: Request
  /// The rule that ended the evaluation, and those that the test expects to have done something: what decided each.
  public var deciding: [DecidingRule] = []

  /// A small change of the rules with which the test passes and no other fails; nil where none was found.
  public var repair: Repair?

  /// A rule, and how its evaluation went.
  public struct DecidingRule: Sendable {
    /// As test files name it.
    public var rule: String
    /// How its evaluation went.
    public var trace: RuleTrace
  }

  /// One expectation that does not hold.
  public struct Difference: Equatable, Sendable {
    /// The key of the test file, such as `action` or `labels.contain`.
    public var field: String
    /// What the test file has, in words.
    public var expected: String
    /// What came instead, in words.
    public var found: String
    /// For what is not certain: the key of the request that would make it so.
    public var hint: String?
  }
}
