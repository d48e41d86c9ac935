internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// Whom and what each rule matched.
extension HTMLReport {
  /// Rules shown, and characters of a value: together they keep the page small, whatever a log holds.
  private static let topRulesShown = 100
  private static let valueLimit = 100
  /// Values of a list where few rules matched, and where many did.
  private static let valuesShown = (few: 10, many: 5)

  func tops(_ tally: Tally) -> Section? {
    let matching = program.rules.indices.filter { tally.rules[$0].matched.low > 0 }
    guard !matching.isEmpty else { return nil }
    let chosen = matching.sorted { (tally.rules[$1].matched.low, $0) < (tally.rules[$0].matched.low, $1) }.prefix(Self.topRulesShown)
    let values = chosen.count > 40 ? Self.valuesShown.many : Self.valuesShown.few
    return Section(id: "tops", title: "Whom and what each rule matched") { writer in
      writer.element(
        "p",
        text: "Of certain matches, most first; secrets are masked. A share is of the matches of the rule. Rules with the most matches come first.")
      for rule in chosen {
        let figures = tally.rules[rule]
        let title = name(program.rules[rule].displayName(in: program), limit: 120)
        writer.element("details", .class("rule")) { writer in
          writer.element("summary") { writer in
            writer.element("code", text: title)
            ActionMark.write(program.rules[rule].shownAction, to: &writer)
            writer.element("span", .class("sum"), text: "\(Figures.bounds(figures.matched)) matched")
          }
          writer.element("div", .class("pairs")) { writer in
            let whole = (figures.matched.low, "matched")
            func write(_ title: String, _ list: TopList, show: ([UInt8]) -> String) {
              TopTable.write(title, list, of: whole, limit: values, to: &writer, show: show)
            }
            write("Client", figures.tops.clients) { redaction.show(client: $0, limit: Self.valueLimit) }
            write("Path", figures.tops.paths) { redaction.show($0, limit: Self.valueLimit) }
            write("User agent", figures.tops.userAgents) { redaction.show($0, limit: Self.valueLimit) }
            write("Country", figures.tops.countries) { redaction.show($0, limit: 8) }
          }
        }
        writer.line()
      }
      if matching.count > chosen.count {
        let rest = "those with the most matches; -o json holds all"
        writer.element("p", .class("cut"), text: "\(chosen.count) of \(Figures.number(matching.count)) rules shown, \(rest).")
      }
    }
  }
}
