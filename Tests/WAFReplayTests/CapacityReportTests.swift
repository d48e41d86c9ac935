import Foundation
import TestSupport
import Testing
import WAF

/// What `check` prints of the price of a web ACL.
@Suite struct CapacityReportTests {
  private static let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":true,"CloudWatchMetricsEnabled":true,"MetricName":"m"}"#

  /// A bundle with one group; the rules are statements.
  private func load(_ statements: [String]) -> LoadedDocuments {
    let rules = statements.enumerated().map { index, statement in
      let action = statement.contains("Group") ? #""OverrideAction":{"None":{}}"# : #""Action":{"Block":{}},"RuleLabels":[{"Name":"a"}]"#
      return #"{"Name":"r\#(index)","Priority":\#(index),\#(action),\#(Self.visibility),"Statement":\#(statement)}"#
    }
    let group =
      #"{"Name":"own","ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/own/1","Capacity":120,\#(Self.visibility),"Rules":[\#(rules[0])]}"#
    let webACL = #"{"Name":"acl","DefaultAction":{"Allow":{}},\#(Self.visibility),"Rules":[\#(rules.joined(separator: ","))]}"#
    let options = LoadingOptions(decoding: DecodingOptions(allowsMissing: true))
    return DocumentLoader(options).load(texts: [("acl.json", Array(#"{"WebACL":\#(webACL),"RuleGroups":[\#(group)]}"#.utf8))])
  }

  private let xss =
    #"{"XssMatchStatement":{"FieldToMatch":{"JsonBody":{"MatchPattern":{"All":{}},"MatchScope":"ALL"}},"TextTransformations":[{"Priority":0,"Type":"URL_DECODE"}]}}"#
  private func group(_ name: String) -> String {
    #"{"RuleGroupReferenceStatement":{"ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/\#(name)/1"}}"#
  }

  @Test func totalIsTheLastLine() {
    let loaded = load([xss])
    let report = CheckReport(loaded, findings: SuppressedFindings(findings: loaded.findings))
    #expect(String(decoding: report.text, as: UTF8.self) == "acl: 1 rule, 0 errors, 0 warnings, 0 notes\ncapacity: 91 WCU of 5,000\n")
  }

  @Test func unknownPartsAreNamed() {
    let loaded = load([xss] + (0..<5).map { group("gone-\($0)") })
    let lines = String(decoding: CheckReport(loaded, findings: SuppressedFindings(findings: Findings())).text, as: UTF8.self).split(separator: "\n")
    #expect(
      lines.last
        == """
        capacity: at least 91 WCU of 5,000; not known: RuleGroupReferenceStatement gone-0, RuleGroupReferenceStatement gone-1, \
        RuleGroupReferenceStatement gone-2 and 2 more
        """)
  }

  @Test func refusedDocumentsHaveNoPrice() {
    let loaded = load(["{}"])
    let report = CheckReport(loaded, findings: SuppressedFindings(findings: Findings()), listsCapacity: true)
    #expect(String(decoding: report.text, as: UTF8.self) == "refused: 0 errors, 0 warnings, 0 notes\n")
    #expect(String(decoding: report.json, as: UTF8.self) == "{\n  \"acl\": null,\n  \"rules\": [],\n  \"findings\": [],\n  \"suppressed\": []\n}\n")
  }

  @Test func tree() {
    let loaded = load([xss, group("own"), group("gone")])
    let text = String(decoding: CheckReport(loaded, findings: SuppressedFindings(findings: Findings()), listsCapacity: true).text, as: UTF8.self)
    #expect(
      text == """
                 WCU
        at least 211  acl
                  90    r0
                  90      XssMatchStatement JsonBody
                  40        base
                  40        x2 JsonBody
                  10        +10 URL_DECODE
                 120    r1
                 120      RuleGroupReferenceStatement own
             unknown    r2
             unknown      RuleGroupReferenceStatement gone
                   1    RuleLabels 1 for every 5 of 1
                  91  rule group own, of the 120 that it reserves
                  90    r0
                  90      XssMatchStatement JsonBody
                  40        base
                  40        x2 JsonBody
                  10        +10 URL_DECODE
                   1    RuleLabels 1 for every 5 of 1
        acl: 3 rules, 0 errors, 0 warnings, 0 notes
        capacity: at least 211 WCU of 5,000; not known: RuleGroupReferenceStatement gone

        """)
  }

  /// Members of the JSON form that other programs read.
  private struct Form: Decodable {
    struct ACL: Decodable {
      var capacity: Int?
      var capacityAtLeast: Int?
    }
    struct Rule: Decodable {
      var name: String
      var wcu: Int?
      var wcuAtLeast: Int?
    }
    struct Tree: Decodable {
      var kind: String
      var wcu: Int?
      var path: String?
      var line: Int?
      var parts: [Tree]?
    }
    struct Group: Decodable {
      var name: String
      var capacity: Int?
      var consumption: Int?
      var capacityTree: Tree
    }
    var acl: ACL
    var rules: [Rule]
    var capacityTree: Tree?
    var ruleGroups: [Group]?
  }

  @Test func json() throws {
    let loaded = load([xss, group("own"), group("gone")])
    let report = try JSONDecoder().decode(
      Form.self, from: Data(CheckReport(loaded, findings: SuppressedFindings(findings: Findings()), listsCapacity: true).json))
    #expect(report.acl.capacity == nil && report.acl.capacityAtLeast == 211)
    #expect(report.rules.map(\.wcu) == [90, 120, nil])
    #expect(report.rules.map(\.wcuAtLeast) == [nil, nil, 0])
    let tree = try #require(report.capacityTree)
    #expect(tree.parts?.map(\.kind) == ["rule", "rule", "rule", "labels"])
    #expect(tree.parts?.first?.parts?.first?.path == "$.WebACL.Rules[0].Statement.XssMatchStatement")
    #expect(report.ruleGroups?.map(\.consumption) == [91])
    #expect(report.ruleGroups?.map(\.capacity) == [120])
    let plain = load([xss])
    let other = try JSONDecoder().decode(Form.self, from: Data(CheckReport(plain, findings: SuppressedFindings(findings: Findings())).json))
    #expect(other.acl.capacity == 91 && other.acl.capacityAtLeast == nil)
    #expect(other.capacityTree == nil && other.ruleGroups == nil)
  }
}
