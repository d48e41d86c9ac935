internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// Rate-based rules: who came near the limit, and when it held.
extension HTMLReport {
  private static let rateRulesShown = 50
  private static let keysShown = 10
  private static let periodsShown = 3

  func rates(_ result: ReplayResult) -> Section? {
    let rules = result.rates.rules.filter { program.rules[$0.rule].rate != nil }
    guard !rules.isEmpty, result.tally.summary.records > 0 else { return nil }
    return Section(id: "rates", title: "Rate-based rules") { writer in
      if result.tally.summary.late > 0 {
        let late = Figures.count(result.tally.summary.late, "request")
        writer.element("p", text: "\(late) out of order counted at a later time, so these are estimates (--reorder-window).")
      }
      for rule in rules.prefix(Self.rateRulesShown) { write(rule, result.tally, to: &writer) }
      if rules.count > Self.rateRulesShown {
        writer.element("p", .class("cut"), text: "\(Self.rateRulesShown) of \(Figures.number(rules.count)) rate-based rules shown.")
      }
    }
  }

  private func write(_ ledger: RateLedger.RuleLedger, _ tally: Tally, to writer: inout HTMLWriter) {
    guard let statement = program.rules[ledger.rule].rate else { return }
    let title = name(program.rules[ledger.rule].displayName(in: program), limit: 120)
    let limited = tally.rules[ledger.rule].matched
    writer.element("h3") { writer in
      writer.element("code", text: title)
      ActionMark.write(program.rules[ledger.rule].shownAction, to: &writer)
    }
    let noun = limited.high == 1 ? "request" : "requests"
    let limit = "More than \(Figures.number(statement.limit)) in \(statement.evaluationWindow) s by \(statement.aggregateKeyType.rawValue)"
    let keys = (ledger.isApproximate ? "more than " : "") + Figures.count(ledger.instanceCount, "key")
    writer.element("p", text: "\(limit): \(keys), \(Figures.bounds(limited)) \(noun) limited.")
    var table = HTMLTable(
      "Keys nearest to the limit",
      [
        ("Key", false), ("Peak in \(statement.evaluationWindow) s", true), ("Peak and limit", false), ("Limited", true),
        ("When limited (UTC)", false),
      ])
    let instances = ledger.top(Self.keysShown).filter { $0.peak > 0 }
    // All bars of a table on one scale, so that they compare.
    let scale = max(instances.map(\.peak).max() ?? 1, statement.limit)
    for instance in instances {
      let bar = HTMLCell.rate(peak: instance.peak, limit: statement.limit, scale: scale)
      table.add([
        .code(redaction.show(instance.key, of: statement, limit: 80)), .count(instance.peak), bar, .count(instance.limited),
        .text(periods(of: instance)),
      ])
    }
    table.leaveOut(ledger.instanceCount - table.count, atLeast: ledger.isApproximate)
    if !table.isEmpty { table.write(to: &writer) }
    writeCurve(ledger, statement, to: &writer)
  }

  /// What other limits would limit: a row a limit, so that the bars of the column are the curve.
  private func writeCurve(_ ledger: RateLedger.RuleLedger, _ statement: RateBasedStatement, to writer: inout HTMLWriter) {
    let curve = ledger.curve
    guard curve.contains(where: { $0.requests > 0 }) else { return }
    var table = HTMLTable(
      "Other limits in \(statement.evaluationWindow) s, and what they would limit",
      [("Limit", true), ("Keys limited", true), ("Requests limited", true), ("Of those counted", true), ("", false)])
    var shown = -1
    for point in curve where point.requests != shown || point.limit == statement.limit {
      shown = point.requests
      let counted = Bounds(low: point.requests, high: point.requests)
      table.add([
        .count(point.limit), .count(point.keys), .count(point.requests), .share(counted, of: ledger.countedRecords),
        .text(point.limit == statement.limit ? "the limit now" : ""),
      ])
    }
    writer.element("p", text: "What another limit would limit in the same \(statement.evaluationWindow) s:")
    table.write(to: &writer)
  }

  /// The first periods, such as `2026-03-03 10:00:00–10:05:12`, and how many more there are.
  private func periods(of instance: RateLedger.Instance) -> String {
    let texts = instance.periods.prefix(Self.periodsShown).map { period in
      let (first, last) = (HTMLPage.time(period.lowerBound), HTMLPage.time(period.upperBound))
      // The date once, where both have the same.
      let isSameDay = first.prefix(10) == last.prefix(10) && first.count == 19 && last.count == 19
      return first == last ? first : first + "–" + (isSameDay ? String(last.dropFirst(11)) : last)
    }
    let rest = instance.periods.count - texts.count
    return texts.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
