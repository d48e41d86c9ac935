internal import WAFBase
internal import WAFDocuments
internal import WAFEngine
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

/// Looks for the test that would notice a mutant: a request that it decides otherwise than the web ACL, and what the web ACL decides.
struct MutantProbe {
  private let run: SuiteRun
  private let variations: RequestVariations

  init(_ run: SuiteRun) {
    self.run = run
    variations = RequestVariations(run.suite)
  }

  /// Requests that a rate-based rule is asked with at most.
  private static let mostRepetitions: Int64 = 2_000

  /// A test to put into the suite, in lines of YAML. Where no request is found that shows the change, it is the nearest one, and says so.
  func stub(for mutant: Mutant) -> [String] {
    let name = "\(mutant.rule), \(mutant.change)"
    guard let changed = try? Program(compiling: mutant.documents, settings: run.suite.settings) else { return [] }
    let rules = run.documents.webACL.rules + run.documents.ruleGroups.flatMap(\.rules)
    // Origins are equal whatever they hold.
    let index = rules.firstIndex { $0.origin.document == mutant.origin.document && $0.origin.path == mutant.origin.path }
    let rule = index.map { rules[$0] }
    if let rule, case .rateBased(let rate) = rule.statement, let found = series(rate, changed, name) { return found }
    var requests = variations.own
    if mutant.kind == .address { requests += edges(of: mutant).flatMap { variations.from($0) } }
    if let rule { requests += variations.around(rule.statement) }
    if let found = first(of: requests, changed) { return lines(name, found, isProven: true) }
    if let rule {
      // Two values at once: what several leaves want, or what this rule and the one whose place it took want.
      let other = mutant.kind == .order ? run.documents.webACL.rules.first { "evaluated after \($0.name)" == mutant.change } : rule
      let pairs = variations.around(rule.statement, and: (other ?? rule).statement)
      if let found = first(of: pairs, changed) { return lines(name, found, isProven: true) }
    }
    return lines(name, nearest(mutant.rule), isProven: false)
  }

  // MARK: Search

  /// A request, and what comes of it.
  private struct Found {
    var request: Request
    var outcome: Decision
    /// What comes of it with the change.
    var other: Decision?
  }

  /// What tests can tell of a verdict.
  private struct Decision {
    var action: String?
    var rule: String?
    var counted: [String]
    var labels: [String]

    /// Whether an expectation of this holds and fails on `other`. That a rule did not count cannot be expected.
    func canTell(from other: Decision) -> Bool {
      action != other.action || rule != other.rule || labels != other.labels || !counted.allSatisfy(other.counted.contains)
    }

