internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// Evaluates records by another web ACL than the replayed one, and compares what both decide.
///
///     records ─▶ OrderedStage of the replayed one ─▶ its decisions  3 3 7 3 …
///             ╰▶ OrderedStage of the other        ─▶ its decisions  3 3 5 3 …    pairs: (3, 3) 1,204 times, (7, 5) once: a change
struct DiffStage: ~Copyable {
  /// Number of the other web ACL among those of the comparison.
  private let number: Int
  private let direction: WebACLComparison.Direction
  /// Numbers of the rules of the replayed web ACL and of the other.
  private let rules: (replayed: [Int], other: [Int])
  private var processor: RecordProcessor
  private var stage: OrderedStage
  private var transitions: Transitions
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

  /// - Parameter number: Of the other web ACL among those of `comparison`.
  init(_ comparison: WebACLComparison, number: Int, protection: RecordProtection, options: ReplayOptions) {
    let program = comparison.others[number]
    self.number = number
    direction = comparison.direction
    rules = (comparison.ruleNumbers[0], comparison.ruleNumbers[number + 1])
    transitions = Transitions(keepsHits: comparison.keepsHits)
    var options = options
    options.lines = []
    options.samplesPerRule = nil
    options.explained = nil
    processor = RecordProcessor(program: program, protection: protection, options: options)
    processor.log = DecisionLog(program, rules: rules.other)
    stage = OrderedStage(program: program, options: options)
    stage.log = DecisionLog(program, rules: rules.other)
    stage.keepsTops = false
  }

  /// Learns what is new with a batch.
  mutating func learn(_ batch: ClassifiedBatch) { stage.learn(batch, plans: batch.otherPlans[number], newDecisions: []) }

  /// Takes records of a batch that the replayed web ACL has just taken.
  mutating func take(_ indices: Range<Int>, of batch: ClassifiedBatch, input: Int, format: LogFormat, _ replayed: borrowing DecisionLog) {
    stage.take(indices, of: batch, format: format)
    guard let log = stage.log else { return }
    for index in indices {
      let record = index - indices.lowerBound
      let (own, theirs) = (log.ofRecords[record], replayed.ofRecords[record])
      guard own >= 0, theirs >= 0 else { continue }
      let place = place(own, theirs, log, replayed)
      counts[place].count += 1
      if let change = counts[place].change { note(change, index, of: batch, input, format, counts[place]) }
    }
  }

  /// Takes a record that the replayed web ACL has just taken.
  mutating func process(_ request: borrowing Request, at place: RecordPlace, _ replayed: borrowing DecisionLog) {
    processor.log?.begin(1)
    guard processor.process(request, at: place), let log = processor.log, replayed.ofRecords[0] >= 0 else { return }
    let pair = self.place(log.ofRecords[0], replayed.ofRecords[0], log, replayed)
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
    guard transitions.hits != nil, change != .newAllow else { return }
    let isFirst = transitions.hits?.add(
      request.bytes.span, request.clientAddress, country: request.country ?? 0,
      path: request.path.knowledge == .known ? request.path.range : nil, agent: request.userAgent)
    guard isFirst == true else { return }
    let (before, after) = (counts[pair].base, counts[pair].head)
    transitions.hits?.samples.append(
      ChangeSample(input: place.input, line: place.line, request: request.compactCopy(), base: before, head: after))
  }

  @inline(__always)
  private mutating func place(_ own: Int32, _ theirs: Int32, _ log: borrowing DecisionLog, _ replayed: borrowing DecisionLog) -> Int {
    let key = UInt64(UInt32(own)) << 32 | UInt64(UInt32(theirs))
    if last.key == key { return last.place }
    last = (key, pairs[key] ?? counts.count)
    if last.place == counts.count {
      pairs[key] = counts.count
      let both = (log.decisions[Int(own)], replayed.decisions[Int(theirs)])
      let (before, after) = direction == .fromOthers ? both : (both.1, both.0)
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
    guard transitions.hits != nil, change != .newAllow else { return }
    let isFirst = transitions.hits?.add(bytes, record.address, country: record.country, path: record.path.place, agent: record.userAgent.place)
    guard isFirst == true else { return }
    batch.request(of: index, &parsers[format, default: LineParser(format: format)], into: &request)
    transitions.hits?.samples.append(
      ChangeSample(input: input, line: batch.lineNumber(of: index), request: request.compactCopy(), base: pair.base, head: pair.head))
  }

  /// What both decided, and what the other web ACL did.
  ///
  /// - Parameter names: Of the inputs.
  consuming func finish(names: (Int) -> [UInt8]) -> DiffResult {
    var transitions = self.transitions
    let numbers = direction == .fromOthers ? (base: rules.other, head: rules.replayed) : (base: rules.replayed, head: rules.other)
    for pair in counts where pair.count > 0 {
      transitions.add(pair.base, pair.head, times: pair.count)
      if pair.base.actions == pair.head.actions, let before = pair.base.rule, let after = pair.head.rule {
        let (one, other) = (before < 0 ? -1 : numbers.base[before], after < 0 ? -1 : numbers.head[after])
        if one != other { transitions.noteOtherRule(times: pair.count) }
      }
    }
    transitions.nameSamples(names)
    var tally = processor.takeTally()
    let isClassified = stage.records > 0
    let rates = processor.rates
    let (stageTally, stageRates, _) = stage.finish()
    tally.add(stageTally)
    return DiffResult(transitions: transitions, tally: tally, rates: isClassified ? stageRates : rates)
  }
}

/// What a comparison with another web ACL found.
public struct DiffResult: Sendable {
  /// What became of the records.
  public var transitions: Transitions
  /// What the other web ACL did.
  public var tally: Tally
  /// What its rate-based rules did.
  public var rates: RateLedger
}
