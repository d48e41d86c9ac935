import Foundation
import TestSupport
import Testing
import WAF

@testable import WAFLogs
@testable import WAFReplay
@testable import WAFReport

/// A row of `rate_knees.json`.
private struct KneeCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var peaks: [Int]
  var unhealthy: Int
  var limit: Int?
  var keysAbove: Int
  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("rate_knees.json", of: KneeCase.self))
private func knee(_ example: KneeCase) {
  let knee = RateKnee(peaks: example.peaks, unhealthy: example.unhealthy, ladder: LimitLadder())
  #expect(knee?.limit == example.limit)
  #expect(knee?.keysAbove ?? 0 == example.keysAbove)
  guard let knee else { return }
  // The limit spares what is below and stops what is above.
  #expect(example.peaks[knee.keysAbove] <= knee.limit && example.peaks[knee.keysAbove - 1] > knee.limit)
}

/// A row of `rate_keys_shown.json`; keys as `--key` takes them.
private struct ShownKeyCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var keys: [String]
  var key: String
  var redaction: String
  var shown: String
  var testDescription: String { note }

  var statement: RateBasedStatement {
    let customKeys = keys.map { word -> CustomKey in
      let parts = word.split(separator: ":").map(String.init)
      switch parts[0] {
      case "header": return .header(name: parts[1], transformations: [.none])
      case "cookie": return .cookie(name: parts[1], transformations: [.none])
      case "path": return .uriPath(transformations: [.none])
      case "method": return .httpMethod
      default: return .ip
      }
    }
    let type: AggregateKeyType = keys.isEmpty ? .constant : keys == ["IP"] ? .ip : .customKeys
    return RateBasedStatement(limit: 100, aggregateKeyType: type, customKeys: type == .customKeys ? customKeys : [])
  }
}

@Test("Keys of rates hold no secrets for people", arguments: try Fixture.table("rate_keys_shown.json", of: ShownKeyCase.self))
private func shownKey(_ example: ShownKeyCase) throws {
  let redaction = try #require(Redaction(rawValue: example.redaction))
  #expect(redaction.show(Array(example.key.utf8), of: example.statement, limit: 80) == example.shown)
}

/// A row of `client_health.json`.
private struct HealthCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var requests: Int
  var blocked: Int
  var counted: Int
  var elsewhere: Bool
  var healthy: Bool
  var testDescription: String { note }
}

@Test(arguments: try Fixture.table("client_health.json", of: HealthCase.self))
private func health(_ example: HealthCase) {
  let client = ClientLedger.Client(requests: example.requests, blocked: example.blocked, counted: example.counted)
  #expect(client.isHealthy(elsewhere: example.elsewhere) == example.healthy)
}

