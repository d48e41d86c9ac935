import Foundation
import TestSupport
import Testing
import WAFTesting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import WAFReport

private let oddName = "odd # name <x> & ]]> \u{1b}[31m \\ ${y} % , : \u{202e} \u{ffff} ü"

/// Every outcome, with names that every form has to write with care.
private func result() throws -> TestRunResult {
  // YAML takes such characters as escapes only.
  let name = oddName.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 && $0 != "\\" ? "\($0)" : String(format: "\\u%04x", $0.value) }.joined()
  let folder = try SuiteFolder([
    "acl: acl.json", "defaults: { request: { from: 198.51.100.7, country: DE, asn: 1, ja3: '' } }", "tests:",
    "  - { name: good, kind: benign, request: GET /, expect: { action: ALLOW } }",
    "  - name: \"\(name)\"", "    kind: attack",
    "    request: { uri: '/admin?token=abc&b=[1]', headers: { authorization: Bearer abcdefgh, x-empty: '' }, body: 'password=1' }",
    "    expect: { action: ALLOW, response: { status: 403 } }",
    "  - { name: skipped, skip: 'not # yet', request: GET /, expect: { action: BLOCK } }",
    "  - { name: known, xfail: needs work, request: GET /, expect: { action: BLOCK } }",
    "  - { name: known no more, xfail: \"line\\nbreak\", request: GET /, expect: { action: ALLOW } }",
    "  - name: twice",
    "    sequence: [{ request: GET /, expect: { action: ALLOW } }, { repeat: 2, request: GET /, expect: { action: BLOCK } }]",
    "acl_expect: { wcu: { at_most: 10 } }",
  ])
  return try folder.run()
}

/// A test file that is refused.
private func refused() throws -> TestRunResult {
  try SuiteFolder(["acl: acl.json", "tests: [{ name: a, requst: GET /, expect: { action: ALLOW } }]"]).run()
}

