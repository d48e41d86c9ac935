internal import WAFBase

extension RateLedger {
  /// The counts of one rule.
  ///
  /// Instances are 32 bytes each, known by their keys as reports show them. Most were never limited; what there is to say of the others is kept
  /// apart:
  ///
  ///     slots ─▶ entries  [ 192.0.2.1 peak 7 | 192.0.2.9 peak 112, limitation 0 | … ]
  ///              limitations                                               [ 12 limited, 1 period ]
  public struct RuleLedger: Sendable {
    /// Index into `Program.rules`.
    public let rule: Int
    /// Records that the rule certainly limited.
    public private(set) var limitedRecords = 0
    /// Records that the rule certainly counted.
    public private(set) var countedRecords = 0
    /// Instances not kept because there were too many.
    public private(set) var isApproximate = false
    /// Whether keys are addresses, in the one spelling that `IPAddress` gives them, or marks that are none.
    private let isByAddress: Bool

    private var slots = HashSlots()
    private var entries: [Entry] = []
    /// Keys that are not addresses.
    private var keys: [UInt8] = []
    private var limitations: [Limitation] = []
    /// The limits that `curve` is about.
    private let ladder: LimitLadder
    /// Requests that exceed so many of the limits; the first place is not used.
    private var exceeding: [Int]
    /// What `load` read; of no meaning, but what nobody keeps need not be read.
    private var loaded: UInt32 = 0

    fileprivate struct Entry {
      // An address as it is; else the place of the key in `keys`.
      var high: UInt64
      var low: UInt64
      /// Most requests in one window.
      var peak = 0
      /// Index into `limitations`; -1 where it was never limited.
      var limitation: Int32 = -1
      var kind: Kind
    }

    fileprivate enum Kind: UInt8 {
      case v4
      case v6
      case bytes
    }

    fileprivate struct Limitation {
      var limited = 0
      var isLimited = false
      var periods: [ClosedRange<Int64>] = []
    }

    /// No instance.
    ///
    /// - Parameter limit: That of the rule; nil where it is none of the limits of `curve`.
    init(rule: Int, isByAddress: Bool, limit: Int? = nil) {
      self.rule = rule
      self.isByAddress = isByAddress
      ladder = LimitLadder(including: limit)
      exceeding = Array(repeating: 0, count: ladder.limits.count + 1)
    }

    /// Number of instances held; at most `instanceLimit`.
    public var instanceCount: Int { entries.count }
  }

  /// What one limit would limit.
  public struct LimitPoint: Equatable, Sendable {
    /// The limit.
    public var limit: Int
    /// Instances held that were over it at some time.
    public var keys: Int
    /// Requests over it.
    public var requests: Int
  }

  /// One aggregation instance.
  public struct Instance: Equatable, Sendable {
    /// Its key as text, several values joined with ` | `.
    public var key: [UInt8]
    /// Most requests in one window.
    public var peak: Int
    /// Requests limited.
    public var limited: Int
    /// The first periods of limitation, milliseconds since the epoch: from the first to the last limited request without one between
    /// that was let through.
    public var periods: [ClosedRange<Int64>]
  }
}

extension RateLedger.RuleLedger {
  /// Notes a request of an instance known by its key.
  mutating func add(_ key: Span<UInt8>, count: Int, isLimited: Bool, at time: Int64?) {
    if isByAddress, let address = IPAddress(text: key) {
      return add(address, hash: KeyHash.hash(address), count: count, isLimited: isLimited, at: time)
    }
    let hash = KeyHash.hash(key)
    let known = slots.find(hash) { index in
      entries[index].kind == .bytes && keys.span.extracting(range(of: entries[index])).equals(key)
    }
    note(known, isLimited: isLimited, count: count, at: time, hash) { ledger in
      guard ledger.keys.count + key.count <= RateLedger.keyBytesLimit else { return nil }
      let start = ledger.keys.count
      // The buffer is only read inside the closure, where the span keeps it alive.
      unsafe key.withUnsafeBufferPointer { unsafe ledger.keys.append(contentsOf: $0) }
      return Entry(high: UInt64(start), low: UInt64(key.count), kind: .bytes)
    }
  }

  /// Notes a request of an instance known by its address, of which `hash` is the `KeyHash`.
  mutating func add(_ address: IPAddress, hash: UInt64, count: Int, isLimited: Bool, at time: Int64?) {
    guard isByAddress else {
      var key: [UInt8] = []
      address.append(to: &key)
      return add(key.span, count: count, isLimited: isLimited, at: time)
    }
    let wanted = Entry(address)
    let known = slots.find(hash) { entries[$0].high == wanted.high && entries[$0].low == wanted.low && entries[$0].kind == wanted.kind }
    note(known, isLimited: isLimited, count: count, at: time, hash) { _ in wanted }
  }

