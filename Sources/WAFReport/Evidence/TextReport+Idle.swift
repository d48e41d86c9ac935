internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// Rules that did nothing: what was observed and what is proven, kept apart.
extension TextReport {
  /// Rows told of each kind.
  private static let rowsShown = 20
  /// Idle rules of one group that are told one by one, at most one less.
  private static let foldedRules = 4

  func idle(_ tally: Tally) -> Section {
    let rows = observedRows(tally)
    var lines: [String] = []
    if !rows.isEmpty {
      lines.append("  Observed \(tally.summary.observedWindow), which proves nothing of other traffic:")
      var table = TextTable([.name, .left], width: Self.width - 2)
      for row in rows.prefix(Self.rowsShown) { table.add(row) }
      lines += table.lines.map { "  " + $0 }
      if rows.count > Self.rowsShown { lines.append("    and \(Figures.count(rows.count - Self.rowsShown, "more row")); all are in -o json") }
    }
    if !header.proofs.isEmpty {
      lines.append("  Proven from the rules alone, for any traffic (wafcast check tells more):")
      for proof in header.proofs.prefix(Self.rowsShown) {
        let subject = proof.rule.map { name($0) + ": " } ?? ""
        lines += wrapped("\(subject)\(proof.finding.message) (\(proof.finding.code.rawValue), \(proof.finding.place))", indentation: 4)
      }
      if header.proofs.count > Self.rowsShown {
        lines.append("    and \(Figures.number(header.proofs.count - Self.rowsShown)) more; all are in -o json")
      }
    }
    if !rows.isEmpty { lines += wrapped("Counts alone are no reason to delete a rule: it may wait for what has not come yet.", indentation: 2) }
    return Section(title: "Rules that did nothing", lines: lines)
  }

  /// One row a rule; one for all of a group where they are many.
  private func observedRows(_ tally: Tally) -> [[String]] {
    let idle = tally.idleRules(of: program)
    var rows: [[String]] = []
    var index = 0
    while index < idle.count {
      let group = program.rules[idle[index].rule].group
      var end = index + 1
      while group != nil, end < idle.count, program.rules[idle[end].rule].group == group { end += 1 }
      if let group, end - index >= Self.foldedRules {
        rows += foldedRows(idle[index..<end], of: group)
      } else {
        rows += idle[index..<end].map { [name(program.rules[$0.rule].displayName(in: program), limit: 40), words($0)] }
      }
      index = end
    }
    return rows
  }

  private func foldedRows(_ idle: ArraySlice<IdleRule>, of group: Int) -> [[String]] {
    let title = name(program.rules[group].name, limit: 40)
    let parts = [(idle.filter(\.isReached), "never matched"), (idle.filter { !$0.isReached }, "never reached")]
    return parts.filter { !$0.0.isEmpty }.map { rules, words in
      let most = rules.map(\.reached.high).max() ?? 0
      return ["\(Figures.count(rules.count, "rule")) of \(title)", words + (most > 0 ? "; up to \(Figures.number(most)) reached each" : "")]
    }
  }

  private func words(_ idle: IdleRule) -> String {
    guard !idle.isReached else {
      let count = idle.reached.low == 0 ? "at most \(Figures.number(idle.reached.high))" : Figures.bounds(idle.reached)
      return "never matched; \(count) reached it"
    }
    guard let first = idle.endedBy.first else { return "never reached" }
    let others = idle.endedBy.count > 1 ? " and others" : ""
    return "never reached: \(name(program.rules[first.rule].name, limit: 24)) (\(Figures.number(first.records)))\(others) ended before"
  }
}
