internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFModel
internal import WAFReplay
internal import WAFRequest

// The rows of what is told of rules beyond their counts.
extension DatabaseReport {
  func minutes(_ metrics: Metrics) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for (series, points) in metrics.sorted {
      let rule: SQLiteDatabase.Value
      switch series.subject {
      case .webACL: rule = .null
      case .rule(let index): rule = .rule(index)
      case .defaultAction: rule = defaultRule
      }
      for point in points {
        var row = SQLiteDatabase.Value.time(JSONReport.milliseconds(point.start))
        row += [rule, .text(series.name.rawValue)]
        rows.append(row + point.count.values)
      }
    }
    return rows
  }

  func tops(_ tally: Tally) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for index in program.rules.indices {
      let tops = tally.rules[index].tops
      for (kind, list) in [("client", tops.clients), ("path", tops.paths), ("user_agent", tops.userAgents), ("country", tops.countries)] {
        for (rank, item) in list.top(Self.topCount).enumerated() {
          let value = kind == "client" ? redaction.show(client: item.value, limit: Self.valueLimit) : shown(item.value)
          rows.append([.rule(index), .text(kind), .number(rank + 1), .text(value), .number(item.records), .number(item.recordsAtMost)])
        }
      }
    }
    return rows
  }

  func rateKeys(_ rates: RateLedger) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for ledger in rates.rules {
      guard let statement = program.rules[ledger.rule].rate else { continue }
      for (rank, instance) in ledger.top(Self.topCount).enumerated() {
        let isShared = statement.aggregateKeyType == .constant
        let key = isShared ? "" : redaction.show(instance.key, of: statement, limit: Self.valueLimit)
        let row: SQLiteDatabase.Row = [.rule(ledger.rule), .number(rank + 1), .text(key), .number(instance.peak), .number(instance.limited)]
        rows.append(row + SQLiteDatabase.Value.time(instance.periods.first?.lowerBound))
      }
    }
    return rows
  }

  func transitions(_ agreement: Agreement) -> [SQLiteDatabase.Row] {
    agreement.sortedMatrix.map { cell, records in [name(cell.recorded), .text(cell.computed), .number(records)] }
  }

  func differences(_ agreement: Agreement) -> [SQLiteDatabase.Row] {
    agreement.sortedDifferences.map { kind, records in
      [name(kind.recorded), .text(kind.computed), .text(kind.difference.rawValue), .number(records)]
    }
  }

  func findings(_ tally: Tally) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for idle in tally.idleRules(of: program) {
      var row: SQLiteDatabase.Row = [.text(EvidenceKind.observed.rawValue), .text(idle.code), .rule(idle.rule)]
      row += [name(program.rules[idle.rule].displayName(in: program)), .text(idle.words(tally.summary))]
      rows.append(row + idle.reached.values + [.null, .null])
    }
    for proof in header.proofs {
      let finding = proof.finding
      var row: SQLiteDatabase.Row = [.text(EvidenceKind.proven.rawValue), .text(finding.code.rawValue), .null]
      row += [proof.rule.map { name($0) } ?? .null, .text(finding.message), .null, .null]
      rows.append(row + [name(finding.place.file), .number(finding.place.line)])
    }
    return rows
  }

  /// The verdict lines of samples as rows.
  func samples(_ lines: [UInt8]) -> [SQLiteDatabase.Row] {
    var parser = LineParser(format: .waf)
    var request = Request()
    var rows: [SQLiteDatabase.Row] = []
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      guard case .record = parser.parse(Array(line).span, into: &request) else { continue }
      let number = SQLiteDatabase.Value.number(rows.count + 1)
      rows.append([number] + row(of: request))
    }
    return rows
  }

  private func row(of request: Request) -> SQLiteDatabase.Row {
    var row = request.columns(redaction, limit: Self.valueLimit)
    let (action, rule) = request.recorded.map { (request.bytes[$0.action], request.bytes[$0.terminatingRuleID]) } ?? ([], [])
    row.append(.text(SafeText.escape(action.span)))
    row.append(rule.isEmpty ? .null : .text(SafeText.escape(rule.span)))
    return row
  }

  private func shown(_ value: [UInt8]) -> String { redaction.show(value, limit: Self.valueLimit) }
}
