internal import WAFBase
internal import WAFEngine
internal import WAFModel
public import WAFReplay

extension DiffReport {
  /// The report as a page for people.
  public func html(_ result: ReplayResult) -> [UInt8] {
    guard let diff = result.diffs.first else { return [] }
    let changes = Change.allCases.compactMap { change in diff.transitions.changes[change].flatMap { section(change, $0) } }
    let sections = [HTMLPage.incomplete(result), matrix(diff.transitions)] + changes + [ruleSection, HTMLPage.badLines(result)]
    let title = "\(shown(base.header.aclName)) and \(shown(head.header.aclName)): what changes for this traffic"
    return HTMLPage(title: title, version: head.header.version, sections: sections.compactMap(\.self))
      .render { writer in writeTitle(result, diff.transitions, to: &writer) }
  }

  /// Values of a list, rules and characters of a value on the page.
  private static let (valuesShown, rulesShown, valueLimit) = (8, 8, 100)

  private func shown(_ name: String) -> String { SafeText.escape(name, limit: 80) }

  // MARK: Head

  private func writeTitle(_ result: ReplayResult, _ transitions: Transitions, to writer: inout HTMLWriter) {
    writer.element("p", .class("kicker"), text: "wafcast diff")
    writer.element("h1") { writer in
      writer.text("What changes from ")
      writer.element("code", text: shown(base.header.aclName))
      writer.text(" to ")
      writer.element("code", text: shown(head.header.aclName))
    }
    writer.element("p", .class("lead"), text: lead(transitions))
    HTMLPage.writeIncompleteness(result.tally.summary, to: &writer)
    for sentence in localSentences { writer.element("p", .class("notice"), text: sentence + ".") }
    writer.element("div", .class("tiles")) { writer in
      HTMLPage.writeTile(
        "Requests", Figures.number(transitions.records), "in \(Figures.count(result.tally.summary.files, "file"))", to: &writer)
      for change in Change.allCases {
        let tally = transitions.changes[change]
        let bounds = tally?.records ?? Bounds()
        let clients = tally.map { $0.clients.count > 0 ? ", of \(Figures.count($0.clients.count, "client"))" : "" } ?? ""
        HTMLPage.writeTile(
          change.title, Figures.bounds(bounds), Figures.share(bounds, of: transitions.records) + " of all requests" + clients, to: &writer)
      }
    }
    writer.line()
    var facts = HTMLPage.inputFacts(result.tally.summary)
    for (name, side) in [("From", base), ("To", head)] {
      let size = "\(Figures.count(side.program.rules.count, "rule")), \(CapacityText.amount(side.header.capacity)) WCU"
      facts.append((name, "\(shown(side.header.aclName)), \(size)"))
      facts.append(("SHA-256 of it", side.header.sha256))
    }
    if !head.header.changes.isEmpty { facts.append(("Changed for this run", head.header.changes.map { shown($0) }.joined(separator: ", "))) }
    HTMLPage.writeFacts(facts, to: &writer)
  }

  /// The outcome in a few sentences.
  private func lead(_ transitions: Transitions) -> String {
    let records = transitions.records
    guard records > 0 else { return "There was no request to compare." }
    let changes = Change.allCases.compactMap { change -> String? in
      guard let bounds = transitions.changes[change]?.records, bounds.high > 0 else { return nil }
      return "\(Figures.bounds(bounds)) (\(Figures.share(bounds, of: records))) \(bounds.high == 1 ? "is" : "are") \(change.words)"
    }
    guard let last = changes.last else {
      return "Of \(Figures.count(records, "request")), none is blocked, let through or challenged that was not before."
    }
    let list = changes.count == 1 ? last : changes.dropLast().joined(separator: ", ") + " and " + last
    var text = "Of \(Figures.count(records, "request")), \(list)."
    if let tally = transitions.changes[.newBlock], let largest = tally.clients.top(1).first {
      let client = redaction.show(client: largest.value, limit: 45)
      text += " Hardest hit is \(client), with \(Figures.count(largest.records, "newly blocked request"))."
    }
    return text
  }