@Test("The ladder tells exactly which limits a count exceeds", arguments: [nil, 10, 60, 77, 2_000_000_000])
private func ladder(own: Int?) {
  let ladder = LimitLadder(including: own)
  #expect(ladder.limits.first == LimitLadder.least && ladder.limits.last == LimitLadder.greatest)
  for limit in ladder.limits {
    for count in [limit - 1, limit, limit + 1] { #expect(ladder.exceeded(by: count) == ladder.limits.count { $0 < count }) }
  }
}

/// The curves of a study are what replays with the rule set to each limit and window count.
@Suite(.serialized) struct RateCurveTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func load(_ url: URL) throws -> RuleDocuments { try #require(DocumentLoader().load(paths: [url.path]).documents) }

  private static func write(_ lines: [String], _ name: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-rates-\(name)-\(UUID().uuidString).log").path
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Half an hour of a made site: visitors, a flood of logins, a robot, a scanner that is blocked, and clients that the log does not tell.
  private static func madeTraffic() throws -> String {
    var random = SplitMix(seed: 11)
    var lines: [(second: Int, text: String)] = []
    func add(_ second: Int, _ client: String, _ request: String, _ agent: String) {
      let time = String(format: "01/Mar/2026:10:%02d:%02d +0000", second / 60, second % 60)
      lines.append((second, "\(client) - - [\(time)] \"\(request) HTTP/1.1\" 200 10 \"-\" \"\(agent)\""))
    }
    for _ in 0..<500 {
      let client = random.number(below: 25) == 0 ? "-" : "192.0.2.\(random.number(below: 40))"
      let request = random.pick(["GET /", "GET /item", "GET /item", "POST /login", "POST /cart"])
      add(random.number(below: 1_800), client, request, random.pick(["Mozilla/5.0", "Mozilla/5.0 (iPhone)"]))
    }
    for request in 0..<150 { add(300 + request, "203.0.113.9", "POST /login", "curl/8.0") }
    for request in 0..<90 { add(10 * request, "203.0.113.10", "POST /login", "curl/8.0") }
    for request in 0..<200 { add(600 + request / 2, "2001:db8::7", "GET /item", "python-requests") }
    for request in 0..<60 { add(900 + request, "198.51.100.3", "GET /bad", "scanner") }
    return try write(lines.enumerated().sorted { ($0.element.second, $0.offset) < ($1.element.second, $1.offset) }.map(\.element.text), "made")
  }

  private static func study(
    _ documents: RuleDocuments, _ log: String, model: RateModel, jobs: Int = 1, shared: Bool = true, choice: RateStudy.Choice = .all
  ) throws -> (advice: RateAdvice, result: ReplayResult, study: RateStudy) {
    var settings = EngineSettings()
    settings.rateModel = model
    let study = try RateStudy(documents, choice, settings: settings)
    var options = ReplayOptions()
    (options.jobs, options.usesSignatures, options.rateSubjects) = (jobs, shared, study.subjects)
    options.limits.chunk = 4_096
    let result = try Replay(program: study.program, protection: RecordProtection(documents.webACL), options: options)
      .run(InputList(arguments: [log]), observer: Replay.Observer())
    return (try #require(RateAdvice(result)), result, study)
  }

  /// What a replay with this limit and window limits: requests and keys, and requests by client address where that is the key.
  private static func limited(
    _ documents: RuleDocuments, rule name: String, limit: Int, window: Int, _ log: String, model: RateModel
  ) throws -> (requests: Int, keys: [RateLedger.Instance]) {
    var documents = documents
    func set(_ rules: inout [Rule]) {
      for index in rules.indices where name.split(separator: "/").last.map(String.init) == rules[index].name {
        guard case .rateBased(var statement) = rules[index].statement else { continue }
        (statement.limit, statement.evaluationWindow) = (limit, window)
        rules[index].statement = .rateBased(statement)
      }
    }
    set(&documents.webACL.rules)
    for index in documents.ruleGroups.indices { set(&documents.ruleGroups[index].rules) }
    var settings = EngineSettings()
    settings.rateModel = model
    let program = try Program(compiling: documents, settings: settings)
    let result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: ReplayOptions())
      .run(InputList(arguments: [log]), observer: Replay.Observer())
    let index = try #require(program.rules.firstIndex { $0.displayName(in: program) == name })
    let ledger = try #require(result.rates.rules.first { $0.rule == index })
    return (result.tally.rules[index].matched.low, ledger.top(RateLedger.instanceLimit).filter { $0.limited > 0 })
  }

  private static func compare(_ documents: RuleDocuments, _ log: String, _ model: RateModel, limits: [Int], windows: [Int]) throws {
    let (advice, _, _) = try study(documents, log, model: model)
    #expect(!advice.rules.isEmpty)
    for rule in advice.rules {
      for curve in rule.curves where windows.contains(curve.window) {
        for limit in limits + [rule.subject.statement.limit] {
          let point = try #require(curve.points.first { $0.limit == limit })
          let truth = try limited(documents, rule: rule.subject.name, limit: limit, window: curve.window, log, model: model)
          let note = Comment(rawValue: "\(rule.subject.name) \(limit) in \(curve.window) s")
          #expect(point.requests == truth.requests, note)
          #expect(point.keys == truth.keys.count, note)
          guard rule.subject.statement.aggregateKeyType == .ip else { continue }
          let healthy = truth.keys.filter { instance in curve.top.contains { $0.key == instance.key && $0.isHealthy == true } }
          // All that are limited are among those told, or else more are healthy.
          #expect(truth.keys.count > curve.top.count || point.healthyRequests == healthy.reduce(0) { $0 + $1.limited }, note)
          #expect(truth.keys.count > curve.top.count || point.healthyClients == healthy.count, note)
        }
      }
    }
  }

  @Test(arguments: [RateModel.exact, .interval(checkInterval: 10_000)])
  func curvesAreThoseOfReplays(model: RateModel) throws {
    let documents = try Self.load(Fixture.url("rate_study_acl"))
    // Every window, and each side of what the clients do; the service's clock once.
    let (limits, windows) = model == .exact ? ([10, 15, 100], RateStudy.windows) : ([15], [300])
    try Self.compare(documents, try Self.madeTraffic(), model, limits: limits, windows: windows)
  }

  /// The lines of the busiest clients of a sample, and one in 32 of the others: little enough for a test.
  @Test func curvesOfASampleAreThoseOfReplays() throws {
    let source = try InputSource(argument: Self.package.appendingPathComponent("SampleLogs/shop-combined.log.zst").path).open()
    var input = DecodedInput(source, limits: ReadingLimits())
    var bytes: [UInt8] = []
    while try input.read(appendingTo: &bytes) {}
    let busy = ["203.0.113.229", "2001:db8:66::1f", "198.51.100.243", "198.51.100.210", "198.51.100.215"].map { Array("\($0) ".utf8) }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).enumerated().filter { index, line in
      index.isMultiple(of: 32) || index.isMultiple(of: 3) && busy.contains { line.starts(with: $0) }
    }.map { String(decoding: $0.element, as: UTF8.self) }
    let log = try Self.write(lines, "sample")
    try Self.compare(try Self.load(Self.package.appendingPathComponent("Rules/shop")), log, .exact, limits: [30], windows: [600])
  }

  @Test("A study is the same for any number of threads, and where each request is evaluated by itself")
  func studyIsDeterministic() throws {
    let documents = try Self.load(Fixture.url("rate_study_acl"))
    let log = try Self.madeTraffic()
    func json(jobs: Int, shared: Bool) throws -> [UInt8] {
      let (advice, result, study) = try Self.study(documents, log, model: .exact, jobs: jobs, shared: shared)
      let header = ReportHeader(version: "1", aclName: "rates", sha256: "", capacity: documents.capacity)
      return RateReport(program: study.program, header: header, redaction: .standard).json(advice, result)
    }
    let first = try json(jobs: 1, shared: true)
    #expect(first.count > 2_000)
    #expect(try json(jobs: 3, shared: true) == first)
    #expect(try json(jobs: 1, shared: false) == first)
  }

  @Test("Probes change nothing of what the web ACL does, and what is unknown is told")
  func probesChangeNothing() throws {
    let documents = try Self.load(Fixture.url("rate_study_acl"))
    let log = try Self.madeTraffic()
    let (advice, result, study) = try Self.study(documents, log, model: .exact)
    let plain = try Replay(program: try Program(compiling: documents), protection: RecordProtection(documents.webACL), options: ReplayOptions())
      .run(InputList(arguments: [log]), observer: Replay.Observer())
    #expect(result.tally.actions == plain.tally.actions)
    #expect(advice.rules.map(\.subject.name) == ["group/limit-login", "limit-agent", "limit-all"])
    for rule in advice.rules {
      let index = try #require(rule.subject.rule)
      #expect(study.program.rules[index].displayName(in: study.program) == rule.subject.name)
      // All requests share the key of the last rule, so that it needs no address.
      #expect((rule.unattributed > 0) == (rule.subject.statement.aggregateKeyType != .constant))
      #expect(rule.counted.high >= rule.counted.low + rule.unattributed)
    }
    // The ledger of a rule has the curve for the rule's own window.
    for (ledger, rule) in zip(plain.rates.rules, advice.rules) {
      let own = try #require(rule.ownCurve)
      #expect(ledger.countedRecords == rule.counted.low && ledger.curve.count > 3)
      for (point, other) in zip(ledger.curve, own.points) {
        #expect(point == RateLedger.LimitPoint(limit: other.limit, keys: other.keys, requests: other.requests))
      }
    }
    let login = advice.rules[0]
    #expect(login.judgesElsewhere && login.ownCurve?.knee?.keysAbove == 2)
    #expect(login.ownCurve?.top.first?.isHealthy == false)
  }

  @Test("A rule that is not there yet counts what it would count as the last one, or the first", arguments: [false, true])
  func newRule(isFirst: Bool) throws {
    let documents = try Self.load(Fixture.url("rate_study_acl"))
    let log = try Self.madeTraffic()
    let statement = RateBasedStatement(limit: 70, evaluationWindow: 300, aggregateKeyType: .ip)
    let (advice, _, _) = try Self.study(documents, log, model: .exact, choice: .new(statement, isFirst: isFirst))
    let curve = try #require(advice.rules.first?.curves.first { $0.window == 300 })
    var added = documents
    added.webACL.rules.append(Rule(name: "new", priority: isFirst ? 0 : 99, statement: .rateBased(statement), action: .action(.block(nil))))
    let truth = try Self.limited(added, rule: "new", limit: 70, window: 300, log, model: .exact)
    let point = try #require(curve.points.first { $0.limit == 70 })
    #expect(truth.requests > 0 && point.requests == truth.requests && point.keys == truth.keys.count)
    #expect(curve.nearest == nil && advice.rules.count == 1)
  }
}
