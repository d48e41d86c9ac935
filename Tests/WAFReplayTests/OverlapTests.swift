import Foundation
import TestSupport
import Testing
import WAF
import WAFBase

@testable import WAFReplay

/// Records, and what rules matched alone and together in them.
struct OverlapCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var groups: [Int?]
  var records: [Kind]
  /// Low and high of each rule.
  var unique: [[Int]]
  /// First rule, second rule, low, high.
  var pairs: [[Int]]

  struct Kind: Decodable, Sendable {
    var certain: [Int]
    var possible: [Int]
    var times: Int

    func verdict(rules: Int) -> Verdict {
      var verdict = Verdict()
      verdict.outcomes = Array(repeating: RuleOutcome(), count: rules)
      verdict.touched = certain + possible
      for rule in certain { verdict.outcomes[rule].matched = .certain }
      for rule in possible { verdict.outcomes[rule].matched = .possible }
      return verdict
    }
  }

  var testDescription: String { note }

  func counts(of records: [Kind]) -> Overlap {
    var overlap = Overlap(groups: groups)
    for kind in records { overlap.add(kind.verdict(rules: groups.count), times: kind.times) }
    return overlap
  }
}

private func numbers(_ counts: OverlapCounts) -> (unique: [[Int]], pairs: [[Int]]) {
  (counts.unique.map { [$0.low, $0.high] }, counts.pairs.map { [$0.first, $0.second, $0.records.low, $0.records.high] })
}

@Test("What rules catch alone and together, counted at once and in parts", arguments: try Fixture.table("overlap.json", of: OverlapCase.self))
func overlap(_ example: OverlapCase) {
  let whole = numbers(example.counts(of: example.records).counts)
  #expect(whole.unique == example.unique)
  #expect(whole.pairs == example.pairs)
  var parts = Overlap(groups: example.groups)
  for kind in example.records.reversed() { parts.add(example.counts(of: [kind])) }
  #expect(numbers(parts.counts) == whole)
}

@Test("More sets of rules than are held at once give way to pairs, and no count is lost")
func overlapOfManySets() {
  let groups = [Int?](repeating: nil, count: 120)
  let kinds = (0..<100).flatMap { first in
    (first + 1..<101).map { OverlapCase.Kind(certain: [first, $0], possible: $0 % 7 == 0 ? [110] : [], times: $0) }
  }
  #expect(kinds.count > Overlap.setLimit)
  let example = OverlapCase(note: "", groups: groups, records: kinds, unique: [], pairs: [])
  let whole = example.counts(of: kinds).counts
  #expect(whole.pairs.count == kinds.count)
  #expect(whole.pairs.allSatisfy { $0.records == Bounds(low: $0.second, high: $0.second) })
  #expect(whole.unique.allSatisfy { $0 == Bounds() })
  var parts = example.counts(of: Array(kinds[..<3_000]))
  parts.add(example.counts(of: Array(kinds[3_000...])))
  #expect(numbers(parts.counts) == numbers(whole))
}

@Test("Pairs are counted of the first thousand rules, what a rule catches alone of all", arguments: [(999, true), (1_000, false)])
func overlapIsBounded(rule: Int, isPair: Bool) {
  let kinds = [OverlapCase.Kind(certain: [0, rule], possible: [], times: 2), OverlapCase.Kind(certain: [rule], possible: [], times: 3)]
  let example = OverlapCase(note: "", groups: Array(repeating: nil, count: 1_001), records: kinds, unique: [], pairs: [])
  let counts = example.counts(of: kinds).counts
  #expect(counts.isLimited)
  #expect(counts.pairs.isEmpty != isPair)
  #expect(counts.unique[rule] == Bounds(low: 3, high: 3))
}

@Test("A rule is idle where it certainly matched nothing; a group is not where a rule of it may have matched")
func idleRules() throws {
  let documents = try #require(DocumentLoader().load(paths: [package.appendingPathComponent("Rules/shop").path]).documents)
  let program = try Program(compiling: documents)
  var tally = Tally(program)
  #expect(tally.idleRules(of: program).isEmpty, "nothing was observed without records")
  tally.summary.records = 1
  #expect(tally.idleRules(of: program).map(\.rule) == Array(program.rules.indices))
  let inner = try #require(program.rules.indices.first { program.rules[$0].group != nil })
  tally.rules[inner].matched.add(.possible)
  #expect(tally.idleRules(of: program).map(\.rule) == program.rules.indices.filter { $0 != inner && $0 != program.rules[inner].group })
}

