import Foundation
import TestSupport
import Testing
import WAFTesting

/// A folder with a test file, the web ACL `acl.json` of the fixtures, and other files; gone with the value.
final class SuiteFolder {
  let url: URL

  /// - Parameters:
  ///   - suite: Lines of `suite.wafcast.yaml`.
  ///   - files: Lines of other files by name.
  init(_ suite: [String], files: [String: [String]] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Fixture.url("acl.json"), to: url.appendingPathComponent("acl.json"))
    try write(suite, to: "suite.wafcast.yaml")
    for (name, lines) in files { try write(lines, to: name) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ lines: [String], to name: String) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url.appendingPathComponent(name))
  }

  /// Runs the test files of the folder.
  func run(_ options: TestOptions = TestOptions()) throws -> TestRunResult {
    TestRunner(options).run(try #require(TestRunner.files(in: url.path)))
  }

  /// A text without the path of the folder.
  func short(_ text: String) -> String { text.replacingOccurrences(of: url.path + "/", with: "") }
}

extension TestResult {
  /// What came of it, and for a failure what differs, one a line.
  var lines: [String] {
    switch outcome {
    case .passed: ["passed"]
    case .skipped(let reason): ["skipped: \(reason)"]
    case .failedAsExpected(let reason): ["known: \(reason)"]
    case .passedUnexpectedly(let reason): ["passed unexpectedly: \(reason)"]
    case .failed(let failure):
      failure.differences.map { "\($0.field): expected \($0.expected), found \($0.found)" + ($0.hint.map { " (\($0))" } ?? "") }
    }
  }
}
