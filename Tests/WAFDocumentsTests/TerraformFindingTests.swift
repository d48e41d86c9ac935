import TestSupport
import Testing
import WAFModel

@testable import WAFDocuments

/// Documents of Terraform, and every finding about them as it is printed, in the user's file and spelling.
@Test(arguments: try Fixture.table("terraform_findings.json", of: TemplateCase.self))
func terraformFindings(_ example: TemplateCase) {
  let options = LoadingOptions(decoding: DecodingOptions(allowsMissing: example.allowMissing ?? false))
  let loaded = DocumentLoader(options).load(texts: [(name: example.file, bytes: Array(example.document.utf8))])
  #expect(loaded.findings.kept.map(\.description) == example.findings, "\(example.note)\n\(example.document)")
  #expect((loaded.documents == nil) == loaded.findings.hasErrors, "\(example.note)")
}
