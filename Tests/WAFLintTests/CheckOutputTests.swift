import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFLint
import WAFModel

@testable import WAFReport

/// A report on an example of every check, the second one suppressed.
private func report() throws -> CheckReport {
  var findings = Findings()
  for check in Lint.checks { findings.add(check.fires.findings()) }
  let awkward = Finding.Place(file: "a b/ü:%,.json", line: 7, column: 3)
  findings.add(
    Finding(code: .syntax, severity: .error, field: .webACL, place: awkward, path: nil, message: "100 % of: a, b\nc\r::error::d", hint: "e"))
  findings.add(
    Finding(code: .notADocument, severity: .note, field: .webACL, place: .init(file: "f.json", line: 0, column: 0), path: nil, message: "g"))
  findings.add(
    Finding(code: .subsumedAddress, severity: .note, field: .ipAddress, place: .init(file: "", line: 0, column: 0), path: "$", message: "h"))
  var list = SuppressionList()
  list.add(Array("search_string_never_matches * it \"is\" wanted".utf8), file: "wanted.txt")
  let documents = RuleDocuments(webACL: WebACL(name: "acl", defaultAction: .block(nil)))
  var loaded = DocumentLoader().load(texts: [])
  loaded.documents = documents
  return CheckReport(loaded, findings: list.applied(to: findings, of: documents, places: loaded.places))
}

/// The members that the SARIF schema requires, and the sets of values that it allows, read with another reader.
@Test func sarifIsValid() throws {
  let bytes = try report().sarif(version: "1.2.3")
  let log = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  #expect(log["version"] as? String == "2.1.0")
  #expect((log["$schema"] as? String)?.hasSuffix("sarif-schema-2.1.0.json") == true)
  let runs = try #require(log["runs"] as? [[String: Any]])
  #expect(runs.count == 1)
  let driver = try #require((runs[0]["tool"] as? [String: Any])?["driver"] as? [String: Any])
  #expect(driver["name"] as? String == "wafcast")
  #expect(["utf16CodeUnits", "unicodeCodePoints"].contains(runs[0]["columnKind"] as? String))
  let levels = ["none", "note", "warning", "error"]
  let rules = try #require(driver["rules"] as? [[String: Any]])
  let ids = rules.compactMap { $0["id"] as? String }
  #expect(ids.count == rules.count && Set(ids).count == ids.count)
  for rule in rules {
    #expect((rule["shortDescription"] as? [String: String])?["text"]?.isEmpty == false)
    #expect(levels.contains(try #require((rule["defaultConfiguration"] as? [String: String])?["level"])))
  }
  let results = try #require(runs[0]["results"] as? [[String: Any]])
  #expect(results.count == Lint.checks.count + 3)
  for result in results {
    let id = try #require(result["ruleId"] as? String)
    #expect(ids[try #require(result["ruleIndex"] as? Int)] == id)
    #expect(levels.contains(try #require(result["level"] as? String)))
    #expect((result["message"] as? [String: String])?["text"]?.isEmpty == false)
    // A set that was given as plain text has no place.
    guard let location = (result["locations"] as? [[String: Any]])?.first else {
      #expect((result["message"] as? [String: String])?["text"] == "h")
      continue
    }
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    let uri = try #require((physical["artifactLocation"] as? [String: String])?["uri"])
    #expect(URL(string: uri) != nil && uri.allSatisfy { $0.isASCII && $0 != " " })
    if let region = physical["region"] as? [String: Int] { #expect(region["startLine"]! >= 1 && region["startColumn"]! >= 1) }
    for suppression in result["suppressions"] as? [[String: String]] ?? [] {
      #expect(["inSource", "external"].contains(suppression["kind"]))
      #expect(suppression["justification"] == "it \"is\" wanted")
    }
  }
  #expect(results.filter { $0["suppressions"] != nil }.map { $0["ruleId"] as? String } == ["search_string_never_matches"])
  #expect(SARIFLog.uri(of: "a b/ü:%,.json") == "a%20b/%c3%bc%3a%25%2c.json")
}

/// One line a finding, each a command that begins where the line does; texts of documents begin none.
@Test func gitHubCommands() throws {
  let text = String(decoding: try report().github, as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  #expect(lines.count == Lint.checks.count - 1 + 3)
  for line in lines { #expect(["::error file=", "::warning file=", "::notice file=", "::notice title="].contains { line.hasPrefix($0) }, "\(line)") }
  #expect(!text.contains("\r"))
  let awkward = try #require(lines.first { $0.hasPrefix("::error") })
  #expect(
    awkward == "::error file=a b/ü%3A%25%2C.json,line=7,col=3,title=syntax%3A text that is not JSON::100 %25 of: a, b%0Ac%0D::error::d (e)")
  #expect(lines.contains { $0 == "::notice file=f.json,title=not_a_document%3A file without a WAF document::g" })
}

/// A row of `effective.json`: a rule and what becomes of it.
struct EffectiveCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Its own action.
  var configured: ActionName
  /// `RuleActionOverrides`, or nil.
  var override: ActionName?
  /// Whether it is in `ExcludedRules`.
  var excluded: Bool
  /// `OverrideAction` of the rule that references the group; nil for a rule of the web ACL itself.
  var group: String?
  var effective: String
  var result: String
  /// As the table has it.
  var text: String

  typealias ActionName = String
  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("effective.json", of: EffectiveCase.self))
func effectiveActions(_ example: EffectiveCase) throws {
  let statement: JSON = .object(["GeoMatchStatement": .object(["CountryCodes": .list([.text("JP")])])])
  let rule = LintCase.RuleInShort(name: "inner", action: example.configured, labels: [], statement: statement)
  var row = LintCase(note: "", acl: "Allow", sets: [:], findings: [])
  if let group = example.group {
    var members: [String: JSON] = ["ARN": .text("own")]
    if let override = example.override {
      members["RuleActionOverrides"] = .list([.object(["Name": .text("inner"), "ActionToUse": .object([override: .object([:])])])])
    }
    if example.excluded { members["ExcludedRules"] = .list([.object(["Name": .text("inner")])]) }
    row.rules = [.init(name: "outer", action: group, labels: [], statement: .object(["RuleGroupReferenceStatement": .object(members)]))]
    row.groups = ["own": [rule]]
  } else {
    row.rules = [rule]
  }
  let loaded = DocumentLoader().load(texts: row.texts)
  let documents = try #require(loaded.documents)
  let effective = EffectiveReport(documents, places: loaded.places)
  let report = CheckReport(loaded, findings: SuppressedFindings(findings: Findings()), effective: effective)
  let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json)) as? [String: Any])
  let steps = try #require(json["effective"] as? [[String: Any]])
  let found = try #require(example.group == nil ? steps.first : (steps.first?["rules"] as? [[String: Any]])?.first)
  #expect(found["effective"] as? String == example.effective)
  #expect(found["result"] as? String == example.result)
  #expect(found["countedAs"] as? String == (example.result.hasPrefix("stops") ? "outer" : nil))
  #expect((found["override"] as? [String: Any] != nil) == (example.override != nil || example.excluded))
  #expect(steps.last?["name"] as? String == "Default_Action")
  let lines = String(decoding: report.text, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  #expect(lines.contains { $0.hasPrefix("inner \(example.text) ") }, "\(lines)")
}
