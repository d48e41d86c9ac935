internal import WAFBase
internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// What became of the lines of one chunk.
struct Batch {
  /// Which input they are from.
  var input: Int
  /// What was counted; records only where a worker evaluated them.
  var tally: Tally
  /// Unreadable lines, at most `BadLines.limit` of each reason.
  var badLines: [(line: Int, reason: String)] = []
  /// Verdict lines, where a worker evaluated the records.
  var written = WrittenLines()
  /// What is left to do in order; empty where a worker evaluated the records.
  var steps: [Step] = []
  /// The records, where a worker classified them; then what is above is empty.
  var classified: ClassifiedBatch?
  /// Format of the lines.
  var format: LogFormat
  var notes = ParsingNotes()
  /// When its records are; only where something is left to do in order.
  var span = TimeSpan()

  /// A line that takes part in the output.
  enum Step {
    case record(Request, line: Int)
    case bad(line: Int, reason: String)
  }

  /// The records that something is left to do for, in the order of the file: index and time of each.
  func forEachRecord(_ body: (Int, Int64?) -> Void) {
    if let records = classified?.records {
      for index in records.indices where records[index].signature != ClassifiedRecord.Special.none { body(index, records[index].timestamp) }
    }
    for index in steps.indices {
      if case .record(let request, _) = steps[index] { body(index, request.timestamp) } else { body(index, nil) }
    }
  }

  /// No fewer than the records of `forEachRecord`.
  var recordLimit: Int { (classified?.records.count ?? 0) + steps.count }

  /// About how many bytes it takes while its records wait.
  var size: Int {
    var size = recordLimit * MemoryLayout<ClassifiedRecord>.stride + (classified.map { $0.bytes.capacity + $0.copies.capacity } ?? 0)
    for case .record(let request, _) in steps { size += MemoryLayout<Request>.stride + request.bytes.capacity }
    return size
  }

  /// Counts an unreadable line.
  mutating func note(_ reason: String, line: Int) {
    tally.summary.bad += 1
    if badLines.count(where: { $0.reason == reason }) < BadLines.limit { badLines.append((line, reason)) }
  }

  /// Counts the too long line before a chunk, if there is one, and returns why it is bad.
  @discardableResult
  mutating func noteOverlong(_ chunk: LineChunk, _ limits: ReadingLimits) -> String? {
    guard let overlong = chunk.overlong else { return nil }
    tally.summary.overlong += 1
    let reason = "\(overlong.length) bytes, more than the limit of \(limits.line)"
    note(reason, line: overlong.line)
    return reason
  }
}

/// Verdict lines of a run of records.
struct WrittenLines {
  /// For each stream that is asked for its lines; empty where nothing was written.
  var streams: [[UInt8]] = []
  /// What may become a sample.
  var samples: [SampleCandidate] = []
}

/// Reads the lines of chunks; each worker has its own.
struct ChunkParser: ~Copyable {
  private var request = Request()
  private var finder: PlaceFinder

  /// - Parameter places: Databases that complete what the log does not tell.
  init(places: PlaceDatabases) { finder = PlaceFinder(places) }

  /// Reads all lines of a chunk and hands each record and each unreadable line to the caller, in order.
  mutating func parse(
    _ chunk: LineChunk, input: Int, layout: LineLayout, limits: ReadingLimits, emptyTally: Tally,
    onRecord: (borrowing Request, _ line: Int, inout Batch) -> Void, onBadLine: (Int, String, inout Batch) -> Void
  ) -> Batch {
    var batch = Batch(input: input, tally: emptyTally, format: layout.format)
    var parser = LineParser(layout: layout)
    if let reason = batch.noteOverlong(chunk, limits), let overlong = chunk.overlong { onBadLine(overlong.line, reason, &batch) }
    for line in chunk.lines {
      switch parser.parse(chunk.bytes.span.extracting(line.range), into: &request) {
      case .record:
        finder.complete(&request)
        onRecord(request, line.number, &batch)
      case .blank: batch.tally.summary.blank += 1
      case .skipped: batch.tally.summary.skipped += 1
      case .bad(let fault):
        let reason = "\(fault)"
        batch.note(reason, line: line.number)
        onBadLine(line.number, reason, &batch)
      }
    }
    batch.tally.summary.lines += chunk.lineCount + (chunk.overlong == nil ? 0 : 1)
    batch.notes = parser.notes
    return batch
  }
}
