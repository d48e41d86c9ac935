import TestSupport
import Testing
import WAFDocuments
import WAFModel

/// A document in a dialect, and every finding about it as it is printed.
struct TemplateCase: Decodable, Sendable {
  var note: String
  var file: String
  var document: String
  var parameters: [String: String]?
  var allowMissing: Bool?
  var findings: [String]
}

@Test(arguments: try Fixture.table("template_findings.json", of: TemplateCase.self))
func templateFindings(_ example: TemplateCase) {
  var options = LoadingOptions(decoding: DecodingOptions(allowsMissing: example.allowMissing ?? false))
  options.parameters = example.parameters ?? [:]
  let loaded = DocumentLoader(options).load(texts: [(name: example.file, bytes: Array(example.document.utf8))])
  #expect(loaded.findings.kept.map(\.description) == example.findings, "\(example.note)\n\(example.document)")
  #expect((loaded.documents == nil) == loaded.findings.hasErrors, "\(example.note)")
}

/// Findings that only documents in other dialects can have, each in some row.
@Test func everyCodeOfTemplatesHasARow() throws {
  let rows = try Fixture.table("template_findings.json", of: TemplateCase.self)
  #expect(rows.count == 31)
  var found: Set<FindingCode> = []
  for row in rows {
    var options = LoadingOptions()
    options.parameters = row.parameters ?? [:]
    let loaded = DocumentLoader(options).load(texts: [(name: row.file, bytes: Array(row.document.utf8))])
    found.formUnion(loaded.findings.kept.map(\.code))
  }
  #expect(found.isSuperset(of: [.openValue, .badTemplate, .unknownParameter]))
}

/// Small templates can ask for a lot: refused once it is more than a document may have, and soon.
@Test(.timeLimit(.minutes(20)))
func templatesThatAskForTooMuch() throws {
  let list = Array(repeating: "\"x\"", count: 20_000).joined(separator: ",")
  let mapped = Array(repeating: #"{"Fn::FindInMap":["M","a","b"]}"#, count: 5_000).joined(separator: ",")
  let text = String(repeating: "x", count: 10_000)
  let substituted = Array(repeating: #"{"Fn::Sub":"\#(String(repeating: "${P}", count: 50))"}"#, count: 1_000).joined(separator: ",")
  for (name, tags) in [("mapped", mapped), ("substituted", substituted)] {
    let template = #"""
      {"Parameters":{"P":{"Type":"String","Default":"\#(text)"}},"Mappings":{"M":{"a":{"b":[\#(list)]}}},
      "Resources":{"Acl":{"Type":"AWS::WAFv2::WebACL","Properties":{"Scope":"REGIONAL","Tags":[\#(tags)]}}}}
      """#
    let findings = DocumentLoader().load(texts: [(name: "t.json", bytes: Array(template.utf8))]).findings
    #expect(findings.kept.contains { $0.message.contains("give more than 16777216 bytes") }, "\(name): \(findings.kept)")
    #expect(findings.kept.count { $0.code == .badTemplate } == 1, "\(name)")
  }
}
