import Foundation
import TestSupport
import Testing
import WAF
import WAFBase

@testable import WAFAdvice
@testable import WAFReplay

/// What each rule that counts would stop, and what its clients are taken for.
@Suite struct PromotionTests {
  private static func options(jobs: Int, shared: Bool = true) -> ReplayOptions {
    var options = ReplayOptions()
    options.jobs = jobs
    options.usesSignatures = shared
    return options
  }

  private static func study(_ log: String, jobs: Int, shared: Bool = true) throws -> (
    advice: PromotionAdvice, json: [UInt8], documents: RuleDocuments
  ) {
    let loaded = DocumentLoader().load(paths: [SampleLog.package.appendingPathComponent("Rules/shop").path])
    let documents = try #require(loaded.documents)
    let program = try Program(compiling: documents)
    let study = PromotionStudy(
      loaded, documents, program, settings: EngineSettings(), options: options(jobs: jobs, shared: shared),
      own: OwnNetworks(named: [], of: documents),
      only: nil)
    let advice = try study.run(InputList(arguments: [log]), observer: Replay.Observer())
    let header = ReportHeader(version: "1", aclName: "shop", sha256: "", capacity: documents.capacity)
    return (advice, PromotionReport(program: program, header: header, redaction: .standard, arguments: []).json(advice), documents)
  }

  @Test("What each rule would stop is what a comparison with the edited web ACL alone finds, and a count over verdict lines")
  func figuresAreThoseOfSingleComparisons() throws {
    let log = try SampleLog.thinned("shop-waf.jsonl.zst")
    let (advice, _, documents) = try Self.study(log, jobs: 2)
    #expect(advice.promotions.count == 14)
    #expect(advice.promotions.count { $0.newlyStopped.low > 0 } >= 8)
    let base = try Program(compiling: documents)
    for promotion in advice.promotions {
      let changed = try documents.applying([promotion.counted.change])
      let head = try Program(compiling: changed)
      var options = Self.options(jobs: 1)
      options.comparison = WebACLComparison(of: (changed, head), with: [(documents, base)], direction: .fromOthers, settings: EngineSettings())
      let alone = try Replay(program: head, protection: RecordProtection(changed.webACL), options: options)
        .run(InputList(arguments: [log]), observer: Replay.Observer())
      let expected = try #require(alone.diffs.first).transitions
      #expect(promotion.transitions.cells == expected.cells, "\(promotion.counted.name)")
      #expect(promotion.newlyStopped == expected.newlyStopped, "\(promotion.counted.name)")
      let clients = Set(promotion.transitions.hits?.clients.map { "\($0.address)" } ?? [])
      var listed: Set<String> = []
      for change in [Change.newBlock, .newChallenge] {
        for item in expected.changes[change]?.clients.top(.max) ?? [] { listed.insert(String(decoding: item.value, as: UTF8.self)) }
      }
      #expect(clients == listed, "\(promotion.counted.name)")
      let records = promotion.transitions.hits?.clients.reduce(0) { $0 + $1.records } ?? 0
      #expect(records + promotion.signals.unlisted == promotion.newlyStopped.low)
    }
  }

  @Test("Rules that count, by which cause, and which rules ask for their labels")
  func countedRules() throws {
    let documents = try #require(DocumentLoader().load(paths: [SampleLog.package.appendingPathComponent("Rules/managed-overrides").path]).documents)
    let overridden = Lint.countedRules(in: documents).map { "\($0.name) \($0.change.settingName) \($0.cause.rawValue)" }
    #expect(overridden == Self.overridden)
    let shop = try #require(DocumentLoader().load(paths: [SampleLog.package.appendingPathComponent("Rules/shop").path]).documents)
    let counted = Lint.countedRules(in: shop)
    #expect(counted.first { $0.name == "label-office" }?.readers == ["block-admin", "limit-address"])
    #expect(counted.first { $0.name == "shop-api/old-app" }?.change.settingName == "block")
    #expect(counted.first { $0.name == "common-rules-counted" }?.change.setting == .noOverride)
    #expect(counted.first { $0.name == "count-host-address" }?.readers == [])
  }

  private static let overridden = [
    "own-checks-counted none group-override", "own-checks/block-debug block rule-override", "own-checks/block-legacy block rule-override",
    "common-rules/NoUserAgent_HEADER block rule-override", "common-rules/SizeRestrictions_BODY block rule-override",
    "known-bad-inputs-counted none group-override", "sql-database/SQLi_COOKIE block rule-override",
  ]

  @Test func sameForAllWays() throws {
    let log = try SampleLog.thinned("shop-waf.jsonl.zst")
    let expected = try Self.study(log, jobs: 1, shared: false).json
    #expect(expected.count > 10_000)
    #expect(try Self.study(log, jobs: 1).json == expected)
    #expect(try Self.study(log, jobs: 3).json == expected)
  }

  /// A client, and what it is taken for.
  struct KindCase: Decodable, Sendable, CustomTestStringConvertible {
    var note: String
    var agent: String?
    /// Requests that the rule would stop, others, and those of the others that are stopped.
    var hits = 1, others = 0, stopped = 0
    /// Different paths of its own, and of its requests those for a path that four others ask for.
    var paths = 1, common = 0
    /// Days on which it comes.
    var days = 1
    var own = false, verified = false, looksAtRequests = true
    var kind: String

    var testDescription: String { note }

