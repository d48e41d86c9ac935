internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFReplay

// Metrics over time, by CloudWatch's names and dimensions.
extension JSONReport {
  /// The member `metrics`; null where they were not asked for.
  func writeMetrics(_ metrics: Metrics?, to writer: inout JSONWriter) {
    guard let metrics else { return writer.nullMember("metrics") }
    writer.object("metrics") {
      $0.member("period", metrics.period)
      $0.member("untimed", metrics.untimed)
      $0.array("series") { writer in for (series, points) in metrics.sorted { write(series, points, to: &writer) } }
    }
  }

  private func write(_ series: Metrics.Series, _ points: [(start: Int64, count: Bounds)], to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", series.name.rawValue)
      switch series.subject {
      case .webACL:
        $0.member("rule", "ALL")
        $0.member("group", String?.none)
      case .rule(let index):
        $0.member("rule", program.rules[index].name)
        $0.member("group", program.rules[index].group.map { program.rules[$0].name })
      case .defaultAction:
        $0.member("rule", Program.defaultActionName)
        $0.member("group", String?.none)
      }
      // Each list on one line, since there are so many numbers.
      $0.name("timestamps")
      $0.raw("[" + points.map { "\"" + Timestamp.iso8601(Self.milliseconds($0.start)) + "\"" }.joined(separator: ", ") + "]")
      $0.name("low")
      $0.raw("[" + points.map { "\($0.count.low)" }.joined(separator: ", ") + "]")
      $0.name("high")
      $0.raw("[" + points.map { "\($0.count.high)" }.joined(separator: ", ") + "]")
    }
  }

  /// The first period of all time begins before the first millisecond.
  static func milliseconds(_ seconds: Int64) -> Int64 {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? (seconds < 0 ? .min : .max) : product
  }
}
