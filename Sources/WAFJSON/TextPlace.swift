/// A place in a text: line and column as editors count them, from 1.
public struct TextPlace: Equatable, Hashable, Sendable {
  /// Line, from 1. Lines end with LF; a CR before it belongs to the line.
  public var line: Int
  /// Column, from 1, counted in Unicode scalars: bytes that continue a UTF-8 sequence do not count.
  public var column: Int

  /// A place.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Where the lines of a text begin; turns byte positions into places.
struct LineIndex: Sendable {
  /// Position of the first byte of each line.
  private let starts: [Int]

  init(_ text: [UInt8]) {
    // A byte order mark is no character of the first line.
    var starts = [text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0]
    for (position, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { starts.append(position + 1) }
    self.starts = starts
  }

  /// The place of a byte of the text that this index was made from, or of its end.
  func place(of offset: Int, in text: [UInt8]) -> TextPlace {
    let offset = min(max(offset, starts[0]), text.count)
    var (low, high) = (0, starts.count)  // The line is in low..<high.
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = text[starts[low]..<offset].count { $0 & 0xc0 != 0x80 } + 1
    return TextPlace(line: low + 1, column: column)
  }
}
