internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// The web ACL as a flow chart: requests come in above, and each rule lets some of them out.
extension HTMLReport {
  func flow(_ tally: Tally) -> Section? {
    let records = tally.summary.records
    guard records > 0 else { return nil }
    return Section(id: "flow", title: "The way of a request") { writer in
      writer.element(
        "p",
        text:
          "Requests enter above and meet the rules in order. What leaves to the right ended there; the rest goes down to the next rule. Lines are as "
          + "thick as their share of all requests. The table of the rules holds the same figures.")
      let stream = Stream(records)
      writer.element("ol", .class("flow")) { writer in
        writer.element("li", .class("start")) { writer in
          writer.element("span", .class("node"), text: Figures.count(records, "request"))
          writer.element("span", .class("out"), text: "")
        }
        for (rule, entering) in steps(tally) { writeStep(rule, entering, tally, stream, to: &writer) }
        let rest = tally.defaultAction.reached
        writer.element("li", .class("last")) { writer in
          stream.writeDown(rest, to: &writer)
          writer.element("div", .class("node")) { writer in writer.element("strong", text: "Default action") }
          writeExit(rest, program.defaultActionKind.logName, stream, to: &writer)
        }
      }
    }
  }

  /// The rules of the web ACL itself, each with the requests that come to it. A managed group counts as reached by those in its scope only; what
  /// came to it ended there or came to the next rule.
  private func steps(_ tally: Tally) -> [(rule: Int, requests: Bounds)] {
    var steps: [(rule: Int, requests: Bounds)] = []
    var next = tally.defaultAction.reached
    for rule in program.rules.indices.reversed() where program.rules[rule].group == nil {
      let figures = tally.rules[rule]
      if program.rules[rule].kind == .managedRuleGroup {
        let most = min(next.high + figures.terminated.high, tally.summary.records)
        next = Bounds(low: min(next.low + figures.terminated.low, most), high: most)
      } else {
        next = figures.reached
      }
      steps.append((rule, next))
    }
    return steps.reversed()
  }

  private func writeStep(_ rule: Int, _ entering: Bounds, _ tally: Tally, _ stream: Stream, to writer: inout HTMLWriter) {
    let figures = tally.rules[rule]
    let inner = program.rules.indices.filter { program.rules[$0].group == rule }
    let isIdle = figures.matched.high == 0 && !inner.contains { tally.rules[$0].matched.high > 0 }
    writer.element("li", .class(isIdle ? "idle" : "step")) { writer in
      stream.writeDown(entering, to: &writer)
      writer.element("div", .class("node")) { writer in
        writer.element("code", text: name(program.rules[rule].name))
        ActionMark.write(program.rules[rule].shownAction, to: &writer)
        if figures.reached != entering { writer.element("span", .class("counted"), text: "\(Figures.bounds(figures.reached)) in its scope") }
        if figures.counted.high > 0 { writer.element("span", .class("counted"), text: "\(Figures.bounds(figures.counted)) counted, went on") }
        if figures.undetermined > 0 { writer.element("span", .class("counted"), text: "\(Figures.number(figures.undetermined)) undetermined") }
        writeInner(inner.filter { tally.rules[$0].matched.high > 0 }, of: inner.count, tally, to: &writer)
      }
      if figures.terminated.high > 0 {
        writeExit(figures.terminated, inner.isEmpty ? program.rules[rule].shownAction : nil, stream, to: &writer)
      } else {
        writer.element("span", .class("out none"), text: isIdle ? "no match" : "none ended here")
      }
    }
    writer.line()
  }

  private func writeInner(_ rules: [Int], of count: Int, _ tally: Tally, to writer: inout HTMLWriter) {
    guard !rules.isEmpty else { return }
    Folded.write("\(rules.count) of \(Figures.count(count, "rule")) in the group may have matched", to: &writer) { writer in
      writer.element("ul") { writer in
        for rule in rules {
          let figures = tally.rules[rule]
          var parts: [String] = []
          if figures.terminated.high > 0 { parts.append("\(Figures.bounds(figures.terminated)) ended here") }
          if figures.counted.high > 0 { parts.append("\(Figures.bounds(figures.counted)) counted") }
          writer.element("li") { writer in
            writer.element("code", text: name(program.rules[rule].name))
            ActionMark.write(program.rules[rule].shownAction, to: &writer)
            writer.text(" " + parts.joined(separator: ", "))
          }
        }
      }
    }
  }

  /// What leaves to the right.
  private func writeExit(_ bounds: Bounds, _ action: String?, _ stream: Stream, to writer: inout HTMLWriter) {
    writer.element("span", .class("out")) { writer in
      stream.writeAcross(bounds, to: &writer)
      writer.element("span", .class("figure"), text: Figures.bounds(bounds))
      if let action { ActionMark.write(action, to: &writer) } else { writer.element("span", .class("mark group"), text: "by group") }
    }
  }
}

/// Edges as thick as their share of all requests.
private struct Stream {
  private let total: Int
  private static let most = 18.0

  init(_ total: Int) { self.total = max(total, 1) }

  /// From one rule to the next, with the number beside it.
  func writeDown(_ bounds: Bounds, to writer: inout HTMLWriter) {
    writer.element("div", .class("edge")) { writer in
      writer.element("svg", .set("viewBox", "0 0 28 26"), .set("aria-hidden", "true")) { writer in
        let width = thickness(bounds)
        writer.void("rect", .class("stream"), .number("x", 14 - width / 2), .number("width", width), .set("height", "21"))
        let half = width / 2 + 3
        writer.void(
          "path", .class("stream"), .set("d", "M\(Coordinate.text(14 - half)) 20h\(Coordinate.text(2 * half))L14 26z"))
      }
      writer.element("span", text: Figures.bounds(bounds))
      writer.element("span", .class("of"), text: Figures.share(bounds, of: total))
    }
  }

  /// To the right.
  func writeAcross(_ bounds: Bounds, to writer: inout HTMLWriter) {
    writer.element("svg", .set("viewBox", "0 0 44 26"), .set("aria-hidden", "true")) { writer in
      let width = thickness(bounds)
      let half = width / 2 + 3
      writer.void("rect", .class("stream"), .number("y", 13 - width / 2), .set("width", "37"), .number("height", width))
      writer.void(
        "path", .class("stream"), .set("d", "M36 \(Coordinate.text(13 - half))v\(Coordinate.text(2 * half))L44 13z"))
    }
  }

  private func thickness(_ bounds: Bounds) -> Double { bounds.high == 0 ? 0.5 : 1 + Double(bounds.high) / Double(total) * (Self.most - 1) }
}