  /// Brings what there is of keys with these hashes into the processor's cache; changes no result.
  mutating func load(_ hashes: Span<UInt64>) {
    var read: UInt32 = 0
    for index in hashes.indices { read ^= slots.touch(hashes[index]) }
    for index in hashes.indices { if let entry = slots.likely(hashes[index]) { read ^= UInt32(truncatingIfNeeded: entries[entry].peak) } }
    loaded = read
  }

  /// The instances with the highest peaks, those with equal peaks in the order of their keys.
  public func top(_ count: Int) -> [RateLedger.Instance] {
    var best: [(entry: Entry, key: [UInt8])] = []
    for entry in entries {
      if best.count == count, let last = best.last, entry.peak < last.entry.peak { continue }
      let key = key(of: entry)
      let position = best.firstIndex { $0.entry.peak != entry.peak ? $0.entry.peak < entry.peak : key.lexicographicallyPrecedes($0.key) }
      best.insert((entry, key), at: position ?? best.count)
      if best.count > count { best.removeLast() }
    }
    return best.map { entry, key in
      let limitation = entry.limitation >= 0 ? limitations[Int(entry.limitation)] : Limitation()
      return RateLedger.Instance(key: key, peak: entry.peak, limited: limitation.limited, periods: limitation.periods)
    }
  }
}

extension RateLedger.RuleLedger {
  /// What other limits in the rule's window would limit, from the least up to the first that would limit nothing.
  public var curve: [RateLedger.LimitPoint] {
    let peaks = peaks
    var points: [RateLedger.LimitPoint] = []
    for (limit, requests) in zip(ladder.limits, LimitLadder.requestsOver(exceeding)) {
      points.append(RateLedger.LimitPoint(limit: limit, keys: peaks.prefix { $0 > limit }.count, requests: requests))
      if requests == 0 { break }
    }
    return points
  }

  /// The peaks of all instances held, the highest first.
  var peaks: [Int] { entries.map(\.peak).sorted(by: >) }

  /// The instance with the highest peak that is not over `limit`; of several the first by its key. Nil where all are over it.
  func busiest(within limit: Int) -> RateLedger.Instance? {
    guard let peak = entries.lazy.map(\.peak).filter({ $0 <= limit }).max() else { return nil }
    let key = entries.lazy.filter { $0.peak == peak }.map { self.key(of: $0) }.min { $0.lexicographicallyPrecedes($1) }
    return key.map { RateLedger.Instance(key: $0, peak: peak, limited: 0, periods: []) }
  }

  private mutating func note(
    _ known: Int?, isLimited: Bool, count: Int, at time: Int64?, _ hash: UInt64, entry make: (inout RateLedger.RuleLedger) -> Entry?
  ) {
    if isLimited { limitedRecords += 1 }
    countedRecords += 1
    // Nearly all counts are small, and this is done for every request.
    if count > LimitLadder.least { exceeding[ladder.exceeded(by: count)] += 1 }
    guard let index = known ?? insert(hash, make) else { return }
    entries[index].peak = max(entries[index].peak, count)
    if isLimited, entries[index].limitation < 0 {
      entries[index].limitation = Int32(limitations.count)
      limitations.append(Limitation())
    }
    if entries[index].limitation >= 0 { limitations[Int(entries[index].limitation)].add(isLimited: isLimited, at: time) }
  }

  /// Nil where there are too many already.
  private mutating func insert(_ hash: UInt64, _ make: (inout RateLedger.RuleLedger) -> Entry?) -> Int? {
    guard entries.count < RateLedger.instanceLimit, let entry = make(&self) else {
      isApproximate = true
      return nil
    }
    if slots.isFull {
      slots.grow()
      for (index, entry) in entries.enumerated() { slots.insert(index, hash: self.hash(of: entry)) }
    }
    entries.append(entry)
    slots.insert(entries.count - 1, hash: hash)
    return entries.count - 1
  }

  private func range(of entry: Entry) -> Range<Int> { Int(entry.high)..<Int(entry.high + entry.low) }

  private func hash(of entry: Entry) -> UInt64 {
    entry.address.map { KeyHash.hash($0) } ?? KeyHash.hash(keys.span.extracting(range(of: entry)))
  }

  private func key(of entry: Entry) -> [UInt8] {
    guard let address = entry.address else { return Array(keys[range(of: entry)]) }
    var key: [UInt8] = []
    address.append(to: &key)
    return key
  }
}

extension RateLedger.RuleLedger.Entry {
  fileprivate init(_ address: IPAddress) {
    self.init(
      high: UInt64(truncatingIfNeeded: address.value >> 64), low: UInt64(truncatingIfNeeded: address.value), kind: address.isIPv6 ? .v6 : .v4)
  }

  fileprivate var address: IPAddress? {
    switch kind {
    case .v4: IPAddress(v4: UInt32(truncatingIfNeeded: low))
    case .v6: IPAddress(v6: UInt128(high) << 64 | UInt128(low))
    case .bytes: nil
    }
  }
}

extension RateLedger.RuleLedger.Limitation {
  fileprivate mutating func add(isLimited: Bool, at time: Int64?) {
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
