internal import WAFBase

/// Takes lines out of what others put around them, and puts together those that were split.
///
/// A line without the wrapper is handed on as it is.
struct Unwrapper {
  private let framing: Framing
  private let limit: Int
  private var wrappers = LineWrappers()
  /// Beginnings of lines that go on, of the standard output stream and of the standard error stream.
  private var partial: (output: PartialLine?, error: PartialLine?) = (nil, nil)

  /// A line that goes on.
  private struct PartialLine {
    /// Number of the line it begins in.
    var line: Int
    var text: [UInt8] = []
    /// Its length, also of what is not kept of a line that is too long.
    var length = 0
  }

  /// The size from which on container engines split a line.
  private static let engineLineSize = 1 << 14

  /// An unwrapper for inputs of this framing, and lines up to `limit` bytes.
  init(_ framing: Framing, limit: Int) {
    self.framing = framing
    self.limit = limit
  }

  /// The lines inside of those of a chunk, in as many chunks as lines that are too long ask for.
  mutating func unwrap(_ chunk: LineChunk) -> [LineChunk] {
    var output = UnwrappedLines(chunk)
    let bytes = chunk.bytes.span
    for line in chunk.lines { take(line, bytes.extracting(line.range), &output) }
    return output.finish()
  }

  /// The beginnings of lines whose rest never came.
  mutating func finish() -> [LineChunk] {
    var output = UnwrappedLines(LineChunk(bytes: [], records: []))
    for line in [partial.output, partial.error].compactMap({ $0 }).sorted(by: { $0.line < $1.line }) { add(line, &output) }
    partial = (nil, nil)
    return output.finish()
  }

  private mutating func take(_ line: Line, _ text: Span<UInt8>, _ output: inout UnwrappedLines) {
    switch framing {
    case .containerRuntime:
      guard let prefix = LineWrappers.runtimePrefix(of: text) else { return output.add(line) }
      let rest = text.extracting(prefix.end..<text.count)
      var joined = prefix.isError ? partial.error : partial.output
      if prefix.isPartial || joined != nil {
        join(rest, line.number, isPartial: prefix.isPartial, &joined, &output)
      } else {
        output.add(Line(number: line.number, range: (line.range.lowerBound + prefix.end)..<line.range.upperBound))
      }
      if prefix.isError { partial.error = joined } else { partial.output = joined }
    case .cloudWatchExport:
      let start = LineWrappers.exportPrefix(of: text) ?? 0
      output.add(Line(number: line.number, range: (line.range.lowerBound + start)..<line.range.upperBound))
    case .containerJSON:
      guard let inner = wrappers.engineText(of: text) else { return output.add(line) }
      let isPartial = inner.count >= Self.engineLineSize && inner.last != UInt8(ascii: "\n")
      let rest = Self.withoutLineEnd(inner)
      var joined = partial.output
      join(rest.span, line.number, isPartial: isPartial, &joined, &output)
      partial.output = joined
    case .lines, .jsonValues, .http:
      guard let message = wrappers.eventText(of: text) else { return output.add(line) }
      let inner = Self.withoutLineEnd(message)
      output.add(inner.span, line.number)
    }
  }

  /// Adds a part of a line to what came before it, and the line when it is whole.
  private func join(_ text: Span<UInt8>, _ number: Int, isPartial: Bool, _ partial: inout PartialLine?, _ output: inout UnwrappedLines) {
    var joined = partial ?? PartialLine(line: number)
    joined.length += text.count
    text.extracting(0..<min(text.count, limit - joined.text.count)).append(to: &joined.text)
    partial = isPartial ? joined : nil
    if !isPartial { add(joined, &output) }
  }

  private func add(_ line: PartialLine, _ output: inout UnwrappedLines) {
    if line.length > limit {
      output.skip(OverlongLine(line: line.line, length: line.length))
    } else {
      output.add(line.text.span, line.line)
    }
  }

  private static func withoutLineEnd(_ text: [UInt8]) -> ArraySlice<UInt8> {
    guard text.last == UInt8(ascii: "\n") else { return text[...] }
    let rest = text.dropLast()
    return rest.last == UInt8(ascii: "\r") ? rest.dropLast() : rest
  }
}

/// Lines under way into chunks.
private struct UnwrappedLines {
  /// The bytes of the chunk, and behind them lines that are not a part of those.
  private var bytes: [UInt8]
  private var records: [Line] = []
  private var overlong: OverlongLine?
  private var done: [LineChunk] = []

  init(_ chunk: LineChunk) {
    bytes = chunk.bytes
    overlong = chunk.overlong
  }

  /// Adds a line that stands in the bytes.
  mutating func add(_ line: Line) { records.append(line) }

  mutating func add(_ text: Span<UInt8>, _ number: Int) {
    let start = bytes.count
    text.append(to: &bytes)
    records.append(Line(number: number, range: start..<bytes.count))
  }

  /// Notes a line that is too long; those before it go into a chunk of their own.
  mutating func skip(_ line: OverlongLine) {
    endChunk()
    overlong = line
  }

  private mutating func endChunk() {
    guard !records.isEmpty || overlong != nil else { return }
    done.append(LineChunk(bytes: bytes, records: records, overlong: overlong))
    records = []
    overlong = nil
  }

  mutating func finish() -> [LineChunk] {
    endChunk()
    return done
  }
}
