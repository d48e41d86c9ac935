internal import WAFBase
public import WAFEngine
public import WAFLogs
internal import WAFRequest

/// Runs the records of logs through a web ACL and counts what it does with them.
///
///     inputs ─▶ ChunkFeed ─▶ workers: ChunkParser (+ RecordProcessor) ─▶ this thread, in order: RecordProcessor, totals, verdict lines
///
/// Where no verdict depends on earlier requests the workers evaluate too; else they only read the lines, and this thread evaluates. Either way
/// the result is that of one thread that takes line after line.
public struct Replay {
  private let program: Program
  private let protection: RecordProtection
  private let options: ReplayOptions

  /// A replay of logs through `program`.
  public init(program: Program, protection: RecordProtection, options: ReplayOptions) {
    self.program = program
    self.protection = protection
    self.options = options
  }

  /// Chunks under way for each worker.
  private static let chunksPerWorker = 2
  /// How often the caller hears of progress while nothing comes in, in milliseconds.
  private static let idleInterval = 100

  /// What the caller does meanwhile.
  public struct Observer {
    /// Takes the verdict lines of a stream.
    public var lines: ((ReplayOptions.LineChoice, [UInt8]) throws(OutputFailure) -> Void)?
    /// Called before waiting for input: what was written so far has to get out.
    public var idle: (() throws(OutputFailure) -> Void)?
    /// Takes what logs of a format cannot tell, judging by so many of its first records.
    public var gaps: ((_ format: LogFormat, _ gaps: [KnowledgeGap], _ records: Int) -> Void)?
    /// Takes what was found out about inputs, likewise.
    public var note: ((String) -> Void)?
    /// Takes the explained records.
    public var explained: ((ExplainedRecord) throws(OutputFailure) -> Void)?
    /// Takes warnings about lines and inputs as they are met, one line each, already made inert.
    public var warning: ((String) -> Void)?
    /// Takes errors about inputs, likewise.
    public var error: ((String) -> Void)?
    /// Hears of progress, often.
    public var progress: ((Progress) -> Void)?
    /// Called at the end.
    public var finished: (() -> Void)?

    /// An observer that does nothing.
    public init() {}
  }

  /// Replays all inputs.
  ///
  /// Where rates depend on the order of time, the first try takes records as they come: a log in order needs no more, and most time is saved
  /// that way. At the first record out of order it begins again, and from then on records wait for earlier ones (`TimeOrder`).
  ///
  /// - Returns: What was found, up to an interruption.
  /// - Throws: When the observer cannot write, or when there is no thread to be had.
  public func run(_ inputs: InputList, observer: Observer) throws(OutputFailure) -> ReplayResult {
    let ranks = Self.ranks(of: inputs.sources)
    guard needsOrder, let reordering = options.reordering else {
      return try run(inputs, ranks, order: nil, observer, untilDisorder: false) ?? ReplayResult(program)
    }
    var observer = observer
    if options.lines.isEmpty, options.explained == nil, inputs.areFiles {
      let told = Told()
      if let result = try run(inputs, ranks, order: nil, observer.counting(told), untilDisorder: true) { return result }
      observer = observer.skipping(told)
    }
    let order = TimeOrder(reordering, ranks: ranks)
    return try run(inputs, ranks, order: order, observer, untilDisorder: false) ?? ReplayResult(program)
  }

  /// The position of each input by its name: what decides between records of the same time.
  private static func ranks(of sources: [InputSource]) -> [Int] {
    var ranks = Array(repeating: 0, count: sources.count)
    let order = sources.indices.sorted { sources[$0].name.lexicographicallyPrecedes(sources[$1].name) }
    for (rank, index) in order.enumerated() { ranks[index] = rank }
    return ranks
  }

  /// Whether chunks of several inputs are merged by time.
  private var isMerged: Bool { needsOrder && options.reordering != nil }

  /// Whether what comes of a record depends on those before it.
  private var needsOrder: Bool { program.needsOrder || options.comparison?.needsOrder == true }

  /// The order in which inputs are read: that of the command line where lines are written, which keep it, else that of the names, so that it
  /// does not matter how the user named them.
  private func readingOrder(_ ranks: [Int]) -> [Int] {
    isMerged || options.lines.isEmpty ? ranks.indices.sorted { ranks[$0] < ranks[$1] } : Array(ranks.indices)
  }

