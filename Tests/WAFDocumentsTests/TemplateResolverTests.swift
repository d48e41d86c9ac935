import Foundation
import TestSupport
import Testing
import WAFJSON
import WAFModel

@testable import WAFDocuments

/// A value of the template in `cloudformation_functions.yaml`, what it resolves to as JSON, the open values in it, and what is found.
struct FunctionCase: Decodable, Sendable {
  var note: String
  var value: String
  var result: String?
  var open: [String]?
  var findings: [String]
  var parameters: [String: String]?
}

@Test(arguments: try Fixture.table("cloudformation_functions.json", of: FunctionCase.self))
func cloudFormationFunctions(_ example: FunctionCase) throws {
  let sections = try String(contentsOf: Fixture.url("cloudformation_functions.yaml"), encoding: .utf8)
  let text = sections + "Outputs:\n" + example.value.split(separator: "\n").map { "  " + $0 + "\n" }.joined()
  let document = try YAMLReader.document(Array(text.utf8), .ruleDocument)
  let template = try #require(Template(document))
  var options = LoadingOptions()
  options.parameters = example.parameters ?? [:]
  let context = DecodingContext(document, number: 0, file: "t.yaml", options: options.decoding, searchStringsAreBase64: true)
  var resolver = TemplateResolver(template, options: options, context: context)
  let value = try #require(DocumentValue(0, of: document)["Outputs"])
  let result = resolver.resolve(value)
  let resolved = try #require(result, "\(example.note)")
  let translation = try JSONDocument(resolved, from: document)
  let open = translation.openValues(in: 0).map(\.value.text)
  #expect(open == (example.open ?? []), "\(example.note)")
  if let result = example.result {
    #expect(JSONText.document(resolved) == JSONText.document(DocumentValue(0, of: try JSONDocument(Array(result.utf8)))), "\(example.note)")
  }
  #expect((example.result == nil) == (example.open != nil), "\(example.note): a row says what comes out, or what is open")
  let found = context.findings.kept.map { $0.message + ($0.hint.map { " (\($0))" } ?? "") }
  #expect(found == example.findings, "\(example.note)")
}
