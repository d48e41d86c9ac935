import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFLogs
import WAFRequest

@testable import WAFEngine

struct KnowledgeGapCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var format: String
  var lines: [String]
  /// Rule, extent, and reasons with blanks between them.
  var gaps: [[String]]
  var testDescription: String { "\(format): \(note)" }
}

@Test("What a kind of log can never tell of a rule", arguments: try Fixture.table("knowledge_gaps.json", of: KnowledgeGapCase.self))
func knowledgeGaps(_ example: KnowledgeGapCase) throws {
  let loaded = DocumentLoader().load(paths: [Fixture.url("knowledge_gaps_acl.json").path])
  let program = try Program(compiling: try #require(loaded.documents, "\(loaded.findings.kept)"))
  var parser = LineParser(format: try #require(LogFormat(name: example.format)))
  var request = Request()
  var probe = KnowledgeProbe(program: program)
  for line in example.lines {
    if case .record = parser.parse(Array(line.utf8).span, into: &request) { probe.look(at: request) }
  }
  let gaps = probe.gaps().map { [program.rules[$0.rule].name, "\($0.extent)", $0.reasons.map(\.rawValue).joined(separator: " ")] }
  #expect(gaps == example.gaps)
}

@Test("Sets of outcomes hold what Kleene's logic makes of each pair")
func outcomeSets() {
  let all: [OutcomeSet] = (1..<8).map { OutcomeSet(rawValue: $0) }
  for left in all {
    #expect(left.negated.negated == left)
    for right in all {
      let both = left.combined(with: right) { min($0, $1) }
      #expect(both == right.combined(with: left) { min($0, $1) })
      #expect(both.negated == left.negated.combined(with: right.negated) { max($0, $1) })
      #expect(both.contains(.match) == (left.contains(.match) && right.contains(.match)))
    }
  }
}
