import Testing
import WAFModel
import WAFRequest

@testable import WAFEngine

/// A statement on `GET /yes` without a body, and the leaves that decide it.
private struct DecidingCase: Sendable, CustomTestStringConvertible {
  var note: String
  var statement: Statement
  /// Numbers of the deciding leaves in document order.
  var deciding: [Int]
  /// Numbers of the leaves that are not needed.
  var skipped: [Int] = []
  var testDescription: String { note }
}

private let yes = Statement.bytes("yes", in: .uriPath)
private let no = Statement.bytes("no", in: .uriPath)
/// The body is not known.
private let open = Statement.bytes("x", in: .body(.continue))

private let decidingCases = [
  DecidingCase(note: "a leaf", statement: yes, deciding: [0]),
  DecidingCase(note: "And that matches: all", statement: .and([yes, yes]), deciding: [0, 1]),
  DecidingCase(note: "And that does not: the first that does not", statement: .and([yes, no, no]), deciding: [1], skipped: [2]),
  DecidingCase(note: "a miss behind what is open decides And alone", statement: .and([open, no]), deciding: [1]),
  DecidingCase(note: "And that is open: what is open", statement: .and([yes, open]), deciding: [1]),
  DecidingCase(note: "Or that matches: the first that does", statement: .or([no, yes, yes]), deciding: [1], skipped: [2]),
  DecidingCase(note: "Or that does not: all", statement: .or([no, no]), deciding: [0, 1]),
  DecidingCase(note: "Or that is open: what is open", statement: .or([no, open, open]), deciding: [1, 2]),
  DecidingCase(note: "Not takes what decides the statement in it", statement: .not(.or([no, no])), deciding: [0, 1]),
  DecidingCase(
    note: "what is not needed has nothing in it that is", statement: .or([yes, .and([yes, .not(no)])]), deciding: [0], skipped: [1, 2]),
]

@Test("Of a statement those leaves decide that its outcome needs", arguments: decidingCases)
private func decidingLeaves(_ example: DecidingCase) throws {
  let documents = RuleDocuments(webACL: WebACL(name: "t", defaultAction: .allow([]), rules: [Rule("r", 0, example.statement, .count([]))]))
  var request = Request.known("GET", "/yes")
  request.body = .unknown
  var evaluator = Evaluator(program: try Program(compiling: documents))
  let trace = evaluator.explain(request, by: RuleSources(documents))
  let statement = try #require(trace.rules[0].statement)
  let leaves = statement.allLeaves
  #expect(trace.rules[0].decidingLeaves.map(\.path) == example.deciding.map { leaves[$0].path })
  #expect(leaves.indices.filter { !leaves[$0].isNeeded } == example.skipped)
}

extension StatementTrace {
  fileprivate var allLeaves: [StatementTrace] { children.isEmpty ? [self] : children.flatMap(\.allLeaves) }
}
