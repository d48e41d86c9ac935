internal import WAFBase
public import WAFEngine
internal import WAFModel
public import WAFReplay

/// The result of a replay as an SQLite database, for questions that no report answers. `DatabaseSchema` tells its tables.
public struct DatabaseReport {
  /// Values of a top list.
  static let topCount = 100
  /// Characters of a value.
  static let valueLimit = 1_000

  let program: Program
  let header: ReportHeader
  let redaction: Redaction

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction) {
    self.program = program
    self.header = header
    self.redaction = redaction
  }

  /// The bytes of the database: the same for the same result.
  ///
  /// - Throws: When there is no memory for it.
  public func render(_ result: ReplayResult) throws(OutputFailure) -> [UInt8] {
    let database = try SQLiteDatabase()
    try database.execute(DatabaseSchema.statements)
    // One transaction: the library would end one after each row.
    try database.execute("BEGIN")
    let overlap = result.tally.overlapCounts
    try database.insert(into: "run", [run(result)])
    try database.insert(into: "outcome", outcomes(result.tally))
    try database.insert(into: "rule", rules(result.tally, unique: overlap.unique))
    try database.insert(into: "reason", reasons(result.tally))
    if let metrics = result.tally.metrics { try database.insert(into: "minute", minutes(metrics)) }
    try database.insert(into: "top", tops(result.tally))
    try database.insert(into: "rate_key", rateKeys(result.rates))
    try database.insert(
      into: "overlap", overlap.pairs.map { pair -> SQLiteDatabase.Row in [.rule(pair.first), .rule(pair.second)] + pair.records.values })
    try database.insert(into: "transition", transitions(result.tally.agreement))
    try database.insert(into: "difference", differences(result.tally.agreement))
    try database.insert(into: "finding", findings(result.tally))
    try database.insert(into: "sample", samples(result.samples))
    try database.execute("COMMIT")
    return try database.bytes()
  }

  /// The rule of the default action.
  var defaultRule: SQLiteDatabase.Value { .rule(program.rules.count) }

  func name(_ text: String) -> SQLiteDatabase.Value { .text(SafeText.escape(text)) }
}

extension SQLiteDatabase.Value {
  /// `rule.id`, from 1 in order of evaluation.
  static func rule(_ index: Int) -> Self { .number(index + 1) }
  /// A number that may be missing.
  static func optional(_ number: Int64?) -> Self { number.map { .number(Int($0)) } ?? .null }
  /// Milliseconds since the epoch as a number, and as text.
  static func time(_ time: Int64?) -> [Self] { [.optional(time), time.map { .text(Timestamp.iso8601($0)) } ?? .null] }
}

extension Bounds {
  /// The columns `low` and `high`.
  var values: SQLiteDatabase.Row { [.number(low), .number(high)] }
}

// MARK: - The run and its rules

extension DatabaseReport {
  private func run(_ result: ReplayResult) -> SQLiteDatabase.Row {
    let (summary, agreement) = (result.tally.summary, result.tally.agreement)
    var row: SQLiteDatabase.Row = [.text(header.version), name(header.aclName), .text(header.sha256)]
    row += [header.capacity.exactly.map { .number($0) } ?? .null, .number(header.capacity.units)]
    row.append(header.changes.isEmpty ? .null : name(header.changes.joined(separator: ", ")))
    for count in [
      summary.files, summary.records, summary.bad, summary.blank, summary.overlong, summary.skipped, summary.filtered, summary.isIncomplete ? 1 : 0,
      summary.filesIncomplete, summary.recordsUnverified, summary.late, summary.undetermined,
    ] { row.append(.number(count)) }
    row += SQLiteDatabase.Value.time(summary.from) + SQLiteDatabase.Value.time(summary.until)
    row += [.number(agreement.compared), .number(agreement.agree)]
    let metrics = result.tally.metrics
    return row + [metrics.map { .number(Int($0.period)) } ?? .null, metrics.map { .number($0.untimed) } ?? .null]
  }

  private func outcomes(_ tally: Tally) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for kind in ActionKind.allCases { if let bounds = tally.actions[kind] { rows.append([.text(kind.logName)] + bounds.values) } }
    return rows
  }

  private func rules(_ tally: Tally, unique: [Bounds]) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for (index, rule) in program.rules.enumerated() {
      var row: SQLiteDatabase.Row = [.rule(index), name(rule.name), rule.group.map { name(program.rules[$0].name) } ?? .null]
      row += [name(rule.displayName(in: program)), .number(rule.priority), rule.shownAction.map { .text($0) } ?? .null]
      row += counts(tally.rules[index]) + unique[index].values
      row.append(.number(tally.rules[index].undetermined))
      rows.append(row)
    }
    let byDefault = SQLiteDatabase.Value.text(Program.defaultActionName)
    var row: SQLiteDatabase.Row = [defaultRule, byDefault, .null, byDefault, .null, .text(program.defaultActionKind.logName)]
    row += counts(tally.defaultAction)
    rows.append(row + [.null, .null, .number(tally.defaultAction.undetermined)])
    return rows
  }

  private func counts(_ tally: RuleTally) -> SQLiteDatabase.Row {
    [tally.reached, tally.matched, tally.terminated, tally.counted].flatMap(\.values)
  }

  private func reasons(_ tally: Tally) -> [SQLiteDatabase.Row] {
    var rows: [SQLiteDatabase.Row] = []
    for index in program.rules.indices {
      for reason in Reason.allCases {
        if let records = tally.rules[index].reasons[reason] { rows.append([.rule(index), .text(reason.rawValue), .number(records)]) }
      }
    }
    return rows
  }
}
