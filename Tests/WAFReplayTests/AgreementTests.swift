import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFEngine
import WAFLogs
import WAFModel
import WAFRequest

@testable import WAFReplay

/// The twelve made records of AWS WAF logs, and web ACLs that could have produced them.
enum Examples {
  static let log = Fixture.url("waf_examples.jsonl")

  static func lines() throws -> [String] {
    let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map(String.init)
    return try #require(lines.count == 12 ? lines : nil)
  }

  static func documents(_ name: String) throws -> RuleDocuments { try loadDocuments("Tests/WAFReplayTests/Fixtures/examples/\(name).json") }

  /// The record that a rate-based rule blocked cannot come alone: as many requests before it as the rule lets pass.
  static func burst() throws -> [String] {
    let record = try JSONSerialization.jsonObject(with: Data(lines()[6].utf8)) as? [String: Any]
    let time = try #require(record?["timestamp"] as? Int)
    return try (1...100).map { number in
      let request: [String: Any] = ["timestamp": time - 10 * number, "httpRequest": try #require(record?["httpRequest"])]
      return String(decoding: try JSONSerialization.data(withJSONObject: request, options: .sortedKeys), as: UTF8.self)
    }.reversed()
  }
}

/// A replay of lines of several formats, each a file of its own.
private func replay(_ files: [[String]], _ documents: RuleDocuments, settings: EngineSettings = EngineSettings(), jobs: Int = 1) throws
  -> ReplayResult
{
  let folder = try TemporaryFolder()
  let paths = try files.enumerated().map { number, lines in
    let path = folder.path("\(number).log")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return path
  }
  var options = ReplayOptions()
  options.jobs = jobs
  return try Replay(program: Program(compiling: documents, settings: settings), protection: RecordProtection(documents.webACL), options: options)
    .run(InputList(arguments: paths), observer: Replay.Observer())
}

@Test("Web ACLs that could have produced the made records agree with all of them", arguments: ["api-alb", "shop-edge"], [1, 3])
func examplesAgree(name: String, jobs: Int) throws {
  let lines = try Examples.lines()
  let agreement = try replay([lines.prefix(6) + [], Examples.burst(), lines.suffix(6) + []], Examples.documents(name), jobs: jobs).tally.agreement
  #expect(agreement.compared == 6)
  #expect(agreement.agree == 6)
  #expect(agreement.undetermined == 0)
  #expect(agreement.foreignRecords == 6)
  #expect(agreement.foreign.count == 1)
}

@Test("A record that a rate-based rule blocked differs where the requests before it are missing")
func rateTimingDiffers() throws {
  let agreement = try replay([[Examples.lines()[6]]], settings(managed: .none)).tally.agreement
  #expect(agreement.compared == 1)
  #expect(agreement.differ == [Agreement.Kind(recorded: "BLOCK", computed: "ALLOW", difference: .rateTiming): 1])
  #expect(agreement.matrix == [Agreement.Cell(recorded: "BLOCK", computed: "ALLOW"): 1])
  func settings(managed: ManagedPolicy) throws -> RuleDocuments {
    // Without the groups, which nothing is recorded of.
    var documents = try Examples.documents("shop-edge")
    documents.webACL.rules.removeAll { if case .managedRuleGroup = $0.statement { true } else { false } }
    return documents
  }
}

@Test(
  "--web-acl compares with the decisions of another web ACL, by name or by ARN",
  arguments: [
    ("shop-edge", 6), ("arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop-edge/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", 6), ("shop", 0),
    ("api-alb", 6),
  ])
func comparedWebACL(name: String, records: Int) throws {
  var settings = EngineSettings()
  settings.comparedWebACL = name
  let agreement = try replay([Examples.lines()], Examples.documents("api-alb"), settings: settings).tally.agreement
  #expect(agreement.compared + agreement.undetermined == records)
  #expect(agreement.foreignRecords == 12 - records)
  #expect(agreement.isForeignOnly == (records == 0))
}

// MARK: - Managed outcomes

/// What one line says of its rule groups, without details that no evaluation can tell.
private func groupOutcomes(_ line: [UInt8]) throws -> [String: [String]] {
  let record = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
  var outcomes: [String: [String]] = [:]
  func text(_ match: Any?, _ place: String) -> [String] {
    guard let match = match as? [String: Any], let rule = match["ruleId"] else { return [] }
    return ["\(place) \(rule) \(match["action"] ?? "-") \(match["overriddenAction"] ?? "-")"]
  }
  for group in record["ruleGroupList"] as? [[String: Any]] ?? [] {
    let id = try #require(group["ruleGroupId"] as? String)
    outcomes[id] =
      text(group["terminatingRule"], "terminating") + (group["nonTerminatingMatchingRules"] as? [Any] ?? []).flatMap { text($0, "non-terminating") }
      + (group["excludedRules"] as? [Any] ?? []).flatMap { text($0, "excluded") }
  }
  return outcomes
}

/// The verdict line of a record, and what it says of groups, against the record.
private func reproduces(_ line: [UInt8], _ program: Program, _ documents: RuleDocuments) throws -> Bool {
  let recorded = try groupOutcomes(line)
  let computed = try groupOutcomes(try #require(verdictLine(line, .waf, program, documents)))
  return recorded.allSatisfy { computed[$0.key] == $0.value }
}

@Test("Whatever the made records say of rule groups is what verdicts say", arguments: [("api-alb", [4, 5, 6]), ("shop-edge", [1, 3, 9, 10])])
func examplesReproduceGroups(name: String, records: [Int]) throws {
  let documents = try Examples.documents(name)
  let program = try Program(compiling: documents)
  let lines = try Examples.lines()
  for record in records { #expect(try reproduces(Array(lines[record - 1].utf8), program, documents), "record \(record)") }
}

@Test("Whatever the real records say of rule groups is what verdicts say", .enabled(if: Fixture.realData != nil))
func realRecordsReproduceGroups() throws {
  let path = try #require(Fixture.realData).appendingPathComponent("access-logs/waf-cloudfront-shop-2023.jsonl.zst").path
  let documents = try Examples.documents("security-automations")
  let program = try Program(compiling: documents)
  let reader = try LineReader(InputSource(argument: path))
  var records = 0
  while let chunk = reader.next() {
    for line in chunk.lines {
      records += 1
      #expect(try reproduces(Array(chunk.bytes[line.range]), program, documents), "line \(line.number)")
    }
  }
  #expect(records == 228)
  let result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: ReplayOptions())
    .run(InputList(arguments: [path]), observer: Replay.Observer())
  #expect(result.tally.agreement.compared == 228)
  #expect(result.tally.agreement.agree == 228)
}

@Test("Groups of the sample log: terminating and non-terminating matches, recorded of a group overridden to Count")
func sampleRecordsReproduceGroups() throws {
  let documents = try loadDocuments("Rules/shop")
  let program = try Program(compiling: documents)
  let managed = program.rules.filter { $0.kind == .managedRuleGroup }.compactMap(\.groupID)
  let reader = try LineReader(InputSource(argument: package.appendingPathComponent("SampleLogs/shop-waf.jsonl.zst").path))
  var matches = 0
  // A line here and there: the whole day takes too long without optimisation.
  while let chunk = reader.next() {
    for line in chunk.lines where line.number.isMultiple(of: 11) {
      let bytes = Array(chunk.bytes[line.range])
      let recorded = try groupOutcomes(bytes).filter { managed.contains($0.key) && !$0.value.isEmpty }
      guard !recorded.isEmpty, let verdict = verdictLine(bytes, .waf, program, documents) else { continue }
      let computed = try groupOutcomes(verdict)
      for (id, outcomes) in recorded where computed[id] != nil {
        #expect(computed[id] == outcomes, "line \(line.number)")
        matches += 1
      }
    }
  }
  #expect(matches > 5)
}

struct OverrideChangeCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var acl: String
  /// Number of the record, from 1.
  var record: Int
  var changes: [String]
  var actions: [String]
  /// `terminatingRuleId`; nil where it is open.
  var rule: String?
  /// Rules that certainly matched and did not end the web ACL.
  var counted: [String]
  /// Inner rules that are open since AWS stopped before them; others may be, too, but none for another reason.
  var stoppedEarlier: [String]
  var testDescription: String { "\(acl) \(record): \(note)" }
}

@Test("A changed override is answered from the record", arguments: try Fixture.table("override_changes.json", of: OverrideChangeCase.self))
func overrideChange(_ example: OverrideChangeCase) throws {
  let changes = try example.changes.map { try #require(ActionChange($0)) }
  let program = try Program(compiling: Examples.documents(example.acl).applying(changes))
  var parser = LineParser(format: .waf)
  var request = Request()
  guard case .record = parser.parse(Array(try Examples.lines()[example.record - 1].utf8).span, into: &request) else { return #expect(Bool(false)) }
  var evaluator = Evaluator(program: program)
  var verdict = Verdict()
  evaluator.evaluate(request, into: &verdict)
  #expect(verdict.possibleActions.kinds.map(\.logName) == example.actions)
  #expect((verdict.isDetermined ? program.terminatingRuleName(of: verdict) : nil) == example.rule)
  let counted = verdict.touched.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].displayName(in: program) }
  #expect(counted == example.counted)
  let managed = verdict.open.filter { program.rules[$0.rule].group.map { program.rules[$0].kind == .managedRuleGroup } ?? false }
  #expect(managed.allSatisfy { $0.reason == .stoppedEarlier })
  for name in example.stoppedEarlier { #expect(managed.contains { program.rules[$0.rule].name == name }, "\(name)") }
  if example.stoppedEarlier.isEmpty { #expect(managed.isEmpty) }
}

// MARK: - Reasons and changes

struct DifferenceCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Number of the record, from 1; evaluated by shop-edge.
  var record: Int
  /// Texts of the record and what stands there instead.
  var edits: [[String]]?
  var changes: [String]?
  /// Names of rules that the web ACL does not have.
  var without: [String]?
  /// Whether the common rule set has a local definition, which blocks.
  var local: Bool?
  /// Nil where record and verdict agree.
  var reason: String?
  var testDescription: String { note }
}

@Test("Why a verdict differs from the record", arguments: try Fixture.table("differences.json", of: DifferenceCase.self))
func difference(_ example: DifferenceCase) throws {
  var line = try Examples.lines()[example.record - 1]
  for edit in example.edits ?? [] {
    let place = try #require(line.range(of: edit[0]), "\(edit[0])")
    line.replaceSubrange(place, with: edit[1])
  }
  var documents = try Examples.documents("shop-edge").applying((example.changes ?? []).map { try #require(ActionChange($0)) })
  documents.webACL.rules.removeAll { example.without?.contains($0.name) == true }
  if example.local == true {
    let everything = Statement.sizeConstraint(SizeConstraintStatement(inspection: Inspection(.uriPath), comparison: .greaterOrEqual, size: 0))
    documents.ruleGroups.append(
      RuleGroup(
        name: "AWS/AWSManagedRulesCommonRuleSet", rules: [Rule(name: "All", priority: 0, statement: everything, action: .action(.block(nil)))]))
  }
  let agreement = try replay([[line]], documents).tally.agreement
  #expect(agreement.compared == 1)
  #expect(agreement.differ.keys.map(\.difference.rawValue) == [example.reason].compactMap(\.self))
}

struct ActionChangeCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var change: String
  /// What is said of it; `-` where the text spells no change, nil where it is taken.
  var error: String?
  var testDescription: String { "\(change): \(note)" }
}

@Test("Changes that a web ACL admits and does not", arguments: try Fixture.table("action_changes.json", of: ActionChangeCase.self))
func actionChange(_ example: ActionChangeCase) throws {
  guard let change = ActionChange(example.change) else { return #expect(example.error == "-") }
  let documents = try Examples.documents("shop-edge")
  do throws(ActionChangeError) {
    let changed = try documents.applying([change])
    #expect(example.error == nil)
    #expect(changed != documents)
  } catch {
    #expect(example.error.map { error.description.contains($0) } ?? false, "\(error)")
  }
}

// MARK: - Samples

@Test("The same samples for any number of jobs, and no more of a rule than asked for", arguments: [1, 7])
func samples(perRule: Int) throws {
  let documents = try loadDocuments("Tests/WAFReplayTests/Scenarios/acl.json")
  let program = try Program(compiling: documents)
  func run(jobs: Int, chunk: Int) throws -> (samples: [UInt8], matches: [UInt8]) {
    var options = ReplayOptions()
    options.jobs = jobs
    options.limits.chunk = chunk
    options.samplesPerRule = perRule
    options.lines = [.matches]
    var matches: [UInt8] = []
    var observer = Replay.Observer()
    observer.lines = { _, lines in matches += lines }
    let result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      .run(InputList(arguments: [package.appendingPathComponent("SampleLogs/shop-combined.log.zst").path]), observer: observer)
    return (result.samples, matches)
  }
  let first = try run(jobs: 1, chunk: 1 << 16)
  let second = try run(jobs: 3, chunk: 50_001)
  #expect(first == second)
  let lines = first.samples.split(separator: UInt8(ascii: "\n"))
  let matching = Set(first.matches.split(separator: UInt8(ascii: "\n")))
  // Those of rules are among the matches; the others are of the default action.
  #expect(lines.count { !matching.contains($0) } == perRule)
  #expect(lines.count <= perRule * (program.rules.count + 1))
  #expect(Set(lines).count == lines.count)
}
