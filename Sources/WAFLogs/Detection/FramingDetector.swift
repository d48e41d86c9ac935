internal import WAFBase
internal import WAFJSON

/// Finds out how records lie in the text of an input, from its first bytes.
///
/// Lines are what most inputs have, so anything else needs to be seen: a value that ends where another one begins, a bracket that is open at the
/// end of a line, a prefix.
///
/// Source: spec of log formats, sections 3 and 4.
enum FramingDetector {
  /// What the first bytes of an input tell.
  enum Result: Equatable {
    case found(Framing)
    /// Nothing but blank lines and comments, which mean nothing whatever follows.
    case nothingYet
    /// What is there means nothing without what follows.
    case needsMore
  }

  /// Looks at the first bytes of an input.
  ///
  /// - Parameter isLast: Whether nothing more comes, or more would be too much.
  static func detect(_ bytes: Span<UInt8>, isLast: Bool) -> Result {
    if UnreadableFormat(magic: bytes) != nil { return .found(.lines) }
    var lines = SampleLines(isLast: isLast)
    var hasPassedLines = false
    while let range = lines.next(in: bytes) {
      let line = bytes.extracting(range)
      if HTTPSyntax.comment(line) != nil { return .found(.http) }
      if LineParser.resultWithoutFormat(line) == nil { return detect(bytes, from: range.lowerBound, isLast) }
      hasPassedLines = true
    }
    // What is left is a line that is not finished.
    let rest = bytes.extracting(lines.position..<bytes.count)
    guard LineParser.resultWithoutFormat(rest) == nil else { return hasPassedLines || isLast ? .nothingYet : .needsMore }
    return detect(bytes, from: lines.position, isLast)
  }

  /// The same from the first line on that is neither blank nor a comment.
  private static func detect(_ bytes: Span<UInt8>, from start: Int, _ isLast: Bool) -> Result {
    let first = (start..<bytes.count).first { !bytes[$0].isHTTPBlank }.map { bytes[$0] }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let found = detectJSON(bytes, from: start, isLast) { return found }
    return detectLines(bytes, from: start, isLast)
  }
}

// MARK: - JSON

extension FramingDetector {
  /// Nil where the values, if there are any, are one a line.
  private static func detectJSON(_ bytes: Span<UInt8>, from start: Int, _ isLast: Bool) -> Result? {
    var framer = JSONFramer()
    var position = start
    var count = 0
    var lastLine = 0
    while let record = framer.next(bytes, &position) {
      if framer.container != .none { return .found(.jsonValues(framer.container)) }
      count += 1
      guard record.isWhole else { continue }
      if record.line.number == lastLine || hasLineFeed(bytes, record.line.range) { return .found(.jsonValues(.none)) }
      lastLine = record.line.number
    }
    if framer.container != .none { return .found(.jsonValues(framer.container)) }
    guard let open = framer.open else { return nil }
    if open.line == lastLine, bytes[open.start] == UInt8(ascii: "{") { return .found(.jsonValues(.none)) }
    guard hasLineFeed(bytes, open.start..<bytes.count) else { return count > 0 || isLast ? nil : .needsMore }
    return count > 0 || isLast ? .found(.jsonValues(.none)) : .needsMore
  }

  private static func hasLineFeed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    bytes.extracting(range).firstIndex(of: UInt8(ascii: "\n")) != nil
  }
}

// MARK: - Lines

extension FramingDetector {
  private static func detectLines(_ bytes: Span<UInt8>, from start: Int, _ isLast: Bool) -> Result {
    var lines = SampleLines(from: start, isLast: isLast)
    var count = 0
    var (runtime, engine, export) = (0, 0, 0)
    var signatures = LineSignature()
    var unwrapper = LineWrappers()
    while let range = lines.next(in: bytes) {
      let line = bytes.extracting(range)
      guard LineParser.resultWithoutFormat(line) == nil else { continue }
      count += 1
      if count == 1, HTTPSyntax.beginsRequest(line) { return .found(.http) }
      if LineWrappers.runtimePrefix(of: line) != nil { runtime += 1 }
      if unwrapper.engineText(of: line) != nil { engine += 1 }
      if let end = LineWrappers.exportPrefix(of: line), signatures.isKnown(line.extracting(end..<line.count)) { export += 1 }
    }
    guard count > 0 else { return bytes.count - start > FormatDetector.byteLimit ? .found(.lines) : .needsMore }
    // The first two look like nothing else, so a few lines without them do not matter; the third is a matter of what follows it.
    if runtime > 0 { return .found(.containerRuntime) }
    if engine > 0 { return .found(.containerJSON) }
    return .found(export * 5 >= count * 4 ? .cloudWatchExport : .lines)
  }
}

/// Finds the first lines of an input: as many as detection looks at, and no unfinished one unless it is the last.
private struct SampleLines {
  private let isLast: Bool
  private let start: Int
  private var count = 0
  /// The start of the next line.
  private(set) var position: Int

  init(from start: Int = 0, isLast: Bool) {
    self.isLast = isLast
    self.start = start
    position = start
  }

  mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
    guard position < bytes.count, count < FormatDetector.lineLimit, count == 0 || position - start < FormatDetector.byteLimit else { return nil }
    let lineFeed = bytes.firstIndex(of: UInt8(ascii: "\n"), from: position)
    guard lineFeed != nil || isLast else { return nil }
    let range = position..<(lineFeed ?? bytes.count)
    position = min(range.upperBound + 1, bytes.count)
    count += 1
    let hasReturn = lineFeed != nil && !range.isEmpty && bytes[range.upperBound - 1] == UInt8(ascii: "\r")
    return hasReturn ? range.lowerBound..<(range.upperBound - 1) : range
  }
}
