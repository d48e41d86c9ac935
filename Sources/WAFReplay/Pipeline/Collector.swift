internal import WAFBase
internal import WAFEngine
public import WAFLogs
internal import WAFRequest

/// Takes the outcomes of the workers in order and builds the result.
struct Collector: ~Copyable {
  var result: ReplayResult
  private var processor: RecordProcessor
  private var stage: OrderedStage
  /// Compares with other web ACLs.
  private let diffs: DiffStages
  private var samples: SampleStore
  private let streams: [ReplayOptions.LineChoice]
  private let program: Program
  private let places: PlaceDatabases
  /// Where records wait for earlier ones; nil where they are taken as they come.
  private var order: TimeOrder?
  /// Whether all records so far came in order of time, those of the same time in order of their files.
  private(set) var isInOrder = true
  /// Time and rank of the newest record.
  private var newest = (Int64.min, 0)
  private let ranks: [Int]
  private let sources: [InputSource]
  private let observer: Replay.Observer

  /// - Parameter ranks: For each input its position by name.
  init(
    program: Program, protection: RecordProtection, options: ReplayOptions, sources: [InputSource], ranks: [Int], order: TimeOrder?,
    observer: Replay.Observer
  ) {
    result = ReplayResult(program)
    self.ranks = ranks
    self.order = order
    processor = RecordProcessor(program: program, protection: protection, options: options)
    stage = OrderedStage(program: program, options: options)
    if let comparison = options.comparison {
      processor.log = DecisionLog(program, rules: comparison.ruleNumbers[0])
      stage.log = DecisionLog(program, rules: comparison.ruleNumbers[0])
    }
    diffs = DiffStages(protection: protection, options: options)
    samples = SampleStore(perRule: options.samplesPerRule ?? 0, rules: program.rules.count)
    streams = options.lines
    self.program = program
    places = options.places
    self.sources = sources
    self.observer = observer
  }

  /// Records evaluated so far.
  var records: Int { result.tally.summary.records + stage.records }

  mutating func collect(_ outcome: Replay.Outcome) throws(OutputFailure) {
    switch outcome {
    case .batch(let batch): try collect(batch)
    case .other(.firstLines(let chunk, let input, let layout, let detection)):
      if let detection { observer.note?(Self.place(sources[input].name, nil) + "note: " + detection) }
      announceGaps(in: chunk, layout)
    case .other(.opened): result.tally.summary.files += 1
    case .other(.ended(let input, let end)): collect(end, of: input)
    case .other(.unreadable(let error)): noteUnreadable(error)
    case .other(.lines): break
    }
  }

  /// Tells what no record of a format can, judging by its first ones.
  private borrowing func announceGaps(in chunk: LineChunk, _ layout: LineLayout) {
    var parser = LineParser(layout: layout)
    var request = Request()
    var finder = PlaceFinder(places)
    var probe = KnowledgeProbe(program: program)
    for line in chunk.lines {
      guard probe.records < Self.probedRecords else { break }
      guard case .record = parser.parse(chunk.bytes.span.extracting(line.range), into: &request) else { continue }
      finder.complete(&request)
      probe.look(at: request)
    }
    observer.gaps?(layout.format, probe.gaps(), probe.records)
  }

  /// Records that are looked at for what logs of their kind cannot tell.
  private static let probedRecords = 200

  private mutating func collect(_ batch: Batch) throws(OutputFailure) {
    result.tally.add(batch.tally)
    result.notes.merge(batch.notes)
    for bad in batch.badLines {
      let entry = BadLines.Entry(file: sources[batch.input].name, line: bad.line, reason: bad.reason)
      if result.badLines.add(entry) { observer.warning?(Self.place(entry.file, bad.line) + "warning: " + SafeText.escape(bad.reason, limit: 200)) }
    }
    if let classified = batch.classified {
      stage.learn(classified)
      diffs.learn(classified)
    }
    noteFirstRecord(of: batch)
    if order == nil {
      noteOrder(of: batch)
      evaluate(0..<batch.recordLimit, of: batch)
    } else {
      order?.add(batch)
      while let run = order?.next(isLast: false) { evaluate(run.indices, of: run.batch) }
    }
    try handOnLines()
    try collect(batch.written)
  }

  /// Notes which record comes first, where that one is to be explained.
  private mutating func noteFirstRecord(of batch: Batch) {
    guard processor.explainer != nil, processor.explainer?.first == nil else { return }
    for case .record(_, let line) in batch.steps {
      processor.explainer?.first = RecordPlace(input: batch.input, line: line)
      return
    }
  }

  /// Whether there is nothing left to do: the record that was to be explained was.
  var isDone: Bool { processor.explainer?.isDone == true }

