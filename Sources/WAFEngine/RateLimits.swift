internal import WAFBase
internal import WAFModel

/// A compiled rate-based statement; `Program.rates`.
struct RateLimit: Sendable {
  var limit: Int
  /// Milliseconds.
  var window: Int64
  /// The parts of the aggregation key, in order; empty for `CONSTANT`.
  var keys: [RateKeyPart]
}

/// One part of an aggregation key (7.2).
enum RateKeyPart: Sendable {
  case origin
  /// `header` is an index into `Program.forwarded`.
  case forwarded(header: Int)
  /// Values of an inspection node joined with commas before transformation (RK-2); transformed by `chain`.
  case values(node: Int, chain: [TextTransformation])
  case fingerprint(node: Int, fallback: FallbackBehavior)
  /// `matcher` is an index into `Program.labelMatchers`.
  case labels(matcher: Int)
  /// System of the origin, or of the first address of `header` where that is not -1.
  case system(header: Int)
}

/// The windows of one rate-based rule.
struct RateState {
  private let limit: Int
  private let window: Int64
  /// Milliseconds between checks; 0 in the exact model.
  private let interval: Int64
  private var indices: [[UInt8]: Int] = [:]
  private var instances: [Instance] = []
  private var free: [Int] = []
  private var nextSweep = Int64.min
  /// Requests whose key was unknown, and which are in no window: with them every count is a lower bound (RM-5).
  private(set) var unattributed = 0

  /// No request counted yet.
  init(_ limit: RateLimit, model: RateModel) {
    self.limit = limit.limit
    window = limit.window
    interval = if case .interval(let checkInterval) = model { max(1, checkInterval) } else { 0 }
  }

  /// Number of aggregation instances with requests in their windows.
  var instanceCount: Int { indices.count }

  /// Requests of one aggregation instance.
  private struct Instance {
    /// Requests that certainly count.
    var certain = TimeWindow()
    /// Requests that may count, besides those that certainly do.
    var possible = TimeWindow()
  }

  /// Counts a request and tells whether it is limited.
  ///
  /// - Parameters:
  ///   - key: Typed key of the aggregation instance.
  ///   - time: Milliseconds since the epoch, not earlier than in any call before.
  ///   - counts: Whether the request counts: `.certain`, or `.possible` where reaching the rule or its scope-down is in doubt.
  ///   - given: The same under the condition that evaluation comes to the rule.
  /// - Returns: The outcome under that condition, and the certain number of requests in the window.
  mutating func count(_ key: [UInt8], at time: Int64, counts: Certainty, given: Outcome) -> (outcome: Outcome, count: Int) {
    sweep(at: time)
    let index = instance(for: key)
    let outcome: Outcome
    let certain: Int
    if interval == 0 {
      // Half open: a request exactly one window old has left it.
      instances[index].certain.drop(through: saturating(time, minus: window))
      instances[index].possible.drop(through: saturating(time, minus: window))
      certain = instances[index].certain.count + 1
      outcome = limited(certain: certain, possible: certain + instances[index].possible.count, given)
      add(time, counts, to: index)
    } else {
      let check = time - ((time % interval) + interval) % interval
      instances[index].certain.drop(through: saturating(check, minus: window))
      instances[index].possible.drop(through: saturating(check, minus: window))
      certain = instances[index].certain.count(before: check)
      outcome = limited(certain: certain, possible: certain + instances[index].possible.count(before: check), given)
      add(time, counts, to: index)
    }
    return (outcome, certain)
  }

  /// Notes a request whose key is unknown.
  mutating func addUnattributed() { unattributed += 1 }

  private func limited(certain: Int, possible: Int, _ given: Outcome) -> Outcome {
    if certain > limit { return given }
    return possible > limit ? min(given, .undetermined) : .miss
  }

  private mutating func add(_ time: Int64, _ counts: Certainty, to index: Int) {
    switch counts {
    case .certain: instances[index].certain.add(time)
    case .possible: instances[index].possible.add(time)
    case .no: break
    }
  }

  private mutating func instance(for key: [UInt8]) -> Int {
    if let known = indices[key] { return known }
    let index: Int
    if let reused = free.popLast() {
      index = reused
    } else {
      index = instances.count
      instances.append(Instance())
    }
    indices[key] = index
    return index
  }

  /// Forgets instances without any request in their windows, so that memory follows the window and not the log (RM-2).
  private mutating func sweep(at time: Int64) {
    guard time >= nextSweep else { return }
    let horizon = saturating(time, minus: window + interval)
    nextSweep = time.addingReportingOverflow(window).partialValue
    for (key, index) in indices where instances[index].certain.isOver(at: horizon) && instances[index].possible.isOver(at: horizon) {
      indices[key] = nil
      instances[index] = Instance()
      free.append(index)
    }
  }

  private func saturating(_ time: Int64, minus span: Int64) -> Int64 {
    let difference = time.subtractingReportingOverflow(span)
    return difference.overflow ? .min : difference.partialValue
  }
}

/// Times of requests in ascending order, as runs of equal times.
struct TimeWindow {
  private var runs: [(time: Int64, count: Int)] = []
  /// Runs before it have left the window.
  private var head = 0
  /// Number of requests.
  private(set) var count = 0

  /// Adds a request; `time` is not earlier than any before.
  mutating func add(_ time: Int64) {
    count += 1
    if head < runs.count, runs[runs.count - 1].time == time {
      runs[runs.count - 1].count += 1
    } else {
      runs.append((time, 1))
    }
  }

  /// Drops the requests at or before `time`.
  mutating func drop(through time: Int64) {
    while head < runs.count, runs[head].time <= time {
      count -= runs[head].count
      head += 1
    }
    if head == runs.count {
      runs.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 64, head * 2 > runs.count {
      runs.removeFirst(head)
      head = 0
    }
  }

  /// Number of requests before `time`.
  func count(before time: Int64) -> Int {
    var result = count
    var index = runs.count
    while index > head, runs[index - 1].time >= time {
      index -= 1
      result -= runs[index].count
    }
    return result
  }

  /// Whether no request is later than `time`.
  func isOver(at time: Int64) -> Bool { head == runs.count || runs[runs.count - 1].time <= time }
}
