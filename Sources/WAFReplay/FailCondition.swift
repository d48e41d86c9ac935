internal import WAFModel

/// A condition of `--fail-on`: what makes the answer of a replay "no".
///
///     condition  = name [ operator number [ "%" ] ]      without an operator: > 0
///     name       = action | "undetermined" | "bad" | "agreement" | "late" | change
///     action     = "allow" | "block" | "captcha" | "challenge"
///     change     = "new-allow" | "new-block" | "new-challenge"          of a comparison of two web ACLs
///     operator   = ">" | ">=" | "<" | "<=" | "=" | "!="
///
/// A share of records is of the records evaluated, that of `bad` of the records and the bad lines, that of `agreement` of the records
/// compared. An interval holds the condition when its worse end does: an action that is possible may be the one that was feared.
public struct FailCondition: Equatable, Sendable {
  /// The text as given.
  public var text: String
  private var quantity: Quantity
  private var comparison: Comparison
  /// In millionths of a percent for shares, else the number.
  private var threshold: Int
  private var isShare: Bool

  enum Quantity: Equatable, Sendable {
    case action(ActionKind)
    case undetermined, bad, agreement, late
    case change(Change)
  }

  enum Comparison: String, CaseIterable, Sendable {
    // Longer operators first, since each is looked for at the head of the rest.
    case atLeast = ">="
    case atMost = "<="
    case different = "!="
    case more = ">"
    case less = "<"
    case equal = "="

    func holds(_ left: Int, _ right: Int) -> Bool {
      switch self {
      case .atLeast: left >= right
      case .atMost: left <= right
      case .different: left != right
      case .more: left > right
      case .less: left < right
      case .equal: left == right
      }
    }
  }

  /// The names a condition may begin with.
  public static let names = ["allow", "block", "captcha", "challenge", "undetermined", "bad", "agreement", "late"]

  /// The names of conditions on a comparison.
  public static let changeNames = Change.allCases.map(\.rawValue)

  /// The condition that `text` spells; nil for any other text.
  public init?(_ text: String) {
    let start = text.firstIndex { ">=<!".contains($0) } ?? text.endIndex
    guard let quantity = Quantity(name: String(text[..<start])) else { return nil }
    self.text = text
    self.quantity = quantity
    var rest = text[start...]
    guard !rest.isEmpty else {
      // "agreement" alone says nothing: more than zero is what one hopes for.
      guard quantity != .agreement else { return nil }
      (comparison, threshold, isShare) = (.more, 0, false)
      return
    }
    guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else { return nil }
    rest = rest.dropFirst(comparison.rawValue.count)
    isShare = rest.hasSuffix("%")
    if isShare { rest = rest.dropLast() }
    guard let threshold = isShare ? DecimalShare.parse(rest) : DecimalShare.parseInteger(rest) else { return nil }
    self.comparison = comparison
    self.threshold = threshold
  }

  /// Whether it is about what changes between two web ACLs.
  public var isAboutChanges: Bool { if case .change = quantity { true } else { false } }

  /// Whether the result of a replay fulfils the condition, so that the run fails.
  ///
  /// - Parameter transitions: What a comparison found; without one no condition on it holds.
  public func holds(for tally: Tally, _ transitions: Transitions? = nil) -> Bool {
    switch quantity {
    case .change(let change):
      guard let transitions else { return false }
      return holds(transitions.changes[change]?.records ?? Bounds(), of: transitions.records)
    case .action(let kind): return holds(tally.actions[kind] ?? Bounds(), of: tally.summary.records)
    case .undetermined: return holds(tally.summary.undetermined, of: tally.summary.records)
    case .bad: return holds(tally.summary.bad, of: tally.summary.records + tally.summary.bad)
    case .late: return holds(tally.summary.late, of: tally.summary.records)
    case .agreement:
      // Without a comparison there is nothing to fall short of.
      return tally.agreement.compared > 0 && holds(tally.agreement.agree, of: tally.agreement.compared)
    }
  }

  private func holds(_ bounds: Bounds, of total: Int) -> Bool { holds(bounds.low, of: total) || holds(bounds.high, of: total) }

  private func holds(_ count: Int, of total: Int) -> Bool {
    guard isShare else { return comparison.holds(count, threshold) }
    // count / total ∘ threshold / (100 %) without a division; of nothing the share is 0.
    let left = count.multipliedFullWidth(by: total == 0 ? 0 : DecimalShare.whole)
    let right = threshold.multipliedFullWidth(by: max(total, 1))
    if left.high != right.high { return comparison.holds(left.high, right.high) }
    return comparison.holds(left.low < right.low ? -1 : left.low > right.low ? 1 : 0, 0)
  }
}

extension FailCondition.Quantity {
  fileprivate init?(name: String) {
    switch name {
    case "allow": self = .action(.allow)
    case "block": self = .action(.block)
    case "captcha": self = .action(.captcha)
    case "challenge": self = .action(.challenge)
    case "undetermined": self = .undetermined
    case "bad": self = .bad
    case "agreement": self = .agreement
    case "late": self = .late
    default:
      guard let change = Change(rawValue: name) else { return nil }
      self = .change(change)
    }
  }
}

/// Shares as exact integers, so that 99.9 % is 99.9 %.
enum DecimalShare {
  /// 100 % in millionths of a percent.
  static let whole = 100_000_000

  /// `12`, `0.1` or `99.95` as millionths of a percent; nil for other text, more than six decimals, or a number above 100.
  static func parse(_ text: Substring) -> Int? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let units = parseInteger(parts[0]), units <= 100 else { return nil }
    guard parts.count == 2 else { return units * 1_000_000 }
    guard (1...6).contains(parts[1].utf8.count), let digits = parseInteger(parts[1]) else { return nil }
    let scale = (parts[1].utf8.count..<6).reduce(1) { product, _ in product * 10 }
    let share = units * 1_000_000 + digits * scale
    return share <= whole ? share : nil
  }

  /// Digits only: `Int` itself would take `+5`.
  static func parseInteger(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
    return Int(text)
  }
}
