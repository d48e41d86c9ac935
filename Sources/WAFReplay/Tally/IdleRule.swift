public import WAFEngine

/// A rule that certainly did nothing in a replay. That is an observation of this traffic, and proves nothing of other traffic.
public struct IdleRule: Equatable, Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// Records whose evaluation came to it.
  public var reached: Bounds
  /// Rules of the web ACL itself before it that ended the evaluation, and records that each certainly did, most first; empty where it was reached.
  public var endedBy: [(rule: Int, records: Int)] = []

  /// Whether evaluation came, or may have come, to it.
  public var isReached: Bool { reached.high > 0 }

  /// Equal members.
  public static func == (left: IdleRule, right: IdleRule) -> Bool {
    left.rule == right.rule && left.reached == right.reached && left.endedBy.elementsEqual(right.endedBy, by: ==)
  }
}

extension Tally {
  /// The rules that matched nothing, in order of evaluation. A rule that may have matched is none of them, nor is one that references a group whose
  /// rules did; and without records there is none.
  public func idleRules(of program: Program) -> [IdleRule] {
    guard summary.records > 0 else { return [] }
    let busyGroups = Set(program.rules.indices.filter { rules[$0].matched.high > 0 }.compactMap { program.rules[$0].group })
    return program.rules.indices.filter { rules[$0].matched.high == 0 && !busyGroups.contains($0) }.map { rule in
      var idle = IdleRule(rule: rule, reached: rules[rule].reached)
      if !idle.isReached { idle.endedBy = endings(before: program.rules[rule].group ?? rule, of: program) }
      return idle
    }
  }

  private func endings(before rule: Int, of program: Program) -> [(rule: Int, records: Int)] {
    let ending = program.rules.indices.prefix(rule).filter { program.rules[$0].group == nil && rules[$0].terminated.low > 0 }
    return ending.map { ($0, rules[$0].terminated.low) }.sorted { ($1.records, $0.rule) < ($0.records, $1.rule) }
  }
}
