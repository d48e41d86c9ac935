internal import WAFBase
public import WAFRequest

/// Reads the records of one input one after the other, whatever its format, framing and compression. For those who look at a few: a replay has
/// its own way, with threads.
public struct RecordFile: ~Copyable {
  private let reader: LineReader
  private let name: [UInt8]
  private var tracker = ColumnTracker()
  private var format: LogFormat?
  /// What was read and not given out yet.
  private var pieces: [(chunk: LineChunk, layout: LineLayout)] = []
  private var lines: LineSequence?
  private var parser = LineParser(format: .requests)

  /// A record, or a line that is none.
  public struct Item: Sendable {
    /// Line it begins in, from 1.
    public var line: Int
    /// What it is.
    public var result: LineResult
  }

  /// Opens an input.
  ///
  /// - Parameter format: Nil to find it out.
  /// - Throws: Where it cannot be opened.
  public init(_ source: InputSource, format: LogFormat? = nil) throws(InputError) {
    reader = try LineReader(source, limits: ReadingLimits(), format: format ?? source.format)
    name = source.name
    self.format = format ?? source.format
  }

  /// The next line that is not blank, read into `request` where it is a record. Nil at the end.
  ///
  /// - Throws: Where the input holds no records, or cannot be read on.
  public mutating func next(into request: inout Request) throws(InputError) -> Item? {
    while true {
      while let piece = pieces.first, var sequence = lines {
        guard let line = sequence.next() else {
          pieces.removeFirst()
          lines = pieces.first?.chunk.lines
          continue
        }
        lines = sequence
        if parser.layout != piece.layout { parser.layout = piece.layout }
        let result = parser.parse(piece.chunk.bytes.span.extracting(line.range), into: &request)
        if result == .blank { continue }
        return Item(line: line.number, result: result)
      }
      guard try readAhead() else { return nil }
    }
  }

  /// Takes the next chunk apart. False at the end.
  private mutating func readAhead() throws(InputError) -> Bool {
    guard let chunk = reader.next() else {
      if let fault = reader.fault { throw InputError(name: name, code: 0, message: "\(fault)") }
      return false
    }
    if format == nil {
      let framing = reader.framing ?? .lines
      switch FormatDetector.detect(chunk, framing, columns: tracker.columns) {
      case .detected(let found, matching: _, of: _): format = found
      case .undecided: break
      case .mixed(let found, matching: _, of: _): format = found
      case .refused(let reason): throw InputError(name: name, code: 0, message: reason.sentence(framing))
      }
    }
    let known = format ?? .requests
    if known.hasNamedColumns {
      pieces = tracker.cut(chunk).map { ($0.chunk, LineLayout(format: $0.columns?.format ?? known, columns: $0.columns)) }
    } else {
      pieces = [(chunk, LineLayout(format: known))]
    }
    lines = pieces.first?.chunk.lines
    return true
  }
}
