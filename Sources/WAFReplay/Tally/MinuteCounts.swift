internal import WAFEngine

/// Counts classified records by verdict and minute, of which metrics are made later: a record costs one look-up, however many series it is part of.
struct MinuteCounts {
  /// Pairs held at most.
  static let limit = 100_000

  private var counts: [Key: (time: Int64?, records: Int)] = [:]

  private struct Key: Hashable {
    var verdict: Int
    /// Nil for records without a time.
    var minute: Int64?
  }

  /// Counts a record with a verdict, by its number, at a time in milliseconds since the epoch.
  mutating func add(verdict: Int, at time: Int64?) {
    // Rounded down, also before the epoch.
    let minute = time.map { $0 / 60_000 - ($0 % 60_000 < 0 ? 1 : 0) }
    counts[Key(verdict: verdict, minute: minute), default: (time, 0)].records += 1
  }

  /// Whether it is time to make metrics of them.
  var isFull: Bool { counts.count >= Self.limit }

  /// Adds what was counted to `metrics`, with the verdicts by their numbers, and starts again.
  mutating func move(to metrics: inout Metrics, verdicts: [Verdict], by program: Program) {
    for (key, count) in counts { metrics.add(verdicts[key.verdict], at: count.time, by: program, times: count.records) }
    counts.removeAll(keepingCapacity: true)
  }
}
