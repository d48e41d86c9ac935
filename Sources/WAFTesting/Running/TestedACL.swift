/// What all suites of one web ACL exercised together.
public struct TestedACL: Sendable {
  /// Name of the web ACL.
  public var webACL: String
  /// One of its suites, with the web ACL.
  public var run: SuiteRun
  /// What the tests exercised.
  public var coverage: Coverage
}

extension TestRunResult {
  /// The web ACLs that were tested, in the order of the suites.
  public var coverages: [TestedACL] {
    var tested: [TestedACL] = []
    for (suite, run) in zip(suites, runs) {
      if let known = tested.firstIndex(where: { $0.run.programNumber == run.programNumber }) {
        tested[known].coverage.add(suite.coverage)
      } else {
        tested.append(TestedACL(webACL: suite.webACL, run: run, coverage: suite.coverage))
      }
    }
    return tested
  }
}
