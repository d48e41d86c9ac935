import Testing
import WAFBase
import WAFModel
import WAFRequest

/// The generator: its cases have to reach every outcome, or the differential test proves nothing.
@Suite struct GeneratorTests {
  @Test func sameSeedSameCase() {
    var first = Generator(seed: 7)
    var second = Generator(seed: 7)
    #expect(first.documents() == second.documents())
  }

  @Test func casesAreMixed() {
    var matches = 0
    var misses = 0
    var undetermined = 0
    var determined = 0
    var limited = 0
    var reasons: [String: Int] = [:]
    var leaves: [String: [Int]] = [:]
    let clock = ContinuousClock()
    let start = clock.now
    for seed in 0..<300 as Range<UInt64> {
      var generator = Generator(seed: seed)
      let documents = generator.documents()
      var oracle = Oracle(documents)
      var time: Int64 = 1_700_000_000_000
      for request in generator.list(10...40, { $0.request(after: &time) }) {
        let verdict = oracle.evaluate(request)
        if verdict.isDetermined { determined += 1 }
        for leaf in verdict.open { reasons[leaf.reason.rawValue, default: 0] += 1 }
        for (rule, outcome) in zip(oracle.rules, verdict.outcomes) where outcome.reached > .no {
          var kind = rule.rule.statement.wireName
          if case .rateBased = rule.rule.statement, outcome.matched > .no { limited += 1 }
          if kind == "NotStatement" { kind = "AndStatement" }
          leaves[kind, default: [0, 0, 0]][Int(outcome.matched.rawValue)] += 1
          switch outcome.matched {
          case .certain: matches += 1
          case .possible: undetermined += 1
          case .no: misses += 1
          }
        }
      }
    }
    print("matches \(matches), misses \(misses), undetermined \(undetermined), determined \(determined), limited \(limited), \(clock.now - start)")
    print(reasons.sorted { $0.key < $1.key })
    for (kind, counts) in leaves.sorted(by: { $0.key < $1.key }) { print(kind, counts) }
    #expect(matches > 1000 && misses > 1000 && undetermined > 1000 && determined > 1000 && limited > 50)
  }
}
