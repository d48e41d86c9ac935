internal import WAFBase

/// The time of the common log format, `25/Jul/2025:10:00:01 +0200` in brackets.
enum CommonTime {
  /// Bytes between the brackets.
  static let length = 26

  /// Position after the opening bracket of the first text of this shape; its numbers may be out of range.
  static func start(in line: Span<UInt8>) -> Int? {
    var index = 0
    while let bracket = line.firstIndex(of: UInt8(ascii: "["), from: index) {
      if hasShape(line, at: bracket + 1) { return bracket + 1 }
      index = bracket + 1
    }
    return nil
  }

  private static func hasShape(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard start >= 2, line[start - 2] == UInt8(ascii: " "), line.count - start > length else { return false }
    // A zero stands for a digit, an `a` for a letter, anything else for itself.
    let shape: StaticString = "00/aaa/0000:00:00:00 +0000]"
    for offset in 0...length {
      // `offset` is below the length of the literal, which lives as long as the process.
      let wanted = unsafe shape.utf8Start[offset]
      let found = line[start + offset]
      let fits =
        switch wanted {
        case UInt8(ascii: "0"): found.isASCIIDigit
        case UInt8(ascii: "a"): found.isASCIILetter
        case UInt8(ascii: "+"): found == wanted || found == UInt8(ascii: "-")
        default: found == wanted
        }
      guard fits else { return false }
    }
    return true
  }
}

/// The time of the line before, since lines that follow each other mostly share it.
struct LatestTime: Sendable {
  /// The text between the brackets and the closing bracket.
  private var text: [UInt8] = []
  /// What it means; nil when its numbers are out of range.
  private(set) var milliseconds: Int64?

  /// Finds the time of a line and keeps it.
  ///
  /// - Returns: Its place between the brackets; nil when there is none.
  mutating func find(in line: Span<UInt8>) -> Range<Int>? {
    if let bracket = line.firstIndex(of: UInt8(ascii: "[")), repeats(line, at: bracket + 1) {
      return (bracket + 1)..<(bracket + 1 + CommonTime.length)
    }
    guard let start = CommonTime.start(in: line) else { return nil }
    let range = start..<(start + CommonTime.length)
    milliseconds = Timestamp.milliseconds(commonLog: line.extracting(range))
    text.removeAll(keepingCapacity: true)
    for index in start...range.upperBound { text.append(line[index]) }
    return range
  }

  /// Whether the text stands at `start`, after a blank and a bracket.
  private func repeats(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard !text.isEmpty, start >= 2, line[start - 2] == UInt8(ascii: " "), line.count - start >= text.count else { return false }
    return line.extracting(start..<(start + text.count)).equals(text.span)
  }
}
