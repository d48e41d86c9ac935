import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// Verdicts by signature against verdicts one by one, on made web ACLs and requests in all states of knowledge.
@Suite struct ClassifierTests {
  @Test(arguments: UInt64(100)...103)
  func planAgreesWithEvaluator(_ block: UInt64) throws {
    var seen = Seen()
    for position in 0..<150 {
      let example = DifferentialCase(seed: block << 32 | UInt64(position))
      let program = try Program(compiling: example.documents, settings: example.settings)
      guard program.isClassifiable else { continue }
      // Two workers, and every request twice: memos, signatures and plans of the first time serve the second.
      compare(program, example.requests + example.requests, workers: 2, &seen)
    }
    print("block \(block): \(seen)")
    // A test in which no request shares a plan, or no rate decides, proves nothing.
    #expect(seen.shared > 1_000 && seen.direct > 20 && seen.rated > 50 && seen.resumed > 0)
  }

  private struct Seen {
    var shared = 0
    var direct = 0
    var rated = 0
    var resumed = 0
  }

  private func compare(_ program: Program, _ requests: [Request], workers: Int, _ seen: inout Seen) {
    var evaluator = Evaluator(program: program)
    var expected = Verdict()
    var first = Classifier(program: program)
    var second = Classifier(program: program)
    var book = PlanBook(program: program, workers: workers)
    var known = [0, 0]
    for (position, request) in requests.enumerated() {
      let worker = position % workers
      var copies: [UInt8] = []
      let record = worker == 0 ? first.classify(request, line: .empty, copies: &copies) : second.classify(request, line: .empty, copies: &copies)
      let plans = worker == 0 ? first.takePlans() : second.takePlans()
      book.add(plans, of: worker)
      known[worker] += plans.count
      evaluator.evaluate(request, into: &expected)
      var found = Verdict()
      if record.signature == ClassifiedRecord.Special.direct {
        seen.direct += 1
        book.evaluate(request, into: &found)
        #expect(found.rates == expected.rates)
      } else {
        if plans.isEmpty { seen.shared += 1 }
        let verdict = book.verdict(of: record, from: worker)
        if verdict == nil { seen.resumed += 1 }
        found = book.verdicts[verdict ?? book.resume(with: request)]
        let rates = expected.rates.filter { !$0.keyMissing }
        seen.rated += rates.count
        #expect(book.answers.prefix(book.answerCount).map(\.rule) == rates.map(\.rule))
        #expect(book.answers.prefix(book.answerCount).map(\.count) == rates.map(\.count))
        #expect(book.answers.prefix(book.answerCount).map(\.isLimited) == rates.map { expected.outcomes[$0.rule].matched == .certain })
      }
      #expect(Facts(found, program) == Facts(expected, program), "request \(position) of \(requests.count), \(record.signature)")
    }
  }

  /// A verdict without what plans leave out: what rates counted.
  private struct Facts: Equatable {
    let verdict: OracleVerdict
    let oversize: OversizeFields

    init(_ verdict: Verdict, _ program: Program) {
      var facts = OracleVerdict(verdict, program)
      facts.rates = []
      self.verdict = facts
      oversize = verdict.oversize
    }
  }

  @Test("A memo finds what was put in, forgets what is too much, and never takes one value for another")
  func memoIsBounded() {
    var memo = ValueMemo(limit: 8, arenaLimit: 64)
    let values = (0..<1_000).map { Array("value \($0 % 40)".utf8) }
    var hits = 0
    for (index, value) in values.enumerated() {
      // One hash for all: only the bytes can tell them apart.
      if let known = memo.find(value.span, hash: 7) {
        hits += 1
        #expect(known == UInt32(index % 40))
      } else {
        memo.insert(value.span, hash: 7, class: UInt32(index % 40))
      }
      if index % 3 == 0 {
        let often = Array("often".utf8)
        if let known = memo.find(often.span, hash: 9) { #expect(known == 99) } else { memo.insert(often.span, hash: 9, class: 99) }
      }
    }
    #expect(memo.find(Array("often".utf8).span, hash: 9) == 99)
    // 40 values in turn do not fit into twice eight.
    #expect(hits == 0)
  }

  @Test("A memo of values that hardly come again rests for a while, then looks again")
  func memoRests() {
    var memo = ValueMemo()
    var rested = 0
    for index in 0..<400_000 {
      if !memo.isAwake {
        memo.rest()
        rested += 1
        continue
      }
      let value = Array("\(index)".utf8)
      if memo.find(value.span, hash: UInt64(index) &* 0x9e37_79b9_7f4a_7c15) == nil {
        memo.insert(value.span, hash: UInt64(index) &* 0x9e37_79b9_7f4a_7c15, class: 1)
      }
    }
    #expect(rested > 300_000 && rested < 400_000)
  }
}
