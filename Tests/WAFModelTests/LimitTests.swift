import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFModel

/// A limit, and both sides of each of its edges.
struct LimitCase: Decodable, Sendable {
  var note: String
  /// The finding beyond the limit, and the API's name that goes with it.
  var code: String
  var field: String
  /// The parts of a document, as in `FindingCase`. In `«N»` stands the tested number; in `«x*»` the text `x` so many times; in `«x,»` so many
  /// elements `x` of a list, `#` in them being their number.
  var document: String?
  var acl: String?
  var rule: String?
  var statement: String?
  var group: String?
  var lenient: Bool?
  var allowMissing: Bool?
  /// The least number that is accepted; nil where there is none.
  var low: Int?
  /// The greatest number that is accepted; nil where there is none.
  var high: Int?
  /// Findings at the limits themselves; nil means none.
  var accepted: [String]?
  /// Findings one below `low` and one above `high`.
  var below: [String]?
  var above: [String]?

  /// The row for one number.
  func example(_ number: Int, expecting findings: [String]) -> FindingCase {
    func text(_ part: String?) -> String? { part.map { Self.expand($0, number) } }
    return FindingCase(
      note: "\(note): \(number)", document: text(document), acl: text(acl), rule: text(rule), statement: text(statement), group: text(group),
      lenient: lenient, allowMissing: allowMissing, findings: findings)
  }

  private static func expand(_ text: String, _ number: Int) -> String {
    var result = ""
    for (index, piece) in text.components(separatedBy: ["«", "»"]).enumerated() {
      let body = String(piece.dropLast())
      switch piece.last {
      case _ where index.isMultiple(of: 2): result += piece
      case "*": result += String(repeating: body, count: number)
      case ",": result += (0..<number).map { body.replacingOccurrences(of: "#", with: "\($0)") }.joined(separator: ",")
      default: result += "\(number)"
      }
    }
    return result
  }
}

@Test(arguments: try Fixture.table("limits.json", of: LimitCase.self))
func limits(_ limit: LimitCase) throws {
  #expect(limit.low != nil || limit.high != nil)
  func found(_ number: Int, _ findings: [String]) -> [Finding] {
    let example = limit.example(number, expecting: findings)
    let kept = example.loaded.findings.kept
    #expect(kept.map(\.description) == findings, "\(example.note)")
    return kept
  }
  for number in Set([limit.low, limit.high].compactMap { $0 }) { _ = found(number, limit.accepted ?? []) }
  var beyond: [Finding] = []
  if let low = limit.low { beyond += found(low - 1, try #require(limit.below)) }
  if let high = limit.high { beyond += found(high + 1, try #require(limit.above)) }
  let finding = try #require(beyond.first { $0.code.rawValue == limit.code }, "\(limit.note)")
  #expect(finding.field.rawValue == limit.field, "\(limit.note)")
}

/// A web ACL with twenty different faults has twenty findings, each with its exact place.
@Test func twentyFaults() throws {
  let folder = Fixture.url("twenty-faults")
  let text = try Data(contentsOf: folder.appendingPathComponent("web-acl.json"))
  let expected = try String(contentsOf: folder.appendingPathComponent("expected.txt"), encoding: .utf8).split(separator: "\n").map(String.init)
  let loaded = DocumentLoader().load(texts: [(name: "web-acl.json", bytes: Array(text))])
  #expect(loaded.documents == nil)
  #expect(loaded.findings.kept.map { "\($0) [\($0.code.rawValue)]" } == expected)
  #expect(expected.count == 20)
  #expect(Set(loaded.findings.kept.map(\.code)).count == 20)
  #expect(loaded.findings.omitted == 0)
}
