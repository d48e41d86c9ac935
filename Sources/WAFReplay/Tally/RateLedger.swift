public import WAFBase
public import WAFEngine
internal import WAFModel

/// What the rate-based rules counted and limited, by rule and aggregation instance (RM-4).
public struct RateLedger: Sendable {
  /// One entry a rate-based rule, in order of evaluation.
  public private(set) var rules: [RuleLedger]
  /// By index into `Program.rules`: that into `rules`, or -1.
  private let positions: [Int]

  /// Instances kept a rule.
  public static let instanceLimit = 100_000
  /// Bytes of keys kept a rule, where they are not addresses.
  public static let keyBytesLimit = 16 << 20
  /// Periods kept an instance.
  public static let periodLimit = 100

  /// An empty ledger for a program.
  public init(_ program: Program) {
    let indices = program.rules.indices.filter { program.rules[$0].kind == .rateBased }
    rules = indices.map {
      RuleLedger(rule: $0, isByAddress: program.rules[$0].rate?.isByAddress ?? false, limit: program.rules[$0].rate?.limit)
    }
    var positions = [Int](repeating: -1, count: program.rules.count)
    for (position, index) in indices.enumerated() { positions[index] = position }
    self.positions = positions
  }

  /// Notes what the rate-based rules did with one request.
  mutating func add(_ verdict: borrowing Verdict, at time: Int64?) {
    for rate in verdict.rates where !rate.keyMissing {
      let isLimited = verdict.outcomes[rate.rule].matched == .certain
      guard positions[rate.rule] >= 0 else { continue }
      // One value is its own key, and need not be copied.
      if rate.values.count == 1 {
        let key = verdict.bytes.span.extracting(rate.values[0].indices)
        rules[positions[rate.rule]].add(key, count: rate.count, isLimited: isLimited, at: time)
      } else {
        rules[positions[rate.rule]].add(
          RateEvaluation.text(of: rate.values, in: verdict.bytes).span, count: rate.count, isLimited: isLimited, at: time)
      }
    }
  }

  /// Notes what one rate-based rule did with one request.
  ///
  /// - Parameters:
  ///   - rule: Index into `Program.rules`.
  ///   - address: The client address, which is its key; nil for a rule that counts all requests together.
  ///   - hash: `KeyHash` of the address.
  ///   - count: Requests in the window.
  ///   - time: Milliseconds since the epoch; nil where it is unknown.
  public mutating func add(rule: Int, address: IPAddress?, hash: UInt64, count: Int, isLimited: Bool, at time: Int64?) {
    guard positions[rule] >= 0 else { return }
    if let address {
      rules[positions[rule]].add(address, hash: hash, count: count, isLimited: isLimited, at: time)
    } else {
      let none: [UInt8] = []
      rules[positions[rule]].add(none.span, count: count, isLimited: isLimited, at: time)
    }
  }

  /// Notes what one rate-based rule did with one request, known by the parts of its key as reports show them.
  mutating func add(rule: Int, key: Span<UInt8>, count: Int, isLimited: Bool, at time: Int64?) {
    if positions[rule] >= 0 { rules[positions[rule]].add(key, count: count, isLimited: isLimited, at: time) }
  }

  /// Brings what there is of addresses with these hashes into the processor's cache; changes no result.
  mutating func load(rule: Int, hashes: Span<UInt64>) {
    if positions[rule] >= 0 { rules[positions[rule]].load(hashes) }
  }
}

extension RateBasedStatement {
  /// Whether its key is one address: every valid one has one spelling then.
  fileprivate var isByAddress: Bool { aggregateKeyType == .ip || aggregateKeyType == .forwardedIP }
}
