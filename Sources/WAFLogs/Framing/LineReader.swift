internal import WAFBase

/// Reads an input of any kind and hands it on as chunks of whole records, which mostly are lines.
///
/// ```
/// pending   abc\ndef\ngh        wholeEnd ^ behind the last line feed, scanned ^ at the end
/// chunk     abc\ndef\n          "gh" stays and waits for its end
/// ```
///
/// A chunk is handed on as soon as the source would have to wait, so that a live stream is answered line by line. Faults do not lose what
/// came before them: when `next` returns nil, `fault` tells whether the input was read to its end. The last line counts without its line
/// break too, but not when it was cut off by a fault.
///
/// How records lie in the text is found out from its first bytes (`Framing`). Where they are not one line each, a `RecordFramer` takes the place of
/// the search for line feeds (`LineReader+Records.swift`); lines that are wrapped one by one go through an `Unwrapper` at last.
public final class LineReader {
  /// Why reading stopped early; nil while reading and after an input that was read in full.
  public internal(set) var fault: InputFault?
  /// Number of lines, or of records where those are not one line each, handed on or skipped as too long.
  public internal(set) var lineCount = 0
  /// Number of lines from the start of the frame at fault on; they may differ from what was logged. Zero unless `fault` says that.
  public private(set) var unverifiedLineCount = 0

  private var input: DecodedInput
  let limits: ReadingLimits
  /// How records lie in the text; nil as long as there was nothing but blank lines and comments.
  public internal(set) var framing: Framing?
  /// Whether requests as they are sent are looked for.
  let seeksHTTP: Bool
  /// Bytes that told nothing of the framing.
  var lookedAt = 0
  /// What finds records that are not one line each, and those found in `pending`.
  var framer: (any RecordFramer)?
  var records: [Line] = []
  var unwrapper: Unwrapper?
  /// Chunks that are unwrapped already.
  private var unwrapped: [LineChunk] = []

  /// Whole lines up to `wholeEnd`, then the unfinished one; those from `scanned` on are not looked at yet.
  var pending: [UInt8] = []
  var scanned = 0
  var wholeEnd = 0
  var wholeCount = 0
  /// A too long line right before `pending`.
  var overlong: OverlongLine?
  /// Length so far of a too long line whose end is not found yet; there are no whole lines then.
  private var skippedLength: Int?
  private var isAtStart = true
  var isAtEnd = false
  /// The frame worked on, and how many lines were complete when it began.
  private var frame = 0
  private var linesBeforeFrame = 0

  /// A reader of `source`.
  ///
  /// - Parameter format: The format of the input where it is known already.
  public init(_ source: any ByteSource, limits: ReadingLimits = ReadingLimits(), format: LogFormat? = nil) {
    input = DecodedInput(source, limits: limits)
    self.limits = limits
    seeksHTTP = format == nil
    if format == .http { set(.http) }
  }

  /// Opens and reads `source`.
  ///
  /// - Throws: When it cannot be opened.
  public convenience init(_ source: InputSource, limits: ReadingLimits = ReadingLimits(), format: LogFormat? = nil) throws(InputError) {
    self.init(try source.open(), limits: limits, format: source.format ?? format)
  }

  /// How the input is packed; `plain` before the first chunk.
  public var container: Container { input.container ?? .plain }
  /// Bytes of the input consumed so far, compressed ones for an archive.
  public var offset: Int { input.offset }
  /// Bytes so far after decompression.
  public var expandedSize: Int { input.expandedSize }
  /// Frames of an archive so far that carry no checksum.
  public var framesWithoutChecksum: Int { input.framesWithoutChecksum }
  /// NUL bytes that follow the last frame of an archive; worth a warning.
  public var paddingSize: Int { input.padding }

  /// The next lines; nil at the end of the input or at a fault.
  public func next() -> LineChunk? {
    while unwrapped.isEmpty {
      let chunk = nextChunk()
      guard unwrapper != nil else { return chunk }
      unwrapped = chunk.map { unwrapper?.unwrap($0) ?? [] } ?? unwrapper?.finish() ?? []
      if chunk == nil, unwrapped.isEmpty { return nil }
    }
    return unwrapped.removeFirst()
  }

  private func nextChunk() -> LineChunk? {
    while true {
      if framing == nil, !findFraming() {
        read()
      } else if scanned < pending.count {
        if let chunk = framer == nil ? scan() : scanRecords() { return chunk }
      } else if hasWholeLines, input.mayWait || pending.count >= limits.chunk {
        return takeWholeLines()
      } else if isAtEnd {
        return framer == nil ? takeRest() : takeLastRecords()
      } else {
        read()
      }
    }
  }

