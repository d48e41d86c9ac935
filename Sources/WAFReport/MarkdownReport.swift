internal import WAFBase
internal import WAFDocuments
public import WAFEngine
internal import WAFModel
public import WAFReplay

/// The result of a replay in Markdown: short, for a comment on a pull request or a page of a wiki.
public struct MarkdownReport {
  /// Rules shown.
  private static let rulesShown = 20

  private let program: Program
  private let header: ReportHeader

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader) {
    self.program = program
    self.header = header
  }

  /// The report, with a line feed at its end.
  public func render(_ result: ReplayResult) -> [UInt8] {
    let summary = result.tally.summary
    var lines = ["### wafcast replay: \(MarkdownText.code(header.aclName))", "", facts(summary)]
    if summary.isIncomplete { lines += ["", "**Incomplete**: not all of the input was read, and all figures are of the part that was."] }
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) { lines += ["", MarkdownText.code("Managed groups " + sentence)] }
    guard summary.records > 0 else { return Array((lines.joined(separator: "\n") + "\n").utf8) }
    lines += ["", agreement(result.tally.agreement)]
    lines += ["", "| outcome | requests | of all requests |", "|---|---:|---:|"]
    for kind in ActionKind.allCases {
      guard let bounds = result.tally.actions[kind] else { continue }
      lines.append("| \(kind.logName) | \(Figures.bounds(bounds)) | \(Figures.share(bounds, of: summary.records)) |")
    }
    if summary.undetermined > 0 {
      lines.append("| undetermined | \(Figures.number(summary.undetermined)) | \(Figures.share(summary.undetermined, of: summary.records)) |")
    }
    lines += rules(result.tally)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func facts(_ summary: Summary) -> String {
    var facts = ["\(Figures.count(summary.records, "request")) in \(Figures.count(summary.files, "file"))"]
    if let from = summary.from, let until = summary.until { facts.append("\(Timestamp.iso8601(from)) to \(Timestamp.iso8601(until))") }
    facts.append("\(Figures.count(program.rules.count, "rule")), \(CapacityText.amount(header.capacity)) WCU")
    if summary.bad > 0 { facts.append("\(Figures.count(summary.bad, "line")) could not be read") }
    if !header.changes.isEmpty { facts.append("with " + header.changes.map(MarkdownText.code).joined(separator: ", ")) }
    return facts.joined(separator: " · ")
  }

  private func agreement(_ agreement: Agreement) -> String {
    guard agreement.compared > 0 else { return "Agreement with AWS: the log holds no decision to compare with." }
    let share = Figures.share(agreement.agree, of: agreement.compared)
    var text = "Agreement with AWS: **\(share)**, \(Figures.number(agreement.agree)) of \(Figures.number(agreement.compared)) compared"
    if let (kind, records) = agreement.sortedDifferences.first {
      let recorded = MarkdownText.code(SafeText.escape(kind.recorded, limit: 20))
      text += "; most often recorded \(recorded), computed \(MarkdownText.code(kind.computed)) "
      text += "(\(Figures.number(records)), \(kind.difference.rawValue))"
    }
    return text + "."
  }

  /// The rules that certainly matched, most matches first.
  private func rules(_ tally: Tally) -> [String] {
    let matching = program.rules.indices.filter { tally.rules[$0].matched.low > 0 }
    let open = program.rules.indices.count { tally.rules[$0].matched.low == 0 && tally.rules[$0].matched.high > 0 }
    let sorted = matching.sorted { (tally.rules[$1].matched.low, $0) < (tally.rules[$0].matched.low, $1) }
    var lines =
      matching.isEmpty
      ? ["", "No rule matched for certain."]
      : [
        "", "| rule | action | reached | matched | of reached | ended here | counted | undetermined |", "|---|---|---:|---:|---:|---:|---:|---:|",
      ]
    for index in sorted.prefix(Self.rulesShown) {
      let (rule, figures) = (program.rules[index], tally.rules[index])
      let counts = [
        Figures.bounds(figures.reached), Figures.bounds(figures.matched), Figures.share(figures.matched, of: figures.reached.high),
        Figures.bounds(figures.terminated), Figures.bounds(figures.counted), Figures.number(figures.undetermined),
      ]
      let name = MarkdownText.code(SafeText.escape(rule.displayName(in: program), limit: 120))
      lines.append("| \(name) | \(rule.shownAction ?? "(group)") | " + counts.joined(separator: " | ") + " |")
    }
    let (left, idle) = (matching.count - min(matching.count, Self.rulesShown), program.rules.count - matching.count - open)
    var rest: [String] = []
    if left > 0 { rest.append("\(Figures.count(left, "further rule")) with fewer matches") }
    if open > 0 { rest.append("\(Figures.count(open, "rule")) that may have matched but not for certain") }
    if idle > 0 { rest.append("\(Figures.count(idle, "rule")) without a match") }
    if !rest.isEmpty { lines += ["", "Not shown: " + rest.joined(separator: ", ") + "."] }
    return lines
  }
}
