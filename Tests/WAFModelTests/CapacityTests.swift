import TestSupport
import Testing
import WAFDocuments
import WAFModel

/// A web ACL and what it costs.
struct CapacityCase: Decodable, Sendable {
  /// A rule group beside the web ACL.
  struct Group: Decodable, Sendable {
    var name: String
    /// An ARN of its own where it is not that of a customer's group.
    var arn: String?
    var capacity: Int?
    /// Statements of its rules.
    var rules: [String]
    /// Labels of each rule.
    var labels: Int?
    /// What its rules cost.
    var wcu: Int?
  }

  /// The example or rule of the specification.
  var id: String
  var note: String
  /// The code of the finding that the row is about.
  var code: String?
  /// Statements of the rules.
  var rules: [String]
  /// Labels of each rule.
  var labels: Int?
  /// More members of the web ACL, in line 2; `VISIBILITY` stands for metric settings.
  var acl: String?
  /// Makes the document a bundle; they begin in line 3.
  var groups: [Group]?
  /// Whether there is nothing around the rules.
  var bare: Bool?
  var allowMissing: Bool?
  var wcu: Int
  /// Whether it may be more.
  var atLeast: Bool?
  /// Parts of the tree below the rules, each as its total, name and detail.
  var parts: [String]?
  /// Findings of `check`.
  var findings: [String]?

  private static let visibility = FindingCase.visibility

  /// The document that the row spells.
  var text: String {
    let list = Self.list(rules, labels)
    if bare == true { return "[\(list)]" }
    let members = acl.map { ",\n" + $0.replacing("VISIBILITY", with: Self.visibility) } ?? ""
    let webACL = "{\"Name\":\"acl\",\"DefaultAction\":{\"Allow\":{}},\(Self.visibility),\"Rules\":[\(list)]\(members)}"
    guard let groups else { return webACL }
    let texts = groups.map { group in
      let arn = group.arn ?? "arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/\(group.name)/1"
      let name = group.name.split(separator: "/").last ?? ""
      let capacity = group.capacity.map { "\"Capacity\":\($0)," } ?? ""
      return "{\"Name\":\"\(name)\",\"ARN\":\"\(arn)\",\(capacity)\(Self.visibility),\"Rules\":[\(Self.list(group.rules, group.labels))]}"
    }
    return "{\"WebACL\":\(webACL),\"RuleGroups\":[\n\n\(texts.joined(separator: ",\n"))]}"
  }

  private static func list(_ statements: [String], _ labels: Int?) -> String {
    let texts = statements.enumerated().map { index, statement in
      let isGroup = statement.hasPrefix("{\"RuleGroup") || statement.hasPrefix("{\"Managed")
      let action = isGroup ? "\"OverrideAction\":{\"None\":{}}" : "\"Action\":{\"Block\":{}}"
      let names = (0..<(labels ?? 0)).map { "{\"Name\":\"l\($0)\"}" }.joined(separator: ",")
      let list = labels == nil ? "" : ",\"RuleLabels\":[\(names)]"
      return "{\"Name\":\"r\(index)\",\"Priority\":\(index),\(action),\(visibility)\(list),\"Statement\":\(statement)}"
    }
    return texts.joined(separator: ",")
  }
}

@Test(arguments: try Fixture.table("capacity.json", of: CapacityCase.self))
func capacity(_ example: CapacityCase) throws {
  let options = DecodingOptions(allowsMissing: example.allowMissing ?? false)
  let loaded = DocumentLoader(LoadingOptions(decoding: options)).load(texts: [
    ("acl.json", Array(example.text.utf8)), ("sets.json", Array(CapacityCase.sets.utf8)),
  ])
  let findings = loaded.findings.totalsAsErrors().kept
  #expect(findings.map(\.description) == example.findings ?? [], "\(example.text)")
  let documents = try #require(loaded.documents, "\(example.text)")
  let expected = Capacity(example.wcu, isLowerBound: example.atLeast ?? false)
  #expect(documents.capacity == expected)
  #expect(documents.capacityTree.total == expected, "the tree has the same sum")
  if let parts = example.parts { #expect(documents.capacityTree.partsOfRules == parts) }
  for (group, written) in zip(documents.ruleGroups, example.groups ?? []) {
    guard let wcu = written.wcu else { continue }
    #expect(group.consumption == Capacity(wcu))
    #expect(documents.capacityTree(of: group).total == Capacity(wcu))
  }
}

/// Every example of the specification has a row.
@Test func everyCapacityExampleHasARow() throws {
  let rows = try Fixture.table("capacity.json", of: CapacityCase.self)
  let examples = (1...37).map { "WX-\($0)" } + (1...7).map { "WA-\($0)" }
  #expect(examples.filter { id in !rows.contains { $0.id == id } } == [])
}

/// The tree says where each part is written.
@Test func capacityTreeHasPlaces() throws {
  let text = """
    [{"Name":"r","Priority":0,"Action":{"Block":{}},\(FindingCase.visibility),"Statement":
      {"RateBasedStatement":{"Limit":10,"AggregateKeyType":"IP","ScopeDownStatement":{"AndStatement":{"Statements":[
        {"GeoMatchStatement":{"CountryCodes":["JP"]}},
        {"NotStatement":{"Statement":
          {"AsnMatchStatement":{"AsnList":[1]}}}}]}}}}}]
    """
  let loaded = DocumentLoader().load(texts: [("acl.json", Array(text.utf8))])
  var tree = try #require(loaded.documents).capacityTree
  var places: [String] = []
  while let next = tree.parts.last {
    tree = next
    let (place, path) = loaded.places.place(of: tree.origin, tree.path)
    places.append("\(place.line):\(place.column) \(path)")
  }
  let scopeDown = "$[0].Statement.RateBasedStatement.ScopeDownStatement.AndStatement"
  #expect(
    places == [
      "1:2 $[0]", "2:25 $[0].Statement.RateBasedStatement", "2:98 \(scopeDown)", "4:21 \(scopeDown).Statements[1].NotStatement",
      "5:28 \(scopeDown).Statements[1].NotStatement.Statement.AsnMatchStatement",
    ])
}

extension CapacityTree {
  /// What stands below the rules, in order.
  fileprivate var partsOfRules: [String] {
    let labels = parts.filter { $0.kind == .labels }
    return (parts.filter { $0.kind == .rule }.flatMap(\.parts) + labels).flatMap(\.lines)
  }

  private var lines: [String] { ["\(total) \(name)\(detail.map { " " + $0 } ?? "")"] + parts.flatMap(\.lines) }
}

extension CapacityCase {
  /// The sets that statements of the table refer to.
  static let sets =
    #"""
    {"IPSets":[{"Name":"office","ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/office/1","IPAddressVersion":"IPV4","Addresses":[]}],
    "RegexPatternSets":[{"Name":"patterns","ARN":"arn:aws:wafv2:eu-west-1:111122223333:regional/regexpatternset/patterns/1",
    "RegularExpressionList":[{"RegexString":"a"}]}]}
    """#
}