  private var hasWholeLines: Bool { overlong != nil || (framer == nil ? wholeEnd > 0 : !records.isEmpty) }

  private func read() {
    pending.reserveCapacity(limits.chunk + BufferedInput.capacity)
    readPiece()
    if isAtStart { dropByteOrderMark() }
    guard input.frame != frame else { return }
    frame = input.frame
    linesBeforeFrame = lineCount + wholeCount + records.count
  }

  private func readPiece() {
    do throws(InputFault) {
      isAtEnd = try !input.read(appendingTo: &pending)
    } catch {
      fault = error
      isAtEnd = true
    }
  }

  /// Drops the mark of UTF-8 at the start of the input, also when it comes in parts.
  private func dropByteOrderMark() {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    while pending.count < mark.count, mark.starts(with: pending), !isAtEnd { readPiece() }
    isAtStart = false
    if pending.starts(with: mark) { pending.removeFirst(mark.count) }
  }
}

// MARK: - Finding lines

extension LineReader {
  /// Finds the ends of lines in what has been read.
  ///
  /// - Returns: A chunk where one has to end: before a line that is too long.
  private func scan() -> LineChunk? {
    if skippedLength != nil {
      skip()
      return nil
    }
    guard pending.count - wholeEnd > limits.line else {
      // No line can be too long, so the lines need not be looked at one by one.
      scanAll()
      return nil
    }
    return scanLine()
  }

  private func scanAll() {
    let lineFeed = UInt8(ascii: "\n")
    let count = WideBytes.count(of: lineFeed, in: pending.span.extracting(scanned..<pending.count))
    scanned = pending.count
    guard count > 0, let last = pending.lastIndex(of: lineFeed) else { return }
    wholeCount += count
    wholeEnd = last + 1
  }

  private func scanLine() -> LineChunk? {
    let end = pending.span.firstIndex(of: UInt8(ascii: "\n"), from: scanned)
    let length = (end ?? pending.count) - wholeEnd
    guard length > limits.line else {
      scanned = end.map { $0 + 1 } ?? pending.count
      if end != nil { (wholeEnd, wholeCount) = (scanned, wholeCount + 1) }
      return nil
    }
    // The lines before it go first; then it stands at the start.
    if wholeEnd > 0 || overlong != nil { return takeWholeLines() }
    skippedLength = 0
    skip()
    return nil
  }

  /// Drops what belongs to a line that is too long, up to its line feed if that has come.
  private func skip() {
    let end = pending.span.firstIndex(of: UInt8(ascii: "\n"), from: 0)
    skippedLength = (skippedLength ?? 0) + (end ?? pending.count)
    scanned = 0
    guard let end else { return pending.removeAll(keepingCapacity: true) }
    pending.removeSubrange(...end)
    endSkippedLine()
  }

  private func endSkippedLine() {
    guard let length = skippedLength else { return }
    lineCount += 1
    overlong = OverlongLine(line: lineCount, length: length)
    skippedLength = nil
  }
}

// MARK: - Handing on

extension LineReader {
  /// Hands on the whole lines and keeps the unfinished one.
  func takeWholeLines() -> LineChunk {
    let unfinished = Array(pending[wholeEnd...])
    pending.removeLast(unfinished.count)
    return take(then: unfinished)
  }

  /// The last lines; an unfinished one is dropped when a fault cut it off.
  private func takeRest() -> LineChunk? {
    if fault == nil {
      endSkippedLine()
      if pending.count > wholeEnd { wholeCount += 1 }
    } else {
      pending.removeLast(pending.count - wholeEnd)
      skippedLength = nil
    }
    let hasLines = !pending.isEmpty || overlong != nil
    let chunk = take(then: [])
    noteUnverifiedLines()
    return hasLines ? chunk : nil
  }

  func noteUnverifiedLines() {
    if case .archive(let archiveFault) = fault, archiveFault.leavesFrameUnverified { unverifiedLineCount = lineCount - linesBeforeFrame }
  }

  private func take(then unfinished: [UInt8]) -> LineChunk {
    guard framer == nil else { return takeRecords(then: unfinished) }
    let chunk = LineChunk(bytes: pending, firstLine: lineCount + 1, lineCount: wholeCount, overlong: overlong)
    lineCount += wholeCount
    pending = unfinished
    (scanned, wholeEnd, wholeCount, overlong) = (0, 0, 0, nil)
    return chunk
  }
}
