import Foundation
import TestSupport
import Testing
import WAFTesting

/// A row of `suites.json`: a test file, and what comes of each of its tests.
struct SuiteCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Lines of the file.
  var suite: [String]
  /// Lines of other files by name.
  var files: [String: [String]]?
  /// By the name of the test, as `TestResult.lines`.
  var results: [String: [String]]
  /// Limits of `acl_expect` that are missed.
  var missed: [String]?

  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("suites.json", of: SuiteCase.self))
func suite(_ example: SuiteCase) throws {
  let folder = try SuiteFolder(example.suite, files: example.files ?? [:])
  for jobs in [1, 3] {
    var options = TestOptions()
    options.jobs = jobs
    let result = try folder.run(options)
    #expect(result.findings.kept.map { folder.short("\($0)") } == [])
    let results = Dictionary(uniqueKeysWithValues: result.tests.map { ($0.name, $0.lines) })
    #expect(results == example.results)
    let hasFailures = result.hasFailures
    #expect(hasFailures == example.results.values.contains { $0[0].contains("expected ") || $0[0].hasPrefix("passed unexpectedly") })
    #expect(result.suites.flatMap(\.missedLimits) == example.missed ?? [])
  }
}

/// A row of `suite_findings.json`: a test file that is refused, and why.
struct RefusedSuiteCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var suite: [String]
  var files: [String: [String]]?
  /// In order, with the names of files instead of paths.
  var findings: [String]

  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("suite_findings.json", of: RefusedSuiteCase.self))
func refusedSuite(_ example: RefusedSuiteCase) throws {
  let folder = try SuiteFolder(example.suite, files: example.files ?? [:])
  let result = try folder.run()
  #expect(result.findings.kept.map { folder.short("\($0)") } == example.findings)
  let (isRefused, ran) = (result.isRefused, result.suites.count)
  #expect(isRefused)
  #expect(ran == 0)
}

@Test func missingTestFileIsUnreadable() {
  let result = TestRunner(TestOptions()).run(["no/such.wafcast.yaml"])
  #expect(result.hasUnreadable)
  #expect(!result.isRefused)
  #expect(result.findings.kept.map(\.message) == ["cannot be read: No such file or directory"])
}
