internal import WAFBase
public import WAFEngine
public import WAFModel
internal import WAFRequest

/// Everything that is counted over records. Parts that were counted apart add up to the same as one count of all.
public struct Tally: Sendable {
  /// Lines and what became of them.
  public var summary = Summary()
  /// Records by final outcome.
  public var actions: [ActionKind: Bounds] = [:]
  /// One entry a rule, in the order of `Program.rules`.
  public var rules: [RuleTally]
  /// The default action.
  public var defaultAction = RuleTally()
  /// Verdicts against recorded decisions.
  public var agreement = Agreement()

  /// Metrics over time; nil where they are not asked for.
  public var metrics: Metrics?

  /// How chosen clients fare; nil where none are chosen.
  public var fates: ClientFates?

  /// Which rules matched the same records.
  var overlap: Overlap

  /// An empty count for the rules of a program.
  public init(_ program: Program) { self.init(groups: program.rules.map(\.group)) }

  /// An empty count of rules.
  ///
  /// - Parameter groups: For each rule the one that references its group; nil for rules of the web ACL itself.
  init(groups: [Int?]) {
    rules = [RuleTally](repeating: RuleTally(), count: groups.count)
    overlap = Overlap(groups: groups)
  }

  /// What rules matched alone, and what two of them matched both.
  public var overlapCounts: OverlapCounts { overlap.counts }

  /// Counts one evaluated record.
  mutating func add(_ verdict: borrowing Verdict, of request: borrowing Request, by program: Program) {
    add(verdict, times: 1)
    if let time = request.timestamp { summary.cover(time) }
    if request.derived.contains(.country) { summary.derivedCountries += 1 }
    if request.derived.contains(.system) { summary.derivedSystems += 1 }
    for index in verdict.touched where verdict.outcomes[index].matched == .certain { rules[index].tops.add(request) }
    metrics?.add(verdict, at: request.timestamp, by: program)
    fates?.add(verdict, of: request)
    if let recorded = program.recordedOutcome(of: request) { agreement.add(recorded, verdict, by: program) }
    // Not for each record, since it looks at all lists.
    if summary.records.isMultiple(of: 256) { boundTops() }
  }

  /// Counts so many records with the same verdict, save what tells them apart: times, top lists, agreement.
  mutating func add(_ verdict: borrowing Verdict, times: Int) {
    summary.records += times
    addActions(of: verdict, times)
    for index in rules.indices { rules[index].add(verdict.outcomes[index], times: times) }
    addDefault(verdict.defaultReached, times)
    addOpenLeaves(of: verdict, times)
    overlap.add(verdict, times: times)
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Tally) {
    summary.add(other.summary)
    for (action, bounds) in other.actions { actions[action, default: Bounds()].add(bounds) }
    for index in rules.indices { rules[index].add(other.rules[index]) }
    defaultAction.add(other.defaultAction)
    agreement.add(other.agreement)
    overlap.add(other.overlap)
    if let added = other.metrics {
      if metrics == nil { metrics = added } else { metrics?.add(added) }
    }
    if let added = other.fates {
      if fates == nil { fates = added } else { fates?.add(added) }
    }
    boundTops()
  }
}

extension Tally {
  private mutating func addActions(of verdict: borrowing Verdict, _ times: Int) {
    let kinds = verdict.possibleActions.kinds
    if kinds.count > 1 { summary.undetermined += times }
    for kind in kinds { actions[kind, default: Bounds()].add(kinds.count == 1 ? .certain : .possible, times: times) }
  }

  private mutating func addDefault(_ reached: Certainty, _ times: Int) {
    defaultAction.reached.add(reached, times: times)
    defaultAction.matched.add(reached, times: times)
    defaultAction.terminated.add(reached, times: times)
  }

  /// Counts each rule and each of its reasons once, however many leaves left it open; leaves of one rule stand together.
  private mutating func addOpenLeaves(of verdict: borrowing Verdict, _ times: Int) {
    for (index, leaf) in verdict.open.enumerated() {
      let earlier = verdict.open[..<index].reversed().prefix { $0.rule == leaf.rule }
      if earlier.isEmpty { rules[leaf.rule].undetermined += times }
      if !earlier.contains(where: { $0.reason == leaf.reason }) { rules[leaf.rule].reasons[leaf.reason, default: 0] += times }
    }
  }
}