  /// - Parameter untilDisorder: Whether to stop at a record out of order; then the result is nil.
  private func run(
    _ inputs: InputList, _ ranks: [Int], order: TimeOrder?, _ observer: Observer, untilDisorder: Bool
  ) throws(OutputFailure) -> ReplayResult? {
    let counter = ProgressCounter(inputs.sources)
    let feed = ChunkFeed(inputs.sources, order: readingOrder(ranks), isMerged: isMerged, options: options, progress: counter)
    let jobs = max(options.jobs, 1)
    let pipeline = OrderedPipeline<FeedItem, Outcome>(window: jobs * Self.chunksPerWorker) { feed.next() }
    var collector = Collector(
      program: program, protection: protection, options: options, sources: inputs.sources, ranks: ranks, order: order, observer: observer)
    for error in inputs.errors { collector.noteUnreadable(error) }
    guard startWorkers(jobs, pipeline) > 0 else { throw OutputFailure.noThread }
    defer { pipeline.stop() }
    while true {
      if let signal = Interruption.signalNumber {
        collector.interrupt(by: signal)
        break
      }
      var next = pipeline.next(waiting: 0)
      if case .notYet = next {
        try observer.idle?()
        next = pipeline.next(waiting: Self.idleInterval)
      }
      guard case .result(let outcome) = next else {
        if case .end = next { break }
        observer.progress?(counter.progress(records: collector.records))
        continue
      }
      try collector.collect(outcome)
      if collector.isDone { break }
      if untilDisorder, !collector.isInOrder { return nil }
      observer.progress?(counter.progress(records: collector.records))
    }
    try collector.end()
    observer.finished?()
    return collector.finish()
  }

  /// What a worker made of an item.
  enum Outcome {
    case batch(Batch)
    case other(FeedItem)
  }

  /// Whether records have to be evaluated one after the other.
  static func needsOrder(_ program: Program, _ options: ReplayOptions) -> Bool {
    program.needsOrder || options.selection.limit != nil || options.explained != nil || options.comparison != nil
  }

  /// Whether records are classified, so that those of the same kind are evaluated once.
  static func isClassified(_ program: Program, _ options: ReplayOptions) -> Bool {
    let classifying = options.comparison.map(\.classifying) ?? program
    return options.usesSignatures && !options.needsEachRecord && options.selection.isByTime && classifying?.isClassifiable == true
  }

  /// Starts the workers and returns how many the system gave; one does it all if need be.
  private func startWorkers(_ jobs: Int, _ pipeline: OrderedPipeline<FeedItem, Outcome>) -> Int {
    let (program, protection, options) = (program, protection, options)
    for started in 0..<jobs {
      let isRunning = Worker.start {
        if Self.isClassified(program, options) {
          Self.classifyLines(pipeline, program, options, worker: started)
        } else if Self.needsOrder(program, options) {
          Self.readLines(pipeline, program, options)
        } else {
          Self.evaluateLines(pipeline, program, protection, options)
        }
      }
      if !isRunning { return started }
    }
    return jobs
  }

  /// A worker that finds out which records are alike.
  private static func classifyLines(_ pipeline: OrderedPipeline<FeedItem, Outcome>, _ program: Program, _ options: ReplayOptions, worker: Int) {
    var classifier = ChunkClassifier(program: program, comparison: options.comparison, worker: worker, limits: options.limits)
    let empty = Tally(program)
    pipeline.work { item in
      guard case .lines(let chunk, let input, let layout) = item else { return .other(item) }
      return .batch(classifier.classify(chunk, input: input, layout: layout, emptyTally: empty))
    }
  }

  /// A worker that only reads lines.
  private static func readLines(_ pipeline: OrderedPipeline<FeedItem, Outcome>, _ program: Program, _ options: ReplayOptions) {
    var parser = ChunkParser(places: options.places)
    let empty = Tally(program)
    pipeline.work { item in
      guard case .lines(let chunk, let input, let layout) = item else { return .other(item) }
      return .batch(
        parser.parse(chunk, input: input, layout: layout, limits: options.limits, emptyTally: empty) { request, line, batch in
          batch.span.add(request.timestamp)
          batch.steps.append(.record(request.compactCopy(), line: line))
        } onBadLine: { line, reason, batch in
          if options.lines.contains(.all) { batch.steps.append(.bad(line: line, reason: reason)) }
        })
    }
  }

  /// A worker that reads and evaluates lines.
  private static func evaluateLines(
    _ pipeline: OrderedPipeline<FeedItem, Outcome>, _ program: Program, _ protection: RecordProtection, _ options: ReplayOptions
  ) {
    var parser = ChunkParser(places: options.places)
    var processor = RecordProcessor(program: program, protection: protection, options: options)
    let empty = Tally(program)
    pipeline.work { item in
      guard case .lines(let chunk, let input, let layout) = item else { return .other(item) }
      var batch = parser.parse(chunk, input: input, layout: layout, limits: options.limits, emptyTally: empty) { request, line, _ in
        if processor.process(request, at: RecordPlace(input: input, line: line)) { processor.count(format: layout.format) }
      } onBadLine: { line, reason, _ in
        processor.process(badLine: line, reason: reason)
      }
      batch.tally.add(processor.takeTally())
      batch.written = processor.takeWritten()
      return .batch(batch)
    }
  }
}
