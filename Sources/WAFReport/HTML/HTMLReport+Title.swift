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
    if summary.isIncomplete {
      writer.element("p", .class("alert")) { writer in
        writer.element("strong", text: "Incomplete. ")
        writer.text(incompleteness(result))
      }
    }
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) {
      writer.element("p", .class("notice"), text: "Managed groups " + sentence + ".")
    }
    writer.element("div", .class("tiles")) { writer in writeTiles(result.tally, to: &writer) }
    writer.line()
    writer.element("dl", .class("facts")) { writer in
      for (term, value) in facts(summary) {
        writer.element("div") { writer in
          writer.element("dt", text: term)
          writer.element("dd", text: value)
        }
      }
    }
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

  private func incompleteness(_ result: ReplayResult) -> String {
    let summary = result.tally.summary
    var parts: [String] = []
    if summary.wasInterrupted { parts.append("the run was interrupted") }
    if summary.filesIncomplete > 0 { parts.append("\(Figures.count(summary.filesIncomplete, "file")) could not be read to the end") }
    if summary.recordsUnverified > 0 { parts.append("\(Figures.count(summary.recordsUnverified, "request")) came from damaged archives") }
    return "All figures are of the part that was read: " + parts.joined(separator: ", ") + "."
  }

  private func writeTiles(_ tally: Tally, to writer: inout HTMLWriter) {
    let records = tally.summary.records
    func tile(_ title: String, _ value: String, _ note: String) {
      writer.element("div", .class("tile")) { writer in
        writer.element("p", .class("label"), text: title)
        writer.element("p", .class("value"), text: value)
        writer.element("p", .class("note"), text: note)
      }
    }
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

  private func facts(_ summary: Summary) -> [(String, String)] {
    var facts: [(String, String)] = []
    if let from = summary.from, let until = summary.until { facts.append(("Window (UTC)", Self.time(from) + " to " + Self.time(until))) }
    let formats = summary.formats.keys.sorted().joined(separator: ", ")
    facts.append(("Input", Figures.count(summary.files, "file") + (formats.isEmpty ? "" : ", format \(formats)")))
    let lines = summary.records + summary.bad
    facts.append(("Unreadable lines", "\(Figures.number(summary.bad)) (\(Figures.share(summary.bad, of: lines)))"))
    if summary.skipped > 0 { facts.append(("Without a request", Figures.count(summary.skipped, "line"))) }
    if summary.filtered > 0 { facts.append(("Filtered out", Figures.count(summary.filtered, "request"))) }
    if summary.late > 0 { facts.append(("Out of order", "\(Figures.count(summary.late, "request")), counted by rate rules at a later time")) }
    facts.append(("Complete", summary.isIncomplete ? "no" : "yes, all input was read"))
    let derived = [(summary.derivedCountries, "country"), (summary.derivedSystems, "ASN")].filter { $0.0 > 0 }
    if !derived.isEmpty { facts.append(("Looked up", derived.map { "\($0.1) of \(Figures.count($0.0, "request"))" }.joined(separator: ", "))) }
    facts.append(("Web ACL", "\(Figures.count(program.rules.count, "rule")), \(CapacityText.amount(header.capacity)) WCU"))
    if !header.changes.isEmpty { facts.append(("Changed for this run", header.changes.map { name($0) }.joined(separator: ", "))) }
    facts.append(("SHA-256", header.sha256))
    return facts
  }

  /// `2026-03-03 10:15:01`.
  static func time(_ milliseconds: Int64) -> String {
    let text = Timestamp.iso8601(milliseconds)
    let whole = text.firstIndex(of: ".").map { text[..<$0] } ?? text.dropLast()
    return String(whole).replacing("T", with: " ")
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
