internal import WAFBase
internal import WAFModel
public import WAFRequest

/// What a kind of log cannot tell of a rule, whatever the request.
public struct KnowledgeGap: Equatable, Sendable {
  /// Index into `Program.rules`; for all rules of a managed group of which nothing is known that of the rule which references it.
  public var rule: Int
  /// What stays open.
  public var extent: Extent
  /// Why, each reason once.
  public var reasons: [Reason]

  /// What stays open.
  public enum Extent: Sendable {
    /// Whether it matches, of every request.
    case everything
    /// Whether it matches, of every request that does match.
    case matches
    /// Whether it matches, of every request that does not.
    case misses
    /// What a match does.
    case effect
  }
}

/// Finds out which rules a kind of log leaves open, from a few of its records.
///
/// It looks at leaves, not at verdicts: a leaf that none of the records decides is taken for one that no record can decide, any other one for one
/// that may match and may miss. What the rules make of that is computed, and so holds for requests of which there is none among the records.
///
///     And(path is /login, body holds x)     path decided, body never  ─▶  miss or undetermined: it can never be certain to match
public struct KnowledgeProbe: ~Copyable {
  private var evaluator: Evaluator
  private var isDecided: [Bool]
  private var reasons: [Reason]
  private var keyIsDecided: [Bool]
  private var keyReasons: [Reason]
  private var tokenIsDecided: [Bool]
  private var isRecorded: [Bool]
  private var knowsCountry = false
  private var knowsTime = false
  /// Records looked at.
  public private(set) var records = 0

  /// A probe that has seen no record.
  public init(program: Program) {
    evaluator = Evaluator(program: program)
    isDecided = Array(repeating: false, count: program.predicates.count)
    reasons = Array(repeating: .configurationUnknown, count: program.predicates.count)
    keyIsDecided = Array(repeating: false, count: program.rates.count)
    keyReasons = Array(repeating: .rateUndetermined, count: program.rates.count)
    tokenIsDecided = Array(repeating: false, count: program.rules.count)
    isRecorded = Array(repeating: false, count: program.rules.count)
  }

  /// Looks at one record.
  public mutating func look(at request: borrowing Request) {
    records += 1
    evaluator.forgetRequest()
    for index in isDecided.indices where !isDecided[index] {
      let tested = evaluator.test(index, of: request)
      isDecided[index] = tested.outcome != .undetermined
      reasons[index] = tested.reason
    }
    for index in keyIsDecided.indices where !keyIsDecided[index] {
      var (key, values): ([UInt8], [ByteRange]) = ([], [])
      if case .unknown(let reason) = evaluator.aggregate(index, of: request, Verdict(), into: &key, &values) {
        keyReasons[index] = reason
      } else {
        keyIsDecided[index] = true
      }
    }
    knowsCountry = knowsCountry || request.country != nil
    knowsTime = knowsTime || request.timestamp != nil
    lookAtRules(request)
  }

  private mutating func lookAtRules(_ request: borrowing Request) {
    for index in evaluator.program.rules.indices {
      let code = evaluator.program.code[index]
      if code.action == .captcha || code.action == .challenge, !tokenIsDecided[index] {
        tokenIsDecided[index] = evaluator.tokenStatus(for: index, code.action, of: request).status != .unknown
      }
      if let opaque = code.opaque, !isRecorded[index] { isRecorded[index] = evaluator.record(of: opaque, in: request) != nil }
    }
  }

  /// What no record can tell, rule by rule; empty before the first record.
  public borrowing func gaps() -> [KnowledgeGap] {
    guard records > 0 else { return [] }
    var gaps: [KnowledgeGap] = []
    var labels = [OutcomeSet](repeating: .miss, count: evaluator.program.labelMatchers.count)
    var index = 0
    while index < evaluator.program.rules.count {
      let found = found(ofRule: index, labels)
      if let gap = gap(ofRule: index, found) { gaps.append(gap) }
      addLabels(ofRule: index, found.outcomes, to: &labels)
      // Of the rules of a managed group either the record tells or nothing does.
      let isOpaque = evaluator.program.code[index].opaque.map { isRecorded[index] || !$0.hasDefinition } ?? false
      index = isOpaque ? evaluator.program.code[index].end : index + 1
    }
    return gaps
  }
}

extension KnowledgeProbe {
  /// What is found of one statement.
  private struct Found {
    var outcomes: OutcomeSet
    /// Of the leaves that nothing decides.
    var reasons: [Reason]
  }

