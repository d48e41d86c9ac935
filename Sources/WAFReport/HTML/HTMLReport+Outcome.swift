internal import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFReplay

// What became of the requests, in all and over time.
extension HTMLReport {
  func outcome(_ tally: Tally, _ bins: TimeBins?) -> Section? {
    let records = tally.summary.records
    guard records > 0 else { return nil }
    return Section(id: "outcome", title: "Outcome") { writer in
      var table = HTMLTable("Outcome per action", [("Action", false), ("Requests", true), ("Of all requests", true)])
      for kind in ActionKind.allCases {
        guard let bounds = tally.actions[kind] else { continue }
        table.add([.action(kind.logName), .bounds(bounds), .share(bounds, of: records)])
      }
      table.write(to: &writer)
      guard let metrics = tally.metrics, let bins else {
        writer.element("p", text: "The log holds no times, so there is no course of time to show.")
        return
      }
      writeCourse(metrics, bins, to: &writer)
    }
  }

  private func writeCourse(_ metrics: Metrics, _ bins: TimeBins, to writer: inout HTMLWriter) {
    let layers = layers(metrics, bins)
    let span = "from \(bins.title(0)) UTC, each bar \(bins.lengthText)"
    StackedBars(title: "Requests over time by outcome, \(span)", bins: bins, layers: layers).write(to: &writer)
    let stopped = layers.filter { $0.name != ActionKind.allow.logName }
    // Beside a hundred times as many allowed ones they could not be seen.
    if !stopped.isEmpty, stopped.count < layers.count {
      StackedBars(title: "The same without those allowed, on a scale of its own", bins: bins, layers: stopped).write(to: &writer)
    }
    if metrics.untimed > 0 { writer.element("p", .class("cut"), text: "Without a time, not shown: \(Figures.count(metrics.untimed, "request")).") }
    var table = HTMLTable("Requests over time by outcome", [("From (UTC)", false)] + layers.map { ($0.name, true) })
    for index in 0..<bins.count where layers.contains(where: { $0.counts[index] > 0 }) {
      table.add([.text(bins.title(index))] + layers.map { .count($0.counts[index]) })
    }
    Folded.write("The figures behind the charts", isLong: true, to: &writer) { table.write(to: &$0) }
  }

  /// What is certain of each action, and on top of it what is open.
  private func layers(_ metrics: Metrics, _ bins: TimeBins) -> [StackedBars.Layer] {
    var layers: [StackedBars.Layer] = []
    for kind in ActionKind.allCases {
      guard let found = metrics.sorted.first(where: { $0.series.subject == .webACL && $0.series.name == kind.metric }) else { continue }
      let counts = bins.sums(found.points).map(\.low)
      if counts.contains(where: { $0 > 0 }) { layers.append(.init(name: kind.logName, counts: counts)) }
    }
    let open = bins.sums(metrics.undetermined.map { ($0.start, Bounds(low: $0.records, high: $0.records)) }).map(\.low)
    if open.contains(where: { $0 > 0 }) { layers.append(.init(name: "open", counts: open)) }
    return layers
  }
}

extension ActionKind {
  /// The metric of the web ACL that counts it.
  fileprivate var metric: Metrics.Name {
    switch self {
    case .allow: .allowed
    case .block: .blocked
    case .count: .counted
    case .captcha: .captcha
    case .challenge: .challenge
    }
  }
}
