internal import WAFBase
internal import WAFEngine
internal import WAFModel

extension TraceText {
  /// Columns of the lines of rules that did not match.
  private struct Columns {
    var name: Int
    static let outcome = 8
  }

  /// All rules in order; what follows each other and was not reached is one line.
  func rules(_ trace: Trace) -> [String] {
    let longest = trace.rules.map { program.rules[$0.rule].name.count + (program.rules[$0.rule].group == nil ? 0 : 2) }.max() ?? 0
    let columns = Columns(name: min(longest, max(28, width / 3)))
    var lines: [String] = []
    var index = 0
    var wasCertain = true
    while index < trace.rules.count {
      let isCertain = trace.verdict.outcomes[trace.rules[index].rule].reached != .possible
      if wasCertain, !isCertain, trace.rules[index].outcome != .notReached {
        lines += self.lines("What follows is reached only if nothing above ends the evaluation.", first: "  ", rest: "  ").map { style($0, .yellow) }
        wasCertain = false
      }
      let run = trace.rules[index...].prefix { fold(of: $0, trace) != nil && fold(of: $0, trace) == fold(of: trace.rules[index], trace) }
      if run.isEmpty {
        lines += self.lines(of: trace.rules[index], trace, columns)
        index += 1
      } else {
        lines += folded(Array(run), trace)
        index += run.count
      }
    }
    let reached = trace.verdict.defaultReached
    if reached != .no {
      let action = program.defaultActionKind.logName
      lines.append(
        "  " + "Default_Action".padded(to: columns.name) + "  "
          + (reached == .certain ? action : "\(action) if reached"))
    }
    return lines
  }

  // MARK: Folded rules

  /// Why rules that stand behind each other are told in one line.
  private enum Fold: Equatable {
    /// Rules of the web ACL, with those of their groups.
    case notReached
    /// Rules of a group that was left before them.
    case notReachedInGroup
    /// Managed rules, of which there is nothing to tell.
    case recordedMiss
    case unknown(Reason)
  }

  private func fold(of rule: RuleTrace, _ trace: Trace) -> Fold? {
    if rule.isBehindStop || trace.rules.contains(where: { program.rules[$0.rule].group == rule.rule && $0.isBehindStop }) { return nil }
    if rule.outcome == .notReached {
      guard let group = program.rules[rule.rule].group, trace.rules[group].outcome != .notReached else { return .notReached }
      return .notReachedInGroup
    }
    if case .unknown(let reason) = rule.basis { return .unknown(reason) }
    return rule.basis == .record && rule.outcome == .noMatch ? .recordedMiss : nil
  }

  private func folded(_ run: [RuleTrace], _ trace: Trace) -> [String] {
    switch run.first.flatMap({ fold(of: $0, trace) }) {
    case .notReached: return list("not reached", run.filter { program.rules[$0.rule].group == nil }, indentation: "  ") { groupSize($0) }
    case .notReachedInGroup: return list("not reached", run, indentation: "    ") { override($0) }
    case .recordedMiss: return list("did not match, as AWS recorded", run, isShort: true, indentation: "    ") { override($0) }
    case .unknown(let reason): return list("open (\(reason.rawValue))", run, isShort: true, indentation: "    ") { override($0) }
    case nil: return []
    }
  }

  /// How many rules there are and their names; of a short list only those that have something to say.
  private func list(
    _ title: String, _ rules: [RuleTrace], isShort: Bool = false, indentation: String, _ remark: (Int) -> String?
  ) -> [String] {
    var names: [String] = []
    for rule in rules {
      let remark = remark(rule.rule)
      if isShort, remark == nil { continue }
      names.append(SafeText.escape(program.rules[rule.rule].name, limit: 80) + (remark.map { " (\($0))" } ?? ""))
    }
    let list = names.isEmpty ? "" : (isShort ? "; overridden: " : ": ") + names.joined(separator: ", ")
    return lines("\(Figures.count(rules.count, "rule")) \(title)\(list)", first: indentation, rest: indentation + "  ").map { style($0, .dim) }
  }

  private func groupSize(_ rule: Int) -> String? {
    let count = program.rules.count { $0.group == rule }
    return count == 0 ? nil : Figures.count(count, "rule")
  }

  private func override(_ rule: Int) -> String? {
    let info = program.rules[rule]
    return info.overrideName.map { "\($0): \(info.shownAction ?? "")" }
  }

  // MARK: One rule

