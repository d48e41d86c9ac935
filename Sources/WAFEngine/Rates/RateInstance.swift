internal import WAFBase

/// One aggregation instance: its key, and its requests where they all have one time. 24 bytes, since there may be millions.
struct RateInstance: Pooled {
  // An address as it is. Of a longer key: its hash; the number of its first line and its length.
  var high: UInt64
  var low: UInt64
  /// Tick of the only run; else the number of its window in `RateRuns`, or the next free instance.
  private var word: UInt32 = 0
  /// Two bits of `Kind` and one for whether it has a window. Then, of the only run, whether it is possible, and 28 bits of its number of
  /// requests; of a window 29 bits of the tick of its newest run.
  private var bits: UInt32

  enum Kind: UInt32 {
    case free
    case v4
    case v6
    case bytes
  }

  private static var windowBit: UInt32 { 1 << 29 }
  private static var possibleBit: UInt32 { 1 << 28 }
  private static var kindMask: UInt32 { 3 << 30 }
  /// Requests that the only run can hold.
  private static var runLimit: UInt32 { possibleBit - 1 }

  init(_ kind: Kind, high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
    bits = kind.rawValue << 30
  }

  init(_ address: IPAddress) {
    self.init(
      address.isIPv6 ? .v6 : .v4, high: UInt64(truncatingIfNeeded: address.value >> 64), low: UInt64(truncatingIfNeeded: address.value))
  }

  var kind: Kind { Kind(rawValue: bits >> 30) ?? .free }

  /// Whether it is in use.
  var isInUse: Bool { bits >> 30 != Kind.free.rawValue }

  var link: UInt32 {
    get { word }
    set {
      word = newValue
      bits = 0
    }
  }

  /// The number of its window in `RateRuns`; nil where its requests all have one time.
  var window: UInt32? { bits & Self.windowBit != 0 ? word : nil }

  /// The lowest bits of the tick of the newest request in its window. Those that look at many instances need not look at windows then.
  var newestInWindow: UInt32 { bits & Self.newestMask }
  /// The bits that `newestInWindow` has.
  static var newestMask: UInt32 { windowBit - 1 }

  /// Gives it a window, or notes another request in it.
  mutating func setWindow(_ window: UInt32, newest: UInt32) {
    word = window
    bits = bits & Self.kindMask | Self.windowBit | newest & Self.newestMask
  }

  /// Takes its window away; it has no requests then.
  mutating func removeWindow() { bits &= Self.kindMask }

  /// Its only run, which may have left the window; nil where it has a window, and where it has no requests.
  var run: RateRun? {
    guard bits & Self.windowBit == 0, bits & Self.runLimit > 0 else { return nil }
    return RateRun(tick: word, count: bits & Self.runLimit, isPossible: bits & Self.possibleBit != 0)
  }

  /// Makes one request all it has.
  mutating func setRun(_ run: RateRun) {
    word = run.tick
    bits = bits & Self.kindMask | (run.isPossible ? Self.possibleBit : 0) | 1
  }

  /// Counts one more request in its only run, where that takes it.
  mutating func add(_ run: RateRun) -> Bool {
    guard self.run?.adding(run) != nil, bits & Self.runLimit < Self.runLimit else { return false }
    bits += 1
    return true
  }

  func has(_ kind: Kind, high: UInt64, low: UInt64) -> Bool { self.high == high && self.low == low && self.kind == kind }
}
