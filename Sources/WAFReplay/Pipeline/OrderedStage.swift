internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// What has to be done in the order of the log with classified records: rates, top lists, counts.
///
/// Records with the same verdict are counted by the verdict, and only at the end by rule: a record costs the same with ten rules or a thousand.
struct OrderedStage: ~Copyable {
  private let program: Program
  private let selection: RecordSelection
  private var book: PlanBook
  /// For each verdict of the book the rules that certainly matched.
  private var matched: [[Int]] = []
  /// Top lists and all else that records cannot share.
  private var tally: Tally
  /// For each rule the records of the batch at hand that it certainly matched and whose values are not in its top lists yet.
  private var waiting: [[Int]]
  private(set) var rates: RateLedger
  /// Records evaluated.
  private(set) var records = 0

  // What AWS recorded: how often each decision met each verdict.
  private var decisions: [[RecordedOutcome]]
  private var meetings: [Meeting: Int] = [:]
  private var meetingOrder: [Meeting] = []

  // Records without a signature.
  private var verdict = Verdict()
  private var request = Request()
  private var parsers: [LogFormat: LineParser] = [:]

  private struct Meeting: Hashable {
    var verdict: Int
    var worker: Int
    var decision: UInt32
  }

  init(program: Program, options: ReplayOptions) {
    self.program = program
    selection = options.selection
    let workers = max(options.jobs, 1)
    book = PlanBook(program: program, workers: workers)
    tally = Tally(rules: program.rules.count)
    waiting = Array(repeating: [], count: program.rules.count)
    rates = RateLedger(program)
    decisions = Array(repeating: [], count: workers)
  }

  /// Takes the next batch of records.
  mutating func take(_ batch: ClassifiedBatch, format: LogFormat) {
    book.add(batch.plans, of: batch.worker)
    for index in matched.count..<book.verdicts.count { matched.append(Self.matchedRules(of: book.verdicts[index])) }
    decisions[batch.worker] += batch.newDecisions
    let before = records
    var start = 0
    while start < batch.records.count {
      let end = min(start + Self.groupSize, batch.records.count)
      if program.needsOrder, let loaded = book.load(batch.records, start..<end, of: batch.worker) {
        rates.load(rule: loaded.rule, hashes: loaded.hashes.span)
      }
      for index in start..<end where batch.records[index].signature != ClassifiedRecord.Special.none { take(index, of: batch, format) }
      start = end
    }
    fillTops(from: batch)
    if records > before { tally.summary.formats[format.name, default: 0] += records - before }
  }

  /// Records whose rates are looked up together.
  private static var groupSize: Int { 32 }

  @inline(__always)
  private mutating func take(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) {
    let record = batch.records[index]
    guard selection.holds(time: record.hasTime ? record.timestamp : nil) else {
      tally.summary.filtered += 1
      return
    }
    records += 1
    guard record.signature != ClassifiedRecord.Special.direct else { return evaluate(index, of: batch, format) }
    if record.hasTime { tally.summary.cover(record.timestamp) }
    let found = book.verdict(of: record, from: batch.worker) ?? resume(index, of: batch, format)
    for answer in 0..<book.answers.count { note(book.answers[answer], of: record) }
    for rule in 0..<matched[found].count { waiting[matched[found][rule]].append(index) }
    if !batch.decisions.isEmpty, batch.decisions[index] != 0 { meet(found, batch.worker, batch.decisions[index]) }
    // Not for each record, since it looks at all lists.
    if records.isMultiple(of: Self.boundingInterval) {
      fillTops(from: batch)
      tally.boundTops()
    }
  }

  /// Records between two looks at the size of the top lists.
  private static var boundingInterval: Int { 4_096 }

  /// Adds the values of matched records to the top lists. List after list, so that each stays in the processor's cache; within a list in the
  /// order of the records, which is all that its result depends on.
  private mutating func fillTops(from batch: borrowing ClassifiedBatch) {
    for rule in waiting.indices where !waiting[rule].isEmpty {
      for position in waiting[rule].indices {
        let index = waiting[rule][position]
        let bytes = batch.records[index].isCopied ? batch.copies.span : batch.bytes.span
        tally.rules[rule].tops.add(batch.records[index], in: bytes)
      }
      waiting[rule].removeAll(keepingCapacity: true)
    }
  }

  private mutating func note(_ answer: RateAnswer, of record: borrowing ClassifiedRecord) {
    let time = record.hasTime ? record.timestamp : nil
    // The address is known where a rule counts by it; the others count all requests together.
    let isByAddress = program.rules[answer.rule].rate?.aggregateKeyType != .constant
    rates.add(
      rule: answer.rule, address: isByAddress ? record.address : nil, count: answer.count, isLimited: answer.isLimited, at: time)
  }

  /// Makes the step that the plan of a record lacks.
  private mutating func resume(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) -> Int {
    read(index, of: batch, format)
    let found = book.resume(with: request)
    for index in matched.count..<book.verdicts.count { matched.append(Self.matchedRules(of: book.verdicts[index])) }
    return found
  }

  /// Evaluates a record that has no signature.
  private mutating func evaluate(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) {
    read(index, of: batch, format)
    book.evaluate(request, into: &verdict)
    tally.add(verdict, of: request, by: program)
    rates.add(verdict, at: request.timestamp)
  }

  private mutating func read(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) {
    batch.request(at: index, &parsers[format, default: LineParser(format: format)], into: &request)
  }

  private mutating func meet(_ verdict: Int, _ worker: Int, _ decision: UInt32) {
    let meeting = Meeting(verdict: verdict, worker: worker, decision: decision)
    if meetings[meeting, default: 0] == 0 { meetingOrder.append(meeting) }
    meetings[meeting, default: 0] += 1
  }

  private static func matchedRules(of verdict: borrowing Verdict) -> [Int] {
    let outcomes = verdict.outcomes
    return verdict.touched.filter { outcomes[$0].matched == .certain }
  }

  /// Everything that was counted.
  consuming func finish() -> (tally: Tally, rates: RateLedger) {
    var tally = self.tally
    for index in book.verdicts.indices where book.counts[index] > 0 { tally.add(book.verdicts[index], times: book.counts[index]) }
    for meeting in meetingOrder {
      let recorded = decisions[meeting.worker][Int(meeting.decision) - 1]
      let comparison = Comparison(book.verdicts[meeting.verdict], with: recorded, by: program)
      tally.agreement.add(comparison, book.verdicts[meeting.verdict], recorded: recorded.action.span, times: meetings[meeting] ?? 0)
    }
    if program.needsOrder { tally.summary.late += book.lateRequests }
    return (tally, rates)
  }
}
