/// Requests of one instance with the same time, which all count alike.
struct RateRun: BitwiseCopyable {
  /// When they came, by `RateClock`.
  var tick: UInt32
  /// How many there are, and in the highest bit whether they only possibly count.
  private(set) var bits: UInt32

  private static var possibleBit: UInt32 { 1 << 31 }
  /// Requests of a run; more need another one.
  static var limit: UInt32 { possibleBit - 1 }

  /// A run of so many requests, at most `limit`.
  init(tick: UInt32, count: UInt32, isPossible: Bool) {
    self.tick = tick
    bits = count | (isPossible ? Self.possibleBit : 0)
  }

  /// The run of which `tick` and `bits` were kept apart.
  init(tick: UInt32, bits: UInt32) {
    self.tick = tick
    self.bits = bits
  }

  /// Number of requests.
  var count: UInt32 { bits & Self.limit }
  /// Whether they only possibly count; certainly otherwise.
  var isPossible: Bool { bits & Self.possibleBit != 0 }

  /// Whether one more request of this kind fits in.
  func takes(tick: UInt32, isPossible: Bool) -> Bool { self.tick == tick && self.isPossible == isPossible && count < Self.limit }

  /// Counts one more request, which it takes.
  mutating func addOne() { bits += 1 }
}

/// Numbers of requests in a window.
struct RateCounts: Equatable {
  /// Requests that certainly count.
  var certain = 0
  /// Requests that may count, besides those that certainly do.
  var possible = 0

  /// Adds the requests of a run.
  mutating func add(_ run: RateRun) {
    if run.isPossible { possible += Int(run.count) } else { certain += Int(run.count) }
  }

  /// Takes away the requests of a run.
  mutating func subtract(_ run: RateRun) {
    if run.isPossible { possible -= Int(run.count) } else { certain -= Int(run.count) }
  }

  /// Takes away `other`.
  mutating func subtract(_ other: RateCounts) {
    certain -= other.certain
    possible -= other.possible
  }
}
