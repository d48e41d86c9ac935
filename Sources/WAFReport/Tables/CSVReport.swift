internal import WAFBase
public import WAFEngine
internal import WAFModel
public import WAFReplay

/// The rules of a replay as a table for spreadsheets: one line a rule in order of evaluation, the default action last.
///
/// Counts that unknowns can move have two columns, `_low` and `_high`. Values from logs are shown as in the text report: inert, secrets masked.
public struct CSVReport {
  /// Characters of a value.
  private static let valueLimit = 1_000

  private let program: Program
  private let redaction: Redaction

  /// A report on replays of `program`.
  public init(program: Program, redaction: Redaction) {
    self.program = program
    self.redaction = redaction
  }

  /// The table, its names in the first line.
  public func render(_ result: ReplayResult) -> [UInt8] {
    var table = CSVTable()
    table.add(Self.columns.map { .text($0) })
    let unique = result.tally.overlapCounts.unique
    let idle = result.tally.idleRules(of: program)
    for index in program.rules.indices {
      let rule = program.rules[index]
      var cells: [CSVTable.Cell] = [.text(shown(rule.name))]
      cells.append(rule.group.map { .text(shown(program.rules[$0].name)) } ?? .empty)
      cells += [.number(rule.priority), rule.shownAction.map { .text($0) } ?? .empty]
      cells += counts(result.tally.rules[index], unique: unique[index])
      cells.append(idle.first { $0.rule == index }.map { .text($0.words(result.tally.summary)) } ?? .empty)
      table.add(cells + tops(result.tally.rules[index].tops))
    }
    var cells: [CSVTable.Cell] = [.text(Program.defaultActionName), .empty, .empty, .text(program.defaultActionKind.logName)]
    cells += counts(result.tally.defaultAction, unique: nil)
    cells.append(.empty)
    table.add(cells + tops(result.tally.defaultAction.tops))
    return table.bytes
  }

  private static let columns: [String] = {
    var names = ["rule", "group", "priority", "action"]
    for count in ["reached", "matched", "terminated", "counted", "unique"] { names += [count + "_low", count + "_high"] }
    names += ["undetermined", "undetermined_reasons", "observed"]
    for kind in ["client", "path", "user_agent", "country"] { names += ["top_" + kind, "top_" + kind + "_records"] }
    return names
  }()

  private func counts(_ tally: RuleTally, unique: Bounds?) -> [CSVTable.Cell] {
    var cells: [CSVTable.Cell] = []
    for bounds in [tally.reached, tally.matched, tally.terminated, tally.counted, unique] {
      cells += bounds.map { [.number($0.low), .number($0.high)] } ?? [.empty, .empty]
    }
    let reasons = Reason.allCases.compactMap { reason in tally.reasons[reason].map { "\(reason.rawValue) \($0)" } }
    cells.append(.number(tally.undetermined))
    cells.append(reasons.isEmpty ? .empty : .text(reasons.joined(separator: "; ")))
    return cells
  }

  /// The most frequent value of each kind, and how many matched records certainly had it.
  private func tops(_ tops: MatchTops) -> [CSVTable.Cell] {
    var row = cells(tops.clients) { redaction.show(client: $0, limit: Self.valueLimit) }
    for list in [tops.paths, tops.userAgents, tops.countries] { row += cells(list) { redaction.show($0, limit: Self.valueLimit) } }
    return row
  }

  private func cells(_ list: TopList, _ show: ([UInt8]) -> String) -> [CSVTable.Cell] {
    guard let first = list.top(1).first else { return [.empty, .empty] }
    return [.text(show(first.value)), .number(first.records)]
  }

  private func shown(_ name: String) -> String { SafeText.escape(name) }
}
