internal import WAFBase
internal import WAFModel
internal import WAFReplay

// How far verdicts agree with what AWS recorded.
extension TextReport {
  func agreement(_ agreement: Agreement) -> Section {
    var lines: [String] = []
    if agreement.compared > 0 {
      lines.append(
        "  \(Figures.share(agreement.agree, of: agreement.compared)) the same action by the same rule: "
          + "\(Figures.number(agreement.agree)) of \(Figures.number(agreement.compared)) compared")
    }
    if agreement.undetermined > 0 { lines.append("  \(Figures.count(agreement.undetermined, "request")) not compared, since our verdict is open") }
    lines += matrix(agreement)
    lines += differences(agreement)
    lines += otherWebACLs(agreement)
    return Section(title: "Agreement with what AWS decided", lines: lines)
  }

  /// One row for each recorded action, one column for each computed one.
  private func matrix(_ agreement: Agreement) -> [String] {
    let cells = agreement.sortedMatrix
    guard !cells.isEmpty else { return [] }
    let order = [ActionKind.allow, .block, .captcha, .challenge].map(\.logName) + [Agreement.undeterminedName]
    let columns = order.filter { name in cells.contains { $0.key.computed == name } }
    var rows: [String] = []
    for cell in cells where !rows.contains(cell.key.recorded) { rows.append(cell.key.recorded) }
    var table = TextTable([.left] + columns.map { _ in .right }, width: Self.width)
    table.add(["recorded ↓ computed →"] + columns.map { $0 == Agreement.undeterminedName ? "open" : $0 })
    for row in rows.prefix(Self.rowsShown) {
      let counts = columns.map { column in cells.first { $0.key.recorded == row && $0.key.computed == column }?.value ?? 0 }
      table.add([SafeText.escape(row, limit: 20)] + counts.map { $0 == 0 ? "" : Figures.number($0) })
    }
    return table.lines
  }

  /// Rows of a table that a hostile log could make long.
  private static let rowsShown = 10

  private func differences(_ agreement: Agreement) -> [String] {
    var table = TextTable([.right, .name], width: Self.width)
    for (kind, records) in agreement.sortedDifferences.prefix(Self.rowsShown) {
      let recorded = SafeText.escape(kind.recorded, limit: 20)
      table.add([Figures.number(records), "recorded \(recorded), computed \(kind.computed): \(kind.difference.explanation)"])
    }
    return table.lines
  }

  private func otherWebACLs(_ agreement: Agreement) -> [String] {
    guard agreement.foreignRecords > 0 else { return [] }
    var lines = ["  \(Figures.count(agreement.foreignRecords, "decision")) of other web ACLs, not compared (--web-acl picks one):"]
    for (id, records) in agreement.sortedForeign.prefix(Self.rowsShown) {
      lines += wrapped("\(Figures.number(records)) of \(SafeText.escape(id.span, limit: 200))", indentation: 4)
    }
    let rest = agreement.foreign.count - Self.rowsShown
    if rest > 0 { lines.append("    and \(Figures.number(rest)) more") }
    return lines
  }
}

extension Difference {
  /// What a person has to know of it.
  var explanation: String {
    switch self {
    case .rateTiming: "rate rules act with a delay at AWS"
    case .token: "only AWS can read tokens"
    case .ipReputation: "address lists change"
    case .managedNotRecorded: "AWS did not record the managed group"
    case .managedGroup: "a managed group decided"
    case .unknownRule: "the web ACL was another one then"
    case .otherRule: "another rule decided"
    case .otherAction: "see -o disagreements="
    }
  }
}
