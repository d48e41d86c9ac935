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
