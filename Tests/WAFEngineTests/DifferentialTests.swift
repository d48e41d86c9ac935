import Foundation
import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// The engine against the oracle on made cases: same web ACL, same requests in the same order, same facts.
@Suite struct DifferentialTests {
  /// Blocks of cases, as many as the environment variable `WAFCAST_CASES` tells, else 4.
  @Test(arguments: 1...(ProcessInfo.processInfo.environment["WAFCAST_CASES"].flatMap { UInt64($0) } ?? 4))
  func engineAgreesWithOracle(_ block: UInt64) throws {
    var seen = Tally()
    var failures = 0
    for position in 0..<100 {
      let seed = block << 32 | UInt64(position)
      let example = DifferentialCase(seed: seed)
      guard example.difference(&seen) != nil else { continue }
      Issue.record("seed \(seed): \(example.shrunk())")
      failures += 1
      // One difference often shows in many cases.
      if failures == 3 { return }
    }
    print("block \(block): \(seen)")
    // A differential test in which nothing ever matches, or nothing is ever open, proves nothing.
    #expect(seen.matches > 500 && seen.misses > 500 && seen.undetermined > 500)
    #expect(seen.determined > 500 && seen.open > 300 && seen.limited > 10)
  }
}

/// What a run of cases has seen.
struct Tally: CustomStringConvertible {
  var requests = 0
  var matches = 0
  var misses = 0
  var undetermined = 0
  var determined = 0
  var open = 0
  var limited = 0

  mutating func add(_ verdict: OracleVerdict, _ rules: [OracleRule]) {
    requests += 1
    if verdict.isDetermined { determined += 1 } else { open += 1 }
    for (rule, outcome) in zip(rules, verdict.outcomes) where outcome.reached > .no {
      switch outcome.matched {
      case .certain: matches += 1
      case .possible: undetermined += 1
      case .no: misses += 1
      }
      if case .rateBased = rule.rule.statement, outcome.matched > .no { limited += 1 }
    }
  }

  var description: String {
    "\(requests) requests, \(determined) determined, \(open) open; rules: \(matches) matches, \(misses) misses, \(undetermined) undetermined, "
      + "\(limited) limited"
  }
}

/// A web ACL and the requests that pass through it.
struct DifferentialCase {
  var documents: RuleDocuments
  var requests: [Request]
  var settings = EngineSettings()

  init(seed: UInt64) {
    var generator = Generator(seed: seed)
    documents = generator.documents()
    settings = generator.settings()
    var time: Int64 = 1_700_000_000_000
    requests = generator.list(10...40) { $0.request(after: &time) }
  }

  /// The first request about which the two disagree, and how; nil when they agree.
  func difference(_ seen: inout Tally) -> String? {
    var oracle = Oracle(documents, settings: settings)
    let program: Program
    do {
      program = try Program(compiling: documents, settings: settings)
    } catch {
      return "does not compile: \(error)"
    }
    var evaluator = Evaluator(program: program)
    var verdict = Verdict()
    for (position, request) in requests.enumerated() {
      let expected = oracle.evaluate(request)
      evaluator.evaluate(request, into: &verdict)
      seen.add(expected, oracle.rules)
      let found = OracleVerdict(verdict, program)
      // `touched` holds what matched or may have matched, each once.
      let touched = program.rules.indices.filter { verdict.outcomes[$0].matched > .no }
      if verdict.touched.sorted() != touched { return "request \(position)\n  touched: \(verdict.touched), matched: \(touched)" }
      if found != expected { return "request \(position)\n" + Self.compare(found, expected, program) }
    }
    return nil
  }

