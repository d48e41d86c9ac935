/// How many unreadable lines a run tolerates: `--max-bad N|P%`.
public struct BadLimit: Equatable, Sendable {
  private var amount: Int
  private var isShare: Bool

  /// One in a hundred.
  public static let standard = BadLimit(amount: 1_000_000, isShare: true)

  private init(amount: Int, isShare: Bool) {
    self.amount = amount
    self.isShare = isShare
  }

  /// The limit that `text` spells, a number or a share such as `0.5%`; nil for any other text.
  public init?(_ text: String) {
    isShare = text.hasSuffix("%")
    guard let amount = isShare ? DecimalShare.parse(text.dropLast()) : DecimalShare.parseInteger(text[...]) else { return nil }
    self.amount = amount
  }

  /// Whether there were more unreadable lines than that. A share is of the records and the unreadable lines.
  public func isExceeded(by summary: Summary) -> Bool {
    guard isShare else { return summary.bad > amount }
    let left = summary.bad.multipliedFullWidth(by: DecimalShare.whole)
    let right = amount.multipliedFullWidth(by: summary.records + summary.bad)
    return left.high != right.high ? left.high > right.high : left.low > right.low
  }
}
