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
  /// Records of the batch at hand, and rules that certainly matched them, whose values are not in the top lists yet; in order of the records.
  private var waiting: [(rule: Int, entry: MatchTops.Entry)] = []
  /// What `fillTops` read; of no meaning, but what nobody keeps need not be read.
  private var touched: UInt32 = 0
  private(set) var rates: RateLedger
  /// What the probes of rate-based rules counted; nil where no limits are studied.
  private(set) var rateCurves: RateCurves?
  /// Index of the first record of the run at hand.
  private var first = 0
  /// For each rule whether it counts by client address; else it counts all requests together.
  private let isByAddress: [Bool]
  /// Records evaluated.
  private(set) var records = 0
  /// What is decided about each record of a run, for a comparison; nil where none is made.
  var log: DecisionLog?
  /// Whether top lists are kept of what rules match.
  var keepsTops = true

  // What AWS recorded: how often each decision met each verdict.
  private var decisions: [[RecordedOutcome]]
  private var meetings: [(meeting: Meeting, count: Int)] = []
  private var meetingIndices: [Meeting: Int] = [:]
  /// For each verdict the meeting that it had last, as an index into `meetings`; -1 for none.
  private var lastMeetings: [Int] = []

  /// Records of one minute whose verdicts are not in the metrics yet.
  private var minute = MinuteCounts()

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
    tally = Tally(program)
    if options.countsMetrics { tally.metrics = Metrics() }
    tally.fates = options.watched.map { ClientFates(of: $0) }
    rates = RateLedger(program)
    rateCurves = options.rateSubjects.map { RateCurves($0, program) }
    isByAddress = program.rules.map { $0.rate.map { $0.aggregateKeyType != .constant } ?? false }
    decisions = Array(repeating: [], count: workers)
  }

  /// Learns what is new with a batch. Batches have to come in the order in which their workers made them; their records may wait.
  mutating func learn(_ batch: ClassifiedBatch) { learn(batch, plans: batch.plans, newDecisions: batch.newDecisions) }

  /// Learns plans of a batch.
  mutating func learn(_ batch: ClassifiedBatch, plans: [Plan], newDecisions: [RecordedOutcome]) {
    book.add(plans, of: batch.worker)
    for index in matched.count..<book.verdicts.count { matched.append(Self.matchedRules(of: book.verdicts[index])) }
    decisions[batch.worker] += newDecisions
  }

  /// Takes records of a batch that was learned.
  mutating func take(_ indices: Range<Int>, of batch: ClassifiedBatch, format: LogFormat) {
    let before = records
    log?.begin(indices.count)
    first = indices.lowerBound
    var start = indices.lowerBound
    while start < indices.upperBound {
      let end = min(start + Self.groupSize, indices.upperBound)
      if program.needsOrder, let loaded = book.load(batch.records, start..<end, of: batch.worker) {
        rates.load(rule: loaded.rule, hashes: loaded.hashes.span)
      }
      for index in start..<end where batch.records[index].signature != ClassifiedRecord.Special.none { take(index, of: batch, format) }
      start = end
    }
    fillTops(from: batch)
    if records > before { tally.summary.formats[format.name, default: 0] += records - before }
  }

  /// Records that are looked up together.
  private static var groupSize: Int { 32 }

  @inline(__always)
  private mutating func take(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) {
    let record = batch.records[index]
    guard selection.holds(time: record.timestamp) else {
      tally.summary.filtered += 1
      return
    }
    records += 1
    guard record.signature != ClassifiedRecord.Special.direct else {
      evaluate(index, of: batch, format)
      log?.note(index - first, verdict)
      return
    }
    if let time = record.timestamp { tally.summary.cover(time) }
    let found = book.verdict(of: record, from: batch.worker) ?? resume(index, of: batch, format)
    log?.note(index - first, verdict: found, of: book.verdicts)
    if tally.metrics != nil { note(found, at: record.timestamp) }
    if tally.fates != nil {
      let bytes = record.isCopied ? batch.copies.span : batch.bytes.span
      tally.fates?.add(
        book.verdicts[found], bytes, address: record.address, country: record.country, path: record.path.place, time: record.timestamp)
    }
    if rateCurves != nil {
      rateCurves?.begin(record.address, hash: record.addressHash, isBlocked: RateCurves.isBlocked(book.verdicts[found], by: program))
    }
    for answer in 0..<book.answerCount { note(book.answers[answer], of: record) }
    if keepsTops, !matched[found].isEmpty {
      let entry = MatchTops.Entry(record, in: record.isCopied ? batch.copies.span : batch.bytes.span)
      for rule in 0..<matched[found].count { waiting.append((matched[found][rule], entry)) }
      if waiting.count >= Self.groupSize { fillTops(from: batch) }
    }
    if !batch.decisions.isEmpty, case let decision = batch.decisions[index], decision != 0, decision <= decisions[batch.worker].count {
      meet(found, batch.worker, decision)
    }
    // Not for each record, since it looks at all lists.
    if records.isMultiple(of: Self.boundingInterval) {
      fillTops(from: batch)
      tally.boundTops()
    }
  }

  /// Records between two looks at the size of the top lists.
  private static var boundingInterval: Int { 4_096 }

  /// Adds the values of matched records to the top lists, in their order. What is looked up waits for memory several times; here all of them
  /// wait at once.
  private mutating func fillTops(from batch: borrowing ClassifiedBatch) {
    for index in waiting.indices { touched ^= tally.rules[waiting[index].rule].tops.touchSlots(waiting[index].entry) }
    for index in waiting.indices { touched ^= tally.rules[waiting[index].rule].tops.touchEntries(waiting[index].entry) }
    for index in waiting.indices { touched ^= tally.rules[waiting[index].rule].tops.touchValues(waiting[index].entry) }
    for index in waiting.indices {
      let bytes = waiting[index].entry.record.isCopied ? batch.copies.span : batch.bytes.span
      tally.rules[waiting[index].rule].tops.add(waiting[index].entry, in: bytes)
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Counts a verdict for the metrics: those of a minute together, since adding one costs more than evaluating it.
  private mutating func note(_ verdict: Int, at time: Int64?) {
    guard let time else {
      tally.metrics?.add(book.verdicts[verdict], at: nil, by: program)
      return
    }
    if !minute.holds(time) {
      addMinute()
      minute.begin(at: time)
    }
    minute.add(verdict)
  }

  private mutating func addMinute() {
    for (verdict, records) in minute.counts { tally.metrics?.add(book.verdicts[verdict], at: minute.time, by: program, times: records) }
  }

  private mutating func note(_ answer: RateAnswer, of record: borrowing ClassifiedRecord) {
    rateCurves?.add(rule: answer.rule, count: answer.count)
    if let key = answer.key {
      return rates.add(rule: answer.rule, key: key.span, count: answer.count, isLimited: answer.isLimited, at: record.timestamp)
    }
    // The address is known where a rule counts by it.
    rates.add(
      rule: answer.rule, address: isByAddress[answer.rule] ? record.address : nil, hash: record.addressHash, count: answer.count,
      isLimited: answer.isLimited, at: record.timestamp)
  }

  /// Makes the request of a record again, for a key or a step that its plan lacks.
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
    rateCurves?.add(verdict, of: request, by: program)
  }

  private mutating func read(_ index: Int, of batch: borrowing ClassifiedBatch, _ format: LogFormat) {
    batch.request(of: index, &parsers[format, default: LineParser(format: format)], into: &request)
  }

  private mutating func meet(_ verdict: Int, _ worker: Int, _ decision: UInt32) {
    let meeting = Meeting(verdict: verdict, worker: worker, decision: decision)
    while lastMeetings.count <= verdict { lastMeetings.append(-1) }
    let last = lastMeetings[verdict]
    if last >= 0, meetings[last].meeting == meeting { return meetings[last].count += 1 }
    let index = meetingIndices[meeting] ?? meetings.count
    if index == meetings.count {
      meetingIndices[meeting] = index
      meetings.append((meeting, 0))
    }
    meetings[index].count += 1
    lastMeetings[verdict] = index
  }

  private static func matchedRules(of verdict: borrowing Verdict) -> [Int] {
    let outcomes = verdict.outcomes
    return verdict.touched.filter { outcomes[$0].matched == .certain }
  }

  /// Everything that was counted.
  consuming func finish() -> (tally: Tally, rates: RateLedger, rateCurves: RateCurves?) {
    addMinute()
    var tally = self.tally
    for index in book.verdicts.indices where book.counts[index] > 0 { tally.add(book.verdicts[index], times: book.counts[index]) }
    for (meeting, count) in meetings {
      let recorded = decisions[meeting.worker][Int(meeting.decision) - 1]
      tally.agreement.add(recorded, book.verdicts[meeting.verdict], by: program, times: count)
    }
    if program.needsOrder { tally.summary.late += book.lateRequests }
    return (tally, rates, rateCurves)
  }
}