@Test func textReport() throws {
  let lines = String(decoding: TestReport(try result()).text(), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  for line in lines where !line.contains("/") { #expect(line.count <= 80, "\(line)") }
  let text = lines.joined(separator: "\n")
  #expect(text.contains("      action           expected ALLOW, found BLOCK\n      response.status  expected 403, found 404\n"))
  #expect(text.contains("request          GET /admin?token=***&b=[1]  from 198.51.100.7  at 2026-01-01T00:00:00Z\n"))
  #expect(text.contains("-H 'authorization: ***' -H 'x-empty;'"))
  #expect(text.contains("--data-binary 'password=***' --globoff"))
  #expect(text.contains("      step 2, sent the 1st time\n"))
  #expect(text.contains("      passes although xfail says: line\\x0abreak\n"))
  #expect(
    text.hasSuffix(
      "6 tests, 3 failed, 1 skipped, 1 failed as expected, 0 of 1 attacks decided as\nexpected, 1 of 1 benign requests decided as expected\n"))
  #expect(!text.contains("\u{1b}") && !text.contains("abcdefgh") && !text.contains(": good"))
  #expect(String(decoding: TestReport(try result()).text(usesColor: true), as: UTF8.self).contains("\u{1b}[31mFAIL \u{1b}[0m"))
}

@Test func coverageLimitOfTheCommandLine() throws {
  let result = try result()
  let missed = [TestReport(try refused(), minCoverage: 100), TestReport(result)].map(\.missesCoverage)
  #expect(missed == [false, true])
  let texts = [7, 8].map { TestReport(result, minCoverage: $0).missedCoverage }
  #expect(texts == [[], ["web ACL test: 1 of 13 rules covered, expected at least 8 %"]])
}

/// What an XML reader finds: elements with their attributes, and texts.
private final class XMLElements: NSObject, XMLParserDelegate {
  var elements: [(name: String, attributes: [String: String])] = []
  var texts: [String] = []

  func parser(_ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String] = [:]) {
    elements.append((name, attributes))
    texts.append("")
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { texts[texts.count - 1] += text }

  static func read(_ bytes: [UInt8]) throws -> XMLElements {
    let (parser, elements) = (XMLParser(data: Data(bytes)), XMLElements())
    parser.delegate = elements
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    return elements
  }
}

@Test func junitIsXML() throws {
  let xml = try XMLElements.read(TestReport(try result()).junit)
  let root = try #require(xml.elements.first)
  #expect(root.name == "testsuites")
  #expect(root.attributes == ["name": "wafcast", "tests": "6", "failures": "3", "errors": "0", "skipped": "2"])
  let cases = xml.elements.filter { $0.name == "testcase" }.map { $0.attributes["name"] ?? "" }
  #expect(cases == ["good", "odd # name <x> & ]]> \\x1b[31m \\ ${y} % , : \\u{202e} \\u{ffff} ü", "skipped", "known", "known no more", "twice"])
  let failures = zip(xml.elements, xml.texts).filter { $0.0.name == "failure" }
  #expect(failures.map { $0.0.attributes["type"] } == ["failed", "passed-unexpectedly", "failed"])
  #expect(failures[0].0.attributes["message"] == "action: expected ALLOW, found BLOCK; response.status: expected 403, found 404")
  #expect(failures[0].1.contains("--data-binary 'password=***'"))
  #expect(xml.elements.filter { $0.name == "skipped" }.map { $0.attributes["message"] } == ["not # yet", "failed as expected: needs work"])
  let limits = xml.elements.filter { $0.name == "property" && $0.attributes["name"] == "missedLimit" }
  #expect(limits.map { $0.attributes["value"] } == ["capacity: 95 WCU, expected at most 10"])

  let refusal = try XMLElements.read(TestReport(try refused()).junit)
  #expect(refusal.elements.filter { $0.name == "error" }.map { $0.attributes["type"] } == ["missing_member", "unknown_member"])
  #expect(refusal.elements[0].attributes["errors"] == "2")
}

/// A point of a TAP document, and the lines of its block.
private struct TAPPoint: Equatable {
  var isOK: Bool
  var number: Int
  var description: String
  var directive: String?
  var block: [String] = []
}

/// Reads TAP 14 as its grammar has it: version, plan, points with directives, blocks between `---` and `...`, comments.
private func tapPoints(_ bytes: [UInt8]) throws -> (plan: Int, points: [TAPPoint], bail: String?) {
  var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)[...]
  #expect(lines.popFirst() == "TAP version 14")
  #expect(lines.popLast() == "")
  if let bail = lines.first, bail.hasPrefix("Bail out!") { return (0, [], String(bail)) }
  let plan = try #require(lines.popFirst().flatMap { Int($0.dropFirst(3)) })
  var points: [TAPPoint] = []
  var isInBlock = false
  for line in lines {
    if isInBlock {
      if line == "  ..." { isInBlock = false } else { points[points.count - 1].block.append(String(line)) }
    } else if line == "  ---" {
      isInBlock = true
    } else if !line.hasPrefix("#") {
      let match = try #require(line.wholeMatch(of: /(not )?ok (\d+) - ((?:[^\\#]|\\.)*)(?:# (.*))?/), "\(line)")
      let description = match.3.replacingOccurrences(of: "\\#", with: "#").replacingOccurrences(of: "\\\\", with: "\\")
      points.append(
        TAPPoint(
          isOK: match.1 == nil, number: Int(match.2) ?? 0, description: description.trimmingCharacters(in: .whitespaces),
          directive: match.4.map(String.init)))
    }
  }
  #expect(!isInBlock)
  return (plan, points, nil)
}

@Test func tapIsRead() throws {
  let (plan, points, _) = try tapPoints(TestReport(try result()).tap)
  #expect(plan == 6)
  #expect(points.map(\.number) == Array(1...6))
  #expect(points.map(\.isOK) == [true, false, true, false, false, false])
  #expect(points.map(\.directive) == [nil, nil, "SKIP not \\# yet", "TODO needs work", nil, nil])
  #expect(points[1].description == "odd # name <x> & ]]> \\x1b[31m \\ ${y} % , : \\u{202e} \\u{ffff} ü")
  #expect(points[1].block.contains("    - field: \"response.status\""))
  #expect(points[1].block.contains("      expected: \"403\""))
  #expect(points[5].block.contains("  occasion: \"step 2, sent the 1st time\""))
  #expect(points[0].block.isEmpty)
  let bail = try #require(try tapPoints(TestReport(try refused()).tap).bail)
  #expect(bail.hasSuffix("$.tests[0].request: required member is missing"))
}

