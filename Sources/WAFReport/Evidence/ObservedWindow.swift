internal import WAFReplay

extension Summary {
  /// How long the traffic was observed, such as `in 31 days`: the time from its first to its last request, rounded; `in this traffic` where it tells
  /// no times.
  var observedWindow: String {
    guard let from, let until else { return "in this traffic" }
    let (span, overflow) = until.subtractingReportingOverflow(from)
    let seconds = overflow ? Int64.max / 1_000 : span / 1_000
    // From twice the unit on, so that rounding changes a third at most.
    for (length, noun) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] as [(Int64, String)] where seconds >= 2 * length - length / 2 {
      return "in " + Figures.count(Int((seconds + length / 2) / length), noun)
    }
    return "in " + Figures.count(Int(max(seconds, 1)), "second")
  }
}

/// A rule that matched nothing, in words.
extension IdleRule {
  /// `never matched in 31 days; 412,000,000 requests reached it`.
  func words(_ summary: Summary) -> String {
    guard isReached else { return "never reached \(summary.observedWindow)" }
    let atMost = reached.low == 0 ? "at most " : ""
    return "never matched \(summary.observedWindow); \(atMost)\(reached.low == 0 ? Figures.number(reached.high) : Figures.bounds(reached)) "
      + (reached.high == 1 ? "request" : "requests") + " reached it"
  }
}
