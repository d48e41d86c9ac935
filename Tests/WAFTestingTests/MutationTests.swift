import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFModel

@testable import WAFTesting

/// Rules, and every small change of them that tests are asked to notice.
struct MutantCase: Sendable, CustomTestStringConvertible {
  var note: String
  /// The JSON text of `Rules`.
  var rules: String
  /// Addresses of IP sets by name.
  var sets: [String: [String]]
  /// The JSON text of what answers managed groups, by `Vendor/Name`.
  var groups: [String: String]
  /// Those of them that are stand-ins.
  var standIns: Set<String>
  /// `rule: change`, in order.
  var mutants: [String]
  var testDescription: String { note }

  /// The rows of `mutants.json`.
  fileprivate static func all() throws -> [MutantCase] {
    let rows = try JSONSerialization.jsonObject(with: Data(contentsOf: Fixture.url("mutants.json"))) as? [[String: Any]] ?? []
    guard !rows.isEmpty else { throw Fixture.EmptyTable(name: "mutants.json") }
    return try rows.map { row in
      func text(_ value: Any) throws -> String { String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self) }
      return MutantCase(
        note: try #require(row["note"] as? String), rules: try text(try #require(row["rules"])),
        sets: try #require(row["sets"] as? [String: [String]]), groups: try (row["groups"] as? [String: Any] ?? [:]).mapValues(text),
        standIns: Set(row["standIns"] as? [String] ?? []), mutants: try #require(row["mutants"] as? [String]))
    }
  }

  /// The bundle of a web ACL with these rules and sets.
  fileprivate var bundle: String {
    let arn = "arn:aws:wafv2:eu-central-1:111122223333:regional"
    let ipSets = sets.sorted { $0.key < $1.key }.map { name, addresses in
      let list = addresses.map { "\"\($0)\"" }.joined(separator: ", ")
      return #"{"Name": "\#(name)", "Id": "1", "ARN": "\#(arn)/ipset/\#(name)/1", "IPAddressVersion": "IPV4", "Addresses": [\#(list)]}"#
    }
    let visibility = #"{"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"}"#
    return """
      {"WebACL": {"Name": "m", "Id": "1", "ARN": "\(arn)/webacl/m/1", "DefaultAction": {"Allow": {}}, "Rules": \(rules),
        "VisibilityConfig": \(visibility)}, "IPSets": [\(ipSets.joined(separator: ", "))]}
      """
  }
}

@Test("Every small change of rules, and none that cannot show", arguments: try MutantCase.all())
func mutants(_ example: MutantCase) throws {
  let folder = try SuiteFolder([], files: ["bundle.json": [example.bundle]])
  var options = LoadingOptions(decoding: DecodingOptions())
  options.ruleGroups = example.groups.map { LoadingOptions.Supplied(name: $0.key, file: "group.json", text: $0.value) }
  let loaded = DocumentLoader(options).load(paths: [folder.url.appendingPathComponent("bundle.json").path])
  let documents = try #require(loaded.documents, "\(loaded.findings.kept)")
  #expect(documents.mutants(without: example.standIns).map { "\($0.rule): \($0.change)" } == example.mutants)
}

private let head = [
  "acl: acl.json", "defaults: { request: { from: 198.51.100.7, country: DE, asn: 1, ja3: '' }, clock: 2026-03-01T12:00:00Z }", "tests:",
]

@Test("A suite of one test notices little, and its survivors bring tests that notice them")
func stubsNoticeTheirMutants() throws {
  let weak = try SuiteFolder(
    head + [
      "  - { name: weak, request: GET /admin, expect: { action: BLOCK } }", "  - { name: none, request: GET /, expect: { action: ALLOW } }",
    ])
  let run = try #require(try weak.run().runs.first)
  let result = run.mutated(jobs: 2)
  #expect(result.noticed > 0)
  let proven = result.survivors.filter { $0.stub.first?.hasPrefix("#") == false }
  #expect(proven.count > 15)
  #expect(result.survivors.allSatisfy { !$0.stub.isEmpty })

  let strong = try SuiteFolder(head + proven.flatMap { $0.stub.map { "  " + $0 } })
  let second = try strong.run()
  #expect(!second.hasFailures && !second.findings.hasErrors, "\(second.tests.flatMap(\.lines)) \(second.findings.kept)")
  let survivors = try #require(second.runs.first).mutated(jobs: 1).survivors.map { "\($0.rule): \($0.change)" }
  for mutant in proven { #expect(!survivors.contains("\(mutant.rule): \(mutant.change)")) }
}

@Test("Of a suite that notices all there is nothing to say, whatever the number of threads", arguments: [1, 2, 7])
func noticedByAll(jobs: Int) throws {
  let lines = head + ["  - { name: one, request: { uri: /a, headers: { x-beta: '1' } }, expect: { action: ALLOW, counted: [count-beta] } }"]
  let run = try #require(try SuiteFolder(lines).run().runs.first)
  let (one, many) = (run.mutated(jobs: 1), run.mutated(jobs: jobs))
  #expect(one.noticed == many.noticed && one.survivors.map(\.stub) == many.survivors.map(\.stub))
  #expect(!one.survivors.contains { $0.rule == "count-beta" && $0.change == "dropped" })
}
