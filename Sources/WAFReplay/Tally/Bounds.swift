public import WAFEngine

/// A count that unknowns can move: at least `low`, at most `high`.
public struct Bounds: Equatable, Sendable {
  /// Records for which it certainly holds.
  public private(set) var low = 0
  /// Records for which it certainly or possibly holds.
  public private(set) var high = 0

  /// Nothing counted yet.
  public init() {}

  /// A count between two numbers.
  public init(low: Int, high: Int) {
    self.low = low
    self.high = high
  }

  /// Counts one record, or so many that are alike.
  public mutating func add(_ certainty: Certainty, times: Int = 1) {
    switch certainty {
    case .no: break
    case .possible: high += times
    case .certain:
      low += times
      high += times
    }
  }

  /// Counts the records of `other` too.
  public mutating func add(_ other: Bounds) {
    low += other.low
    high += other.high
  }

  /// Whether the count is certain.
  public var isExact: Bool { low == high }
}
