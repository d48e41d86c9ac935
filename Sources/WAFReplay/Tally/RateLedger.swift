internal import WAFBase
public import WAFEngine
internal import WAFModel

/// What the rate-based rules counted and limited, by rule and aggregation instance (RM-4).
public struct RateLedger: Sendable {
  /// One entry a rate-based rule, in order of evaluation.
  public private(set) var rules: [RuleLedger]
  private let indexOfRule: [Int: Int]

  /// The counts of one rule.
  public struct RuleLedger: Sendable {
    /// Index into `Program.rules`.
    public var rule: Int
    /// Whether each client address has an instance of its own, as far as `add(rule:address:…)` is concerned.
    fileprivate var countsByAddress: Bool
    /// Records that the rule certainly limited.
    public var limitedRecords = 0
    /// Instances held; at most `instanceLimit`.
    public var instances: [[UInt8]: Instance] = [:]
    /// Instances not kept because there were too many.
    public var isApproximate = false
  }

  /// One aggregation instance.
  public struct Instance: Sendable {
    /// Most requests in one window.
    public var peak = 0
    /// Requests limited.
    public var limited = 0
    /// The first periods of limitation, milliseconds since the epoch: from the first to the last limited request without one between
    /// that was let through.
    public var periods: [ClosedRange<Int64>] = []
    /// Whether the last request was limited.
    var isLimited = false
  }

  /// Instances kept a rule.
  public static let instanceLimit = 100_000
  /// Periods kept an instance.
  public static let periodLimit = 100

  /// An empty ledger for a program.
  public init(_ program: Program) {
    let indices = program.rules.indices.filter { program.rules[$0].kind == .rateBased }
    rules = indices.map { RuleLedger(rule: $0, countsByAddress: program.rules[$0].rate?.aggregateKeyType != .constant) }
    indexOfRule = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
  }

  /// Notes what the rate-based rules did with one request.
  mutating func add(_ verdict: borrowing Verdict, at time: Int64?) {
    for rate in verdict.rates where !rate.keyMissing {
      guard let index = indexOfRule[rate.rule] else { continue }
      rules[index].add(
        verdict.key(of: rate), count: rate.count, isLimited: verdict.outcomes[rate.rule].matched == .certain, at: time)
    }
  }
}

extension RateLedger {
  /// Notes what rule `rule` did with one request; nil for the one instance of a rule that counts all requests together.
  mutating func add(rule: Int, address: IPAddress?, count: Int, isLimited: Bool, at time: Int64?) {
    guard let index = indexOfRule[rule] else { return }
    var key: [UInt8] = []
    if rules[index].countsByAddress { address?.append(to: &key) }
    rules[index].add(key, count: count, isLimited: isLimited, at: time)
  }
}

extension RateLedger.RuleLedger {
  fileprivate mutating func add(_ key: [UInt8], count: Int, isLimited: Bool, at time: Int64?) {
    if isLimited { limitedRecords += 1 }
    // One look-up for a key seen before.
    if let known = instances.index(forKey: key) {
      instances.values[known].add(count: count, isLimited: isLimited, at: time)
    } else if instances.count < RateLedger.instanceLimit {
      instances[key, default: RateLedger.Instance()].add(count: count, isLimited: isLimited, at: time)
    } else {
      isApproximate = true
    }
  }
}

extension RateLedger.Instance {
  fileprivate mutating func add(count: Int, isLimited: Bool, at time: Int64?) {
    peak = max(peak, count)
    defer { self.isLimited = isLimited }
    guard isLimited else { return }
    limited += 1
    guard let time else { return }
    if self.isLimited, let last = periods.last {
      periods[periods.count - 1] = last.lowerBound...max(last.upperBound, time)
    } else if periods.count < RateLedger.periodLimit {
      periods.append(time...time)
    }
  }
}

extension Verdict {
  /// The key values of an aggregation instance as one text, joined with ` | `.
  func key(of rate: RateEvaluation) -> [UInt8] {
    Array(rate.values.map { bytes[$0] }.joined(separator: Array(" | ".utf8)))
  }
}
