internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay

extension DiffReport {
  /// Five lines and a folded table, for a comment on a pull request.
  public func markdown(_ result: ReplayResult) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    var lines = ["### wafcast diff: \(MarkdownText.code(base.header.aclName)) → \(MarkdownText.code(head.header.aclName))", ""]
    lines += facts(result, diff).map { "- " + $0 }
    lines += localSentences.flatMap { ["", MarkdownText.code($0)] }
    lines += ["", "<details><summary>From action to action, and whom it hits</summary>", ""]
    let cells = diff.transitions.cells
    let columns = ActionKind.allCases.filter { kind in cells.keys.contains { $0.head == kind } }
    lines.append("| from \\ to | " + columns.map(\.logName).joined(separator: " | ") + " |")
    lines.append("|---|" + columns.map { _ in "---:|" }.joined())
    for row in ActionKind.allCases where cells.keys.contains(where: { $0.base == row }) {
      let counts = columns.map { column in cells[.init(base: row, head: column)].map { Figures.bounds($0) } ?? "" }
      lines.append("| \(row.logName) | " + counts.joined(separator: " | ") + " |")
    }
    for change in Change.allCases {
      guard let tally = diff.transitions.changes[change], tally.records.high > 0 else { continue }
      lines += ["", "**\(change.words)**: \(Figures.bounds(tally.records))", "", "| | value | requests |", "|---|---|---:|"]
      for rule in rules(change, tally).prefix(5) { lines.append("| rule | \(MarkdownText.code(rule.name)) | \(Figures.number(rule.records)) |") }
      func add(_ name: String, _ list: TopList, _ show: ([UInt8]) -> String) {
        for item in list.top(5) {
          lines.append(
            "| \(name) | \(MarkdownText.code(show(item.value))) | \(Figures.bounds(Bounds(low: item.records, high: item.recordsAtMost))) |")
        }
      }
      add("client", tally.clients) { redaction.show(client: $0, limit: 45) }
      add("network", tally.networks) { redaction.show(client: $0, limit: 45) }
      add("country", tally.countries) { redaction.show($0, limit: 4) }
      add("path", tally.paths) { redaction.show($0, limit: 80) }
      add("agent", tally.userAgents) { redaction.show($0, limit: 80) }
      for sample in tally.samples { lines.append("| sample | \(MarkdownText.code(command(sample, options: head.options))) | |") }
    }
    lines += ["", "</details>"]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// The same five lines as an annotation of GitHub: a warning where requests may be newly blocked.
  public func github(_ result: ReplayResult) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    let isWarning = (diff.transitions.changes[.newBlock]?.records.high ?? 0) > 0
    let text = (facts(result, diff).map { $0.replacing("`", with: "") } + localSentences).joined(separator: "\n")
    let nowhere = Finding.Place(file: "", line: 0, column: 0)
    return Array(GitHubCommand.line(isWarning ? .warning : .note, at: nowhere, title: "wafcast diff", text).utf8)
  }

  /// At most five lines that say it all.
  private func facts(_ result: ReplayResult, _ diff: DiffResult) -> [String] {
    let records = diff.transitions.records
    var facts = Change.allCases.map { change in
      let tally = diff.transitions.changes[change]
      let bounds = tally?.records ?? Bounds()
      guard let tally, bounds.high > 0 else { return "\(change.words): none" }
      var text = "\(change.words): \(Figures.bounds(bounds)) of \(Figures.count(records, "request")) (\(Figures.share(bounds, of: records)))"
      if tally.clients.count > 0 { text += ", of \(Figures.count(tally.clients.count, "client"))" }
      if let rule = rules(change, tally).first { text += ", most by \(MarkdownText.code(rule.name))" }
      return text
    }
    if let tally = diff.transitions.changes[.newBlock], let largest = tally.clients.top(1).first {
      let path = tally.paths.top(1).first.map { ", most at \(MarkdownText.code(redaction.show($0.value, limit: 60)))" } ?? ""
      let client = MarkdownText.code(redaction.show(client: largest.value, limit: 45))
      facts.append("hardest hit: \(client) with \(Figures.count(largest.records, "newly blocked request"))\(path)")
    }
    let bad = result.tally.summary.bad
    let unread = bad > 0 ? ", \(Figures.count(bad, "line")) could not be read" : ""
    facts.append("same action by another rule: \(Figures.number(diff.transitions.otherRules))\(unread)")
    return facts
  }
}
