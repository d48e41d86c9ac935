internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// When each rule matched, as small pictures beside each other.
extension HTMLReport {
  /// Pictures shown.
  private static let timelinesShown = 24
  /// Rules in one table of periods, so that it fits on paper.
  private static let rulesPerTable = 8

  /// When one rule matched.
  private struct Timeline {
    var rule: Int
    var counts: [Bounds]
    /// The bin with the most certain matches; with the most possible ones where none is certain.
    var peak: Int

    init(rule: Int, counts: [Bounds]) {
      self.rule = rule
      self.counts = counts
      let weights = counts.contains { $0.low > 0 } ? counts.map(\.low) : counts.map(\.high)
      peak = weights.firstIndex(of: weights.max() ?? 0) ?? 0
    }

    var total: Bounds { counts.reduce(into: Bounds()) { $0.add($1) } }
  }

  func timelines(_ tally: Tally, _ bins: TimeBins?) -> Section? {
    guard let metrics = tally.metrics, let bins else { return nil }
    let all = timelines(metrics, bins)
    guard !all.isEmpty else { return nil }
    // A rule that a log leaves open for each request has no course of time of its own.
    let certain = all.filter { $0.total.low > 0 }
    let chosen = certain.sorted { ($1.total.low, $0.rule) < ($0.total.low, $1.rule) }.prefix(Self.timelinesShown)
    let shown = chosen.sorted { $0.rule < $1.rule }
    return Section(id: "timelines", title: "When each rule matched") { writer in
      writer.element(
        "p",
        text: "Matches from \(bins.title(0)) to \(bins.title(bins.count)) UTC, each bar \(bins.lengthText), each rule on a scale of its own. "
          + "The triangle marks the peak; pale is what may have matched.")
      writer.element("div", .class("multiples")) { writer in for line in shown { write(line, bins, to: &writer) } }
      var rest: [String] = []
      if certain.count > shown.count { rest.append("\(shown.count) of \(Figures.number(certain.count)) rules shown, those with the most matches") }
      if all.count > certain.count { rest.append("\(Figures.count(all.count - certain.count, "rule")) may have matched, but never for certain") }
      if !rest.isEmpty { writer.element("p", .class("cut"), text: rest.joined(separator: "; ") + ". The table of peaks has all.") }
      Folded.write("Peaks of \(Figures.count(all.count, "rule"))", to: &writer) { writer in peaks(all, bins).write(to: &writer) }
      guard !shown.isEmpty else { return }
      Folded.write("The figures behind the pictures", isLong: true, to: &writer) { writer in
        for start in stride(from: 0, to: shown.count, by: Self.rulesPerTable) {
          figures(Array(shown[start..<min(start + Self.rulesPerTable, shown.count)]), bins).write(to: &writer)
        }
      }
    }
  }

  /// One for each rule that may have matched at all; a rule that references a group has those of its rules instead, where they are known.
  private func timelines(_ metrics: Metrics, _ bins: TimeBins) -> [Timeline] {
    var counts: [Int: [Bounds]] = [:]
    for (series, points) in metrics.sorted {
      guard case .rule(let rule) = series.subject, series.name.isMatch else { continue }
      let hasRules = rule + 1 < program.rules.count && program.rules[rule + 1].group == rule
      if hasRules { continue }
      let sums = bins.sums(points)
      var total = counts[rule] ?? Array(repeating: Bounds(), count: bins.count)
      for bin in sums.indices { total[bin].add(sums[bin]) }
      counts[rule] = total
    }
    return counts.keys.sorted().compactMap { rule in
      let line = Timeline(rule: rule, counts: counts[rule] ?? [])
      return line.total.high > 0 ? line : nil
    }
  }

  private func title(_ rule: Int) -> String { name(program.rules[rule].displayName(in: program), limit: 120) }

