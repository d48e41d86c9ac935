import TestSupport
import Testing
import WAFDocuments
import WAFLint
import WAFModel

/// A document, or a part of one, and every finding about it as it is printed.
struct FindingCase: Decodable, Sendable {
  var note: String
  /// The code of the finding that the row is about; nil for a document without findings.
  var code: String?
  /// The API's name that goes with it.
  var field: String?
  /// A whole document.
  var document: String?
  /// A web ACL's members beside its name, default action and metrics, from line 2.
  var acl: String?
  /// A rule's members beside its metrics, from line 3.
  var rule: String?
  /// A statement, from line 4.
  var statement: String?
  /// A rule group's members beside its name and metrics, from line 2.
  var group: String?
  var lenient: Bool?
  var allowMissing: Bool?
  var encoding: String?
  var findings: [String]

  static let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":true,"CloudWatchMetricsEnabled":true,"MetricName":"m"}"#

  /// The document that the row spells.
  var text: String {
    if let document { return document }
    if let group { return "{\"RuleGroup\":{\"Name\":\"g\",\"Capacity\":100,\(Self.visibility),\n\(group)}}" }
    let rules = statement.map { "\"Name\":\"r\",\"Priority\":0,\"Action\":{\"Block\":{}},\"Statement\":\n\($0)" } ?? rule
    let members = rules.map { "\"Rules\":[{\(Self.visibility),\n\($0)}]" } ?? acl ?? ""
    let separator = members.isEmpty ? "" : ","
    return "{\"Name\":\"acl\",\"DefaultAction\":{\"Allow\":{}},\(Self.visibility)\(separator)\n\(members)}"
  }

  var loaded: LoadedDocuments {
    var options = DecodingOptions(isLenient: lenient ?? false, allowsMissing: allowMissing ?? false)
    if let encoding { options.searchString = SearchStringEncoding(rawValue: encoding) ?? .auto }
    // A rule group alone needs a web ACL beside it.
    let acl = (name: "acl.json", bytes: Array((group == nil ? text : FindingCase.emptyACL).utf8))
    let others = group == nil ? [] : [(name: "group.json", bytes: Array(text.utf8))]
    return DocumentLoader(LoadingOptions(decoding: options)).load(texts: [acl] + others)
  }

  private static let emptyACL = "{\"Name\":\"acl\",\"DefaultAction\":{\"Allow\":{}},\(visibility)}"
}

@Test(arguments: try Fixture.table("findings.json", of: FindingCase.self) + Fixture.table("refusals.json", of: FindingCase.self))
func findings(_ example: FindingCase) {
  let loaded = example.loaded
  #expect(loaded.findings.kept.map(\.description) == example.findings, "\(example.note)\n\(example.text)")
  if let code = example.code {
    #expect(loaded.findings.kept.first { $0.code.rawValue == code }?.field.rawValue == example.field, "\(example.note)")
  }
  #expect((loaded.documents == nil) == loaded.findings.hasErrors, "\(example.note)")
}

/// Every code of a finding has a row, but for those about files, which `LoadingTests` has, and about templates, test files,
/// suppressions and what rules mean, which have tables of their own.
@Test func everyCodeHasARow() throws {
  let rows = try Fixture.table("findings.json", of: FindingCase.self)
  let refusals = try Fixture.table("refusals.json", of: FindingCase.self)
  let limits = try Fixture.table("limits.json", of: LimitCase.self)
  let prices = try Fixture.table("capacity.json", of: CapacityCase.self)
  let covered = Set((rows + refusals).compactMap(\.code) + limits.map(\.code) + prices.compactMap(\.code))
  let elsewhere: Set<FindingCode> = [
    .unreadableFile, .severalWebACLs, .openValue, .badTemplate, .unknownParameter, .emptySuite, .badTest, .badSuppression, .unusedSuppression,
  ]
  #expect(FindingCode.allCases.filter { !covered.contains($0.rawValue) && !elsewhere.contains($0) && Lint.check($0) == nil } == [])
  #expect(rows.count == 193)
  #expect(rows.count { $0.code == nil } == 37)
  #expect(refusals.count == 206)
  #expect(refusals.count { $0.code == nil } == 28)
  #expect(limits.count == 126)
  #expect(covered.allSatisfy { FindingCode(rawValue: $0) != nil })
  for row in rows + refusals where row.code == nil { #expect(row.findings.isEmpty, "\(row.note)") }
}

/// The examples of product.md, verbatim.
@Suite struct PrintedExamples {
  @Test func wrongType() {
    let rules = (0..<4).map { index in
      let rest = #""Statement":{"GeoMatchStatement":{"CountryCodes":["JP"]}},"Action":{"Count":{}},\#(FindingCase.visibility)"#
      let priority = index == 3 ? String(repeating: "\n", count: 40) + String(repeating: " ", count: 6) + "\"Priority\": {}" : "\"Priority\":\(index)"
      return "{\"Name\":\"r\(index)\",\(rest),\(priority)}"
    }
    #expect(printed(rules) == ["acl.json:41:19: error: $.Rules[3].Priority: expected number, found object"])
  }

  @Test func unknownName() {
    let rules = (0..<8).map { index in
      let last = String(repeating: "\n", count: 211) + String(repeating: " ", count: 10) + "\"PositionalConstraint\":\n"
      let constraint = index == 7 ? last.dropLast() + " \"STARTS-WITH\"" : "\"PositionalConstraint\":\"EXACTLY\""
      let statement =
        #"{"ByteMatchStatement":{"SearchString":"/","FieldToMatch":{"UriPath":{}},"TextTransformations":[{"Priority":0,"Type":"NONE"}],\#(constraint)}}"#
      return "{\"Name\":\"r\(index)\",\"Priority\":\(index),\"Action\":{\"Count\":{}},\(FindingCase.visibility),\"Statement\":\(statement)}"
    }
    #expect(
      printed(rules) == [
        """
        acl.json:212:35: error: $.Rules[7].Statement.ByteMatchStatement.PositionalConstraint: unknown value "STARTS-WITH" (did you mean STARTS_WITH?)
        """
      ])
  }

  private func printed(_ rules: [String]) -> [String] {
    let text = "{\"Name\":\"acl\",\"DefaultAction\":{\"Allow\":{}},\(FindingCase.visibility),\"Rules\":[\(rules.joined(separator: ","))]}"
    return DocumentLoader().load(texts: [(name: "acl.json", bytes: Array(text.utf8))]).findings.kept.map(\.description)
  }
}

/// Hostile documents take time in proportion to their size (P5).
@Test(.timeLimit(.minutes(20)))
func manyFaultsAreCheap() {
  let count = 5_000
  let visibility = FindingCase.visibility
  let members = (0..<count).map { "\"member\($0)\":0" }.joined(separator: ",")
  let bodies = (0..<count).map { "\"b\($0)\":{\"ContentType\":\"TEXT_PLAIN\",\"Content\":\"\"}" }.joined(separator: ",")
  let rules = (0..<count).map { _ in "{}" }.joined(separator: ",")
  let text = "{\"Name\":\"acl\",\"DefaultAction\":{\"Allow\":{}},\(visibility),\(members),\"CustomResponseBodies\":{\(bodies)},\"Rules\":[\(rules)]}"
  let findings = DocumentLoader().load(texts: [(name: "acl.json", bytes: Array(text.utf8))]).findings
  // Every unknown member, every empty body, and five members of every rule.
  #expect(findings.count(of: .error) == count + count + 5 * count)
  #expect(findings.kept.count { $0.severity == .error } == 100)
}
