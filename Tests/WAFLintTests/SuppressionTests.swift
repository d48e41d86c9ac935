import TestSupport
import Testing
import WAFDocuments
import WAFLint
import WAFModel

/// A row of `suppressions.json`: the lines of a file, and what comes of them.
struct SuppressionCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var lines: [String]
  var suppressed: Int
  /// Codes of what is left, those about the file itself with line and column.
  var findings: [String]

  var testDescription: String { note }
}

/// Two rules with a finding each.
private let rules = """
  [{"Name": "watch-admin", "Priority": 0, "Action": {"Count": {}},
    "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "a"},
    "Statement": {"ByteMatchStatement": {"SearchString": "/admin/", "PositionalConstraint": "STARTS_WITH", "FieldToMatch": {"UriPath": {}},
      "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}},
   {"Name": "common-rules", "Priority": 1, "OverrideAction": {"None": {}},
    "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "b"},
    "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet",
      "ExcludedRules": [{"Name": "SizeRestrictions_BODY"}]}}}]
  """

@Test(arguments: try Fixture.table("suppressions.json", of: SuppressionCase.self))
func suppressions(_ example: SuppressionCase) throws {
  let loaded = DocumentLoader().load(texts: [("rules.json", Array(rules.utf8))])
  let documents = try #require(loaded.documents)
  var list = SuppressionList()
  list.add(Array(example.lines.joined(separator: "\n").utf8), file: "wanted.txt")
  let result = list.applied(to: Lint.findings(in: documents, places: loaded.places), of: documents, places: loaded.places)
  #expect(result.suppressed.count == example.suppressed)
  let left = result.findings.kept.map { finding in
    finding.place.file == "wanted.txt" ? "\(finding.code.rawValue) \(finding.place.line):\(finding.place.column)" : finding.code.rawValue
  }
  #expect(left == example.findings)
  #expect(Severity.allCases.reduce(0) { $0 + result.findings.count(of: $1) } == left.count)
}

/// What refuses a document stays, and nothing is said of entries for what could not be looked for.
@Test func refusalsAreNotSuppressed() {
  let loaded = DocumentLoader().load(texts: [("rules.json", Array(rules.replacing("STARTS_WITH", with: "STARTS").utf8))])
  #expect(loaded.documents == nil)
  var list = SuppressionList()
  list.add(Array("unknown_value * we know\nexcluded_rules * old".utf8), file: "wanted.txt")
  let result = list.applied(to: loaded.findings, of: nil, places: loaded.places)
  #expect(result.findings == loaded.findings)
  #expect(result.suppressed.isEmpty)
}
