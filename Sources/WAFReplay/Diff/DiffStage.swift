internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// Evaluates records by the first web ACL of a comparison, and compares what both decide.
///
///     records ─▶ OrderedStage of the second ─▶ its decisions  3 3 7 3 …
///             ╰▶ OrderedStage of the first  ─▶ its decisions  3 3 5 3 …    pairs: (3, 3) 1,204 times, (5, 7) once: a change
struct DiffStage: ~Copyable {
  private let base: BaseProgram
  private var processor: RecordProcessor
  private var stage: OrderedStage
  private var transitions = Transitions()
  private var pairs: [UInt64: Int] = [:]
  /// The pair of the record before, which most records repeat: its decisions, and its place in `counts`.
  private var last: (key: UInt64, place: Int) = (.max, 0)
  private var counts: [Pair] = []
  // For samples of classified records.
  private var parsers: [LogFormat: LineParser] = [:]
  private var request = Request()
  private var scratch: [UInt8] = []

  /// Records about which the two decide so.
  private struct Pair {
    var base: RecordDecision
    var head: RecordDecision
    var change: Change?
    var count = 0
  }

  init(_ base: BaseProgram, protection: RecordProtection, options: ReplayOptions) {
    self.base = base
    var options = options
    options.lines = []
    options.samplesPerRule = nil
    options.explained = nil
    processor = RecordProcessor(program: base.program, protection: protection, options: options)
    processor.log = DecisionLog(base.program, rules: base.shared.base)
    stage = OrderedStage(program: base.program, options: options)
    stage.log = DecisionLog(base.program, rules: base.shared.base)
    stage.keepsTops = false
  }

  /// Learns what is new with a batch.
  mutating func learn(_ batch: ClassifiedBatch) { stage.learn(batch, plans: batch.basePlans, newDecisions: []) }

  /// Takes records of a batch that the second web ACL has just taken.
  mutating func take(_ indices: Range<Int>, of batch: ClassifiedBatch, input: Int, format: LogFormat, _ head: borrowing DecisionLog) {
    stage.take(indices, of: batch, format: format)
    guard let log = stage.log else { return }
    for index in indices {
      let record = index - indices.lowerBound
      let (before, after) = (log.ofRecords[record], head.ofRecords[record])
      guard before >= 0, after >= 0 else { continue }
      let place = place(before, after, log, head)
      counts[place].count += 1
      if let change = counts[place].change { note(change, index, of: batch, input, format, counts[place]) }
    }
  }

  /// Takes a record that the second web ACL has just taken.
  mutating func process(_ request: borrowing Request, at place: RecordPlace, _ head: borrowing DecisionLog) {
    processor.log?.begin(1)
    guard processor.process(request, at: place), let log = processor.log, head.ofRecords[0] >= 0 else { return }
    let pair = self.place(log.ofRecords[0], head.ofRecords[0], log, head)
    counts[pair].count += 1
    guard let change = counts[pair].change else { return }
    var tally = ChangeTally()
    swap(&tally, &transitions.changes[change, default: ChangeTally()])
    tally.add(
      request.bytes.span, client: request.clientText, address: request.clientAddress,
      path: request.path.knowledge == .known ? request.path.range : nil, country: request.country ?? 0, agent: request.userAgent, scratch: &scratch)
    if tally.samples.count < ChangeTally.sampleLimit {
      let (before, after) = (counts[pair].base, counts[pair].head)
      tally.samples.append(ChangeSample(input: place.input, line: place.line, request: request.compactCopy(), base: before, head: after))
    }
    swap(&tally, &transitions.changes[change, default: ChangeTally()])
  }

  @inline(__always)
  private mutating func place(_ before: Int32, _ after: Int32, _ log: borrowing DecisionLog, _ head: borrowing DecisionLog) -> Int {
    let key = UInt64(UInt32(before)) << 32 | UInt64(UInt32(after))
    if last.key == key { return last.place }
    last = (key, pairs[key] ?? counts.count)
    if last.place == counts.count {
      pairs[key] = counts.count
      let (before, after) = (log.decisions[Int(before)], head.decisions[Int(after)])
      let change = Change.allCases.first { $0.certainty(from: before, to: after) == .certain }
      counts.append(Pair(base: before, head: after, change: change))
    }
    return last.place
  }

  private mutating func note(_ change: Change, _ index: Int, of batch: ClassifiedBatch, _ input: Int, _ format: LogFormat, _ pair: Pair) {
    let record = batch.records[index]
    let bytes = record.isCopied ? batch.copies.span : batch.bytes.span
    var tally = ChangeTally()
    swap(&tally, &transitions.changes[change, default: ChangeTally()])
    tally.add(
      bytes, client: record.client, address: record.address, path: record.path.place, country: record.country, agent: record.userAgent.place,
      scratch: &scratch)
    if tally.samples.count < ChangeTally.sampleLimit {
      batch.request(of: index, &parsers[format, default: LineParser(format: format)], into: &request)
      tally.samples.append(
        ChangeSample(input: input, line: batch.lineNumber(of: index), request: request.compactCopy(), base: pair.base, head: pair.head))
    }
    swap(&tally, &transitions.changes[change, default: ChangeTally()])
  }

  /// What both decided, and what the first web ACL did.
  ///
  /// - Parameter names: Of the inputs.
  consuming func finish(names: (Int) -> [UInt8]) -> DiffResult {
    var transitions = self.transitions
    let shared = base.shared
    for pair in counts where pair.count > 0 {
      transitions.add(pair.base, pair.head, times: pair.count)
      if pair.base.actions == pair.head.actions, let before = pair.base.rule, let after = pair.head.rule {
        let (one, other) = (before < 0 ? -1 : shared.base[before], after < 0 ? -1 : shared.head[after])
        if one != other { transitions.noteOtherRule(times: pair.count) }
      }
    }
    transitions.nameSamples(names)
    var tally = processor.takeTally()
    let isClassified = stage.records > 0
    let rates = processor.rates
    let (stageTally, stageRates) = stage.finish()
    tally.add(stageTally)
    return DiffResult(transitions: transitions, base: tally, baseRates: isClassified ? stageRates : rates)
  }
}

/// What a comparison of two web ACLs found.
public struct DiffResult: Sendable {
  /// What became of the records.
  public var transitions: Transitions
  /// What the first web ACL did.
  public var base: Tally
  /// What its rate-based rules did.
  public var baseRates: RateLedger
}
