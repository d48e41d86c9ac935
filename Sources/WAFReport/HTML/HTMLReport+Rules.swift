internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// What each rule did.
extension HTMLReport {
  func rules(_ tally: Tally) -> Section? {
    guard tally.summary.records > 0 else { return nil }
    return Section(id: "rules", title: "Rules, in order of evaluation") { writer in
      writer.element(
        "p",
        text: "Reached is counted of all requests, matched and undetermined of those that reached the rule. What ended the evaluation here went no "
          + "further; what was counted went on.")
      var table = ruleTable("Rules in order of evaluation")
      var folded = ruleTable("Rules of groups without a match")
      for index in program.rules.indices {
        let rule = program.rules[index]
        let isIdle = rule.group != nil && tally.rules[index].matched.low == 0
        let row = row(index + 1, name(rule.displayName(in: program), limit: 120), rule.shownAction, tally.rules[index], tally.summary.records)
        if isIdle { folded.add(row, isInner: true) } else { table.add(row, isInner: rule.group != nil) }
      }
      let last = program.rules.count + 1
      table.add(row(last, Program.defaultActionName, program.defaultActionKind.logName, tally.defaultAction, tally.summary.records))
      table.write(to: &writer)
      if !folded.isEmpty {
        Folded.write("\(Figures.count(folded.count, "rule")) of groups without a certain match", to: &writer) { folded.write(to: &$0) }
      }
    }
  }

  private func ruleTable(_ caption: String) -> HTMLTable {
    HTMLTable(
      caption,
      [
        ("Rule", false), ("No.", true), ("Action", false), ("Reached", true), ("of all requests", true), ("Matched", true), ("of reached", true),
        ("Ended here", true), ("Counted", true), ("Undetermined", true), ("of reached", true),
      ])
  }

  private func row(_ number: Int, _ name: String, _ action: String?, _ rule: RuleTally, _ records: Int) -> [HTMLCell] {
    let open = Bounds(low: 0, high: rule.undetermined)
    return [
      .code(name), .count(number), .action(action), .bounds(rule.reached), .part(rule.reached, of: records), .bounds(rule.matched),
      .share(rule.matched, of: rule.reached.high), .bounds(rule.terminated), .bounds(rule.counted), .count(rule.undetermined),
      .part(open, of: rule.reached.high),
    ]
  }
}