  private borrowing func gap(ofRule index: Int, _ found: Found) -> KnowledgeGap? {
    let code = evaluator.program.code[index]
    if let opaque = code.opaque, !isRecorded[index], !opaque.hasDefinition {
      return KnowledgeGap(rule: index, extent: .everything, reasons: [opaque.reason])
    }
    if found.outcomes.contains(.undetermined) {
      let extent: KnowledgeGap.Extent? =
        found.outcomes == .undetermined ? .everything : !found.outcomes.contains(.match) ? .matches : !found.outcomes.contains(.miss) ? .misses : nil
      if let extent { return KnowledgeGap(rule: index, extent: extent, reasons: found.reasons) }
    }
    guard code.action == .captcha || code.action == .challenge, !tokenIsDecided[index] else { return nil }
    return KnowledgeGap(rule: index, extent: .effect, reasons: [.tokenUnknown])
  }

  private borrowing func found(ofRule index: Int, _ labels: [OutcomeSet]) -> Found {
    let code = evaluator.program.code[index]
    var found = run(code.steps, labels)
    guard code.rate >= 0, found.outcomes != .miss else { return found }
    if !keyIsDecided[code.rate] || !knowsTime {
      found.reasons.add(keyIsDecided[code.rate] ? .timeUnknown : keyReasons[code.rate])
      found.outcomes = found.outcomes.contains(.miss) ? [.miss, .undetermined] : .undetermined
    } else {
      // Below its limit it certainly does not match.
      found.outcomes.insert(.miss)
    }
    return found
  }

  /// Runs steps over sets of outcomes; there are no short circuits, since each leaf may have any of its outcomes.
  private borrowing func run(_ steps: Range<Int>, _ labels: [OutcomeSet]) -> Found {
    var found = Found(outcomes: .match, reasons: [])
    var frames: [(isAnd: Bool, outcomes: OutcomeSet)] = []
    for step in steps {
      switch evaluator.program.steps[step].operation {
      case .leaf: found.outcomes = outcomes(of: evaluator.program.leaves[Int(evaluator.program.steps[step].operand)], labels, &found.reasons)
      case .negate: found.outcomes = found.outcomes.negated
      case .enterAnd: frames.append((true, .match))
      case .enterOr: frames.append((false, .miss))
      case .fold:
        guard let frame = frames.last else { break }
        frames[frames.count - 1].outcomes = frame.outcomes.combined(with: found.outcomes) { frame.isAnd ? min($0, $1) : max($0, $1) }
      case .leave: found.outcomes = frames.popLast()?.outcomes ?? found.outcomes
      }
    }
    return found
  }

  private borrowing func outcomes(of leaf: Leaf, _ labels: [OutcomeSet], _ reasons: inout [Reason]) -> OutcomeSet {
    switch leaf.kind {
    case .predicate:
      if isDecided[Int(leaf.index)] { return .decided }
      reasons.add(self.reasons[Int(leaf.index)])
      return .undetermined
    case .label:
      let outcomes = labels[Int(leaf.index)]
      if outcomes.contains(.undetermined) { reasons.add(.labelUndetermined) }
      return outcomes
    case .open:
      reasons.add(leaf.reason)
      return .undetermined
    }
  }

  /// Raises what label statements find by the labels that a rule may add.
  private borrowing func addLabels(ofRule index: Int, _ outcomes: OutcomeSet, to labels: inout [OutcomeSet]) {
    let program = evaluator.program
    func raise(_ matcher: Int, by outcomes: OutcomeSet) { labels[matcher] = labels[matcher].combined(with: outcomes) { max($0, $1) } }
    func raise(namespace: String, by outcomes: OutcomeSet) {
      let namespace = Array(namespace.utf8)
      for (matcher, wanted) in program.labelMatchers.enumerated() where wanted.couldMatch(namespace: namespace) { raise(matcher, by: outcomes) }
    }
    for label in program.code[index].labels { for matcher in program.labels[label].matchers { raise(matcher, by: outcomes) } }
    for source in program.code[index].geoSources {
      let place = source < 0 ? "awswaf:clientip:geo:" : "awswaf:forwardedip:geo:"
      raise(namespace: place + "country:", by: source < 0 && knowsCountry ? .decided : .undetermined)
      // No log tells the region.
      raise(namespace: place + "region:", by: .undetermined)
    }
    guard let opaque = program.code[index].opaque, isRecorded[index] || !opaque.hasDefinition else { return }
    let known: OutcomeSet = isRecorded[index] ? .decided : .undetermined
    raise(namespace: opaque.labelNamespace.map { String(decoding: $0, as: UTF8.self) } ?? "awswaf:managed:", by: known)
    if opaque.addsTokenLabels { raise(namespace: "awswaf:managed:token:", by: known) }
  }
}

extension [Reason] {
  fileprivate mutating func add(_ reason: Reason) {
    if !contains(reason) { append(reason) }
  }
}
