/// The gap between what most keys do and what a few do: a limit inside it stops the few and nobody else.
public struct RateKnee: Equatable, Sendable {
  /// The limit to choose: between the two peaks, about as far from either by factor.
  public let limit: Int
  /// Peak of the busiest key below the gap; 0 where there is none.
  public let lower: Int
  /// Peak of the quietest key above it.
  public let upper: Int
  /// Keys above it.
  public let keysAbove: Int

  /// The gap has at least this factor.
  public static let leastFactor = 2
  /// So many keys may be above it, or one in a hundred where that is more.
  public static let keysAboveLimit = 10

  /// Looks for the widest gap, by factor, between peaks of neighbours; nil where none is wide enough.
  ///
  /// Peaks below the least limit count as that limit, since no rule can tell them apart.
  ///
  /// - Parameters:
  ///   - peaks: Highest count of each key, the highest first.
  ///   - ladder: The limits to choose from.
  ///   - above: Most keys that may be above the gap; nil for the usual number.
  init?(peaks: [Int], ladder: LimitLadder, above: Int? = nil) {
    let most = min(above ?? max(Self.keysAboveLimit, peaks.count / 100), peaks.count - 1)
    var best: (above: Int, upper: Int, lower: Int)?
    for position in stride(from: 1, through: most, by: 1) {
      let (upper, lower) = (peaks[position - 1], max(peaks[position], LimitLadder.least))
      guard upper >= Self.leastFactor * lower else { continue }
      if let known = best, upper.multipliedFullWidth(by: known.lower) <= known.upper.multipliedFullWidth(by: lower) { continue }
      best = (position, upper, lower)
    }
    guard let best else { return nil }
    (keysAbove, lower, upper) = (best.above, peaks[best.above], best.upper)
    // The steps of the ladder are smaller than the least factor: one of them is in the gap.
    let inside = ladder.limits.filter { $0 >= best.lower && $0 < best.upper }
    guard let first = inside.first else { return nil }
    limit = inside.last { $0.multipliedFullWidth(by: $0) <= best.lower.multipliedFullWidth(by: best.upper) } ?? first
  }
}

/// Orders products of two numbers.
private func <= (left: (high: Int, low: UInt), right: (high: Int, low: UInt)) -> Bool {
  left.high != right.high ? left.high < right.high : left.low <= right.low
}
