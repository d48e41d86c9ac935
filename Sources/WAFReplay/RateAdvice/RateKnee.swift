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

  /// How many keys may be above the knee.
  static func mostAbove(of keys: Int) -> Int { min(max(keysAboveLimit, keys / 100), max(keys - 1, 0)) }

  /// Looks for a gap between peaks of neighbours; nil where none is wide enough.
  ///
  /// Peaks below the least limit count as that limit, since no rule can tell them apart.
  ///
  /// - Parameters:
  ///   - peaks: Highest count of each key, the highest first.
  ///   - unhealthy: How many of the first are of clients that are not healthy. Above the first healthy one it is the lowest gap that counts, so that
  ///     as many of them as stand clear of the others are above it; where there is none, and for 0, it is the widest of all by factor.
  ///   - ladder: The limits to choose from.
  init?(peaks: [Int], unhealthy: Int = 0, ladder: LimitLadder) {
    let most = Self.mostAbove(of: peaks.count)
    var best: (above: Int, upper: Int, lower: Int)?
    for position in stride(from: 1, through: most, by: 1) {
      let (upper, lower) = (peaks[position - 1], max(peaks[position], LimitLadder.least))
      guard upper / Self.leastFactor >= lower else { continue }
      if let known = best, position > unhealthy {
        // Not below a gap that has unhealthy clients only above it.
        if known.above <= unhealthy { break }
        if upper.multipliedFullWidth(by: known.lower) <= known.upper.multipliedFullWidth(by: lower) { continue }
      }
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