  private func lines(of rule: RuleTrace, _ trace: Trace, _ columns: Columns) -> [String] {
    let info = program.rules[rule.rule]
    let margin = info.group == nil ? "  " : "    "
    let name = cut(SafeText.escape(info.name), columns.name + 2 - margin.count).padded(to: columns.name + 2 - margin.count)
    guard isExpanded(rule, trace) else {
      let start = margin + name + "  "
      guard let why = deciding.whyNot(rule) else { return [start + style(word(rule), .dim)] }
      return missed(start, word(rule), why)
    }
    let effect = effect(of: rule, trace)
    let place = place(of: rule.origin) ?? ""
    var lines = [margin + style(name, .bold) + "  " + style(word(rule), color(rule))]
    var used = margin.count + name.count + 2 + word(rule).count
    // What does not fit goes on below.
    for (text, isDim) in [(effect, false), (place, true)] where !text.isEmpty {
      let shown = isDim ? style(text, .dim) : text
      used += 2 + text.count
      if used <= width { lines[0] += "  " + shown } else { lines += self.lines(text, first: margin + "  ", rest: margin + "    ") }
    }
    for note in notes(on: rule, trace) { lines += self.lines(note, first: margin + "  ", rest: margin + "    ") }
    if let statement = rule.statement {
      if info.kind == .managedRuleGroup { lines.append(margin + "  scope-down statement:") }
      lines += tree(statement, first: margin + "  ", rest: margin + "  ")
    } else if case .unknown(let reason) = rule.basis {
      lines.append(margin + "  " + "not known: \(reason.rawValue)")
    } else if rule.basis == .record {
      lines.append(margin + "  by what AWS recorded")
    }
    let added = rule.labelsAdded.map { SafeText.escape($0.text.span, limit: 120) + ($0.isCertain ? "" : " (perhaps)") }
    if !added.isEmpty { lines += self.lines("adds " + added.joined(separator: ", "), first: margin + "  + ", rest: margin + "    ") }
    if let token = rule.token { lines.append(margin + "  token: \(text(token))") }
    return lines
  }

  /// A rule that did not match, with the statement that decided: what it asks and, where that is too much for a line, below it what it saw.
  private func missed(_ start: String, _ word: String, _ why: (question: String, seen: String)) -> [String] {
    let room = width - start.count - Columns.outcome - 2
    let head = start + style(word.padded(to: Columns.outcome), .dim) + "  "
    let whole = "\(why.question): \(why.seen)"
    if whole.count <= room { return [head + whole] }
    return [head + cut(why.question, room - 1) + ":", "".padded(to: width - room) + cut(why.seen, room)]
  }

  private func isExpanded(_ rule: RuleTrace, _ trace: Trace) -> Bool {
    if trace.isFull { return true }
    switch rule.outcome {
    case .match, .undetermined: return true
    case .noMatch: return rule.basis == .group && hasNews(inGroup: rule.rule, trace)
    case .notReached: return false
    }
  }

  /// Whether a rule of the group is told in full.
  private func hasNews(inGroup group: Int, _ trace: Trace) -> Bool {
    trace.rules.contains { program.rules[$0.rule].group == group && ($0.outcome == .match || $0.outcome == .undetermined) }
  }

  private func word(_ rule: RuleTrace) -> String {
    if rule.isBehindStop { return "not reached" }
    switch rule.outcome {
    case .match: return "MATCH"
    case .noMatch: return "no match"
    case .undetermined: return "OPEN"
    case .notReached: return "not reached"
    }
  }

  private func color(_ rule: RuleTrace) -> Style {
    switch rule.outcome {
    case .match: .green
    case .undetermined: .yellow
    case .noMatch, .notReached: .dim
    }
  }

  /// What a match of the rule does.
  private func effect(of rule: RuleTrace, _ trace: Trace) -> String {
    let info = program.rules[rule.rule]
    let outcome = trace.verdict.outcomes[rule.rule]
    var words: [String] = []
    if let groupID = info.groupID { words.append(Self.groupName(groupID)) }
    if rule.outcome != .noMatch, let action = info.shownAction { words.append(action + (matchesIfReached(rule, trace) ? " if reached" : "")) }
    if outcome.terminated == .certain {
      words.append("ends the evaluation")
    } else if outcome.endedGroup == .certain {
      words.append("ends its group")
    }
    return words.joined(separator: ", ")
  }

  /// Whether nothing but reaching it is in doubt.
  private func matchesIfReached(_ rule: RuleTrace, _ trace: Trace) -> Bool {
    trace.verdict.outcomes[rule.rule].reached == .possible && (rule.statement?.outcome == .match && rule.basis == .statement || rule.basis == .record)
  }

  /// What a log calls a group, or its name where that is an ARN.
  private static func groupName(_ id: String) -> String {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    let name = id.hasPrefix("arn:") && parts.count >= 3 ? "rule group " + parts[parts.count - 2] : id[...]
    return SafeText.escape(String(name), limit: 100)
  }

  /// Where its action comes from, and why it is open although its statement is not.
  private func notes(on rule: RuleTrace, _ trace: Trace) -> [String] {
    let info = program.rules[rule.rule]
    var notes: [String] = []
    if let name = info.overrideName {
      notes.append(
        info.groupID == nil
          ? "\(name) replaces its own \(rule.ownAction?.logName ?? "action")" : "OverrideAction Count: what ends the group only counts")
    }
    if rule.isBehindStop { notes.append("looked at behind the stop: \(rule.statement?.outcome.words ?? "")") }
    return notes
  }

  private func place(of origin: Origin?) -> String? {
    guard let place = origin.flatMap({ places?.place(of: $0).place }), place.line > 0 else { return nil }
    return "\(SafeText.escape(place.file, limit: 160)):\(place.line)"
  }

  private func text(_ token: TokenEvaluation) -> String {
    switch token.status {
    case .valid: "valid, so that the rule counts"
    case .failed(let failure): failure.rawValue
    case .unknown: "not known (\(Reason.tokenUnknown.rawValue))"
    }
  }
}
