internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// The lines of one chunk as far as a worker can take them: what is left depends on the records before.
struct ClassifiedBatch {
  /// Number of the worker, whose signatures these are.
  var worker: Int
  /// The lines.
  var bytes: [UInt8]
  /// One element for each line.
  var lines: [RequestSlices] = []
  /// One record for each line.
  var records: [ClassifiedRecord] = []
  /// What reports list of records that were not sliced.
  var copies: [UInt8] = []
  /// For each record the number of what AWS recorded of it, 0 for nothing; empty where no line holds any.
  var decisions: [UInt32] = []
  /// Plans of the signatures that are new with this batch.
  var plans: [Plan] = []
  /// Decisions that are new with this batch, in the order of their numbers.
  var newDecisions: [RecordedOutcome] = []

  /// Makes the request of line `index` again.
  func request(at index: Int, _ parser: inout LineParser, into request: inout Request) {
    if lines[index].isSliced {
      request.fill(from: lines[index], in: bytes.span)
    } else {
      _ = parser.parse(bytes.span.extracting(lines[index].line.indices), into: &request)
    }
  }
}

/// Classifies the lines of chunks; each worker has its own.
struct ChunkClassifier: ~Copyable {
  private let worker: Int
  private let program: Program
  private let limits: ReadingLimits
  private var slicers: [LogFormat: ChunkSlicer] = [:]
  private var parsers: [LogFormat: LineParser] = [:]
  private var classifier: Classifier
  private var request = Request()
  private var decisions: DecisionTable

  init(program: Program, worker: Int, limits: ReadingLimits) {
    self.worker = worker
    self.program = program
    self.limits = limits
    classifier = Classifier(program: program)
    decisions = DecisionTable(program)
  }

  /// Classifies all lines of a chunk.
  mutating func classify(_ chunk: LineChunk, input: Int, format: LogFormat, emptyTally: Tally) -> Batch {
    var batch = Batch(input: input, tally: emptyTally, format: format)
    batch.noteOverlong(chunk, limits)
    var classified = ClassifiedBatch(worker: worker, bytes: chunk.bytes)
    slice(chunk, format, into: &classified.lines)
    classifier.classify(classified.lines, in: chunk.bytes.span, scratch: &request, into: &classified.records)
    readRest(chunk, &classified, &batch)
    batch.tally.summary.lines += chunk.lineCount + (chunk.overlong == nil ? 0 : 1)
    classified.plans = classifier.takePlans()
    classified.newDecisions = decisions.takeNew()
    batch.classified = classified
    return batch
  }

  private mutating func slice(_ chunk: LineChunk, _ format: LogFormat, into lines: inout [RequestSlices]) {
    if slicers[format] == nil { slicers[format] = ChunkSlicer(format: format) }
    if slicers[format]?.slice(chunk, into: &lines) == nil {
      lines.reserveCapacity(chunk.lineCount)
      for line in chunk.lines { lines.append(RequestSlices(line: ByteRange(line.range.lowerBound, line.range.upperBound))) }
    }
  }

  /// Reads the lines that are not sliced with the exact reader.
  private mutating func readRest(_ chunk: LineChunk, _ classified: inout ClassifiedBatch, _ batch: inout Batch) {
    // Made once for a format: a reader of JSON has tables of names.
    var parser = parsers.removeValue(forKey: batch.format) ?? LineParser(format: batch.format)
    for index in classified.records.indices where classified.records[index].signature == ClassifiedRecord.Special.unread {
      classified.records[index].signature = ClassifiedRecord.Special.none
      switch parser.parse(chunk.bytes.span.extracting(classified.lines[index].line.indices), into: &request) {
      case .record:
        classified.records[index] = classifier.classify(request, copies: &classified.copies)
        decisions.note(request, at: index, of: classified.records.count, in: &classified.decisions)
      case .blank: batch.tally.summary.blank += 1
      case .skipped: batch.tally.summary.skipped += 1
      case .bad(let reason): batch.note("\(reason)", line: chunk.firstLine + index)
      }
    }
    batch.notes = parser.takeNotes()
    parsers[batch.format] = parser
  }
}
