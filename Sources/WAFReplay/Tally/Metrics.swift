internal import WAFBase
public import WAFEngine
internal import WAFModel

/// The metrics that CloudWatch has of a web ACL, over time.
///
/// Periods are minutes; where there would be too many, all of them become longer until there are not. So memory is bounded, and the length is the
/// same however the records were divided: the shortest one with which all of them fit.
///
/// Source: AWS WAF Developer Guide, "AWS WAF metrics and dimensions"; spec of evaluation, 5.5.
public struct Metrics: Sendable {
  /// A metric as CloudWatch calls it.
  public enum Name: String, CaseIterable, Comparable, Sendable {
    case allowed = "AllowedRequests"
    case blocked = "BlockedRequests"
    case counted = "CountedRequests"
    case captcha = "CaptchaRequests"
    case validCaptcha = "RequestsWithValidCaptchaToken"
    case challenge = "ChallengeRequests"
    case validChallenge = "RequestsWithValidChallengeToken"
    case passed = "PassedRequests"

    /// The metric of an action.
    init(_ kind: ActionKind) {
      switch kind {
      case .allow: self = .allowed
      case .block: self = .blocked
      case .count: self = .counted
      case .captcha: self = .captcha
      case .challenge: self = .challenge
      }
    }

    /// Orders by name.
    public static func < (left: Name, right: Name) -> Bool { left.rawValue < right.rawValue }
  }

  /// What a metric is of.
  public enum Subject: Hashable, Sendable {
    /// The web ACL as a whole: one action a request.
    case webACL
    /// A rule, as an index into `Program.rules`.
    case rule(Int)
    case defaultAction
  }

  /// A metric of something.
  public struct Series: Hashable, Sendable {
    /// Of what.
    public var subject: Subject
    /// Which.
    public var name: Name
  }

  /// Periods kept at most: a day of minutes.
  public static let periodLimit = 1_440
  /// Lengths of periods in seconds, each a multiple of the one before; behind the last it doubles.
  private static let lengths: [Int64] = [60, 300, 900, 3_600, 21_600, 86_400]

  /// Length of a period in seconds.
  public private(set) var period: Int64 = 60
  /// Records without a time, which are in no period.
  public private(set) var untimed = 0
  /// By number of the period since the epoch.
  private var counts: [Int64: [Series: Bounds]] = [:]
  /// Records with more than one possible action, by number of the period.
  private var open: [Int64: Int] = [:]

  /// No record.
  public init() {}

  /// Counts what the web ACL did with so many records of this time, milliseconds since the epoch.
  mutating func add(_ verdict: borrowing Verdict, at time: Int64?, by program: Program, times: Int = 1) {
    guard let time else { return untimed += times }
    let kinds = verdict.possibleActions.kinds
    let number = Self.floor(time, period * 1_000)
    if kinds.count > 1 { open[number, default: 0] += times }
    // Taken out while it changes, so that it is not copied.
    var found = counts.removeValue(forKey: number) ?? [:]
    func add(_ subject: Subject, _ name: Name, _ certainty: Certainty) {
      if certainty != .no { found[Series(subject: subject, name: name), default: Bounds()].add(certainty, times: times) }
    }
    for kind in kinds { add(.webACL, Name(kind), kinds.count == 1 ? .certain : .possible) }
    let byDefault: ActionKind = if case .allow = program.defaultAction { .allow } else { .block }
    add(.defaultAction, Name(byDefault), verdict.defaultReached)
    for rule in verdict.touched where program.rules[rule].groupOverride == nil { addRule(rule, verdict.outcomes[rule], program, add) }
    for rule in program.rules.indices where program.rules[rule].groupOverride != nil { addGroup(rule, verdict, program, add) }
    counts[number] = found
    shorten()
  }

