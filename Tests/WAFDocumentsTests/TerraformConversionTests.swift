import Foundation
import TestSupport
import Testing
import WAFJSON
import WAFModel

@testable import WAFDocuments

/// What is written for Terraform says what the bundle says, read as a configuration and as the plan that Terraform makes of it.
@Suite struct TerraformConversionTests {
  @Test(arguments: Array<UInt64>(1...80))
  func roundTrip(_ seed: UInt64) throws {
    // Terraform has no bytes that are not UTF-8.
    let generated = String(decoding: JSONText.document(BundleGenerator(seed: seed).bundle()), as: UTF8.self)
    let bundle = try accepted(Array(generated.replacing("AP/+gA==", with: "JSR7eSV7eiV9").utf8), named: "bundle.json")
    let before = try #require(bundle.documents).withoutExcluded
    let writer = TerraformWriter(bundle.entities.map(CanonicalForm.entity))
    let text = JSONText.document(writer.value)
    let configuration = try accepted(text, named: "main.tf.json")
    #expect(try #require(configuration.documents).withoutExcluded == before, "\(seed)\n\(String(decoding: text, as: UTF8.self))")
    let plan = try accepted(JSONText.document(TerraformPlanMaker.plan(of: writer.value)), named: "plan.json")
    #expect(try #require(plan.documents).withoutExcluded == before, "\(seed)")
    // And back: a bundle made of the plan is that of the configuration.
    let back = try accepted(try #require(Conversion(plan)).written(as: .api), named: "back.json")
    #expect(try #require(back.documents).withoutExcluded == before, "\(seed)")
  }

  /// The web ACL of `Rules/shop` as a team would keep it: sets made by `for_each` in one module, the web ACL in another, some rules as resources of
  /// their own. The plan is that of a first deployment, so every ARN in it is unknown.
  @Test(arguments: ["terraform-plan.json", "terraform-state.json"])
  func shop(_ file: String) throws {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shop = try #require(DocumentLoader().load(paths: [repository.appendingPathComponent("Rules/shop").path]).documents)
    let loaded = try accepted(Array(try Data(contentsOf: Fixture.url("shop/" + file))), named: file)
    #expect(loaded.findings.kept.isEmpty, "\(loaded.findings.kept.map(\.description))")
    #expect(try #require(loaded.documents).withoutExcluded == shop.withoutExcluded)
  }

  /// A row: an entity of the API, and what the provider does not take of it.
  struct RefusalCase: Decodable, Sendable {
    var note: String
    var webACL: String
    var refusals: [String]
  }

  @Test(arguments: try Fixture.table("terraform_refusals.json", of: RefusalCase.self))
  func refusals(_ example: RefusalCase) throws {
    let value = DocumentValue(0, of: try JSONDocument(Array(example.webACL.utf8)))
    let writer = TerraformWriter([BundleEntity(kind: .webACL, value: value)])
    #expect(writer.refusals.map(\.message) == example.refusals, "\(example.note)")
  }

  @Test func namesOfResourcesAreAllowedAndUnique() throws {
    func entity(_ kind: BundleEntity.Kind, _ name: String) -> BundleEntity {
      BundleEntity(kind: kind, value: DocumentValue(.object([.init("Name", DocumentValue(.string(name), node: 0))]), node: 0))
    }
    let entities = [
      entity(.ipSet, "office"), entity(.ipSet, "office"), entity(.regexPatternSet, "office"), entity(.ipSet, "7days"), entity(.ipSet, "a b/c"),
      entity(.ipSet, ""),
    ]
    let resources = try #require(TerraformWriter(entities).value["resource"]?.members)
    let addresses = resources.flatMap { type in (type.value.members ?? []).map { type.name + "." + $0.name } }
    #expect(
      addresses == [
        "aws_wafv2_ip_set.office", "aws_wafv2_ip_set.office_2", "aws_wafv2_ip_set._7days", "aws_wafv2_ip_set.a-b-c", "aws_wafv2_ip_set._",
        "aws_wafv2_regex_pattern_set.office",
      ])
  }
}

extension RuleDocuments {
  /// The documents with overrides to Count in place of exclusions, which mean the same, without ARNs, and in one order.
  fileprivate var withoutExcluded: RuleDocuments {
    var copy = withoutARNs.inOrder
    for index in copy.webACL.rules.indices { copy.webACL.rules[index].statement = copy.webACL.rules[index].statement.withoutExcluded }
    return copy
  }

  /// The documents with sets and groups by name, and rules by priority.
  fileprivate var inOrder: RuleDocuments {
    var copy = self
    copy.webACL.rules.sort { $0.priority < $1.priority }
    copy.webACL.customResponseBodies.sort { $0.key < $1.key }
    copy.ipSets.sort { $0.name < $1.name }
    copy.regexPatternSets.sort { $0.name < $1.name }
    copy.ruleGroups.sort { $0.name < $1.name }
    for index in copy.ipSets.indices { copy.ipSets[index].addresses.sort { $0.description < $1.description } }
    for index in copy.regexPatternSets.indices { copy.regexPatternSets[index].patterns.sort() }
    for index in copy.ruleGroups.indices {
      copy.ruleGroups[index].rules.sort { $0.priority < $1.priority }
      copy.ruleGroups[index].customResponseBodies.sort { $0.key < $1.key }
    }
    return copy
  }
}

extension Statement {
  fileprivate var withoutExcluded: Statement {
    func overrides(_ excluded: [String], _ replaced: [RuleActionOverride]) -> [RuleActionOverride] {
      replaced + excluded.filter { name in !replaced.contains { $0.name == name } }.map { RuleActionOverride(name: $0, action: .count([])) }
    }
    switch self {
    case .managedRuleGroup(var group):
      (group.overrides, group.excludedRules) = (overrides(group.excludedRules, group.overrides), [])
      return .managedRuleGroup(group)
    case .ruleGroupReference(var reference):
      (reference.overrides, reference.excludedRules) = (overrides(reference.excludedRules, reference.overrides), [])
      return .ruleGroupReference(reference)
    default: return self
    }
  }
}
