import WAFBase
import WAFModel

@testable import WAFEngine

/// The windows of one rate-based rule, the obvious way: a dictionary of instances, each with every time in its windows.
struct OracleRateState {
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
    var certain = OracleTimeWindow()
    /// Requests that may count, besides those that certainly do.
    var possible = OracleTimeWindow()
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
      drop(through: time.subtractingReportingOverflow(window), from: index)
      certain = instances[index].certain.count + 1
      outcome = limited(certain: certain, possible: certain + instances[index].possible.count, given)
      add(time, counts, to: index)
    } else {
      let rest = time % interval
      let check = saturating(time, minus: rest < 0 ? rest + interval : rest)
      drop(through: check.subtractingReportingOverflow(window), from: index)
      certain = instances[index].certain.count(before: check)
      outcome = limited(certain: certain, possible: certain + instances[index].possible.count(before: check), given)
      add(time, counts, to: index)
    }
    return (outcome, certain)
  }

  /// Notes a request whose key is unknown.
  mutating func addUnattributed() { unattributed += 1 }

  /// Where the difference is below all times, nothing has left the window.
  private mutating func drop(through cut: (partialValue: Int64, overflow: Bool), from index: Int) {
    guard !cut.overflow else { return }
    instances[index].certain.drop(through: cut.partialValue)
    instances[index].possible.drop(through: cut.partialValue)
  }

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

  /// Forgets instances without any request in their windows, now and then.
  private mutating func sweep(at time: Int64) {
    guard time >= nextSweep else { return }
    let horizon = saturating(saturating(time, minus: window), minus: interval)
    nextSweep = time.addingReportingOverflow(window).partialValue
    guard horizon > .min else { return }
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
struct OracleTimeWindow {
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
