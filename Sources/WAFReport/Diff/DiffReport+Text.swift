internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay

extension DiffReport {
  /// The report for people, with a line feed at its end.
  public func text(_ result: ReplayResult, usesColor: Bool) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    func heading(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    var lines = [heading("What changes for this traffic")]
    var sides = TextTable([.left, .name, .right], width: Self.width)
    for (name, side) in [("from", base), ("to", head)] {
      let facts = "\(Figures.count(side.program.rules.count, "rule")), \(CapacityText.amount(side.header.capacity)) WCU"
      sides.add([name, SafeText.escape(side.header.aclName, limit: 60), facts])
    }
    lines += sides.lines
    for sentence in localSentences { lines += WrappedText.lines(of: sentence, width: Self.width, indentation: 2) }
    if result.tally.summary.wasInterrupted { lines.append("  INTERRUPTED: the counts below are of the part read so far.") }
    let sections = [("Changes, of \(Figures.count(diff.transitions.records, "request"))", changes(diff)), ("From action to action", matrix(diff))]
    for (title, section) in sections where !section.isEmpty { lines += ["", heading(title)] + section }
    for change in Change.allCases {
      guard let tally = diff.transitions.changes[change], tally.records.high > 0 else { continue }
      let title = change.words.prefix(1).uppercased() + change.words.dropFirst()
      lines += ["", heading("\(title): \(Figures.bounds(tally.records))")] + hit(change, tally)
    }
    let faults = result.unreadInputs(width: Self.width)
    if !faults.isEmpty { lines += ["", heading("Not all was compared")] + faults }
    lines += ["", heading("Next")] + next(diff)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func changes(_ diff: DiffResult) -> [String] {
    let records = diff.transitions.records
    var table = TextTable([.left, .right, .right, .left], width: Self.width)
    for change in Change.allCases {
      let tally = diff.transitions.changes[change]
      let bounds = tally?.records ?? Bounds()
      let clients = tally.map { $0.clients.count } ?? 0
      table.add([
        change.words, Figures.bounds(bounds), Figures.share(bounds, of: records), clients > 0 ? "of \(Figures.count(clients, "client"))" : "",
      ])
    }
    if diff.transitions.otherRules > 0 {
      table.add(["same action, other rule", Figures.number(diff.transitions.otherRules), Figures.share(diff.transitions.otherRules, of: records), ""])
    }
    return table.lines
  }

  /// Actions of the first web ACL in rows, of the second in columns; only those that some request may get.
  private func matrix(_ diff: DiffResult) -> [String] {
    let cells = diff.transitions.cells
    let rows = ActionKind.allCases.filter { kind in cells.keys.contains { $0.base == kind } }
    let columns = ActionKind.allCases.filter { kind in cells.keys.contains { $0.head == kind } }
    guard !rows.isEmpty else { return [] }
    var table = TextTable([.left] + columns.map { _ in .right }, width: Self.width)
    table.add(["from \\ to"] + columns.map(\.logName))
    for row in rows {
      table.add([row.logName] + columns.map { column in cells[.init(base: row, head: column)].map { Figures.bounds($0) } ?? "" })
    }
    return table.lines
  }

  /// Whom a change hits.
  private func hit(_ change: Change, _ tally: ChangeTally) -> [String] {
    var lines: [String] = []
    func add(_ name: String, _ text: String) {
      lines += WrappedText.lines(of: text, width: Self.width - Self.indentation, indentation: 0).enumerated().map { index, line in
        "  " + (index == 0 ? name : "").padding(to: Self.indentation - 2) + line
      }
    }
    func list(_ list: TopList, _ show: ([UInt8]) -> String) -> String {
      let items = list.top(Self.shown).map { "\(show($0.value)) (\(Figures.bounds(Bounds(low: $0.records, high: $0.recordsAtMost))))" }
      return items.joined(separator: ", ") + (list.count > Self.shown ? " and \(Figures.number(list.count - Self.shown)) more" : "")
    }
    let rules = rules(change, tally).prefix(Self.shown).map { "\($0.name) (\(Figures.number($0.records)))" }
    if !rules.isEmpty { add(change == .newAllow ? "no longer" : "by", rules.joined(separator: ", ")) }
    if tally.clients.count > 0 { add("clients", list(tally.clients) { redaction.show(client: $0, limit: 45) }) }
    if tally.networks.count > 0 { add("networks", list(tally.networks) { redaction.show(client: $0, limit: 45) }) }
    if tally.countries.count > 0 { add("country", list(tally.countries) { redaction.show($0, limit: 4) }) }
    if tally.paths.count > 0 { add("paths", list(tally.paths) { redaction.show($0, limit: 60) }) }
    if tally.userAgents.count > 0 { add("agents", list(tally.userAgents) { redaction.show($0, limit: 60) }) }
    for sample in tally.samples {
      add("such as", text(sample))
      lines.append(String(repeating: " ", count: Self.indentation) + command(sample, options: head.options))
    }
    if tally.records.low < tally.records.high {
      add("open", "the log does not tell enough of \(Figures.count(tally.records.high - tally.records.low, "request")) to be sure")
    }
    return lines
  }

  /// Values shown of each kind.
  private static let shown = 5
  /// Where values begin.
  private static let indentation = 13

  private func next(_ diff: DiffResult) -> [String] {
    var steps: [String] = []
    let hasSamples = diff.transitions.changes.values.contains { !$0.samples.isEmpty }
    if hasSamples { steps.append("See why, request by request: the commands above; with \(base.options) they tell what was before.") }
    steps.append("See what changed in the rules: wafcast diff --static \(baseOption) \(headOption).")
    steps.append("Guard it in CI: --fail-on 'new-block>0.1%' makes the exit code 1.")
    return steps.flatMap { WrappedText.lines(of: $0, width: Self.width, indentation: 2) }
  }

  private var baseOption: String { base.options.replacing("--acl ", with: "--base ") }
  private var headOption: String { head.options.replacing("--acl ", with: "--head ") }
}
