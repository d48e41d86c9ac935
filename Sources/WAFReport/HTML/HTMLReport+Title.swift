internal import WAFBase
internal import WAFDocuments
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// What was replayed, and the answer in four figures.
extension HTMLReport {
  func writeTitle(_ result: ReplayResult, to writer: inout HTMLWriter) {
    let summary = result.tally.summary
    writer.element("p", .class("kicker"), text: "wafcast replay")
    writer.element("h1") { writer in
      writer.text("What web ACL ")
      writer.element("code", text: name(header.aclName))
      writer.text(" does with this traffic")
    }
    writer.element("p", .class("lead"), text: lead(result.tally))
    HTMLPage.writeIncompleteness(summary, to: &writer)
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) {
      writer.element("p", .class("notice"), text: "Managed groups " + sentence + ".")
    }
    writer.element("div", .class("tiles")) { writer in writeTiles(result.tally, to: &writer) }
    writer.line()
    HTMLPage.writeFacts(facts(summary), to: &writer)
  }

  /// The outcome in one sentence.
  private func lead(_ tally: Tally) -> String {
    let records = tally.summary.records
    guard records > 0 else { return "There was no request to evaluate." }
    let outcomes = ActionKind.allCases.compactMap { kind -> String? in
      guard let bounds = tally.actions[kind], bounds.high > 0, let word = kind.passive else { return nil }
      return "\(Figures.bounds(bounds)) (\(Figures.share(bounds, of: records))) \(word)"
    }
    guard let last = outcomes.last else { return "" }
    let list = outcomes.count == 1 ? last : outcomes.dropLast().joined(separator: ", ") + " and " + last
    var text = "Of \(Figures.count(records, "request")), this web ACL has \(list)."
    if tally.summary.undetermined > 0 {
      text += " For \(Figures.number(tally.summary.undetermined)) the log does not tell enough, hence low…high."
    }
    return text
  }

  private func writeTiles(_ tally: Tally, to writer: inout HTMLWriter) {
    let records = tally.summary.records
    func tile(_ title: String, _ value: String, _ note: String) { HTMLPage.writeTile(title, value, note, to: &writer) }
    tile("Requests", Figures.number(records), "in \(Figures.count(tally.summary.files, "file"))")
    let blocked = tally.actions[.block] ?? Bounds()
    tile("Blocked", Figures.share(blocked, of: records), "\(Figures.bounds(blocked)) of all requests")
    let agreement = tally.agreement
    if agreement.compared > 0 {
      tile(
        "Agreement with AWS", Figures.share(agreement.agree, of: agreement.compared),
        "\(Figures.number(agreement.agree)) of \(Figures.number(agreement.compared)) compared")
    } else {
      tile("Agreement with AWS", "–", "this log holds no decision to compare with")
    }
    tile("Undetermined", Figures.share(tally.summary.undetermined, of: records), "\(Figures.number(tally.summary.undetermined)) of all requests")
  }

  private func facts(_ summary: Summary) -> [(term: String, value: String)] {
    var facts = HTMLPage.inputFacts(summary)
    facts.append(("Web ACL", "\(Figures.count(program.rules.count, "rule")), \(CapacityText.amount(header.capacity)) WCU"))
    if !header.changes.isEmpty { facts.append(("Changed for this run", header.changes.map { name($0) }.joined(separator: ", "))) }
    facts.append(("SHA-256", header.sha256))
    return facts
  }
}

extension ActionKind {
  /// What happened to a request; nil for Count, which is no outcome.
  fileprivate var passive: String? {
    switch self {
    case .allow: "allowed"
    case .block: "blocked"
    case .count: nil
    case .captcha: "asked for a CAPTCHA"
    case .challenge: "challenged"
    }
  }
}