  private func addRule(_ rule: Int, _ outcome: RuleOutcome, _ program: Program, _ add: (Subject, Name, Certainty) -> Void) {
    guard let kind = program.rules[rule].effectiveAction?.kind else { return }
    add(.rule(rule), Name(kind), outcome.matched)
    // MT-1: a valid token lets the request pass, and counts beside the match.
    let passes = min(outcome.counted, outcome.endedGroup == .no ? .certain : .possible)
    if kind == .captcha { add(.rule(rule), .validCaptcha, passes) }
    if kind == .challenge { add(.rule(rule), .validChallenge, passes) }
  }

  /// The rule that references a group: what the group's result did, and whether none of its rules matched.
  private func addGroup(_ rule: Int, _ verdict: borrowing Verdict, _ program: Program, _ add: (Subject, Name, Certainty) -> Void) {
    let outcome = verdict.outcomes[rule]
    guard outcome.reached != .no else { return }
    add(.rule(rule), .counted, outcome.counted)
    var ended: [Name: Certainty] = [:]
    var isMatched = outcome.matched
    var isOpen = outcome.reached != .certain
    var inner = rule + 1
    while inner < program.rules.count, program.rules[inner].group == rule {
      let kind = program.rules[inner].effectiveAction?.kind ?? .count
      ended[Name(kind)] = max(ended[Name(kind)] ?? .no, verdict.outcomes[inner].terminated)
      isMatched = max(isMatched, verdict.outcomes[inner].matched)
      inner += 1
    }
    for (name, certainty) in ended { add(.rule(rule), name, certainty) }
    isOpen = isOpen || isMatched == .possible || verdict.open.contains { $0.rule == rule }
    if isMatched != .certain { add(.rule(rule), .passed, isOpen ? .possible : .certain) }
  }

  /// Counts what `other` counted too.
  mutating func add(_ other: Metrics) {
    untimed += other.untimed
    if other.period > period { lengthen(to: other.period) }
    for (number, series) in other.counts {
      counts[Self.floor(number, period / other.period), default: [:]].merge(series) { $0.adding($1) }
    }
    for (number, records) in other.open { open[Self.floor(number, period / other.period), default: 0] += records }
    shorten()
  }

  /// Periods with records that have more than one possible action, in order: when one begins in seconds since the epoch, and how many.
  public var undetermined: [(start: Int64, records: Int)] { open.keys.sorted().map { ($0 * period, open[$0] ?? 0) } }

  /// All series by subject and name, each with its periods in order: when one begins in seconds since the epoch, and its count.
  public var sorted: [(series: Series, points: [(start: Int64, count: Bounds)])] {
    var points: [Series: [(start: Int64, count: Bounds)]] = [:]
    for number in counts.keys.sorted() {
      for (series, count) in counts[number] ?? [:] { points[series, default: []].append((number * period, count)) }
    }
    return points.map { (series: $0.key, points: $0.value) }.sorted { ($0.series.order, $0.series.name) < ($1.series.order, $1.series.name) }
  }
}

extension Metrics {
  /// The quotient, rounded down. Times are never multiplied, since they come from outside.
  private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Makes all periods longer while there are too many.
  private mutating func shorten() {
    while counts.count > Self.periodLimit { lengthen(to: Self.lengths.first { $0 > period } ?? period * 2) }
  }

  private mutating func lengthen(to length: Int64) {
    let old = counts
    counts = [:]
    for (number, series) in old {
      counts[Self.floor(number, length / period), default: [:]].merge(series) { $0.adding($1) }
    }
    let oldOpen = open
    open = [:]
    for (number, records) in oldOpen { open[Self.floor(number, length / period), default: 0] += records }
    period = length
  }
}

extension Metrics.Series {
  /// The web ACL first, then the rules in order of evaluation, then the default action.
  fileprivate var order: Int {
    switch subject {
    case .webACL: -1
    case .rule(let index): index
    case .defaultAction: .max
    }
  }
}

extension Bounds {
  fileprivate func adding(_ other: Bounds) -> Bounds {
    var sum = self
    sum.add(other)
    return sum
  }
}
