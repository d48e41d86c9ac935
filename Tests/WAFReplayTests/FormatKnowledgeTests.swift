import Foundation
import TestSupport
import Testing
import WAF

/// A log of one request, and what each rule of the web ACL `format_knowledge_acl` says of it.
struct FormatKnowledgeCase: Decodable, Sendable, CustomTestStringConvertible {
  var format: String
  var note: String
  /// The lines of the log: one record, and what its format needs before it.
  var lines: [String]
  var match: [String]
  var noMatch: [String]
  var undetermined: [String]

  var testDescription: String { "\(format): \(note)" }
}

/// Every format tells of a request what the specification says, no less and no more: what a log lacks leaves rules open.
///
/// Source: spec of log formats, section 2.
struct FormatKnowledgeTests {
  private static let table = "format_knowledge.json"

  @Test(arguments: try Fixture.table(table, of: FormatKnowledgeCase.self))
  func outcomes(_ example: FormatKnowledgeCase) throws {
    let documents = try loadDocuments("Tests/WAFReplayTests/Fixtures/format_knowledge_acl")
    let program = try Program(compiling: documents)
    let tally = try replay(example.lines, program, documents).tally
    #expect(tally.summary.formats == [example.format: 1])
    #expect(tally.summary.records == 1)
    func rules(_ low: Int, _ high: Int) -> [String] {
      program.rules.indices.filter { tally.rules[$0].matched == Bounds(low: low, high: high) }.map { program.rules[$0].name }
    }
    #expect(rules(1, 1) == example.match)
    #expect(rules(0, 0) == example.noMatch)
    #expect(rules(0, 1) == example.undetermined)
  }

  @Test func everyFormatHasACase() throws {
    let formats = Set(try Fixture.table(Self.table, of: FormatKnowledgeCase.self).map(\.format))
    #expect(formats == Set(LogFormat.allCases.map(\.name)))
  }

  private func replay(_ lines: [String], _ program: Program, _ documents: RuleDocuments) throws -> ReplayResult {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-knowledge-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    return try Replay(program: program, protection: RecordProtection(documents.webACL), options: ReplayOptions())
      .run(InputList(arguments: [file.path]), observer: Replay.Observer())
  }
}
