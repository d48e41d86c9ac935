internal import WAFBase

/// The windows of one rate-based rule (7.4): exact, in memory that follows the number of requests in the windows.
///
///     time ─▶ clock: tick         key ─▶ instances ─ one run, in place          most instances have one request only
///                                                  └ windows of several runs ─▶ runs
///
/// Nothing runs on a timer: what has left a window is dropped when its instance is counted again, or else by `sweep`.
struct RateState: ~Copyable {
  private let limit: Int
  private var clock: RateClock
  private var instances = RateInstances()
  private var runs = RateRuns()
  /// The instance that `sweep` looks at next.
  private var sweepPosition: UInt32 = 1
  /// Calls until then.
  private var callsBeforeSweep = RateState.sweepInterval
  /// Requests whose key was unknown, and which are in no window: with them every count is a lower bound (RM-5).
  private(set) var unattributed = 0
  /// What `load` read; of no meaning, but what nobody keeps need not be read.
  private var loaded: UInt32 = 0
  /// Scratch space of `load`.
  private var numbers: [UInt32] = []

  /// Calls from one `sweep` to the next.
  private static var sweepInterval: Int { 64 }
  /// Two instances a call: where every request is an instance of its own, at most twice as many are held as a window has. With one a call the
  /// search would stay with the newest instance, and never come to an old one.
  private static var instancesSwept: Int { 2 * sweepInterval }

  /// No request counted yet.
  ///
  /// - Parameter firstTick: Where the clock begins; only a test has a reason to choose.
  init(_ limit: RateLimit, model: RateModel, firstTick: UInt32 = 0) {
    self.limit = limit.limit
    let interval = if case .interval(let checkInterval) = model { max(1, checkInterval) } else { Int64(0) }
    clock = RateClock(window: limit.window, interval: interval, firstTick: firstTick)
  }

  /// Number of aggregation instances held: those with requests in their windows, and some that `sweep` has not come to.
  var instanceCount: Int { instances.count }

  /// Counts a request whose key is one address, and tells whether it is limited.
  ///
  /// - Parameters:
  ///   - address: Key of the aggregation instance. It is another one than that of any bytes.
  ///   - hash: Its `KeyHash`, where the caller has it already.
  ///   - time: Milliseconds since the epoch, not earlier than in any call before.
  ///   - counts: Whether the request counts: `.certain`, or `.possible` where reaching the rule or its scope-down is in doubt.
  ///   - given: The same under the condition that evaluation comes to the rule.
  /// - Returns: The outcome under that condition, and the certain number of requests in the window.
  /// - Complexity: O(1) amortized.
  mutating func count(
    _ address: IPAddress, hash: UInt64, at time: Int64, counts: Certainty, given: Outcome
  ) -> (outcome: Outcome, count: Int) {
    prepare(for: time)
    return count(in: instances.instance(of: address, hash: hash), counts, given)
  }

  /// Counts a request whose key is one address.
  mutating func count(_ address: IPAddress, at time: Int64, counts: Certainty, given: Outcome) -> (outcome: Outcome, count: Int) {
    count(address, hash: KeyHash.hash(address), at: time, counts: counts, given: given)
  }

  /// Counts a request whose key has other parts: typed, so that no two keys run together (RK-10).
  mutating func count(_ key: Span<UInt8>, at time: Int64, counts: Certainty, given: Outcome) -> (outcome: Outcome, count: Int) {
    prepare(for: time)
    return count(in: instances.instance(of: key, hash: KeyHash.hash(key)), counts, given)
  }

  /// Brings what there is of keys with these hashes into the processor's cache, for a caller that knows the next requests; changes no result.
  ///
  /// Counting waits for memory up to four times, one after the other. Here all keys wait at the same time; some dozens at once are best.
  mutating func load(_ hashes: Span<UInt64>) {
    // Loops of few instructions each: the processor looks far enough ahead to read for many keys at the same time.
    var read: UInt32 = 0
    for index in hashes.indices { read ^= instances.touch(hashes[index]) }
    numbers.removeAll(keepingCapacity: true)
    for index in hashes.indices { if let instance = instances.likely(hashes[index]) { numbers.append(instance) } }
    for instance in numbers { read ^= instances[instance].newestInWindow }
    var windows = 0
    for instance in numbers {
      guard let window = instances[instance].window else { continue }
      numbers[windows] = window
      windows += 1
    }
    for window in numbers[..<windows] { read ^= runs.touch(window) }
    for window in numbers[..<windows] { read ^= runs.touchOldest(window, clock) }
    loaded = read
  }

  /// Notes a request whose key is unknown.
  mutating func addUnattributed() { unattributed += 1 }
}

extension RateState {
  private mutating func prepare(for time: Int64) {
    clock.advance(to: time)
    callsBeforeSweep -= 1
    if callsBeforeSweep == 0 { sweep() }
  }

  private mutating func count(in instance: UInt32, _ counts: Certainty, _ given: Outcome) -> (outcome: Outcome, count: Int) {
    let run = counts != .no ? RateRun(tick: clock.now, count: 1, isPossible: counts == .possible) : nil
    let before = requests(of: instance, adding: run)
    // In the exact model a request counts for itself; where there are checks, it does not count before the next one.
    let certain = before.certain + (clock.isExact ? 1 : 0)
    return (limited(certain: certain, possible: certain + before.possible, given), certain)
  }

  private func limited(certain: Int, possible: Int, _ given: Outcome) -> Outcome {
    if certain > limit { return given }
    return possible > limit ? min(given, .undetermined) : .miss
  }

  /// The counted requests of an instance, before one more is added; what has left the window is dropped.
  private mutating func requests(of instance: UInt32, adding added: RateRun?) -> RateCounts {
    guard let window = instances[instance].window else { return requests(ofShort: instance, adding: added) }
    guard let counts = runs.counts(window, clock) else {
      runs.end(window)
      instances[instance].removeWindow()
      return requests(ofShort: instance, adding: added)
    }
    if let added {
      instances[instance].setWindow(window, newest: added.tick)
      runs.add(window, added, clock)
    }
    return counts
  }

  /// The same for an instance without a window; it gets one where its requests have several times then.
  private mutating func requests(ofShort instance: UInt32, adding added: RateRun?) -> RateCounts {
    guard let run = instances[instance].run, clock.isLive(run.tick) else {
      if let added { instances[instance].setRun(added) }
      return RateCounts()
    }
    if let added, !instances[instance].add(added) {
      let window = runs.start(with: run, clock)
      runs.add(window, added, clock)
      instances[instance].setWindow(window, newest: added.tick)
    }
    return clock.isCounted(run.tick) ? RateCounts(run) : RateCounts()
  }

  /// Looks at the next instances and forgets those without any request in their windows, so that memory follows the window and not the log (RM-2).
  ///
  /// A few at a time: no request waits for all. Every instance is looked at long before the ticks begin again at 0.
  private mutating func sweep() {
    callsBeforeSweep = Self.sweepInterval
    for _ in 0..<min(Self.instancesSwept, Int(instances.end) - 1) {
      sweepPosition = sweepPosition < instances.end ? sweepPosition : 1
      sweepOne(sweepPosition)
      sweepPosition += 1
    }
  }

  private mutating func sweepOne(_ instance: UInt32) {
    guard instances[instance].isInUse else { return }
    if let window = instances[instance].window {
      guard !clock.isLive(instances[instance].newestInWindow, inBits: RateInstance.newestMask), runs.counts(window, clock) == nil else { return }
      runs.end(window)
    } else if let run = instances[instance].run, clock.isLive(run.tick) {
      return
    }
    instances.remove(instance)
  }
}
