internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay
internal import WAFRequest

extension DiffReport {
  /// The comparison as an SQLite database, whose tables `DiffSchema` tells: the same bytes for the same result.
  ///
  /// - Throws: When there is no memory for it.
  public func database(_ result: ReplayResult) throws(OutputFailure) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    let database = try SQLiteDatabase()
    try database.execute(DiffSchema.statements)
    // One transaction: the library would end one after each row.
    try database.execute("BEGIN")
    try database.insert(into: "run", [run(result, diff.transitions)])
    try database.insert(into: "side", [row("base", base.header), row("head", head.header)])
    try database.insert(into: "outcome", outcomes("base", diff.tally) + outcomes("head", result.tally))
    try database.insert(
      into: "transition", diff.transitions.sortedCells.map { [.text($0.base.logName), .text($0.head.logName)] + $1.values })
    try database.insert(into: "change", Change.allCases.map { row($0, diff.transitions.changes[$0]) })
    let tallies = Change.allCases.compactMap { change in diff.transitions.changes[change].map { (change, $0) } }
    try database.insert(into: "change_top", tallies.flatMap { tops($0, $1) })
    try database.insert(into: "change_sample", tallies.flatMap { change, tally in tally.samples.map { row(change, $0) } })
    let changes = ruleChanges?.changes ?? []
    try database.insert(into: "rule_change", changes.map { [.text($0.subject), .text($0.kind.rawValue), .text($0.text)] })
    try database.execute("COMMIT")
    return try database.bytes()
  }

  private func run(_ result: ReplayResult, _ transitions: Transitions) -> SQLiteDatabase.Row {
    let summary = result.tally.summary
    let counts = [summary.files, summary.records, summary.bad, summary.skipped, summary.filtered, summary.isIncomplete ? 1 : 0]
    var row: SQLiteDatabase.Row = [.text(head.header.version)] + counts.map { .number($0) }
    row += SQLiteDatabase.Value.time(summary.from) + SQLiteDatabase.Value.time(summary.until)
    return row + [.number(transitions.records), .number(transitions.otherRules)]
  }

  private func row(_ side: String, _ header: ReportHeader) -> SQLiteDatabase.Row {
    let changes: SQLiteDatabase.Value = header.changes.isEmpty ? .null : .text(SafeText.escape(header.changes.joined(separator: ", ")))
    return [
      .text(side), .text(SafeText.escape(header.aclName)), .text(header.sha256), header.capacity.exactly.map { .number($0) } ?? .null,
      .number(header.capacity.units), changes,
    ]
  }

  private func outcomes(_ side: String, _ tally: Tally) -> [SQLiteDatabase.Row] {
    ActionKind.allCases.compactMap { kind in tally.actions[kind].map { [.text(side), .text(kind.logName)] + $0.values } }
  }

  private func row(_ change: Change, _ tally: ChangeTally?) -> SQLiteDatabase.Row {
    [.text(change.rawValue)] + (tally?.records ?? Bounds()).values + [.number(tally?.clients.count ?? 0)]
  }

  private func tops(_ change: Change, _ tally: ChangeTally) -> [SQLiteDatabase.Row] {
    values(change, tally).map { [.text(change.rawValue), .text($0.kind), .number($0.rank), .text($0.text)] + $0.records.values }
  }

  private func row(_ change: Change, _ sample: ChangeSample) -> SQLiteDatabase.Row {
    var row: SQLiteDatabase.Row = [.text(change.rawValue), .text(SafeText.escape(sample.file.span)), .number(sample.line)]
    row += sample.request.columns(redaction, limit: DatabaseReport.valueLimit)
    for (side, decision) in [(base, sample.base), (head, sample.head)] {
      row.append(.text(decision.actions.kinds.map(\.logName).joined(separator: " or ")))
      row.append(decision.rule == nil ? .null : .text(side.name(of: decision.rule)))
    }
    return row + [.text(command(sample, options: head.options))]
  }
}
