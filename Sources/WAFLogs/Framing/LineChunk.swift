internal import WAFBase

/// Whole records of an input, a value that can be handed to another thread. Mostly a record is a line.
public struct LineChunk: Sendable {
  /// The lines with their line breaks; only the last line of an input may lack one. With `records` also what they were unwrapped to.
  public var bytes: [UInt8]
  /// Number of the first line, from 1.
  public var firstLine: Int
  /// Number of lines, or of `records` where those are not one line each.
  public var lineCount: Int
  /// A line or record that was skipped right before the first one, because it is too long.
  public var overlong: OverlongLine?
  /// The records where they are not one line each, with the numbers of the lines in which they begin; nil where every line is a record.
  public var records: [Line]?

  /// Lines that were read.
  public init(bytes: [UInt8], firstLine: Int, lineCount: Int, overlong: OverlongLine? = nil) {
    self.bytes = bytes
    self.firstLine = firstLine
    self.lineCount = lineCount
    self.overlong = overlong
  }

  /// Records that are not one line each.
  public init(bytes: [UInt8], records: [Line], overlong: OverlongLine? = nil) {
    self.init(bytes: bytes, firstLine: records.first?.number ?? 1, lineCount: records.count, overlong: overlong)
    self.records = records
  }

  /// The records in their order.
  public var lines: LineSequence { LineSequence(chunk: self) }

  /// Number of the line in which record `index`, from 0, begins.
  public func lineNumber(of index: Int) -> Int {
    guard let records, index < records.count else { return firstLine + index }
    return records[index].number
  }
}

/// A line, or record, that exceeds `ReadingLimits.line`; it counts as bad.
public struct OverlongLine: Equatable, Sendable {
  /// Number of the line, from 1.
  public var line: Int
  /// Its length in bytes without its line break.
  public var length: Int
}

/// One record of a chunk, mostly a line.
public struct Line: Equatable, Sendable {
  /// Number of its first line in the input, from 1.
  public var number: Int
  /// Its place in `LineChunk.bytes`. A line goes without line feed and without one carriage return before that.
  public var range: Range<Int>
}

/// The records of a chunk; lines are found one by one.
public struct LineSequence: Sequence, IteratorProtocol, Sendable {
  private let bytes: [UInt8]
  private let records: [Line]?
  private var position = 0
  private var number: Int

  init(chunk: LineChunk) {
    bytes = chunk.bytes
    records = chunk.records
    number = chunk.firstLine
  }

  /// The next record; nil after the last one.
  public mutating func next() -> Line? {
    if let records {
      guard position < records.count else { return nil }
      defer { position += 1 }
      return records[position]
    }
    guard position < bytes.count else { return nil }
    let start = position
    let lineFeed = bytes.span.firstIndex(of: UInt8(ascii: "\n"), from: start)
    position = lineFeed.map { $0 + 1 } ?? bytes.count
    var end = lineFeed ?? bytes.count
    if lineFeed != nil, end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    defer { number += 1 }
    return Line(number: number, range: start..<end)
  }
}
