import ArgumentParser
import WAF
import WAFBase

/// The start of a log in memory, in the forms that the stages after reading work on.
struct Workload {
  /// Path of the log.
  let path: String
  /// Format of its lines.
  let format: LogFormat
  /// Its first chunks, with at least as many lines as were asked for.
  private(set) var chunks: [LineChunk] = []
  /// The slices of each chunk in groups; empty where the format has none.
  private(set) var slices: [[[RequestSlices]]] = []
  /// The requests of all chunks.
  private(set) var requests: [Request] = []

  /// Lines that are sliced and classified together, as in a replay.
  private static let groupSize = 32

  /// Reads the first `records` lines of a log, rounded up to whole chunks.
  ///
  /// - Throws: When it cannot be read, or when no format is found in it.
  init(_ path: String, records: Int) throws {
    self.path = path
    let reader = try LineReader(InputSource(argument: path))
    while reader.lineCount < records, let chunk = reader.next() { chunks.append(chunk) }
    guard let first = chunks.first, case .detected(let found, matching: _, of: _) = FormatDetector.detect(first, reader.framing ?? .lines) else {
      throw ValidationError("\(path): no log, or none of a known format")
    }
    format = found
    readRequests()
    if var slicer = ChunkSlicer(format: format) {
      slices = chunks.map { chunk in
        var groups: [[RequestSlices]] = []
        var lines: [RequestSlices] = []
        slicer.begin(chunk)
        while slicer.slice(chunk, Self.groupSize, into: &lines) { groups.append(lines) }
        return groups
      }
    }
  }

  private mutating func readRequests() {
    var parser = LineParser(format: format)
    var tracker = ColumnTracker(format: format)
    var request = Request()
    for (chunk, columns) in chunks.flatMap({ tracker.cut($0) }) {
      parser.layout.columns = columns
      for line in chunk.lines where parser.parse(chunk.bytes.span.extracting(line.range), into: &request) == .record {
        requests.append(request.compactCopy())
      }
    }
  }

  /// Bytes of the chunks.
  var bytes: Int { chunks.reduce(0) { $0 + $1.bytes.count } }
}

// MARK: - Stages over the whole file

extension Workload {
  /// Decompresses the log and hands every chunk of lines to `body`.
  func decode(_ body: (LineChunk) -> Void) throws -> (records: Int, bytes: Int) {
    let reader = try LineReader(InputSource(argument: path))
    while let chunk = reader.next() { body(chunk) }
    guard reader.fault == nil else { throw ValidationError("\(path): cannot be read to its end") }
    return (reader.lineCount, reader.expandedSize)
  }

  /// Decodes the log and reads every line with the exact reader.
  func read() throws -> (records: Int, bytes: Int) {
    var parser = LineParser(format: format)
    var request = Request()
    return try decode { chunk in
      for line in chunk.lines { _ = parser.parse(chunk.bytes.span.extracting(line.range), into: &request) }
    }
  }

  /// Decodes the log and slices every chunk with `slicer`.
  func slice(with slicer: ChunkSlicer) throws -> (records: Int, bytes: Int) {
    var slicer = slicer
    var lines: [RequestSlices] = []
    return try decode { chunk in
      slicer.begin(chunk)
      while slicer.slice(chunk, Self.groupSize, into: &lines) {}
    }
  }
}

// MARK: - Stages in memory

extension Workload {
  /// Evaluates every request by itself.
  func evaluate(_ program: Program) -> (records: Int, bytes: Int) {
    var evaluator = Evaluator(program: program)
    var verdict = Verdict()
    for index in requests.indices { evaluator.evaluate(requests[index], into: &verdict) }
    return (requests.count, bytes)
  }

  /// Classifies the slices of every chunk, or the requests where there are none, with a classifier that knows nothing yet.
  func classify(_ program: Program) -> (records: Int, bytes: Int) {
    var classifier = Classifier(program: program)
    var scratch = Request()
    var records: [ClassifiedRecord] = []
    for (chunk, groups) in zip(chunks, slices) {
      records.removeAll(keepingCapacity: true)
      for lines in groups { classifier.classify(lines, in: chunk.bytes.span, scratch: &scratch, into: &records) }
      _ = classifier.takePlans()
    }
    guard slices.isEmpty else { return (chunks.reduce(0) { $0 + $1.lineCount }, bytes) }
    var copies: [UInt8] = []
    for index in requests.indices {
      if index.isMultiple(of: 128) { copies.removeAll(keepingCapacity: true) }
      _ = classifier.classify(requests[index], line: .empty, copies: &copies)
      if index.isMultiple(of: 128) { _ = classifier.takePlans() }
    }
    return (requests.count, bytes)
  }
}
