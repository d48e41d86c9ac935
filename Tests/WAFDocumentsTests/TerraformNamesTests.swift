import TestSupport
import Testing
import WAFJSON

@testable import WAFDocuments

/// A member of the API whose name in Terraform follows no rule.
struct IrregularName: Decodable, Sendable {
  var api: String
  var terraform: String
}

/// A name and its words.
@Test(arguments: [
  ("Name", "name"), ("ARN", "arn"), ("FieldToMatch", "field_to_match"), ("IPSetForwardedIPConfig", "ip_set_forwarded_ip_config"),
  ("HTTPMethod", "http_method"), ("JA3Fingerprint", "ja3_fingerprint"), ("AWSManagedRulesATPRuleSet", "aws_managed_rules_atp_rule_set"),
  ("API_GATEWAY", "api_gateway"), ("ALBLowReputationMode", "alb_low_reputation_mode"), ("AsnList", "asn_list"),
  ("EvaluationWindowSec", "evaluation_window_sec"),
])
func namesInSnakeCase(_ api: String, _ terraform: String) { #expect(TerraformName.snakeCase(api) == terraform) }

/// Every name that the rule does not give is in this table, and no other.
@Test func irregularNames() throws {
  let rows = try Fixture.table("terraform_names.json", of: IrregularName.self)
  let members = TerraformShape.allCases.flatMap(\.list)
  let irregular = members.filter { member in
    let regular = TerraformName.snakeCase(member.api)
    if case .blocks = member.form { return member.terraform != TerraformName.singular(regular) }
    return member.terraform != regular
  }
  let found = Set(irregular.map { "\($0.api) \($0.terraform)" })
  #expect(found == Set(rows.map { "\($0.api) \($0.terraform)" }))
}

/// Findings name members by one spelling each, so no name of the API may have two.
@Test func namesAreSpelledInOneWay() {
  var spellings: [String: Set<String>] = [:]
  for member in TerraformShape.allCases.flatMap(\.list) { spellings[member.api, default: []].insert(member.terraform) }
  #expect(spellings.filter { $0.value.count > 1 }.isEmpty)
  // Every shape is in the table: only `empty` has nothing.
  #expect(TerraformShape.allCases.filter { $0.list.isEmpty } == [.empty])
}

/// A text of a configuration, and its pieces: expressions stand in angle brackets here.
@Test(arguments: [
  ("", ""), ("plain", "plain"), ("${var.a}", "<var.a>"), ("a-${ var.a }-b", "a-<var.a>-b"), ("$${x}", "${x}"), ("%%{x}", "%{x}"), ("$$", "$$"),
  ("${\"}\"}", "<\"}\">"), ("${{a = {}}}", "<{a = {}}>"), ("${open", "${open"), ("%{if a}b%{endif}", "<%{if a}>b<%{endif}>"), ("${~ a ~}", "<a>"),
  ("é${a}é", "é<a>é"), ("$${${a}}", "${<a>}"),
])
func templates(_ text: String, _ pieces: String) {
  let shown = TerraformTemplate(text).parts.map { part in
    switch part {
    case .text(let text): text
    case .expression(let text): "<\(text)>"
    }
  }
  #expect(shown.joined() == pieces)
}

/// What is written comes back, whatever it looks like.
@Test(arguments: ["", "plain", "${a}", "%{a}", "$${a}", "%%{a}", "$$${a}", "$", "${", "\\${a}", "a$", "{}", "${a}${b}%{c}"])
func escapedTemplates(_ text: String) {
  let parts = TerraformTemplate(TerraformTemplate.escaped(text)).parts
  #expect(parts == (text.isEmpty ? [] : [.text(text)]))
}

/// A reference, and its steps; nil where it is none.
@Test(arguments: [
  ("aws_wafv2_ip_set.office.arn", "aws_wafv2_ip_set office arn"), ("module.a[\"x.y\"].out", "module a[\"x.y\"] out"), ("a.b[0].c", "a b[0] c"),
  ("a.b.0.c", "a b[0] c"), ("a.b[each.key].c", "a b[each.key] c"), ("a", "a"), ("", nil), ("a.", nil), ("f(a)", nil), ("a.b[", nil), ("a + b", nil),
])
func addresses(_ text: String, _ steps: String?) {
  #expect(TerraformAddress(text)?.steps.map(\.text).joined(separator: " ") == steps)
}