  private func write(_ line: Timeline, _ bins: TimeBins, to writer: inout HTMLWriter) {
    let peak = "\(Figures.bounds(line.counts[line.peak])) at \(bins.title(line.peak))"
    writer.element("figure", .class("multiple")) { writer in
      writer.element("figcaption") { writer in
        writer.element("code", text: title(line.rule))
        ActionMark.write(program.rules[line.rule].shownAction, to: &writer)
        writer.element("span", .class("sum"), text: Figures.bounds(line.total))
      }
      TimelinePicture(counts: line.counts, peak: line.peak, label: "Matches of \(title(line.rule)) over time. Peak: \(peak) UTC.")
        .write(to: &writer)
      writer.element("p", .class("peak"), text: "peak " + peak)
    }
    writer.line()
  }

  private func peaks(_ lines: [Timeline], _ bins: TimeBins) -> HTMLTable {
    var table = HTMLTable(
      "When each rule matched",
      [("Rule", false), ("Matched", true), ("Peak in \(bins.lengthText)", true), ("Peak from (UTC)", false), ("First", false), ("Last", false)])
    for line in lines {
      let first = line.counts.firstIndex { $0.high > 0 } ?? 0
      let last = line.counts.lastIndex { $0.high > 0 } ?? 0
      table.add([
        .code(title(line.rule)), .bounds(line.total), .bounds(line.counts[line.peak]), .text(bins.title(line.peak)), .text(bins.title(first)),
        .text(bins.title(last)),
      ])
    }
    return table
  }

  private func figures(_ lines: [Timeline], _ bins: TimeBins) -> HTMLTable {
    var table = HTMLTable("Matches of each rule over time", [("From (UTC)", false)] + lines.map { (title($0.rule), true) })
    for bin in 0..<bins.count where lines.contains(where: { $0.counts[bin].high > 0 }) {
      table.add([.text(bins.title(bin))] + lines.map { .bounds($0.counts[bin]) })
    }
    return table
  }
}

extension Metrics.Name {
  /// Whether it counts matches: a valid token counts beside its match, and what passed a group matched nothing.
  fileprivate var isMatch: Bool {
    switch self {
    case .allowed, .blocked, .counted, .captcha, .challenge: true
    case .validCaptcha, .validChallenge, .passed: false
    }
  }
}

/// Bars of one rule, and a triangle at the highest.
struct TimelinePicture {
  /// By bin.
  let counts: [Bounds]
  /// The bin that is marked.
  let peak: Int
  /// What a screen reader says.
  let label: String

  private static let width = 288.0
  private static let top = 8.0
  private static let height = 52.0

  /// Writes the picture.
  func write(to writer: inout HTMLWriter) {
    let most = max(counts.map(\.high).max() ?? 0, 1)
    let step = Self.width / Double(counts.count)
    func path(_ value: (Bounds) -> Int) -> String {
      var path = ""
      for (bin, bounds) in counts.enumerated() where value(bounds) > 0 {
        let length = max(Double(value(bounds)) / Double(most) * (Self.height - Self.top), 0.8)
        path += "M\(Coordinate.text(Double(bin) * step)) \(Coordinate.text(Self.height))"
        path += "v-\(Coordinate.text(length))h\(Coordinate.text(max(step * 0.8, 0.8)))v\(Coordinate.text(length))z"
      }
      return path
    }
    writer.element("svg", .set("viewBox", "0 0 288 54"), .set("role", "img"), .label(label)) { writer in
      if counts.contains(where: { !$0.isExact }) { writer.void("path", .class("maybe"), .set("d", path(\.high))) }
      writer.void("path", .class("sure"), .set("d", path(\.low)))
      writer.void(
        "line", .class("axis"), .number("x1", 0), .number("x2", Self.width), .number("y1", Self.height + 0.5), .number("y2", Self.height + 0.5))
      let value = counts[peak].low > 0 ? counts[peak].low : counts[peak].high
      let x = min(max(Double(peak) * step + step * 0.4, 4), Self.width - 4)
      let y = max(Self.height - max(Double(value) / Double(most) * (Self.height - Self.top), 0.8) - 2, 6)
      writer.void(
        "path", .class("peak"), .set("d", "M\(Coordinate.text(x)) \(Coordinate.text(y))l-3.5 -6h7z"))
    }
  }
}