  /// The members that differ, one a line.
  private static func compare(_ found: OracleVerdict, _ expected: OracleVerdict, _ program: Program) -> String {
    var lines: [String] = []
    func line(_ name: String, _ found: some Equatable, _ expected: some Equatable) {
      if "\(found)" != "\(expected)" { lines.append("  \(name): engine \(found)\n  \(name): oracle \(expected)") }
    }
    line("possible actions", found.possibleActions.kinds, expected.possibleActions.kinds)
    line("determined", found.isDetermined, expected.isDetermined)
    line("terminating rule", "\(String(describing: found.terminatingRule))", "\(String(describing: expected.terminatingRule))")
    line("inner rule", "\(String(describing: found.terminatingInnerRule))", "\(String(describing: expected.terminatingInnerRule))")
    line("default reached", found.defaultReached, expected.defaultReached)
    for index in program.rules.indices where index < expected.outcomes.count {
      line("outcome of \(program.rules[index].displayName(in: program))", found.outcomes[index], expected.outcomes[index])
    }
    line("open", found.open.filter { !expected.open.contains($0) }, expected.open.filter { !found.open.contains($0) })
    if lines.isEmpty { line("order of open leaves", found.open, expected.open) }
    line("labels", found.labels, expected.labels)
    line("rates", found.rates, expected.rates)
    line("tokens", found.tokens, expected.tokens)
    return lines.joined(separator: "\n").replacing("WAFEngineTests.", with: "").replacing("WAFEngine.", with: "")
  }
}

extension OracleVerdict {
  /// The facts of an engine's verdict, with texts in place of positions.
  init(_ verdict: Verdict, _ program: Program) {
    self.init(outcomes: verdict.outcomes)
    possibleActions = verdict.possibleActions
    isDetermined = verdict.isDetermined
    terminatingRule = verdict.isDetermined ? verdict.terminatingRule : nil
    terminatingInnerRule = verdict.isDetermined ? verdict.terminatingInnerRule : nil
    defaultReached = verdict.defaultReached
    open = verdict.open.map { OracleLeaf(rule: $0.rule, path: program.paths[$0.path], reason: $0.reason) }
    labels = verdict.labels.map { String(decoding: verdict.bytes[$0], as: UTF8.self) }
    rates = verdict.rates.map { OracleRate(rule: $0.rule, count: $0.count, keyMissing: $0.keyMissing) }
    tokens = verdict.tokens
  }
}

// MARK: Minimal reproduction

extension DifferentialCase: CustomStringConvertible {
  /// The case without everything that can be left out while the two still disagree.
  func shrunk() -> DifferentialCase {
    var smallest = self
    var goesOn = true
    while goesOn {
      goesOn = false
      for candidate in smallest.smaller() {
        var ignored = Tally()
        guard candidate.difference(&ignored) != nil else { continue }
        smallest = candidate
        goesOn = true
        break
      }
    }
    return smallest
  }

  /// Every case with one thing less.
  private func smaller() -> [DifferentialCase] {
    var cases: [DifferentialCase] = []
    func with(_ change: (inout DifferentialCase) -> Void) {
      var copy = self
      change(&copy)
      cases.append(copy)
    }
    for index in requests.indices.reversed() { with { $0.requests.remove(at: index) } }
    for index in documents.webACL.rules.indices.reversed() { with { $0.documents.webACL.rules.remove(at: index) } }
    for group in documents.ruleGroups.indices {
      for index in documents.ruleGroups[group].rules.indices.reversed() where documents.ruleGroups[group].rules.count > 1 {
        with { $0.documents.ruleGroups[group].rules.remove(at: index) }
      }
    }
    for index in documents.webACL.rules.indices {
      for statement in documents.webACL.rules[index].statement.simpler { with { $0.documents.webACL.rules[index].statement = statement } }
      if !documents.webACL.rules[index].labels.isEmpty { with { $0.documents.webACL.rules[index].labels = [] } }
    }
    for group in documents.ruleGroups.indices {
      for index in documents.ruleGroups[group].rules.indices {
        for statement in documents.ruleGroups[group].rules[index].statement.simpler {
          with { $0.documents.ruleGroups[group].rules[index].statement = statement }
        }
      }
    }
    for request in requests.indices {
      if requests[request].recorded != nil { with { $0.requests[request].recorded = nil } }
      for index in requests[request].headers.indices { with { $0.requests[request].headers.remove(at: index) } }
    }
    return cases
  }

