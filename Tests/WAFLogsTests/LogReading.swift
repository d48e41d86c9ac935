import TestSupport
import WAFBase
import WAFLogs
import WAFRequest

/// What reading a whole input gave, for tests.
struct LogReading {
  var detection: FormatDetector.Result = .undecided
  var lines = 0
  var records = 0
  var blank = 0
  var skipped = 0
  var bad: [(line: Int, reason: BadLine)] = []
  var fault: InputFault?
  var notes = ParsingNotes()

  /// Reads `reader` to its end and shows each record to `visit`.
  init(_ reader: LineReader, format: LogFormat? = nil, visit: (Request) -> Void = { _ in }) {
    var parser: LineParser? = format.map(LineParser.init(format:))
    var tracker = ColumnTracker(format: format)
    while let chunk = reader.next() {
      if parser == nil {
        detection = FormatDetector.detect(chunk, reader.framing ?? .lines, columns: tracker.columns)
        if case .refused = detection { return }
        if case .detected(let format, _, _) = detection { parser = LineParser(format: format) }
      }
      for piece in tracker.cut(chunk) {
        parser?.layout.columns = piece.columns
        read(piece.chunk, &parser, visit)
      }
    }
    fault = reader.fault
    notes = parser?.notes ?? notes
  }

  private mutating func read(_ chunk: LineChunk, _ parser: inout LineParser?, _ visit: (Request) -> Void) {
    var request = Request()
    for line in chunk.lines {
      lines += 1
      switch parser?.parse(chunk.bytes.span.extracting(line.range), into: &request) {
      case .record:
        records += 1
        visit(request)
      case .blank, nil: blank += 1
      case .skipped: skipped += 1
      case .bad(let reason): bad.append((line.number, reason))
      }
    }
  }

  /// Reads a file of the folder of real logs; nil where that is not at hand.
  static func real(_ name: String, format: LogFormat? = nil, visit: (Request) -> Void = { _ in }) throws -> LogReading? {
    guard let folder = Fixture.realData else { return nil }
    let path = folder.appendingPathComponent("access-logs/\(name)").path
    return LogReading(try LineReader(.file(path: Array(path.utf8))), format: format, visit: visit)
  }
}

extension Request {
  /// The bytes of `component` as text; nil unless they are known.
  func text(_ component: Component) -> String? {
    component.knowledge == .known ? text(component.range) : nil
  }

  /// The bytes at `range` as text.
  func text(_ range: ByteRange) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