  /// Notes whether the records are in order of time so far.
  private mutating func noteOrder(of batch: Batch) {
    guard let first = batch.span.first, let latest = batch.span.latest else { return }
    let rank = ranks[batch.input]
    if !batch.span.isInOrder || (first, rank) < newest { isInOrder = false }
    if newest < (latest, rank) { newest = (latest, rank) }
  }

  /// Evaluates what is left to do in order of some records of a batch.
  private mutating func evaluate(_ indices: Range<Int>, of batch: Batch) {
    if let classified = batch.classified {
      stage.take(indices, of: classified, format: batch.format)
      if let log = stage.log { diffs.take(indices, of: classified, input: batch.input, format: batch.format, log) }
      return
    }
    for step in batch.steps[indices] {
      switch step {
      case .record(let request, let line):
        let place = RecordPlace(input: batch.input, line: line)
        processor.log?.begin(1)
        if processor.process(request, at: place) { processor.count(format: batch.format) }
        if let log = processor.log { diffs.process(request, at: place, log) }
      case .bad(let line, let reason): processor.process(badLine: line, reason: reason)
      }
    }
  }

  /// Hands on the verdict lines that were written.
  private mutating func handOnLines() throws(OutputFailure) {
    for record in processor.explainer?.take(names: { sources[$0].name }) ?? [] { try observer.explained?(record) }
    guard processor.hasNews else { return }
    result.tally.add(processor.takeTally())
    try collect(processor.takeWritten())
  }

  private mutating func collect(_ written: WrittenLines) throws(OutputFailure) {
    for (stream, lines) in zip(streams, written.streams) where !lines.isEmpty { try observer.lines?(stream, lines) }
    for candidate in written.samples { samples.add(candidate) }
  }

  /// Evaluates the records that still wait for others.
  mutating func end() throws(OutputFailure) {
    while !isDone, let run = order?.next(isLast: true) { evaluate(run.indices, of: run.batch) }
    try handOnLines()
    for (input, records) in (order?.late ?? []).enumerated() where records > 0 {
      let late = LateRecords(file: sources[input].name, records: records)
      result.late.append(late)
      observer.warning?(late.message)
    }
    result.late.sort { $0.file.lexicographicallyPrecedes($1.file) }
    result.badLines.sort()
    result.incompleteFiles.sort { $0.file.lexicographicallyPrecedes($1.file) }
  }

  private mutating func collect(_ end: InputEnd, of input: Int) {
    let name = sources[input].name
    result.tally.summary.recordsUnverified += end.unverifiedLines
    if let incomplete = end.incomplete {
      result.tally.summary.filesIncomplete += 1
      result.incompleteFiles.append(incomplete)
      if let error = end.unreadable { noteUnreadable(error) } else { observer.warning?(incomplete.message) }
    }
    if end.padding > 0 { observer.warning?(Self.place(name, nil) + "warning: \(end.padding) NUL bytes after the last frame") }
  }

  mutating func noteUnreadable(_ error: InputError) {
    result.unreadable.append(error)
    observer.error?(error.text)
  }

  mutating func interrupt(by signal: Int32) {
    result.interruption = signal
    result.tally.summary.wasInterrupted = true
  }

  consuming func finish() -> ReplayResult {
    var result = self.result
    let sources = self.sources
    result.diffs = diffs.finish { sources[$0].name }
    let isClassified = stage.records > 0
    let (tally, rates, rateCurves) = stage.finish()
    result.tally.add(tally)
    result.samples = samples.lines
    result.hasMoreToExplain = processor.explainer?.hasMore == true
    result.rates = isClassified ? rates : processor.rates
    result.rateCurves = isClassified ? rateCurves : processor.rateCurves
    return result
  }

  private static func place(_ file: [UInt8], _ line: Int?) -> String { SafeText.escape(file.span) + (line.map { ":\($0): " } ?? ": ") }
}

extension InputError {
  /// One line for people.
  public var text: String { "\(SafeText.escape(name.span)): error: \(message)" }
}

extension IncompleteFile {
  /// Where reading stopped, such as `app.log.zst@1612213 (frame 1)`; the name alone for plain files.
  public var place: String { SafeText.escape(file.span) + (frame.map { "@\(offset) (frame \($0))" } ?? "") }

  /// One line for people: `app.log.zst@1612213 (frame 1): warning: input ends inside a frame; 98745 lines read`.
  public var message: String {
    "\(place): warning: \(SafeText.escape(reason, limit: 200))" + (frame == nil ? "" : "; \(line) lines read")
  }
}

extension LateRecords {
  /// One line for people: `app.log: warning: 12 requests are further out of order than records wait for; …`.
  public var message: String {
    let requests = records == 1 ? "1 request is" : "\(records) requests are"
    return "\(SafeText.escape(file.span)): warning: \(requests) further out of order than records wait for; rates count them at a later time"
  }
}
