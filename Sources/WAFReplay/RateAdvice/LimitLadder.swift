/// The limits for which a curve is counted: some a decade, over the whole range that AWS WAF takes.
public struct LimitLadder: Equatable, Sendable {
  /// Rising; the first is the least that a rate-based rule can have.
  public let limits: [Int]

  /// The least limit of a rate-based rule. Source: AWS WAFV2 API reference, `RateBasedStatement.Limit`.
  public static let least = 10
  /// The greatest one.
  public static let greatest = 2_000_000_000

  /// A ladder.
  ///
  /// - Parameter own: A limit that has to be on it; nil for none.
  public init(including own: Int? = nil) {
    var limits = Self.usual
    if let own {
      let place = limits.firstIndex { $0 >= own } ?? limits.count
      if place == limits.count || limits[place] != own { limits.insert(own, at: place) }
    }
    self.limits = limits
  }

  /// Made once, since every rate-based rule of every replay has a ladder.
  private static let usual: [Int] = {
    var limits: [Int] = []
    var decade = least
    while decade <= greatest {
      // Steps of at most two thirds: between two counts of which one is twice the other there is always a limit.
      for step in [10, 15, 20, 30, 50, 70] where decade / 10 * step <= greatest { limits.append(decade / 10 * step) }
      decade *= 10
    }
    return limits
  }()

  /// How many of the limits a count exceeds: the rule matches where the count is greater than the limit (evaluation.md 7.4).
  @inline(__always)
  func exceeded(by count: Int) -> Int {
    // Nearly all counts are small.
    guard count > Self.least else { return 0 }
    var (low, high) = (0, limits.count)
    while low < high {
      let middle = (low + high) / 2
      if limits[middle] < count { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// For each limit the requests over it, of the numbers of requests that exceed none, one, two … of the limits.
  static func requestsOver(_ exceeding: [Int]) -> [Int] {
    var sums = [Int](repeating: 0, count: exceeding.count - 1)
    var sum = 0
    for limit in sums.indices.reversed() {
      sum += exceeding[limit + 1]
      sums[limit] = sum
    }
    return sums
  }
}
