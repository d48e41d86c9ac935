internal import WAFBase
public import WAFEngine
public import WAFModel

/// What traffic says about the limits of rate-based rules.
public struct RateAdvice: Sendable {
  /// The rules under study, in order of evaluation.
  public let rules: [RateRuleAdvice]
  /// Whether there were more clients than are kept, so that fewer are told healthy than are.
  public let hasMoreClients: Bool

  /// Reads what a replay of a study counted; nil where it was none.
  public init?(_ result: ReplayResult) {
    guard let curves = result.rateCurves else { return nil }
    rules = curves.subjects.indices.map { RateRuleAdvice($0, curves, result) }
    hasMoreClients = curves.clients.isApproximate
  }
}

/// What traffic says about the limit of one rate-based rule.
public struct RateRuleAdvice: Sendable {
  /// The rule and its probes.
  public let subject: RateSubject
  /// Records that the rule counts, whatever its limit. Curves are of those that certainly count.
  public let counted: Bounds
  /// Records that reach the rule, or its scope, and of which something is unknown that its key or its window needs.
  public let unattributed: Int
  /// Why: one record may have several reasons.
  public let reasons: [Reason: Int]
  /// Whether clients are judged by their other requests too: where the rule counts less than half of all.
  public let judgesElsewhere: Bool
  /// One curve a window of `RateStudy.windows`.
  public let curves: [RateCurve]

  init(_ number: Int, _ curves: RateCurves, _ result: ReplayResult) {
    subject = curves.subjects[number]
    let probe = subject.probes.lowerBound
    let reach = subject.scope.map { result.tally.rules[$0].matched } ?? result.tally.rules[probe].reached
    unattributed = result.tally.rules[probe].undetermined
    reasons = result.tally.rules[probe].reasons
    let first = number * RateStudy.windows.count
    let certain = curves.probes[first].requests.reduce(0, +)
    counted = Bounds(low: certain, high: max(certain, min(reach.high, certain + reach.high - reach.low + unattributed)))
    let judgesElsewhere = 2 * certain <= result.tally.summary.records
    self.judgesElsewhere = judgesElsewhere
    let (subject, isTooOpen) = (self.subject, Self.isTooOpen(counted))
    self.curves = RateStudy.windows.indices.map {
      RateCurve(subject, window: $0, subjectNumber: number, curves, result.rates, elsewhere: judgesElsewhere, suggests: !isTooOpen)
    }
  }

  /// Whether so much is unknown that curves are far below what a limit would do, and none is suggested: more than one request in ten.
  public var isTooOpen: Bool { Self.isTooOpen(counted) }

  private static func isTooOpen(_ counted: Bounds) -> Bool { (counted.high - counted.low) * 10 > counted.high }

  /// The curve for the rule's own window.
  public var ownCurve: RateCurve? { curves.first { $0.window == subject.statement.evaluationWindow } }
}

/// What each limit would do, for one window.
public struct RateCurve: Sendable {
  /// Seconds.
  public let window: Int
  /// Aggregation instances.
  public let keys: Int
  /// Whether there were more keys than are kept: those beyond are not among the limited ones.
  public let hasMoreKeys: Bool
  /// One point a limit.
  public let points: [Point]
  /// The busiest keys.
  public let top: [Key]
  /// The busiest key that stays within the rule's own limit; nil without such a limit or such a key.
  public let nearest: Key?
  /// Where to put the limit; nil where nothing stands out.
  public let knee: RateKnee?
  /// Of the keys above the knee, healthy clients.
  public let healthyAboveKnee: Int
  /// Requests over the least limit of clients that are unknown or not kept, and so not told healthy.
  public let unknownClients: Int

  /// What one limit would do.
  public struct Point: Equatable, Sendable {
    /// The limit.
    public var limit: Int
    /// Keys limited at some time.
    public var keys: Int
    /// Requests limited.
    public var requests: Int
    /// Healthy clients with a request among them.
    public var healthyClients: Int
    /// Requests of healthy clients among them.
    public var healthyRequests: Int
  }

  /// A key.
  public struct Key: Equatable, Sendable {
    /// As in reports; empty where all requests are counted together.
    public var key: [UInt8]
    /// Most requests in one window.
    public var peak: Int
    /// Requests that the rule itself limits; nil for a rule or a window that it does not have.
    public var limited: Int?
    /// The client; nil where the key is not its address.
    public var client: ClientLedger.Client?
    /// Whether that one is healthy; nil where there is none.
    public var isHealthy: Bool?
  }

  /// Keys told.
  static let topCount = 10

  /// - Parameters:
  ///   - window: Index into `RateStudy.windows`.
  ///   - elsewhere: See `ClientLedger.Client.isHealthy`.
  ///   - suggests: Whether enough is known to look for the knee.
  init(
    _ subject: RateSubject, window: Int, subjectNumber: Int, _ curves: RateCurves, _ rates: RateLedger, elsewhere: Bool, suggests: Bool
  ) {
    self.window = RateStudy.windows[window]
    let probe = curves.probes[subjectNumber * RateStudy.windows.count + window]
    func ledger(_ rule: Int) -> RateLedger.RuleLedger? { rates.rules.first { $0.rule == rule } }
    let counting = ledger(subject.probes.lowerBound + window)
    let peaks = counting?.peaks ?? []
    (keys, hasMoreKeys, unknownClients) = (peaks.count, counting?.isApproximate ?? false, probe.unknownClients)

    var points = zip(subject.ladder.limits, probe.requestsOver).map {
      Point(limit: $0, keys: 0, requests: $1, healthyClients: 0, healthyRequests: 0)
    }
    var over = peaks.count
    for index in points.indices {
      while over > 0, peaks[over - 1] <= points[index].limit { over -= 1 }
      points[index].keys = over
    }
    for (client, row) in probe.rowOfClient where curves.clients.client(client, subject: subjectNumber).isHealthy(elsewhere: elsewhere) {
      for (index, requests) in probe.requestsOver(row: row).enumerated() where requests > 0 {
        points[index].healthyClients += 1
        points[index].healthyRequests += requests
      }
    }
    self.points = points

    // The rule itself counts the same and knows what it limits.
    let own = self.window == subject.statement.evaluationWindow ? subject.rule.flatMap(ledger) : nil
    func key(_ instance: RateLedger.Instance) -> Key {
      var key = Key(key: instance.key, peak: instance.peak, limited: own == nil ? nil : instance.limited)
      guard subject.statement.aggregateKeyType == .ip, let address = IPAddress(text: instance.key.span) else { return key }
      key.client = curves.clients.client(address, subject: subjectNumber)
      key.isHealthy = key.client?.isHealthy(elsewhere: elsewhere)
      return key
    }
    let busiest = ((own ?? counting)?.top(max(Self.topCount, RateKnee.mostAbove(of: peaks.count))) ?? []).map(key)
    top = Array(busiest.prefix(Self.topCount))
    nearest = own?.busiest(within: subject.statement.limit).map(key)
    // Only where other requests speak for clients, it tells much that one is not healthy.
    let unhealthy = elsewhere ? busiest.prefix { $0.isHealthy == false }.count : 0
    let knee = suggests ? RateKnee(peaks: peaks, unhealthy: unhealthy, ladder: subject.ladder) : nil
    self.knee = knee
    healthyAboveKnee = busiest.prefix(knee?.keysAbove ?? 0).count { $0.isHealthy == true }
  }
}
