/// Requests of one instance with the same time, which all count alike. Eight bytes.
struct RateRun: BitwiseCopyable {
  /// The tick; above it 31 bits of the number of requests; in the highest bit whether they only possibly count.
  let bits: UInt64

  private static var one: UInt64 { 1 << 32 }
  private static var possibleBit: UInt64 { 1 << 63 }
  /// Requests of a run; more need another one.
  private static var limit: UInt64 { 1 << 31 - 1 }

  /// A run of so many requests, fewer than 2,147,483,648.
  init(tick: UInt32, count: UInt32, isPossible: Bool) {
    bits = UInt64(tick) | UInt64(count) << 32 | (isPossible ? Self.possibleBit : 0)
  }

  /// The run of which the bits were kept.
  init(bits: UInt64) { self.bits = bits }

  /// When they came, by `RateClock`.
  var tick: UInt32 { UInt32(truncatingIfNeeded: bits) }
  /// Number of requests.
  var count: Int { Int(bits >> 32 & Self.limit) }
  /// Whether they only possibly count; certainly otherwise.
  var isPossible: Bool { bits & Self.possibleBit != 0 }

  /// The run with one more request of the same tick and kind as `other`; nil where that is none of this run, or it is full.
  func adding(_ other: RateRun) -> RateRun? {
    let isSame = (bits ^ other.bits) & (Self.possibleBit | 0xffff_ffff) == 0
    return isSame && count < Self.limit ? RateRun(bits: bits + Self.one) : nil
  }
}

/// Numbers of requests in a window.
struct RateCounts: BitwiseCopyable {
  /// Requests that certainly count.
  var certain = 0
  /// Requests that may count, besides those that certainly do.
  var possible = 0

  /// No requests.
  init() {}

  /// The requests of a run.
  init(_ run: RateRun) { add(run) }

  /// Adds the requests of a run.
  mutating func add(_ run: RateRun) {
    if run.isPossible { possible &+= run.count } else { certain &+= run.count }
  }

  /// Takes away the requests of a run, which are among them.
  mutating func subtract(_ run: RateRun) {
    if run.isPossible { possible &-= run.count } else { certain &-= run.count }
  }

  /// Takes away `other`, which is part of them.
  mutating func subtract(_ other: RateCounts) {
    certain &-= other.certain
    possible &-= other.possible
  }
}
