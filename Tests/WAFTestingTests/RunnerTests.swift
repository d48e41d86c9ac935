import Foundation
import Testing
import WAFTesting

private let suite = [
  "acl: acl.json", "defaults: { request: { from: 198.51.100.7, country: DE, asn: 1, ja3: '' } }", "tests:",
  "  - { name: one, tags: [fast], request: GET /, expect: { action: BLOCK } }",
  "  - { name: two, tags: [slow, fast], request: GET /admin, expect: { action: BLOCK } }",
  "  - { name: three, request: GET /admin, expect: { action: ALLOW } }",
  "acl_expect: { rules_covered: { at_least: 50 } }",
]

/// Which tests run with some options: the names, one a line.
@Test(
  arguments: [
    (nil, "", false, ["one", "two", "three"]),
    ("one", "", false, ["one"]),
    ("suite.wafcast", "", false, ["one", "two", "three"]),
    ("zero", "", false, []),
    (nil, "slow", false, ["two"]),
    (nil, "slow,fast", false, ["one", "two"]),
    (nil, "none", false, []),
    ("one", "slow", false, []),
    (nil, "", true, ["one"]),
    ("thr", "", true, ["three"]),
  ] as [(String?, String, Bool, [String])])
func picking(filter: String?, tags: String, stopsAtFailure: Bool, names: [String]) throws {
  let folder = try SuiteFolder(suite)
  for jobs in [1, 3] {
    var options = TestOptions()
    options.filter = filter
    options.tags = Set(tags.split(separator: ",").map(String.init))
    options.stopsAtFailure = stopsAtFailure
    options.jobs = jobs
    let result = try folder.run(options)
    #expect(result.tests.map(\.name) == names)
    // A part of the tests says nothing about the limits of all.
    let missed = result.suites.flatMap(\.missedLimits).count
    #expect(missed == (names.count < 3 ? 0 : 1))
  }
}

@Test func onlyIsCounted() throws {
  let folder = try SuiteFolder(suite)
  try folder.write(suite.map { $0.replacingOccurrences(of: "name: two", with: "only: true, name: two") }, to: "other.wafcast.yaml")
  let result = try folder.run()
  #expect(result.tests.map(\.name) == ["two"])
  #expect(result.leftOut == 5)
}

@Test func snapshotsAreStoredAndCompared() throws {
  let lines = [
    "acl: acl.json", "defaults: { request: { from: 198.51.100.7, country: DE, asn: 1, ja3: '' } }", "tests:",
    "  - { name: one, snapshot: true, request: GET /admin }",
    "  - { name: two, snapshot: true, sequence: [{ request: GET / }, { request: GET /inner }] }",
  ]
  let folder = try SuiteFolder(lines)
  #expect(
    try folder.run().tests[0].lines == [
      "snapshot: expected a stored verdict, found BLOCK by block-admin; counted: ; labels:  (store it with --update, and look at it)"
    ])
  var options = TestOptions()
  options.updatesSnapshots = true
  let update = try folder.run(options)
  #expect(update.tests.flatMap(\.lines) == ["passed", "passed"])
  let stored = try #require(update.snapshots.first)
  #expect(stored.path.hasSuffix("suite.wafcast.yaml.snapshot.json"))
  try Data(stored.bytes).write(to: URL(fileURLWithPath: stored.path))
  #expect(try folder.run().tests.flatMap(\.lines) == ["passed", "passed"])
  // Another verdict differs, and storing a part leaves the rest as it is.
  try folder.write(
    lines.map { $0.replacingOccurrences(of: "/admin", with: "/").replacingOccurrences(of: "/inner", with: "/") }, to: "suite.wafcast.yaml")
  let label = "awswaf:clientip:geo:country:DE"
  #expect(
    try folder.run().tests[0].lines == [
      "snapshot: expected BLOCK by block-admin; counted: ; labels: , found ALLOW by Default_Action; counted: ; labels: \(label) (accept it with --update)"
    ])
  options.filter = "one"
  let part = try #require(try folder.run(options).snapshots.first)
  try Data(part.bytes).write(to: URL(fileURLWithPath: part.path))
  let outcomes = try folder.run().tests.map { $0.lines[0].hasPrefix("passed") }
  #expect(outcomes == [true, false])
}

@Test func filesThatWereRead() throws {
  let folder = try SuiteFolder(
    suite.dropLast() + ["  - { name: four, request: { body: { file: body.bin } }, expect: { determined: true } }"], files: ["body.bin": ["x"]])
  let names = Set(try folder.run().files.map { folder.short($0) })
  #expect(names == ["suite.wafcast.yaml", "suite.wafcast.yaml.snapshot.json", "acl.json", "body.bin"])
}

@Test func coverageOfSeveralSuites() throws {
  let folder = try SuiteFolder(suite)
  try folder.write(
    ["acl: acl.json", "tests:", "  - { name: x, request: { from: 192.0.2.1 }, expect: { rule: allow-office } }"], to: "other.wafcast.yaml")
  let tested = try folder.run().coverages
  #expect(tested.count == 1)
  let seen = Dictionary(uniqueKeysWithValues: zip(tested[0].run.program.rules.map(\.name), tested[0].coverage.rules))
  #expect(seen["allow-office"]??.matched == 1)
  #expect(seen["allow-office"]??.missed == 3)
  #expect(seen["block-admin"]??.matched == 2)
  #expect(seen["block-admin"]??.missed == 1)
  #expect(seen["block-country"]??.matched == 0)
  #expect(tested[0].coverage.ruleCount.covered == 2)
  // The rule that references a group has no statement of its own.
  #expect(tested[0].coverage.ruleCount.all == 13)
}