    private enum CodingKeys: String, CodingKey { case note, agent, hits, others, stopped, paths, common, days, own, verified, looksAtRequests, kind }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      note = try values.decode(String.self, forKey: .note)
      agent = try values.decodeIfPresent(String.self, forKey: .agent)
      hits = try values.decodeIfPresent(Int.self, forKey: .hits) ?? 1
      others = try values.decodeIfPresent(Int.self, forKey: .others) ?? 0
      stopped = try values.decodeIfPresent(Int.self, forKey: .stopped) ?? 0
      paths = try values.decodeIfPresent(Int.self, forKey: .paths) ?? 1
      common = try values.decodeIfPresent(Int.self, forKey: .common) ?? 0
      days = try values.decodeIfPresent(Int.self, forKey: .days) ?? 1
      own = try values.decodeIfPresent(Bool.self, forKey: .own) ?? false
      verified = try values.decodeIfPresent(Bool.self, forKey: .verified) ?? false
      looksAtRequests = try values.decodeIfPresent(Bool.self, forKey: .looksAtRequests) ?? true
      kind = try values.decode(String.self, forKey: .kind)
    }
  }

  @Test(arguments: try Fixture.table("client_kinds.json", of: KindCase.self))
  func clientsAreTakenFor(row: KindCase) throws {
    let client = try #require(IPAddress(text: "203.0.113.7"))
    var fates = ClientFates(of: [client])
    var verdict = Verdict()
    verdict.possibleActions = .allow
    if row.verified {
      verdict.bytes = Array("awswaf:managed:aws:bot-control:bot:verified".utf8)
      verdict.labels = [ByteRange(0, verdict.bytes.count)]
    }
    func send(_ path: String, from address: IPAddress, day: Int = 0) {
      let bytes = Array(path.utf8)
      fates.add(verdict, bytes.span, address: address, country: 0, path: ByteRange(0, bytes.count), time: Int64(day) * 86_400_000)
    }
    for other in 1...ClientFates.commonClients - 1 { send("/common", from: IPAddress(v4: UInt32(other))) }
    for index in 0..<row.hits + row.others {
      verdict.possibleActions = index < row.stopped ? .block : .allow
      // Paths of its own by letters, since digits are folded.
      let own = String(repeating: "a", count: 1 + min(index, row.paths - 1 - (row.common > 0 ? 1 : 0)))
      send(row.hits + row.others - index <= row.common ? "/common" : "/\(own)", from: client, day: index % row.days)
    }
    #expect(fates[client].pathCount == row.paths, "the row says how many paths")
    var hits = Hits()
    let agent = Array((row.agent ?? "").utf8)
    for _ in 0..<row.hits {
      _ = hits.add(agent.span, client, country: 0, path: nil, agent: row.agent == nil ? nil : ByteRange(0, agent.count))
    }
    let hit = try #require(hits.clients.first)
    #expect(ClientKind(hit, fates, isOwn: row.own, looksAtRequests: row.looksAtRequests).rawValue == row.kind)
  }

  /// Who would be stopped, and what follows. Pairs are clients and their requests, or the least and the most.
  struct VerdictCase: Decodable, Sendable, CustomTestStringConvertible {
    var note: String
    var tried: Bool?
    var matched: [Int], newly: [Int]
    var allowed: [Int]?
    var welcome: [Int]?, unwelcome: [Int]?, unclear: [Int]?
    var unlisted: Int?
    var readers: [String]?
    var verdict: String, confidence: String
    var reasons: [String]

    var testDescription: String { note }
  }

  @Test(arguments: try Fixture.table("promotion_verdicts.json", of: VerdictCase.self))
  func verdicts(row: VerdictCase) {
    var signals = Signals()
    for (kind, pair) in [(ClientKind.visitor, row.welcome), (.attackTool, row.unwelcome), (.unclear, row.unclear)] {
      guard let pair else { continue }
      signals.kinds[kind] = Signals.Count(clients: pair[0], records: pair[1])
      signals.clients += pair[0]
    }
    signals.unlisted = row.unlisted ?? 0
    var transitions = Transitions()
    for (change, pair) in [(Change.newBlock, row.newly), (.newAllow, row.allowed ?? [0, 0])] {
      transitions.changes[change] = ChangeTally()
      transitions.changes[change]?.records = Bounds(low: pair[0], high: pair[1])
    }
    transitions.newlyStopped = Bounds(low: row.newly[0], high: row.newly[1])
    let counted = CountedRule(
      change: ActionChange(rule: "count-a", setting: .action(.block)), cause: .ownAction, readers: row.readers ?? [], label: nil)
    let judge = PromotionJudge(
      counted: counted, matched: Bounds(low: row.matched[0], high: row.matched[1]), reached: Bounds(low: 1_000, high: 1_000),
      wasTried: row.tried ?? true, transitions: transitions, clients: [], signals: signals)
    let promotion = judge.verdict().promotion
    #expect(promotion.verdict.rawValue == row.verdict && promotion.confidence.rawValue == row.confidence, "\(promotion.confidence)")
    #expect(promotion.reasons.map { "\($0)".prefix { $0 != "(" }.description } == row.reasons)
  }

  @Test(arguments: [
    ("/upload/17/holiday..jpg", "/a/9/a..a"), ("' OR 1=1--", "' a 9=9--"), ("", ""), ("käse", "a"), ("2026-03-01", "9-9-9"), ("../../etc", "../../a"),
    ("a\u{1b}[31m", "a\\x1b[9a"),
  ])
  func formsShowNoValue(value: String, form: String) { #expect(TripFinder.form(of: Array(value.utf8)) == form) }
}
