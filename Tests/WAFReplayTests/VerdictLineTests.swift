import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFEngine
import WAFLogs
import WAFModel
import WAFRequest

@testable import WAFReplay

/// The folder of the package.
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The web ACL of a folder below the package.
func loadDocuments(_ path: String) throws -> RuleDocuments {
  try #require(DocumentLoader().load(paths: [package.appendingPathComponent(path).path]).documents)
}

/// The verdict line of one line of a log, as evaluated alone; nil where it is no record.
func verdictLine(_ line: [UInt8], _ format: LogFormat, _ program: Program, _ documents: RuleDocuments) -> [UInt8]? {
  var parser = LineParser(format: format)
  var request = Request()
  guard case .record = parser.parse(line.span, into: &request) else { return nil }
  var evaluator = Evaluator(program: program)
  var verdict = Verdict()
  evaluator.evaluate(request, into: &verdict)
  var writer = VerdictLineWriter(program: program, protection: RecordProtection(documents.webACL))
  writer.write(verdict, of: request)
  return Array(writer.bytes.dropLast())
}

/// A verdict line without what it says of the record before it: that proves nothing the second time.
private func withoutRecorded(_ line: [UInt8]) -> String {
  let text = String(decoding: line, as: UTF8.self)
  return text.range(of: #""recorded":"#).map { String(text[..<$0.lowerBound]) } ?? text
}

@Test(
  "A verdict line evaluates to itself, whatever log the request came from",
  arguments: [("shop-waf.jsonl.zst", LogFormat.waf), ("shop-alb.log.zst", .alb), ("shop-combined.log.zst", .combined)])
func verdictLineRoundTrip(name: String, format: LogFormat) throws {
  let documents = try loadDocuments("Rules/shop")
  let program = try Program(compiling: documents, settings: EngineSettings())
  let path = package.appendingPathComponent("SampleLogs").appendingPathComponent(name).path
  let reader = try LineReader(InputSource(argument: path))
  var compared = 0
  // A line here and there: the whole day takes too long without optimisation.
  while compared < 150, let chunk = reader.next() {
    for (index, line) in chunk.lines.enumerated() where index % 23 == 0 && compared < 150 {
      guard let first = verdictLine(Array(chunk.bytes[line.range]), format, program, documents) else { continue }
      // What AWS recorded of a managed group is kept only where evaluation certainly came to the group.
      if format == .waf, String(decoding: first, as: UTF8.self).contains(#""determined":false"#) { continue }
      let second = try #require(verdictLine(first, .requests, program, documents))
      #expect(withoutRecorded(first) == withoutRecorded(second))
      compared += 1
    }
  }
  #expect(compared == 150)
}

struct VerdictLineCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// The request line.
  var request: String
  /// Texts that the verdict line holds.
  var contains: [String]
  /// Texts that it does not hold.
  var lacks: [String]?
  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("verdict_lines.json", of: VerdictLineCase.self))
func verdictLineMembers(_ example: VerdictLineCase) throws {
  let documents = try loadDocuments("Tests/WAFReplayTests/Fixtures/verdict_lines_acl.json")
  let program = try Program(compiling: documents, settings: EngineSettings())
  let bytes = try #require(verdictLine(Array(example.request.utf8), .requests, program, documents))
  let line = String(decoding: bytes, as: UTF8.self)
  for text in example.contains { #expect(line.contains(text), "\(line)") }
  for text in example.lacks ?? [] { #expect(!line.contains(text), "\(line)") }
  #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
}