@Test func jsonReport() throws {
  let json = try #require(try JSONSerialization.jsonObject(with: Data(TestReport(try result(), minCoverage: 8).json)) as? [String: Any])
  let summary = try #require(json["summary"] as? [String: Any])
  #expect(["tests", "passed", "failed", "skipped", "failedAsExpected", "requests", "suites"].map { summary[$0] as? Int } == [6, 1, 3, 1, 1, 6, 1])
  let suites = try #require(json["suites"] as? [[String: Any]])
  let results = try #require(suites[0]["results"] as? [[String: Any]])
  #expect(results.map { $0["outcome"] as? String } == ["passed", "failed", "skipped", "failed-as-expected", "passed-unexpectedly", "failed"])
  #expect(results[1]["name"] as? String == oddName)
  let failure = try #require(results[1]["failure"] as? [String: Any])
  let differences = try #require(failure["differences"] as? [[String: Any]])
  #expect(differences.map { $0["found"] as? String } == ["BLOCK", "404"])
  #expect((failure["curl"] as? String)?.hasPrefix("curl -X GET -H 'authorization: ***'") == true)
  #expect(results[4]["reason"] as? String == "line\nbreak")
  #expect((json["missedCoverage"] as? [String])?.count == 1)
  #expect((json["findings"] as? [Any])?.count == 0)
  let refusal = try #require(try JSONSerialization.jsonObject(with: Data(TestReport(try refused()).json)) as? [String: Any])
  #expect((refusal["findings"] as? [[String: Any]])?.map { $0["code"] as? String } == ["missing_member", "unknown_member"])
  #expect((refusal["suites"] as? [Any])?.count == 0)
}

@Test func gitHubCommands() throws {
  let text = String(decoding: TestReport(try result()).github, as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  #expect(lines.count == 4)
  for line in lines { #expect(line.hasPrefix("::error file=") || line.hasPrefix("::warning file=")) }
  #expect(lines[0].contains(",line=5,col=5,title=test failed%3A odd # name <x> & ]]> \\x1b[31m \\ ${y} %25 %2C %3A "))
  #expect(lines[0].contains("::action           expected ALLOW, found BLOCK%0Aresponse.status"))
  #expect(String(decoding: TestReport(try refused()).github, as: UTF8.self).split(separator: "\n").count == 2)
}

@Test func markdownSummary() throws {
  let text = String(decoding: TestReport(try result()).markdown, as: UTF8.self)
  #expect(text.contains("| 6 | 3 | 2 | 1 of 13 | 1 of 13 |\n"))
  #expect(text.contains("\n**odd \\# name \\<x\\> \\& \\]\\]\\> \\\\x1b\\[31m"))
  #expect(text.contains("\n    response.status  expected 403, found 404\n"))
  #expect(text.contains("- capacity: 95 WCU, expected at most 10\n"))
  #expect(String(decoding: TestReport(try refused()).markdown, as: UTF8.self).contains("unknown member \\(did you mean request?\\)"))
}

@Test func sarifOfTests() throws {
  for (result, ids) in [
    (try result(), ["test_failed", "test_failed", "test_failed"]), (try refused(), ["missing_member", "unknown_member"]),
  ] {
    let log = try #require(try JSONSerialization.jsonObject(with: Data(TestReport(result).sarif(version: "1"))) as? [String: Any])
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let rules = try #require(((run["tool"] as? [String: Any])?["driver"] as? [String: Any])?["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["ruleId"] as? String } == ids)
    for result in results { #expect(rules[try #require(result["ruleIndex"] as? Int)]["id"] as? String == result["ruleId"] as? String) }
  }
}

@Test func coverageListing() throws {
  let text = String(decoding: TestReport(try result()).coverage, as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  #expect(lines[0] == "Coverage of web ACL test: 1 of 13 rules, 1 of 13 statement leaves")
  let titles = lines.indices.filter { $0 > 0 && lines[$0 - 1].isEmpty && !lines[$0].isEmpty }.map { lines[$0] }
  #expect(
    titles == [
      "Never matched", "Seen true and false, with every leaf", "Labels that are added and never asked for",
      "Labels that are asked for and never added",
    ])
  #expect(lines.contains { $0.hasPrefix("       1       5       0  block-admin  ") && $0.hasSuffix("/acl.json:27") }, "\(text)")
  #expect(lines.contains { $0.hasPrefix("       0       6       0  allow-office  ") })
  #expect(lines.contains("       0       5       0    GeoMatchStatement  line 112"), "\(text)")
  #expect(text.contains("awswaf:111122223333:webacl:test:test:unread  by count-host"))
}
