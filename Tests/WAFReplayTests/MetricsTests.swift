import Testing
import WAFEngine
import WAFModel

@testable import WAFReplay

/// Metrics of records at these minutes, all allowed by the default action.
private func metrics(minutes: [Int64], _ program: Program) -> Metrics {
  var evaluator = Evaluator(program: program)
  var verdict = Verdict()
  evaluator.evaluate(.init(), into: &verdict)
  var metrics = Metrics()
  for minute in minutes { metrics.add(verdict, at: minute * 60_000, by: program) }
  return metrics
}

private func described(_ metrics: Metrics) -> [String] {
  metrics.sorted.map { series, points in
    "\(metrics.period) \(series.subject) \(series.name.rawValue) "
      + points.map { "\($0.start):\($0.count.low)-\($0.count.high)" }.joined(separator: " ")
  }
}

@Test(
  "Periods grow until all of them fit, and parts counted apart add up to the same",
  arguments: [(1_440, 60), (1_441, 300), (7_200, 300), (7_201, 900), (200_000, 21_600)] as [(Int64, Int64)])
func periodsGrow(minutes: Int64, period: Int64) throws {
  let program = try Program(compiling: RuleDocuments(webACL: WebACL(name: "none", defaultAction: .allow([]))))
  let all = (0..<minutes).filter { minutes < 10_000 || $0 % 40 == 0 }
  let whole = metrics(minutes: all, program)
  #expect(whole.period == period)
  var parts = metrics(minutes: [], program)
  for part in 0..<3 { parts.add(metrics(minutes: all.filter { $0 % 3 == part }, program)) }
  #expect(described(parts) == described(whole))
  #expect(whole.sorted.allSatisfy { $0.points.reduce(0) { $0 + $1.count.low } == all.count })
}

@Test("Times from anywhere, before the epoch and at the ends of what a number holds")
func extremeTimes() throws {
  let program = try Program(compiling: RuleDocuments(webACL: WebACL(name: "none", defaultAction: .block(nil))))
  var evaluator = Evaluator(program: program)
  var verdict = Verdict()
  evaluator.evaluate(.init(), into: &verdict)
  var metrics = Metrics()
  for time in [Int64.min, -1, 0, .max] { metrics.add(verdict, at: time, by: program) }
  metrics.add(verdict, at: nil, by: program)
  #expect(metrics.untimed == 1)
  #expect(metrics.sorted.first?.points.map(\.start).contains(-60) == true)
  var sum = Metrics()
  sum.add(metrics)
  #expect(described(sum) == described(metrics))
}
