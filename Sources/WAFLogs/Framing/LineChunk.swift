internal import WAFBase

/// Whole lines of an input, a value that can be handed to another thread.
public struct LineChunk: Sendable {
  /// The lines with their line breaks; only the last line of an input may lack one.
  public var bytes: [UInt8]
  /// Number of the first line, from 1.
  public var firstLine: Int
  /// Number of lines.
  public var lineCount: Int
  /// A line that was skipped right before the first line, because it is too long.
  public var overlong: OverlongLine?

  /// Lines that were read.
  public init(bytes: [UInt8], firstLine: Int, lineCount: Int, overlong: OverlongLine? = nil) {
    self.bytes = bytes
    self.firstLine = firstLine
    self.lineCount = lineCount
    self.overlong = overlong
  }

  /// The lines in their order.
  public var lines: LineSequence { LineSequence(chunk: self) }
}

/// A line that exceeds `ReadingLimits.line`; it counts as bad.
public struct OverlongLine: Equatable, Sendable {
  /// Number of the line, from 1.
  public var line: Int
  /// Its length in bytes without its line break.
  public var length: Int
}

/// One line of a chunk.
public struct Line: Equatable, Sendable {
  /// Its number in the input, from 1.
  public var number: Int
  /// Its place in `LineChunk.bytes`, without line feed and without one carriage return before that.
  public var range: Range<Int>
}

/// The lines of a chunk, found one by one.
public struct LineSequence: Sequence, IteratorProtocol, Sendable {
  private let bytes: [UInt8]
  private var position = 0
  private var number: Int

  init(chunk: LineChunk) {
    bytes = chunk.bytes
    number = chunk.firstLine
  }

  /// The next line; nil after the last one.
  public mutating func next() -> Line? {
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
