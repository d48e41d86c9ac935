/// Web ACL capacity units (WCU): what AWS WAF reckons for the work of a rule.
///
/// Source: AWS WAF Developer Guide, "Web ACL capacity units (WCUs) in AWS WAF".
public struct Capacity: Equatable, Sendable {
  /// Units; never negative. The largest integer stands for itself and everything above it.
  public var units: Int
  /// Whether it may be more, since the price of a part is not known offline (WC-11).
  public var isLowerBound: Bool

  /// So many units, or so many at least.
  public init(_ units: Int, isLowerBound: Bool = false) {
    self.units = units
    self.isLowerBound = isLowerBound
  }

  /// A price that nothing is known of.
  public static let unknown = Capacity(0, isLowerBound: true)

  /// Units of a web ACL or a rule group that the service takes.
  public static let limit = 5_000
  /// Units that the basic price of a web ACL includes (WC-7).
  public static let included = 1_500

  /// The units where they are certain.
  public var exactly: Int? { isLowerBound ? nil : units }

  /// What two parts cost together.
  public static func + (left: Capacity, right: Capacity) -> Capacity {
    // A group may declare any capacity, and an overflow would trap.
    let (sum, isOver) = left.units.addingReportingOverflow(right.units)
    return Capacity(isOver ? .max : sum, isLowerBound: left.isLowerBound || right.isLowerBound)
  }
}

extension Sequence<Capacity> {
  /// What all parts cost together.
  var sum: Capacity { reduce(Capacity(0), +) }
}

extension Capacity: CustomStringConvertible {
  /// `612`, or `at least 612`.
  public var description: String { isLowerBound ? "at least \(units)" : "\(units)" }
}