    init(_ verdict: borrowing Verdict, _ program: Program) {
      let isDetermined = verdict.isDetermined
      action = isDetermined ? verdict.action?.logName : nil
      rule = isDetermined ? program.decidingRuleName(of: verdict) : nil
      counted = verdict.touched.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].displayName(in: program) }
      labels = verdict.labels.map { String(decoding: verdict.bytes[$0], as: UTF8.self) }.sorted()
    }
  }

  private func first(of requests: [Request], _ changed: Program) -> Found? {
    var evaluator = Evaluator(program: run.program)
    var other = Evaluator(program: changed)
    var (verdict, otherVerdict) = (Verdict(), Verdict())
    for request in requests {
      evaluator.forgetRates()
      other.forgetRates()
      evaluator.evaluate(request, into: &verdict)
      other.evaluate(request, into: &otherVerdict)
      let (decision, otherDecision) = (Decision(verdict, run.program), Decision(otherVerdict, changed))
      if decision.canTell(from: otherDecision), SpelledRequest(request) != nil {
        return Found(request: request, outcome: decision, other: otherDecision)
      }
    }
    return nil
  }

  /// One request sent until a limit that was moved shows.
  private func series(_ rate: RateBasedStatement, _ changed: Program, _ name: String) -> [String]? {
    guard rate.limit <= Self.mostRepetitions else { return nil }
    for base in variations.own + (rate.scopeDown.map { variations.around($0) } ?? []) {
      var evaluator = Evaluator(program: run.program)
      var other = Evaluator(program: changed)
      var (verdict, otherVerdict) = (Verdict(), Verdict())
      var request = base
      var earlier: Set<String?> = []
      for count in 0...Int(rate.limit) + 1 {
        request.timestamp = (base.timestamp ?? 0) + Int64(count) * 10
        evaluator.evaluate(request, into: &verdict)
        other.evaluate(request, into: &otherVerdict)
        let decision = Decision(verdict, run.program)
        guard decision.action != Decision(otherVerdict, changed).action else {
          earlier.insert(decision.action)
          continue
        }
        // Before the limit all come out alike, or it is not this limit that shows.
        guard decision.action != nil, earlier.count < 2, let spelled = SpelledRequest(base) else { break }
        let before = earlier.first.flatMap { $0 }.map { action in
          step(spelled, [("repeat", .number("\(count)")), ("every", .string("10ms"))], [("action", .string(action))])
        }
        return Self.yaml(name, [("sequence", .array([before].compactMap { $0 } + [step(spelled, [], expectation(of: decision, against: nil))]))])
      }
    }
    return nil
  }

  /// Addresses that are in a set only with the change.
  private func edges(of mutant: Mutant) -> [IPAddress] {
    zip(run.documents.ipSets, mutant.documents.ipSets).flatMap { set, other in
      zip(set.addresses, other.addresses).filter { $0 != $1 }.compactMap { block, _ in block.sibling }
    }
  }

  /// The first request of the suite that a rule, or one of the group, matches; else the first of all.
  private func nearest(_ rule: String) -> Found? {
    var evaluator = Evaluator(program: run.program)
    var verdict = Verdict()
    var fallback: Found?
    for request in variations.own {
      evaluator.forgetRates()
      evaluator.evaluate(request, into: &verdict)
      let found = Found(request: request, outcome: Decision(verdict, run.program))
      if verdict.touched.contains(where: { run.program.rules[$0].displayName(in: run.program) == rule }) { return found }
      if fallback == nil { fallback = found }
    }
    return fallback
  }

  // MARK: Text

  private func lines(_ name: String, _ found: Found?, isProven: Bool) -> [String] {
    guard let found, let spelled = SpelledRequest(found.request) else { return [] }
    let expect = expectation(of: found.outcome, against: found.other)
    let lines = Self.yaml(name, [("request", spelled.value.content), ("expect", Self.object(expect))])
    return isProven ? lines : ["# Change the request so that it shows the difference."] + lines
  }

  /// Action and rule, and what else the change makes different.
  private func expectation(of decision: Decision, against other: Decision?) -> [(String, DocumentValue.Content)] {
    var expect: [(String, DocumentValue.Content)] = []
    if let action = decision.action { expect.append(("action", .string(action))) }
    if let rule = decision.rule { expect.append(("rule", .string(rule))) }
    guard let other else { return expect.isEmpty ? [("determined", .bool(false))] : expect }
    let counted = decision.counted.filter { !other.counted.contains($0) }
    if !counted.isEmpty { expect.append(("counted", Self.texts(counted))) }
    let (gained, lost) = (decision.labels.filter { !other.labels.contains($0) }, other.labels.filter { !decision.labels.contains($0) })
    var labels: [(String, DocumentValue.Content)] = []
    if !gained.isEmpty { labels.append(("contain", Self.texts(gained))) }
    if !lost.isEmpty { labels.append(("absent", Self.texts(lost))) }
    if !labels.isEmpty { expect.append(("labels", Self.object(labels))) }
    return expect.isEmpty ? [("determined", .bool(false))] : expect
  }

  private func step(
    _ request: SpelledRequest, _ before: [(String, DocumentValue.Content)], _ expect: [(String, DocumentValue.Content)]
  ) -> DocumentValue {
    DocumentValue(Self.object(before + [("request", request.value.content), ("expect", Self.object(expect))]), node: 0)
  }

  private static func yaml(_ name: String, _ members: [(String, DocumentValue.Content)]) -> [String] {
    let test = DocumentValue(object([("name", .string(name))] + members), node: 0)
    let text = String(decoding: YAMLWriter.document(DocumentValue(.array([test]), node: 0)), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  private static func object(_ members: [(String, DocumentValue.Content)]) -> DocumentValue.Content {
    .object(members.map { .init($0.0, DocumentValue($0.1, node: 0)) })
  }

  private static func texts(_ texts: [String]) -> DocumentValue.Content { .array(texts.map { DocumentValue(.string($0), node: 0) }) }
}

extension CIDR {
  /// The first address of the other half of the block twice as wide.
  fileprivate var sibling: IPAddress? {
    guard doubled != nil else { return nil }
    let width = address.isIPv6 ? 128 : 32
    let value = address.value ^ (UInt128(1) << UInt128(width - prefixLength))
    return address.isIPv6 ? IPAddress(v6: value) : IPAddress(v4: UInt32(truncatingIfNeeded: value))
  }
}
