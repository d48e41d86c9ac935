internal import WAFBase

// Records that are not one line each. `wholeEnd` is then the end of what is done with: whole records and what stands between them.

extension LineReader {
  /// Finds out how records lie in the text, where that is not known.
  ///
  /// - Returns: Whether reading can go on; false when more bytes have to be seen before.
  func findFraming() -> Bool {
    guard !pending.isEmpty else { return isAtEnd }
    guard isAtEnd || pending.count >= 2 * lookedAt || mayTellMore else { return false }
    let isLast = isAtEnd || pending.count > limits.line + FormatDetector.byteLimit
    switch FramingDetector.detect(pending.span, isLast: isLast) {
    case .found(.http) where !seeksHTTP: set(.lines)
    case .found(let found): set(found)
    case .nothingYet: return true
    case .needsMore:
      lookedAt = pending.count
      return false
    }
    return true
  }

  /// Whether the bytes that came since the last look may end something. A long text that comes in small pieces is not looked at for each.
  private var mayTellMore: Bool {
    guard pending.count <= FormatDetector.byteLimit else { return false }
    return pending[min(lookedAt, pending.count)...].contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "}") }
  }

  /// Reads what is pending, and all that follows, as records of this framing.
  func set(_ framing: Framing) {
    self.framing = framing
    switch framing {
    case .lines: break
    case .containerRuntime, .containerJSON, .cloudWatchExport: unwrapper = Unwrapper(framing, limit: limits.line)
    case .jsonValues(let container):
      frame(with: JSONFramer(line: lineCount + 1))
      if container == .logEvents { unwrapper = Unwrapper(framing, limit: limits.line) }
    case .http: frame(with: HTTPFramer(line: lineCount + 1))
    }
  }

  private func frame(with framer: any RecordFramer) {
    self.framer = framer
    (scanned, wholeEnd, wholeCount) = (0, 0, 0)
  }

  /// Finds the ends of records in what has been read.
  ///
  /// - Returns: A chunk where one has to end: before a record that is too long.
  func scanRecords() -> LineChunk? {
    while let record = framer?.next(pending.span, &scanned) {
      if let chunk = keep(record) { return chunk }
    }
    wholeEnd = framer?.open?.start ?? scanned
    if let open = framer?.open, open.dropped + pending.count - open.start > limits.line {
      // The rest of it is looked at for its end only.
      framer?.open?.dropped += pending.count - open.start
      pending.removeLast(pending.count - open.start)
      scanned = pending.count
    }
    if records.isEmpty {
      // What stands between records goes with none of them.
      pending.removeSubrange(..<wholeEnd)
      forget(wholeEnd)
    }
    return nil
  }

  /// Keeps a record for the next chunk.
  ///
  /// - Returns: That chunk, where it has to end since the record is too long.
  private func keep(_ record: FramedRecord) -> LineChunk? {
    guard record.length > limits.line else {
      records.append(record.line)
      return nil
    }
    wholeEnd = framer?.open?.start ?? scanned
    let chunk = records.isEmpty && overlong == nil ? nil : takeWholeLines()
    overlong = OverlongLine(line: record.line.number, length: record.length)
    lineCount += 1
    return chunk
  }

  /// Hands on the records found; what is not finished stays.
  func takeRecords(then unfinished: [UInt8]) -> LineChunk {
    let chunk = LineChunk(bytes: pending, records: records, overlong: overlong)
    lineCount += records.count
    pending = unfinished
    forget(wholeEnd)
    overlong = nil
    records = []
    return chunk
  }

  /// Counts positions anew after the first `count` bytes were taken away.
  private func forget(_ count: Int) {
    framer?.open?.start -= count
    (scanned, wholeEnd) = (scanned - count, 0)
  }

  /// The last records; an unfinished one is dropped when a fault cut it off, and else left to its reader.
  func takeLastRecords() -> LineChunk? {
    if fault == nil {
      while let record = framer?.finish(pending.span) {
        if let chunk = keep(record) { return chunk }
      }
      if let name = framer?.openContainer { fault = .openContainer(name) }
    }
    framer?.open = nil
    let hasRecords = !records.isEmpty || overlong != nil
    (scanned, wholeEnd) = (pending.count, pending.count)
    let chunk = takeWholeLines()
    noteUnverifiedLines()
    return hasRecords ? chunk : nil
  }
}
