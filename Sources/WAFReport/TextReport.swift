internal import WAFBase
internal import WAFDocuments
public import WAFEngine
internal import WAFModel
public import WAFReplay

/// The result of a replay for people: 80 columns, nothing that a terminal could trip over, secrets masked.
public struct TextReport {
  /// Characters of a line.
  static let width = 80

  let program: Program
  let header: ReportHeader
  let redaction: Redaction
  let usesColor: Bool

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction, usesColor: Bool) {
    self.program = program
    self.header = header
    self.redaction = redaction
    self.usesColor = usesColor
  }

  /// The report, with a line feed at its end.
  public func render(_ result: ReplayResult) -> [UInt8] {
    var lines = title(result)
    for section in [
      traffic(result), outcome(result.tally), agreement(result.tally.agreement), rules(result.tally), gaps(result.tally), matches(result.tally),
      overlap(result.tally), idle(result.tally), rates(result), badLines(result), incompleteFiles(result), nextSteps(result),
    ] where !section.lines.isEmpty {
      lines.append("")
      lines.append(heading(section.title))
      lines += section.lines
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// A part of the report; left out when it has no line.
  struct Section {
    var title: String
    var lines: [String]
  }

  /// A name of the web ACL, made inert and short enough for a line.
  func name(_ text: String, limit: Int = 60) -> String { SafeText.escape(text, limit: limit) }

  private func heading(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  private func title(_ result: ReplayResult) -> [String] {
    let facts = [Figures.count(program.rules.count, "rule"), CapacityText.amount(header.capacity) + " WCU"]
    var lines = [heading("What web ACL \"\(name(header.aclName))\" does with this traffic"), "  " + facts.joined(separator: ", ")]
    if !header.changes.isEmpty { lines += wrapped("With " + header.changes.map { name($0) }.joined(separator: ", "), indentation: 2) }
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) { lines += wrapped("Managed groups " + sentence, indentation: 2) }
    if result.tally.summary.wasInterrupted { lines.append("  INTERRUPTED: the counts below are of the part read so far.") }
    return lines
  }
}

// MARK: - Traffic and outcome

extension TextReport {
  private func traffic(_ result: ReplayResult) -> Section {
    let summary = result.tally.summary
    var table = TextTable([.left, .left], width: Self.width)
    let formats = summary.formats.keys.sorted().joined(separator: ", ")
    let source = "in \(Figures.count(summary.files, "file"))" + (formats.isEmpty ? "" : " (\(formats))")
    table.add(["Requests", "\(Figures.number(summary.records)) \(source)"])
    if let from = summary.from, let until = summary.until { table.add(["Time", Timestamp.iso8601(from) + " to " + Timestamp.iso8601(until)]) }
    let total = summary.records + summary.bad
    if summary.bad > 0 {
      let overlong = summary.overlong > 0 ? ", \(Figures.number(summary.overlong)) of them overlong" : ""
      table.add(["Unreadable", "\(Figures.count(summary.bad, "line")) (\(Figures.share(summary.bad, of: total)))" + overlong])
    }
    if summary.skipped > 0 { table.add(["No request", Figures.count(summary.skipped, "line")]) }
    if summary.filtered > 0 { table.add(["Filtered out", Figures.count(summary.filtered, "request")]) }
    let derived = [(summary.derivedCountries, "country"), (summary.derivedSystems, "ASN")].filter { $0.0 > 0 }
    if !derived.isEmpty { table.add(["Looked up", derived.map { "\($0.1) of \(Figures.count($0.0, "request"))" }.joined(separator: ", ")]) }
    if summary.late > 0 { table.add(["Out of order", "\(Figures.count(summary.late, "request")), counted by rate rules at a later time"]) }
    for late in result.late.prefix(Self.filesShown) {
      table.add(["", "\(Figures.number(late.records)) of them in \(SafeText.escape(late.file.span, limit: 60))"])
    }
    if result.late.count > Self.filesShown { table.add(["", "and in \(Figures.count(result.late.count - Self.filesShown, "more file"))"]) }
    if summary.recordsUnverified > 0 { table.add(["Unverified", "\(Figures.count(summary.recordsUnverified, "request")) from damaged archives"]) }
    if summary.records == 0 { table.add(["", "No records."]) }
    return Section(title: "Traffic", lines: table.lines)
  }

  private func outcome(_ tally: Tally) -> Section {
    guard tally.summary.records > 0 else { return Section(title: "", lines: []) }
    var table = TextTable([.left, .right, .right], width: Self.width)
    for kind in ActionKind.allCases {
      guard let bounds = tally.actions[kind] else { continue }
      table.add([kind.logName, Figures.bounds(bounds), Figures.share(bounds, of: tally.summary.records)])
    }
    var lines = table.lines
    if tally.summary.undetermined > 0 {
      let share = Figures.share(tally.summary.undetermined, of: tally.summary.records)
      lines.append("  Open for \(Figures.count(tally.summary.undetermined, "request")) (\(share)): the log does not tell enough, hence low…high.")
    }
    return Section(title: "Outcome, share of all requests", lines: lines)
  }
}

// MARK: - Rules

extension TextReport {
  private func rules(_ tally: Tally) -> Section {
    var table = TextTable([.name, .left, .right, .right, .right], width: Self.width)
    table.add(["Rule", "Action", "Reached", "Matched", "Open"])
    var folded = 0
    for index in program.rules.indices {
      let rule = program.rules[index]
      // Of a group only the rules that certainly matched are of interest; a managed one has dozens.
      if rule.group != nil, tally.rules[index].matched.low == 0 {
        folded += 1
      } else {
        table.add(row((rule.group == nil ? "" : "  ") + name(rule.name), rule.shownAction ?? "(group)", tally.rules[index]))
      }
      if folded > 0, index + 1 == program.rules.count || program.rules[index + 1].group == nil {
        table.add(["  \(Figures.count(folded, "rule")) without a certain match", "", "", "", ""])
        folded = 0
      }
    }
    table.add(row(Program.defaultActionName, program.defaultActionKind.logName, tally.defaultAction))
    return Section(title: "Rules, in order of evaluation", lines: table.lines)
  }

  private func row(_ name: String, _ action: String, _ tally: RuleTally) -> [String] {
    [name, action, Figures.bounds(tally.reached), Figures.bounds(tally.matched), tally.undetermined == 0 ? "" : Figures.number(tally.undetermined)]
  }

  /// Why rules stayed open, and what would close the gaps.
  private func gaps(_ tally: Tally) -> Section {
    var lines: [String] = []
    for reason in Reason.allCases {
      let rules = program.rules.indices.filter { tally.rules[$0].reasons[reason] != nil }
      guard !rules.isEmpty else { continue }
      let most = rules.map { tally.rules[$0].reasons[reason] ?? 0 }.max() ?? 0
      lines.append("  \(reason.rawValue): up to \(Figures.count(most, "request")) in \(Figures.count(rules.count, "rule"))")
      lines += wrapped(openRules(rules, by: reason, tally), indentation: 4)
      lines += wrapped(reason.advice, indentation: 4)
    }
    return Section(title: "Why counts are open, and what would close the gap", lines: lines)
  }

  /// Rules with the records for which `reason` left them open, most first; of a group with many such rules only their number.
  private func openRules(_ rules: [Int], by reason: Reason, _ tally: Tally) -> String {
    func records(_ index: Int) -> Int { tally.rules[index].reasons[reason] ?? 0 }
    var shown: [(name: String, records: Int)] = []
    for index in rules {
      let siblings = program.rules[index].group.map { group in rules.filter { program.rules[$0].group == group } } ?? []
      guard siblings.count >= Self.foldedRules, let group = program.rules[index].group else {
        shown.append((name(program.rules[index].displayName(in: program), limit: 40), records(index)))
        continue
      }
      guard index == siblings.first else { continue }
      shown.append(("\(siblings.count) rules of \(name(program.rules[group].name, limit: 40))", siblings.map(records).max() ?? 0))
    }
    let sorted = shown.enumerated().sorted { ($1.element.records, $0.offset) < ($0.element.records, $1.offset) }.map(\.element)
    let names = sorted.prefix(6).map { "\($0.name) \(Figures.number($0.records))" }
    return names.joined(separator: ", ") + (sorted.count > 6 ? " and \(sorted.count - 6) more" : "")
  }

  /// Rules of one group that are told one by one, at most one less.
  private static let foldedRules = 4

  /// Who and what the rules with the most matches matched.
  private func matches(_ tally: Tally) -> Section {
    let matching = program.rules.indices.filter { tally.rules[$0].matched.low > 0 }
    let shown = matching.sorted { (tally.rules[$1].matched.low, $0) < (tally.rules[$0].matched.low, $1) }.prefix(12)
    var lines: [String] = []
    for index in shown {
      let tops = tally.rules[index].tops
      lines.append("  \(name(program.rules[index].displayName(in: program)))  \(Figures.bounds(tally.rules[index].matched))")
      lines += tops.clients.count == 0 ? [] : ["    from  " + list(tops.clients, width: 70) { redaction.show(client: $0, limit: 40) }]
      lines += tops.paths.count == 0 ? [] : ["    path  " + list(tops.paths, width: 70) { redaction.show($0, limit: 40) }]
      lines += tops.userAgents.count == 0 ? [] : ["    agent " + list(tops.userAgents, width: 70) { redaction.show($0, limit: 56) }]
    }
    if matching.count > shown.count { lines.append("  and \(Figures.count(matching.count - shown.count, "further rule")); all are in -o json") }
    return Section(title: "What the rules matched most often", lines: lines)
  }

  /// As many of the most frequent values as fit, at most three.
  private func list(_ values: TopList, width: Int, _ show: ([UInt8]) -> String) -> String {
    var text = ""
    for item in values.top(3) {
      let next = (text.isEmpty ? "" : ", ") + "\(show(item.value)) (\(Figures.bounds(Bounds(low: item.records, high: item.recordsAtMost))))"
      guard text.isEmpty || text.count + next.count <= width else { break }
      text += next
    }
    return text
  }

  private func rates(_ result: ReplayResult) -> Section {
    var lines: [String] = []
    for rule in result.rates.rules {
      guard let statement = program.rules[rule.rule].rate else { continue }
      let title = name(program.rules[rule.rule].displayName(in: program))
      lines.append(
        "  \(title): more than \(Figures.number(statement.limit)) in \(statement.evaluationWindow) s by \(statement.aggregateKeyType.rawValue)")
      let limited = result.tally.rules[rule.rule].matched
      let noun = limited.high == 1 ? "request" : "requests"
      lines.append("    \(Figures.count(rule.instanceCount, "key")), \(Figures.bounds(limited)) \(noun) limited")
      for instance in rule.top(3) where instance.peak > 0 {
        lines.append("    \(redaction.show(instance.key, of: statement, limit: 40)): at most \(Figures.number(instance.peak))")
        guard let first = instance.periods.first else { continue }
        lines.append("      limited \(Figures.count(instance.limited, "time")) from \(Timestamp.iso8601(first.lowerBound)) on")
      }
    }
    let late = result.tally.summary.late
    if late > 0, !lines.isEmpty {
      let text = "\(Figures.count(late, "request")) out of order counted at a later time, so these are estimates (--reorder-window)."
      lines += wrapped(text, indentation: 2)
    }
    return Section(title: "Rate-based rules", lines: lines)
  }
}

// MARK: - Faults and next steps

extension TextReport {
  private func badLines(_ result: ReplayResult) -> Section {
    let shown = result.badLines.entries.prefix(10)
    var lines = shown.flatMap { line in
      wrapped("\(SafeText.escape(line.file.span, limit: 200)):\(line.line): \(SafeText.escape(line.reason, limit: 200))", indentation: 2)
    }
    let rest = result.tally.summary.bad - shown.count
    if rest > 0 { lines.append("  and \(Figures.number(rest)) more") }
    return Section(title: "Unreadable lines", lines: lines)
  }

  /// By reason, since a folder often holds many files of one kind.
  private func incompleteFiles(_ result: ReplayResult) -> Section {
    var lines = result.unreadable.flatMap { wrapped($0.text, indentation: 2) }
    var reasons: [String] = []
    let unreadable = Set(result.unreadable.map(\.name))
    for file in result.incompleteFiles where !reasons.contains(file.reason) && !unreadable.contains(file.file) { reasons.append(file.reason) }
    for reason in reasons {
      let files = result.incompleteFiles.filter { $0.reason == reason }
      lines += wrapped(SafeText.escape(reason, limit: 200), indentation: 2)
      lines += files.prefix(Self.filesShown).map { "    " + $0.place + ($0.frame == nil ? "" : ", \(Figures.count($0.line, "line")) read") }
      if files.count > Self.filesShown { lines.append("    and \(Figures.count(files.count - Self.filesShown, "more file"))") }
    }
    return Section(title: "INCOMPLETE: not all of the input was read", lines: lines)
  }

  /// Files named for each reason.
  private static let filesShown = 10

  private func nextSteps(_ result: ReplayResult) -> Section {
    var steps: [String] = []
    let summary = result.tally.summary
    guard summary.records > 0 else { return Section(title: "", lines: []) }
    if program.rules.indices.contains(where: { result.tally.rules[$0].matched.low > 0 }) {
      steps.append("See every matching request: -o matches=matches.jsonl.zst (one AWS WAF log record a line).")
    }
    if result.tally.agreement.compared == 0, result.tally.agreement.undetermined == 0 {
      steps.append("Prove the verdicts on your own data: replay AWS WAF logs of this web ACL, and they are compared with what AWS decided.")
    }
    if !result.tally.agreement.differ.isEmpty { steps.append("See every record that AWS decided otherwise: -o disagreements=differ.jsonl.zst.") }
    steps.append("Guard this in CI: --fail-on 'block>0.1%' or --fail-on 'undetermined>1%' makes the exit code 1.")
    return Section(title: "Next", lines: steps.flatMap { wrapped($0, indentation: 2) })
  }

  func wrapped(_ text: String, indentation: Int) -> [String] { WrappedText.lines(of: text, width: Self.width, indentation: indentation) }
}
