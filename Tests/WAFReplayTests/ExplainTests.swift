import Foundation
import TestSupport
import Testing

/// A run of `explain` and all of its standard output.
struct ExplainCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// The web ACL; `acl.json` unless stated.
  var acl: String?
  /// What stands behind it; paths are those of the folder `Fixtures/explain`.
  var arguments: [String]
  /// Name of the file with the output.
  var output: String
  /// Texts on standard error.
  var stderr: [String]?
  var exit: Int32?
  var testDescription: String { note }

  static let folder = Fixture.url("explain", from: #filePath)
}

@Test(arguments: try Fixture.table("explain/cases.json", of: ExplainCase.self))
func explanation(_ example: ExplainCase) throws {
  // The stand-ins have cases of their own: what they find may change.
  let managed = example.arguments.contains("--managed") ? [] : ["--managed", "recorded"]
  let run = try ProgramRun(["explain", "--acl", example.acl ?? "acl.json"] + managed + example.arguments, in: ExplainCase.folder)
  #expect(run.exit == example.exit ?? 0, "\(run.stderr)")
  #expect(run.stdout == (try String(contentsOf: ExplainCase.folder.appendingPathComponent(example.output), encoding: .utf8)))
  for text in example.stderr ?? [] { #expect(run.stderr.contains(text), "\(run.stderr)") }
  if example.stderr == nil { #expect(run.stderr.isEmpty) }
}

@Test("No line is wider than asked for, and none holds a control character", arguments: [60, 80, 100, 160], ["admin", "json", "group", "record"])
func explanationKeepsWidth(width: Int, id: String) throws {
  let arguments = ["--acl", "acl.json", "--full", "--redact", "off", "--width", "\(width)", "--request-id", id, "requests.jsonl"]
  let run = try ProgramRun(["explain"] + arguments, in: ExplainCase.folder)
  #expect(run.stdout.utf8.count > 1_000)
  for line in run.stdout.split(separator: "\n") {
    #expect(line.count <= width, "\(line)")
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f })
  }
}

@Test("The first of several records has the same verdict as eval gives it", arguments: ["admin", "record", "search12"])
func explanationAgreesWithEval(id: String) throws {
  let explained = try ProgramRun(["explain", "--acl", "acl.json", "-o", "json", "--request-id", id, "requests.jsonl"], in: ExplainCase.folder)
  let evaluated = try ProgramRun(["eval", "--acl", "acl.json", "requests.jsonl"], in: ExplainCase.folder)
  let line = try #require(evaluated.stdout.split(separator: "\n").first { $0.contains("\"requestId\":\"\(id)\"") })
  let trace = try #require(try JSONSerialization.jsonObject(with: Data(explained.stdout.utf8)) as? [String: Any])
  let verdict = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
  #expect(trace["verdict"] as? NSDictionary == verdict)
}

@Test("What data protection covers is nowhere in a trace", arguments: [["-o", "json"], ["--redact", "off"], ["--full", "--redact", "off"]])
func explanationKeepsProtectedFields(form: [String]) throws {
  let run = try ProgramRun(["explain", "--acl", "protected.json"] + form + ["protected.jsonl"], in: ExplainCase.folder)
  #expect(run.stdout.contains("jo-shown") && run.stdout.contains("light"))
  #expect(!run.stdout.lowercased().contains("hidden-") && !run.stdout.lowercased().contains("-hidden"), "\(run.stdout)")
}
