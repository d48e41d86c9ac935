/// Finds the records of an input that are not one line each, in bytes that come piece by piece.
///
/// A framer remembers where in the grammar the bytes end, and no position but the start of the record that is not finished: what lies before it may
/// be taken away, and so may the record itself when it gets too long.
protocol RecordFramer {
  /// The record that the bytes end in; nil between records.
  var open: OpenRecord? { get set }
  /// What the bytes end in, such as `a JSON array`, where its end has to come yet; nil where the input may end.
  var openContainer: String? { get }

  /// Looks at the bytes from `position` on, which it has not seen, and moves `position` behind what it looked at.
  ///
  /// - Returns: The next record that is whole; nil when the bytes came to their end before.
  mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> FramedRecord?

  /// The rest, after `next` has returned nil for the last bytes of the input. Called until it returns nil.
  mutating func finish(_ bytes: Span<UInt8>) -> FramedRecord?
}

/// A record whose end has not come.
struct OpenRecord: Equatable {
  /// Where it begins in the bytes at hand.
  var start: Int
  /// Number of the line it begins in.
  var line: Int
  /// Bytes of it that were taken away, since it is too long.
  var dropped = 0
}

/// A record that was found.
struct FramedRecord: Equatable {
  /// Its place; what is left of it when bytes were taken away.
  var line: Line
  /// Its length in bytes.
  var length: Int
  /// Whether its end was found, rather than a fault in it or the end of the input.
  var isWhole: Bool

  /// A record that ends before `end`, which may lie among the bytes that were taken away.
  init(_ open: OpenRecord, end: Int, isWhole: Bool) {
    line = Line(number: open.line, range: open.start..<max(end, open.start))
    length = open.dropped + end - open.start
    self.isWhole = isWhole
  }
}
