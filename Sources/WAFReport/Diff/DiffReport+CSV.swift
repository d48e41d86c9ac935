internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay

extension DiffReport {
  /// The comparison as one table for spreadsheets.
  ///
  ///     change      dimension  value           records_low  records_high
  ///     transition  action     ALLOW to BLOCK  465          465
  ///     new-block   all                        465          465
  ///     new-block   path       /download       121          121
  ///
  /// Beside `all` the dimensions are `rule`, `client`, `network`, `path`, `country` and `user_agent`, of what certainly changes. `same-action` counts
  /// requests that get the same action by another rule. Values from logs are inert, and their secrets masked.
  public func csv(_ result: ReplayResult) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    var table = CSVTable()
    table.add(["change", "dimension", "value", "records_low", "records_high"].map { .text($0) })
    func add(_ change: String, _ dimension: String, _ value: String?, _ bounds: Bounds) {
      table.add([.text(change), .text(dimension), value.map { .text($0) } ?? .empty, .number(bounds.low), .number(bounds.high)])
    }
    for (cell, bounds) in diff.transitions.sortedCells { add("transition", "action", "\(cell.base.logName) to \(cell.head.logName)", bounds) }
    let other = diff.transitions.otherRules
    add("same-action", "other-rule", nil, Bounds(low: other, high: other))
    for change in Change.allCases {
      let tally = diff.transitions.changes[change]
      add(change.rawValue, "all", nil, tally?.records ?? Bounds())
      for value in tally.map({ values(change, $0) }) ?? [] { add(change.rawValue, value.kind, value.text, value.records) }
    }
    return table.bytes
  }

  /// One of the most frequent values of a change.
  struct ChangedValue {
    /// `rule`, `client`, `network`, `path`, `country` or `user_agent`.
    var kind: String
    /// From 1, among those of its kind.
    var rank: Int
    /// Inert.
    var text: String
    var records: Bounds
  }

  /// Values of a kind, and characters of one.
  private static let (valueCount, valueLimit) = (100, 1_000)

  /// The most frequent values of each kind.
  func values(_ change: Change, _ tally: ChangeTally) -> [ChangedValue] {
    var values = rules(change, tally).enumerated().map {
      ChangedValue(kind: "rule", rank: $0 + 1, text: $1.name, records: Bounds(low: $1.records, high: $1.records))
    }
    func add(_ kind: String, _ list: TopList, _ show: ([UInt8]) -> String) {
      for (rank, item) in list.top(Self.valueCount).enumerated() {
        let records = Bounds(low: item.records, high: item.recordsAtMost)
        values.append(ChangedValue(kind: kind, rank: rank + 1, text: show(item.value), records: records))
      }
    }
    add("client", tally.clients) { redaction.show(client: $0, limit: Self.valueLimit) }
    add("network", tally.networks) { redaction.show(client: $0, limit: Self.valueLimit) }
    add("path", tally.paths) { redaction.show($0, limit: Self.valueLimit) }
    add("country", tally.countries) { redaction.show($0, limit: Self.valueLimit) }
    add("user_agent", tally.userAgents) { redaction.show($0, limit: Self.valueLimit) }
    return values
  }
}

extension Transitions {
  /// The cells in the order of actions.
  var sortedCells: [(Cell, Bounds)] {
    ActionKind.allCases.flatMap { from in
      ActionKind.allCases.compactMap { to in cells[Cell(base: from, head: to)].map { (Cell(base: from, head: to), $0) } }
    }
  }
}
