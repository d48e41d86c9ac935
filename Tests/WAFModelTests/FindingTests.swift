import TestSupport
import Testing
import WAFDocuments
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

  private static let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":true,"CloudWatchMetricsEnabled":true,"MetricName":"m"}"#

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

@Test(arguments: try Fixture.table("findings.json", of: FindingCase.self))
func findings(_ example: FindingCase) {
  let loaded = example.loaded
  #expect(loaded.findings.kept.map(\.description) == example.findings, "\(example.note)\n\(example.text)")
  if let code = example.code {
    #expect(loaded.findings.kept.first { $0.code.rawValue == code }?.field.rawValue == example.field, "\(example.note)")
  }
  #expect((loaded.documents == nil) == loaded.findings.hasErrors, "\(example.note)")
}

/// Every code of a finding has a row, but for those about files, which `LoadingTests` has.
@Test func everyCodeHasARow() throws {
  let rows = try Fixture.table("findings.json", of: FindingCase.self)
  let covered = Set(rows.compactMap(\.code))
  let elsewhere: Set<FindingCode> = [.unreadableFile, .severalWebACLs]
  #expect(FindingCode.allCases.filter { !covered.contains($0.rawValue) && !elsewhere.contains($0) } == [])
  #expect(rows.count == 198)
  #expect(rows.count { $0.code == nil } == 39)
  #expect(covered.allSatisfy { FindingCode(rawValue: $0) != nil })
  for row in rows where row.code == nil { #expect(row.findings.isEmpty, "\(row.note)") }
}
