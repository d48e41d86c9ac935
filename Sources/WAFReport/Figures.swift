internal import WAFReplay

/// Numbers as people read them; the same in every locale.
enum Figures {
  /// `412,600`.
  static func number(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `120`, or `120…180` where unknowns can move it.
  static func bounds(_ bounds: Bounds) -> String {
    bounds.isExact ? number(bounds.low) : number(bounds.low) + "…" + number(bounds.high)
  }

  /// `99.1 %` of `total`, cut and not rounded, so that 100 % means all; `<0.1 %` for the least.
  static func share(_ value: Int, of total: Int) -> String {
    guard total > 0 else { return "–" }
    let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
    let permille = overflow ? value / (total / 1000) : product / total
    if permille == 0, value > 0 { return "<0.1 %" }
    return "\(permille / 10).\(permille % 10) %"
  }

  /// `0.8…0.9 %`.
  static func share(_ bounds: Bounds, of total: Int) -> String {
    let (low, high) = (share(bounds.low, of: total), share(bounds.high, of: total))
    if bounds.isExact || low == high { return high }
    return (low.hasSuffix(" %") ? String(low.dropLast(2)) : low) + "…" + high
  }

  /// `1 file`, `2 files`.
  static func count(_ value: Int, _ noun: String) -> String { count(value, noun, noun + "s") }

  /// `1 leaf`, `2 leaves`.
  static func count(_ value: Int, _ one: String, _ many: String) -> String { number(value) + " " + (value == 1 ? one : many) }
}
