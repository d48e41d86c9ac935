import Foundation
import TestSupport
import Testing
import WAFJSON

@testable import WAFDocuments

/// References of an expression in the configuration of `terraform_configuration.json`, and what they lead to: an entity by its address, a name, or
/// several things.
struct ReferenceCase: Decodable, Sendable {
  var note: String
  var references: [String]
  var module: String
  var key: String
  var forEach: [String]
  var target: String?
}

@Test(arguments: try Fixture.table("terraform_references.json", of: ReferenceCase.self))
func terraformReferences(_ example: ReferenceCase) throws {
  let addresses = [
    "aws_wafv2_ip_set.office", "aws_wafv2_ip_set.other", #"aws_wafv2_ip_set.each["eu"]"#, #"aws_wafv2_ip_set.each["us"]"#,
    "aws_wafv2_ip_set.counted[0]", "aws_wafv2_ip_set.counted[1]", #"module.sets["eu"].aws_wafv2_ip_set.s["office"]"#,
    #"module.sets["eu"].aws_wafv2_ip_set.s["vpn"]"#, #"module.sets["us"].aws_wafv2_ip_set.s["office"]"#, "data.aws_wafv2_ip_set.read",
  ]
  let document = try JSONDocument(Array(try Data(contentsOf: Fixture.url("terraform_configuration.json"))))
  // The address stands for the ARN.
  let references = TerraformReferences(
    arns: Dictionary(uniqueKeysWithValues: addresses.map { ($0, $0) }), configuration: DocumentValue(0, of: document))
  let scope = TerraformReferences.Scope(module: example.module, key: example.key, forEach: example.forEach)
  let target: String? =
    switch references.target(of: example.references, in: scope) {
    case .entity(let arn): "entity \(arn)"
    case .name(let name): "name \(name)"
    case .unclear(let names): "unclear \(names)"
    case nil: nil
    }
  #expect(target == example.target, "\(example.note)")
}