/// Counts from verdict lines, one by one, must be those of the tally, for any number of workers, whether records of a kind are evaluated once or not.
@Suite(.serialized) struct OverlapOfLogsTests {
  @Test(arguments: ["shop-waf.jsonl.zst", "shop-alb.log.zst", "shop-combined.log.zst"])
  func tallyEqualsLines(_ log: String) throws {
    let loaded = DocumentLoader().load(paths: [package.appendingPathComponent("Rules/shop").path])
    let documents = try #require(loaded.documents)
    let program = try Program(compiling: documents)
    func replay(jobs: Int, shared: Bool, lines: (([UInt8]) -> Void)? = nil) throws -> OverlapCounts {
      var options = ReplayOptions()
      options.jobs = jobs
      options.usesSignatures = shared
      // Four hours hold two floods and a scan; more takes long without optimisation.
      options.selection.until = Timestamp.milliseconds(iso8601: Array("2026-03-03T04:00:00Z".utf8).span)
      if lines != nil { options.lines = [.all] }
      var observer = Replay.Observer()
      if let lines { observer.lines = { _, bytes in lines(bytes) } }
      return try Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
        .run(InputList(arguments: [package.appendingPathComponent("SampleLogs/" + log).path]), observer: observer).tally.overlapCounts
    }
    var written: [UInt8] = []
    let counts = try replay(jobs: 1, shared: false) { written += $0 }
    let expected = try BruteOverlap(lines: written, of: program)
    #expect(!expected.pairs.isEmpty)
    var pairs: [[String]: Int] = [:]
    for pair in counts.pairs { pairs[[pair.first, pair.second].map { program.rules[$0].displayName(in: program) }.sorted()] = pair.records.low }
    #expect(pairs == expected.pairs)
    for rule in program.rules.indices {
      let alone = expected.unique[program.rules[rule].displayName(in: program), default: 0]
      let bounds = counts.unique[rule]
      #expect(bounds.low <= alone && alone <= bounds.high, "\(program.rules[rule].name)")
      // Of the other logs more is open, so that another rule may have matched too.
      if log.contains("waf") { #expect(bounds.low == alone, "\(program.rules[rule].name)") }
    }
    for (jobs, shared) in [(1, true), (2, true), (8, true), (2, false)] {
      #expect(numbers(try replay(jobs: jobs, shared: shared)) == numbers(counts), "\(jobs) jobs, shared \(shared)")
    }
  }
}

/// What verdict lines say that rules matched, counted without any of the program's own counting.
private struct BruteOverlap {
  /// By the names of both rules, sorted.
  var pairs: [[String]: Int] = [:]
  var unique: [String: Int] = [:]

  init(lines: [UInt8], of program: Program) throws {
    var references: [String: String] = [:]
    for rule in program.rules { if let id = rule.groupID { references[id] = rule.name } }
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      guard let record = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any], record["action"] != nil else { continue }
      add(Self.matched(record, references).sorted())
    }
  }

  /// Names of the rules that certainly matched, those of groups as `reference/rule`.
  private static func matched(_ record: [String: Any], _ references: [String: String]) -> Set<String> {
    func names(_ value: Any?, prefix: String = "") -> [String] {
      (value as? [[String: Any]] ?? []).compactMap { ($0["ruleId"] as? String).map { prefix + $0 } }
    }
    var matched = Set(names(record["nonTerminatingMatchingRules"]))
    if let rule = record["terminatingRuleId"] as? String, rule != "Default_Action" { matched.insert(rule) }
    for group in record["ruleGroupList"] as? [[String: Any]] ?? [] {
      guard let id = group["ruleGroupId"] as? String, let reference = references[id] else { continue }
      for list in [group["nonTerminatingMatchingRules"], group["excludedRules"], [group["terminatingRule"] as? [String: Any] ?? [:]]] {
        matched.formUnion(names(list, prefix: reference + "/"))
      }
    }
    matched.formUnion((record["wafcast"] as? [String: Any])?["ruleCounts"] as? [String] ?? [])
    return matched
  }

  private mutating func add(_ matched: [String]) {
    func areRelated(_ one: String, _ other: String) -> Bool { one.hasPrefix(other + "/") || other.hasPrefix(one + "/") }
    for rule in matched {
      if matched.allSatisfy({ $0 == rule || areRelated($0, rule) }) { unique[rule, default: 0] += 1 }
      for other in matched where rule < other && !areRelated(rule, other) { pairs[[rule, other], default: 0] += 1 }
    }
  }
}