  // MARK: Sections

  private func matrix(_ transitions: Transitions) -> HTMLPage.Section? {
    guard !transitions.cells.isEmpty else { return nil }
    return HTMLPage.Section(id: "matrix", title: "From action to action") { writer in
      writer.element(
        "p", text: "Requests by what the first web ACL does (rows) and the second (columns). Requests off the diagonal, shaded, change.")
      TransitionMatrix(transitions: transitions).write(to: &writer)
      if transitions.otherRules > 0 {
        let share = Figures.share(transitions.otherRules, of: transitions.records)
        writer.element(
          "p",
          text: "\(Figures.count(transitions.otherRules, "request")) (\(share)) on the diagonal get the same action by another rule than before.")
      }
    }
  }

  private func section(_ change: Change, _ tally: ChangeTally) -> HTMLPage.Section? {
    guard tally.records.high > 0 else { return nil }
    return HTMLPage.Section(id: change.rawValue, title: "\(change.title): \(Figures.bounds(tally.records))") { writer in
      if !tally.records.isExact {
        let open = Figures.count(tally.records.high - tally.records.low, "request")
        writer.element("p", text: "Of \(open) the log does not tell enough to be sure. Below are those that are certain.")
      }
      writer.element(
        "p", text: "Numbers and identifiers in paths are folded; secrets are masked. A share is of the requests that are \(change.words).")
      writer.element("div", .class("pairs")) { writer in
        writeRules(change, tally, to: &writer)
        func write(_ title: String, _ list: TopList, show: ([UInt8]) -> String) {
          TopTable.write(title, list, of: (tally.records.low, change.words), limit: Self.valuesShown, to: &writer, show: show)
        }
        write("Path", tally.paths) { redaction.show($0, limit: Self.valueLimit) }
        write("Client", tally.clients) { redaction.show(client: $0, limit: Self.valueLimit) }
        write("Network", tally.networks) { redaction.show(client: $0, limit: Self.valueLimit) }
        write("Country", tally.countries) { redaction.show($0, limit: 8) }
        write("User agent", tally.userAgents) { redaction.show($0, limit: Self.valueLimit) }
      }
      writeSamples(tally, to: &writer)
    }
  }

  private func writeRules(_ change: Change, _ tally: ChangeTally, to writer: inout HTMLWriter) {
    let title = change == .newAllow ? "Rule that no longer stops them" : "Rule"
    var table = HTMLTable(
      "Rules behind those \(change.words)", [(title, false), ("Requests", true), ("of \(change.words)", true)], limit: Self.rulesShown)
    for rule in rules(change, tally) {
      table.add([.code(rule.name), .count(rule.records), .share(Bounds(low: rule.records, high: rule.records), of: tally.records.low)])
    }
    if !table.isEmpty { writer.element("div") { table.write(to: &$0) } }
  }

  private func writeSamples(_ tally: ChangeTally, to writer: inout HTMLWriter) {
    guard !tally.samples.isEmpty else { return }
    writer.element("h3", text: "The first of them, and the commands that explain them")
    writer.element("ul", .class("samples")) { writer in
      for sample in tally.samples {
        writer.element("li") { writer in
          writer.element("p", text: text(sample))
          writer.element("p") { writer in writer.element("code", text: command(sample, options: head.options)) }
        }
      }
    }
  }

  private var ruleSection: HTMLPage.Section? {
    guard let ruleChanges else { return nil }
    return HTMLPage.Section(id: "rules", title: "What changed in the rules") { writer in
      guard !ruleChanges.changes.isEmpty else { return writer.element("p", text: "Nothing: the two web ACLs ask and do the same.") }
      var table = HTMLTable("Changes of the rules", [("Rule or set", false), ("Kind", false), ("Change", false)])
      for change in ruleChanges.changes { table.add([.code(change.subject), .text(change.kind.rawValue), .text(change.text)]) }
      table.write(to: &writer)
    }
  }
}

extension Change {
  /// `words` as a title.
  var title: String { words.prefix(1).uppercased() + words.dropFirst() }
}
