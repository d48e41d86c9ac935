import Foundation
import TestSupport
import Testing
import WAF
import WAFTesting

@testable import WAFReplay

/// A comparison of two web ACLs counts what evaluating each record by both, one after the other, gives.
@Suite(.serialized) struct DiffTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The web ACL `shop`, and changes of it: the action of a rule, and every nth of its mutants.
  private static func heads(of base: RuleDocuments) throws -> [RuleDocuments] {
    let actions = ["block-sql-words=count", "count-host-address=block", "limit-login=count", "label-hosting=captcha", "shop-api=count"]
    let changed = try actions.map { try base.applying([try #require(ActionChange($0))]) }
    return [base] + changed + base.mutants().enumerated().filter { $0.offset.isMultiple(of: 131) }.map(\.element.documents)
  }

  private static func load(_ name: String) throws -> RuleDocuments {
    try #require(DocumentLoader().load(paths: [package.appendingPathComponent("Rules/\(name)").path]).documents)
  }

  private static func compare(
    _ base: RuleDocuments, _ head: RuleDocuments, _ log: String, jobs: Int = 1, shared: Bool = true, chunk: Int? = nil
  ) throws -> ReplayResult {
    let (old, new) = (try Program(compiling: base), try Program(compiling: head))
    var options = ReplayOptions()
    options.jobs = jobs
    options.usesSignatures = shared
    if let chunk { options.limits.chunk = chunk }
    options.comparison = WebACLComparison(of: (head, new), with: [(base, old)], direction: .fromOthers, settings: EngineSettings())
    return try Replay(program: new, protection: RecordProtection(head.webACL), options: options)
      .run(InputList(arguments: [log]), observer: Replay.Observer())
  }

  /// The counts of a comparison as text, in one order.
  private static func text(_ result: ReplayResult) -> [String] {
    guard let diff = result.diffs.first else { return [] }
    let cells = diff.transitions.cells.map { "\($0.key.base) \($0.key.head) \($0.value.low) \($0.value.high)" }.sorted()
    let changes = diff.transitions.changes.map { change, tally in
      "\(change) \(tally.records) \(tally.clients.top(9)) \(tally.networks.top(9)) \(tally.paths.top(9)) \(tally.samples.map(\.line))"
    }.sorted()
    return cells + changes + ["\(diff.transitions.otherRules)"] + Self.counts(diff.tally) + Self.counts(result.tally)
  }

  private static func counts(_ tally: Tally) -> [String] {
    tally.rules.map { "\($0.matched) \($0.terminated) \($0.counted) \($0.undetermined)" } + ["\(tally.summary.records)"]
  }

  @Test(arguments: ["shop-waf.jsonl.zst", "shop-combined.log.zst"])
  func countsAreThoseOfTwoReplays(name: String) throws {
    let log = try SampleLog.thinned(name)
    let base = try Self.load("shop")
    for head in try Self.heads(of: base) {
      let result = try Self.compare(base, head, log, jobs: 2)
      // What each does is what a replay of each alone gives.
      for (documents, tally) in [(base, try #require(result.diffs.first?.tally)), (head, result.tally)] {
        var options = ReplayOptions()
        let alone = try Replay(program: try Program(compiling: documents), protection: RecordProtection(documents.webACL), options: options)
          .run(InputList(arguments: [log]), observer: Replay.Observer())
        #expect(Self.counts(alone.tally) == Self.counts(tally))
        #expect(alone.tally.actions == tally.actions)
      }
    }
  }

  /// Records are compared one by one with verdict lines that each web ACL writes.
  @Test(arguments: ["shop-waf.jsonl.zst", "shop-alb.log.zst"])
  func cellsAreThoseOfVerdictLines(name: String) throws {
    let log = try SampleLog.thinned(name)
    let base = try Self.load("shop")
    let before = try Self.actions(base, log)
    for head in try Self.heads(of: base).prefix(7) {
      let after = try Self.actions(head, log)
      #expect(before.count == after.count && !before.isEmpty)
      var certain: [Transitions.Cell: Int] = [:]
      var possible: [Transitions.Cell: Int] = [:]
      for (old, new) in zip(before, after) {
        for from in old {
          for to in new {
            possible[.init(base: from, head: to), default: 0] += 1
            if old.count == 1, new.count == 1 { certain[.init(base: from, head: to), default: 0] += 1 }
          }
        }
      }
      let result = try Self.compare(base, head, log)
      let transitions = try #require(result.diffs.first).transitions
      let cells = transitions.cells
      // Each record counts once among those that are newly stopped, even where it may be blocked or challenged.
      func isStopped(_ cell: Transitions.Cell) -> Bool { cell.base != cell.head && cell.head != .allow }
      #expect(transitions.newlyStopped.low == certain.reduce(0) { $0 + (isStopped($1.key) ? $1.value : 0) })
      let mayBe = zip(before, after).count { old, new in old.contains { from in new.contains { isStopped(.init(base: from, head: $0)) } } }
      #expect(transitions.newlyStopped.high <= mayBe)
      for cell in Set(possible.keys).union(cells.keys) {
        let bounds = cells[cell] ?? Bounds()
        // Open records that both decide alike are on the diagonal only: fewer are possible elsewhere than single verdicts tell.
        #expect(bounds.low == certain[cell] ?? 0)
        #expect(bounds.high <= possible[cell] ?? 0)
        if cell.base == cell.head { #expect(bounds.high == possible[cell] ?? 0) }
      }
    }
  }

  /// The possible actions of each record.
  private static func actions(_ documents: RuleDocuments, _ log: String) throws -> [[ActionKind]] {
    let lines = LineBox()
    var options = ReplayOptions()
    options.lines = [.all]
    var observer = Replay.Observer()
    observer.lines = { lines.bytes += $1 }
    _ = try Replay(program: try Program(compiling: documents), protection: RecordProtection(documents.webACL), options: options)
      .run(InputList(arguments: [log]), observer: observer)
    return try lines.bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let names = (object?["wafcast"] as? [String: Any])?["possibleActions"] as? [String]
      return names?.compactMap { name in ActionKind.allCases.first { $0.logName == name } }
    }
  }

  private final class LineBox { var bytes: [UInt8] = [] }

  @Test(
    "The same for any number of workers, size of chunks, and with each record looked at", arguments: ["shop-waf.jsonl.zst", "shop-combined.log.zst"])
  func sameForAllWays(name: String) throws {
    let log = try SampleLog.thinned(name)
    let base = try Self.load("shop")
    for head in try Self.heads(of: base).suffix(4) {
      let expected = Self.text(try Self.compare(base, head, log, shared: false))
      #expect(!expected.isEmpty)
      for (jobs, chunk) in [(1, nil), (3, 70_001), (8, nil)] as [(Int, Int?)] {
        #expect(Self.text(try Self.compare(base, head, log, jobs: jobs, chunk: chunk)) == expected)
      }
    }
  }

  @Test(
    "A web ACL does not change against itself, whatever a log does not tell",
    arguments: ["shop-waf.jsonl.zst", "shop-alb.log.zst", "shop-combined.log.zst"])
  func noChange(name: String) throws {
    let log = try SampleLog.thinned(name)
    let base = try Self.load("shop")
    let diff = try #require(try Self.compare(base, base, log, jobs: 2).diffs.first)
    #expect(diff.transitions.records > 500)
    #expect(diff.transitions.changes.isEmpty && diff.transitions.otherRules == 0)
    #expect(diff.transitions.cells.keys.allSatisfy { $0.base == $0.head })
  }
}

/// Paths, and what they count as.
@Test(
  arguments: [
    ("/", "/"), ("", ""), ("/cart", "/cart"), ("/orders/4711", "/orders/{n}"), ("/orders/4711/", "/orders/{n}/"), ("/4711x", "/4711x"),
    ("/a/550e8400-e29b-41d4-a716-446655440000", "/a/{uuid}"), ("/a/550e8400-e29b-41d4-a716-44665544000", "/a/550e8400-e29b-41d4-a716-44665544000"),
    ("/f/0123456789abcdef", "/f/{hash}"), ("/f/0123456789abcde", "/f/0123456789abcde"), ("/f/0123456789abcdeg", "/f/0123456789abcdeg"),
    ("//1//2", "//{n}//{n}"), ("no/1", "no/{n}"), ("/v1/2", "/v1/{n}"),
  ])
func foldedPath(path: String, folded: String) {
  #expect(foldedText(path) == folded)
}

private func foldedText(_ path: String) -> String {
  var output: [UInt8] = Array("left over".utf8)
  FoldedPath.fold(Array(path.utf8).span, into: &output)
  return String(decoding: output, as: UTF8.self)
}
