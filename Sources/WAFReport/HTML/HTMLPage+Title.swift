internal import WAFBase
internal import WAFReplay

// Parts of which the heads of pages consist.
extension HTMLPage {
  /// A warning where the figures are of a part of the input only.
  static func writeIncompleteness(_ summary: Summary, to writer: inout HTMLWriter) {
    guard summary.isIncomplete else { return }
    var parts: [String] = []
    if summary.wasInterrupted { parts.append("the run was interrupted") }
    if summary.filesIncomplete > 0 { parts.append("\(Figures.count(summary.filesIncomplete, "file")) could not be read to the end") }
    if summary.recordsUnverified > 0 { parts.append("\(Figures.count(summary.recordsUnverified, "request")) came from damaged archives") }
    writer.element("p", .class("alert")) { writer in
      writer.element("strong", text: "Incomplete. ")
      writer.text("All figures are of the part that was read: " + parts.joined(separator: ", ") + ".")
    }
  }

  /// One figure in large.
  static func writeTile(_ title: String, _ value: String, _ note: String, to writer: inout HTMLWriter) {
    writer.element("div", .class("tile")) { writer in
      writer.element("p", .class("label"), text: title)
      writer.element("p", .class("value"), text: value)
      writer.element("p", .class("note"), text: note)
    }
  }

  /// Terms and what is true of them.
  static func writeFacts(_ facts: [(term: String, value: String)], to writer: inout HTMLWriter) {
    writer.element("dl", .class("facts")) { writer in
      for (term, value) in facts {
        writer.element("div") { writer in
          writer.element("dt", text: term)
          writer.element("dd", text: value)
        }
      }
    }
  }

  /// What was read.
  static func inputFacts(_ summary: Summary) -> [(term: String, value: String)] {
    var facts: [(String, String)] = []
    if let from = summary.from, let until = summary.until { facts.append(("Window (UTC)", time(from) + " to " + time(until))) }
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
    return facts
  }

  /// `2026-03-03 10:15:01`.
  static func time(_ milliseconds: Int64) -> String {
    let text = Timestamp.iso8601(milliseconds)
    let whole = text.firstIndex(of: ".").map { text[..<$0] } ?? text.dropLast()
    return String(whole).replacing("T", with: " ")
  }
}
