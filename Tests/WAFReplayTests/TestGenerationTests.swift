import Foundation
import TestSupport
import Testing
import WAF

private let shop = package.appendingPathComponent("Rules/shop").path

/// A suite that `wafcast test --generate` writes of the sample logs runs green as it is, and is the same every time. A log without most headers
/// decides less.
@Test(arguments: [("shop-waf.jsonl.zst", 15), ("shop-combined.log.zst", 8)])
func generatedSuiteIsGreen(log: String, count: Int) throws {
  let folder = try TemporaryFolder()
  let some = folder.url.appendingPathComponent("some.jsonl").path
  let sample = package.appendingPathComponent("SampleLogs").appendingPathComponent(log).path
  let lines = try ProgramRun(["eval", "--acl", shop, "--limit", "1500", "--quiet", sample])
  try Data(lines.stdout.utf8).write(to: URL(fileURLWithPath: some))
  let run = try ProgramRun(["test", "--generate", some, "--per-rule", "2", "--acl", shop])
  #expect(run.exit == 0, "\(run.stderr)")
  let file = folder.url.appendingPathComponent("made.wafcast.yaml")
  try Data(run.stdout.utf8).write(to: file)
  let result = TestRunner(TestOptions()).run([file.path])
  #expect(result.findings.kept.map { "\($0)" } == [])
  let (made, failed) = (result.tests.count, result.tests.count { $0.isFailure })
  #expect(made >= count)
  #expect(failed == 0)
  var rules: [String: Int] = [:]
  for test in result.runs[0].suite.tests { rules[test.steps[0].expectation.rule?.value ?? "", default: 0] += 1 }
  #expect((rules["block-scanner-agents"] ?? 2) == 2)
  #expect(try ProgramRun(["test", "--generate", some, "--per-rule", "2", "--acl", shop]).stdout == run.stdout)
}

/// A row of `generation.json`: one request line, and what of it stands in the test.
struct GenerationCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Members of `httpRequest` beside the address.
  var request: String
  var redaction: String?
  /// Texts of the file that have to be there.
  var has: [String]?
  var lacks: [String]?
  /// Why there is no test; nil where there is one.
  var drop: String?

  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("generation.json", of: GenerationCase.self))
func generatedCase(_ example: GenerationCase) throws {
  let folder = try TemporaryFolder()
  let log = folder.url.appendingPathComponent("log.jsonl")
  let line =
    "{\"timestamp\":1772366400000,\"httpRequest\":{\"clientIp\":\"198.51.100.77\",\"country\":\"DE\",\(example.request)},\"ja3Fingerprint\":\"a\",\"clientAsn\":1}"
  try Data((line + "\n").utf8).write(to: log)
  let acl = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../WAFTestingTests/Fixtures/acl.json").path
  let run = try ProgramRun(["test", "--generate", log.path, "--acl", acl, "--redact", example.redaction ?? "default"])
  if let drop = example.drop {
    #expect(run.exit == 65)
    #expect(run.stderr.contains("no test of 1 record: \(drop)"), "\(run.stderr)")
    return
  }
  #expect(run.exit == 0, "\(run.stderr)")
  for text in example.has ?? [] { #expect(run.stdout.contains(text), "\(run.stdout)") }
  for text in example.lacks ?? [] { #expect(!run.stdout.contains(text), "\(run.stdout)") }
  let file = folder.url.appendingPathComponent("made.wafcast.yaml")
  try Data(run.stdout.utf8).write(to: file)
  #expect(try ProgramRun(["test", file.path]).exit == 0)
}
