/// Reads an input of any kind and hands it on as chunks of whole lines.
///
/// ```
/// piece (one frame)     …bc\nde        f\ngh\nij
/// pending               bc\nde         → chunk "bc\n", later de + f\ngh\n → chunk "def\ngh\n"; "ij" waits
/// ```
///
/// A chunk is handed on as soon as the source would have to wait, so that a live stream is answered line by line. Faults do not lose what
/// came before them: when `next` returns nil, `fault` tells whether the input was read to its end. The last line counts without its line
/// break too, but not when it was cut off by a fault.
public final class LineReader {
  /// Why reading stopped early; nil while reading and after an input that was read in full.
  public private(set) var fault: InputFault?
  /// Number of lines handed on or skipped as too long.
  public private(set) var lineCount = 0
  /// Number of lines from the start of the frame at fault on; they may differ from what was logged. Zero unless `fault` says that.
  public private(set) var unverifiedLineCount = 0

  private var input: DecodedInput
  private let limits: ReadingLimits

  /// Decompressed bytes; those from `piecePosition` on are not looked at yet.
  private var piece: [UInt8] = []
  private var piecePosition = 0
  /// Whole lines up to `wholeEnd`, then the unfinished one.
  private var pending: [UInt8] = []
  private var wholeEnd = 0
  private var wholeCount = 0
  /// A too long line right before `pending`.
  private var overlong: OverlongLine?
  /// Length so far of a too long line whose end is not found yet.
  private var skippedLength: Int?
  private var isAtEnd = false
  private var isAtStart = true
  /// The frame worked on, and how many lines were complete when it began.
  private var frame = 0
  private var linesBeforeFrame = 0

  /// A reader of `source`.
  public init(_ source: any ByteSource, limits: ReadingLimits = ReadingLimits()) {
    input = DecodedInput(source, limits: limits)
    self.limits = limits
  }

  /// Opens and reads `source`.
  ///
  /// - Throws: When it cannot be opened.
  public convenience init(_ source: InputSource, limits: ReadingLimits = ReadingLimits()) throws(InputError) {
    self.init(try InputFile(source), limits: limits)
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
    while true {
      if piecePosition < piece.count {
        if let chunk = absorbPiece() { return chunk }
      } else if wholeEnd > 0 || overlong != nil, input.mayWait || pending.count >= limits.chunk {
        return takeWholeLines()
      } else if isAtEnd {
        return takeRest()
      } else {
        readPiece()
      }
    }
  }

  private func readPiece() {
    fillPiece()
    if input.frame != frame {
      frame = input.frame
      linesBeforeFrame = lineCount + wholeCount
    }
    if isAtStart, !piece.isEmpty { dropByteOrderMark() }
  }

  private func fillPiece() {
    piecePosition = 0
    do throws(InputFault) {
      isAtEnd = try !input.next(into: &piece)
    } catch {
      fault = error
      isAtEnd = true
    }
  }

  /// Drops the mark of UTF-8 at the start of the input, also when it comes in parts.
  private func dropByteOrderMark() {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    while piece.count < mark.count, mark.starts(with: piece), !isAtEnd {
      let part = piece
      fillPiece()
      piece = part + piece
    }
    isAtStart = false
    if piece.starts(with: mark) { piecePosition = mark.count }
  }
}

extension LineReader {
  /// Moves the piece to the pending lines.
  ///
  /// - Returns: A chunk where one has to end: before a line that is too long.
  private func absorbPiece() -> LineChunk? {
    let unfinished = pending.count - wholeEnd
    if skippedLength == nil, unfinished + piece.count - piecePosition <= limits.line {
      // No line in it can be too long, so the lines need not be looked at one by one.
      absorbRest()
      return nil
    }
    return absorbLine()
  }

  private func absorbRest() {
    let count = System.count(of: UInt8(ascii: "\n"), in: piece.span, from: piecePosition)
    pending.append(contentsOf: piece[piecePosition...])
    piecePosition = piece.count
    guard count > 0 else { return }
    wholeCount += count
    wholeEnd = (pending.lastIndex(of: UInt8(ascii: "\n")) ?? pending.count - 1) + 1
  }

  /// Moves what belongs to the current line.
  private func absorbLine() -> LineChunk? {
    let lineFeed = System.firstIndex(of: UInt8(ascii: "\n"), in: piece.span, from: piecePosition)
    let end = lineFeed ?? piece.count
    let length = (skippedLength ?? pending.count - wholeEnd) + end - piecePosition
    if length > limits.line {
      // The lines before it go first.
      if wholeEnd > 0 || (overlong != nil && skippedLength == nil) { return takeWholeLines() }
      pending.removeAll(keepingCapacity: true)
      skippedLength = length
      piecePosition = end
      guard lineFeed != nil else { return nil }
      piecePosition += 1
      endSkippedLine()
      return nil
    }
    pending.append(contentsOf: piece[piecePosition..<end])
    piecePosition = end
    guard lineFeed != nil else { return nil }
    pending.append(UInt8(ascii: "\n"))
    piecePosition += 1
    wholeEnd = pending.count
    wholeCount += 1
    return nil
  }

  private func endSkippedLine() {
    guard let length = skippedLength else { return }
    lineCount += 1
    overlong = OverlongLine(line: lineCount, length: length)
    skippedLength = nil
  }

  /// Hands on the whole lines and keeps the unfinished one.
  private func takeWholeLines() -> LineChunk {
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
    if case .archive(let archiveFault) = fault, archiveFault.leavesFrameUnverified { unverifiedLineCount = lineCount - linesBeforeFrame }
    return hasLines ? chunk : nil
  }

  private func take(then unfinished: [UInt8]) -> LineChunk {
    let chunk = LineChunk(bytes: pending, firstLine: lineCount + 1, lineCount: wholeCount, overlong: overlong)
    lineCount += wholeCount
    pending = unfinished
    pending.reserveCapacity(limits.chunk + BufferedInput.capacity)
    (wholeEnd, wholeCount, overlong) = (0, 0, nil)
    return chunk
  }
}
