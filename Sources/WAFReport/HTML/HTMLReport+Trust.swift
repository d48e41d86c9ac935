internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// How far the figures can be trusted: what AWS decided, and what the log does not tell.
extension HTMLReport {
  func trust(_ tally: Tally) -> Section? {
    guard tally.summary.records > 0 else { return nil }
    return Section(id: "trust", title: "Can these figures be trusted?") { writer in
      writeAgreement(tally.agreement, to: &writer)
      writeGaps(tally, to: &writer)
    }
  }

  private func writeAgreement(_ agreement: Agreement, to writer: inout HTMLWriter) {
    writer.element("h3", text: "Agreement with what AWS decided")
    guard agreement.compared > 0 || agreement.undetermined > 0 else {
      let foreign = agreement.foreignRecords > 0 ? "All decisions in it are of other web ACLs." : "It holds no decisions."
      writer.element(
        "p",
        text: "This log cannot prove the verdicts. \(foreign) Replay AWS WAF logs of this web ACL, and each verdict is compared with that of AWS.")
      return writeForeign(agreement, to: &writer)
    }
    if agreement.compared > 0 {
      let share = Figures.share(agreement.agree, of: agreement.compared)
      writer.element(
        "p",
        text:
          "\(share) got the same action by the same rule as at AWS: \(Figures.number(agreement.agree)) of \(Figures.number(agreement.compared)) compared."
      )
    }
    if agreement.undetermined > 0 {
      writer.element("p", text: "\(Figures.count(agreement.undetermined, "request")) could not be compared, since our verdict is open.")
    }
    var differences = HTMLTable(
      "Where they differ", [("Recorded by AWS", false), ("Computed", false), ("Requests", true), ("Of those compared", true), ("Why", false)],
      limit: 50)
    for (kind, records) in agreement.sortedDifferences {
      let share = HTMLCell.share(Bounds(low: records, high: records), of: agreement.compared)
      differences.add([.action(name(kind.recorded, limit: 20)), .action(kind.computed), .count(records), share, .text(kind.difference.explanation)])
    }
    if !differences.isEmpty { differences.write(to: &writer) }
    Folded.write("Each recorded action beside the computed one", to: &writer) { writer in matrix(agreement).write(to: &writer) }
    writeForeign(agreement, to: &writer)
  }

  private func matrix(_ agreement: Agreement) -> HTMLTable {
    var table = HTMLTable("Transitions from recorded to computed", [("Recorded by AWS", false), ("Computed", false), ("Requests", true)], limit: 50)
    for (cell, records) in agreement.sortedMatrix {
      table.add([.action(name(cell.recorded, limit: 20)), .action(cell.computed), .count(records)])
    }
    return table
  }

  private func writeForeign(_ agreement: Agreement, to writer: inout HTMLWriter) {
    guard agreement.foreignRecords > 0 else { return }
    var table = HTMLTable("Decisions of other web ACLs, not compared", [("Web ACL", false), ("Requests", true)], limit: 20)
    for (id, records) in agreement.sortedForeign { table.add([.code(SafeText.escape(id.span, limit: 200)), .count(records)]) }
    Folded.write("\(Figures.count(agreement.foreignRecords, "decision")) of other web ACLs, not compared (--web-acl picks one)", to: &writer) {
      table.write(to: &$0)
    }
  }

  private func writeGaps(_ tally: Tally, to writer: inout HTMLWriter) {
    let records = tally.summary.records
    writer.element("h3", text: "What the log leaves open")
    let open = tally.summary.undetermined
    let sentence =
      open == 0
      ? "The action of every request is certain."
      : "\(Figures.share(open, of: records)) of all requests, \(Figures.number(open)), may get more than one action."
    var table = HTMLTable(
      "Why rules stay open",
      [("Reason", false), ("Requests, at most in one rule", true), ("Of all requests", true), ("Rules", true), ("What would close the gap", false)])
    for reason in Reason.allCases {
      let counts = tally.rules.compactMap { $0.reasons[reason] }
      guard let most = counts.max() else { continue }
      let share = HTMLCell.share(Bounds(low: most, high: most), of: records)
      table.add([.code(reason.rawValue), .count(most), share, .count(counts.count), .text(reason.advice)])
    }
    writer.element("p", text: sentence + (table.isEmpty ? "" : " Single rules are open for these reasons:"))
    if !table.isEmpty { table.write(to: &writer) }
  }
}