  var description: String {
    var lines = ["web ACL, default \(documents.webACL.defaultAction), \(settings):"]
    for group in documents.webACL.preProcessGroups { lines.append("  \(group)") }
    func spell(_ rules: [Rule]) {
      for rule in rules.sorted(by: { $0.priority < $1.priority }) {
        lines.append("  \(rule.name) \(rule.action) labels \(rule.labels): \(rule.statement)")
      }
    }
    spell(documents.webACL.rules)
    for group in documents.ruleGroups {
      lines.append("group \(group.name):")
      spell(group.rules)
    }
    var ignored = Tally()
    lines.append(difference(&ignored) ?? "no difference")
    for (position, request) in requests.enumerated() where requests.count < 4 || position > requests.count - 3 {
      lines.append("request \(position): \(request.spelled)")
    }
    let text = lines.joined(separator: "\n")
    return ["WAFEngineTests.", "WAFEngine.", "WAFModel.", "WAFRequest.", "WAFBase."].reduce(text) { $0.replacing($1, with: "") }
  }
}

extension Statement {
  /// Statements with one part less; empty for leaves.
  fileprivate var simpler: [Statement] {
    switch self {
    case .and(let children), .or(let children): return children
    case .not(let child): return [child] + child.simpler.map { .not($0) }
    case .rateBased(var rate):
      guard rate.scopeDown != nil, rate.aggregateKeyType != .constant else { return [] }
      rate.scopeDown = nil
      return [.rateBased(rate)]
    default: return []
    }
  }
}

extension Request {
  /// The request as one line, every component with what is known of it.
  fileprivate var spelled: String {
    func text(_ range: ByteRange) -> String {
      let whole = String(decoding: bytes[range].prefix(60), as: UTF8.self).replacing("\0", with: "\\0")
      return "\"\(whole)\"" + (range.count > 60 ? "…(\(range.count))" : "")
    }
    func text(_ component: Component) -> String {
      switch component.knowledge {
      case .known: text(component.range)
      case .absent: "absent"
      case .prefix: "prefix \(text(component.range)) of \(component.minimumSize)...\(component.maximumSize)"
      case .redacted: "redacted"
      case .unknown: "unknown \(component.minimumSize)...\(component.maximumSize)"
      }
    }
    func text(_ match: RecordedMatch) -> String {
      let response = match.tokenResponse.map { " solved \(String(describing: $0.solveTimestamp)) failure \(text($0.failureReason))" } ?? ""
      return "\(text(match.ruleID)) \(text(match.action)) over \(text(match.overriddenAction))\(response)"
    }
    func text(_ record: RecordedDecision) -> String {
      let groups = record.groups.map { group in
        "\(text(group.id)) ended by \(group.terminatingRule.map(text) ?? "none"), others \(group.nonTerminatingRules.map(text)), "
          + "excluded \(group.excludedRules.map(text))"
      }
      return "\(text(record.action)) by \(text(record.terminatingRuleID)), groups \(groups), others \(record.nonTerminatingRules.map(text)), "
        + "labels \(record.labels.map(text)), cut \(record.labelsMayBeCut), \(String(describing: record.captchaResponse)), "
        + "\(String(describing: record.challengeResponse))"
    }
    let lines = headers.map { "\(text($0.name)): \(text($0.value))" }.joined(separator: ", ")
    return """
      time \(String(describing: timestamp)), client \(String(describing: clientAddress)), \(String(describing: resource)), method \(text(method)), \
      path \(text(path)), query \(text(query)), fragment \(text(fragment)), body \(text(body)), ja3 \(text(ja3)), ja4 \(text(ja4)), \
      country \(String(describing: country)), asn \(String(describing: asn)), forwarded \(String(describing: forwardedASN)), \
      token \(String(describing: token)), recorded \(recorded.map(text) ?? "none"), redaction \(marksRedaction), \
      labels \(labels.map(text)), headers complete \(headersComplete), \
      order \(headerOrderKnown), absent \(absentHeaders.map(text)), unknown \(unknownHeaders.map(text)), [\(lines)]
      """
  }
}
