internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// The lines of one chunk as far as a worker can take them: what is left depends on the records before.
struct ClassifiedBatch {
  /// Number of the worker, whose signatures these are.
  var worker: Int
  /// How the lines are read.
  var layout: LineLayout
  /// The lines.
  var bytes: [UInt8]
  /// One record for each line.
  var records: [ClassifiedRecord] = []
  /// What reports list of records that were not sliced.
  var copies: [UInt8] = []
  /// For each record the number of what AWS recorded of it, 0 for nothing; empty where no line holds any.
  var decisions: [UInt32] = []
  /// Plans of the signatures that are new with this batch.
  var plans: [Plan] = []
  /// Plans of the same signatures for each of the web ACLs that this one is compared with.
  var otherPlans: [[Plan]] = []
  /// Number of the first line, and those of the records where they are not one line each.
  var firstLine = 1
  var lineNumbers: [Int]?
  /// Decisions that are new with this batch, in the order of their numbers.
  var newDecisions: [RecordedOutcome] = []

  /// Number of the line in which record `index` begins.
  func lineNumber(of index: Int) -> Int { lineNumbers.map { $0[index] } ?? firstLine + index }

  /// Makes the request of record `index` again.
  func request(of index: Int, _ parser: inout LineParser, into request: inout Request) {
    parser.layout = layout
    _ = parser.parse(bytes.span.extracting(records[index].line.indices), into: &request)
  }
}

/// Classifies the lines of chunks; each worker has its own.
struct ChunkClassifier: ~Copyable {
  private let worker: Int
  private let program: Program
  private let limits: ReadingLimits
  /// Web ACLs that the program is compared with.
  private let others: Int
  private let needsOrder: Bool
  private var slicers: [LogFormat: ChunkSlicer] = [:]
  private var parsers: [LogFormat: LineParser] = [:]
  private var classifier: Classifier
  private var request = Request()
  private var lines: [RequestSlices] = []
  private var decisions: DecisionTable

  /// - Parameter comparison: The web ACLs that `program` is compared with; nil for none.
  init(program: Program, comparison: WebACLComparison?, worker: Int, limits: ReadingLimits) {
    self.worker = worker
    self.program = program
    self.limits = limits
    others = comparison?.others.count ?? 0
    needsOrder = program.needsOrder || comparison?.needsOrder == true
    if let comparison, let classifying = comparison.classifying {
      classifier = Classifier(program: classifying, planningFor: [program] + comparison.others)
    } else {
      classifier = Classifier(program: program)
    }
    decisions = DecisionTable(program)
  }

  /// Classifies all lines of a chunk.
  mutating func classify(_ chunk: LineChunk, input: Int, layout: LineLayout, emptyTally: Tally) -> Batch {
    var batch = Batch(input: input, tally: emptyTally, format: layout.format)
    batch.noteOverlong(chunk, limits)
    var classified = ClassifiedBatch(worker: worker, layout: layout, bytes: chunk.bytes)
    classified.records.reserveCapacity(chunk.lineCount)
    classifyUsualLines(chunk, layout, into: &classified.records)
    readRest(chunk, &classified, &batch)
    batch.tally.summary.lines += chunk.lineCount + (chunk.overlong == nil ? 0 : 1)
    if needsOrder {
      for record in classified.records where record.signature != ClassifiedRecord.Special.none { batch.span.add(record.timestamp) }
    }
    classified.plans = classifier.takePlans()
    if others > 0 {
      classified.otherPlans = (1...others).map { classifier.takePlans(for: $0) }
      classified.firstLine = chunk.firstLine
      classified.lineNumbers = chunk.records?.map(\.number)
    }
    classified.newDecisions = decisions.takeNew()
    batch.classified = classified
    return batch
  }

  /// Lines that are sliced and classified together: few enough for their slices to stay in the processor's nearest cache.
  private static var groupSize: Int { 32 }

  /// Classifies the lines of the usual form and leaves records for the others.
  private mutating func classifyUsualLines(_ chunk: LineChunk, _ layout: LineLayout, into records: inout [ClassifiedRecord]) {
    let format = layout.format
    // Slices hold the client column and nothing else to take a client from.
    let isSliced = chunk.records == nil && layout.client == nil
    if isSliced, slicers[format] == nil { slicers[format] = ChunkSlicer(format: format) }
    guard isSliced, var slicer = slicers.removeValue(forKey: format) else {
      for line in chunk.lines {
        let range = ByteRange(line.range.lowerBound, line.range.upperBound)
        records.append(ClassifiedRecord(signature: ClassifiedRecord.Special.unread, line: range))
      }
      return
    }
    slicer.begin(chunk)
    while slicer.slice(chunk, Self.groupSize, into: &lines) {
      classifier.classify(lines, in: chunk.bytes.span, scratch: &request, into: &records)
    }
    slicers[format] = slicer
  }

  /// Reads the lines that are not sliced with the exact reader.
  private mutating func readRest(_ chunk: LineChunk, _ classified: inout ClassifiedBatch, _ batch: inout Batch) {
    // Made once for a format: a reader of JSON has tables of names.
    var parser = parsers.removeValue(forKey: batch.format) ?? LineParser(format: batch.format)
    parser.layout = classified.layout
    for index in classified.records.indices where classified.records[index].signature == ClassifiedRecord.Special.unread {
      classified.records[index].signature = ClassifiedRecord.Special.none
      let line = classified.records[index].line
      switch parser.parse(chunk.bytes.span.extracting(line.indices), into: &request) {
      case .record:
        classified.records[index] = classifier.classify(request, line: line, copies: &classified.copies)
        decisions.note(request, at: index, of: classified.records.count, in: &classified.decisions)
      case .blank: batch.tally.summary.blank += 1
      case .skipped: batch.tally.summary.skipped += 1
      case .bad(let reason): batch.note("\(reason)", line: chunk.lineNumber(of: index))
      }
    }
    batch.notes = parser.takeNotes()
    parsers[batch.format] = parser
  }
}
