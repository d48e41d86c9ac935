/// A half-open range of positions in one buffer; eight bytes, trivially copied.
public struct ByteRange: Equatable, Hashable, Sendable {
  /// First position.
  public var start: UInt32
  /// One past the last position; never less than `start`.
  public var end: UInt32

  /// The range `start..<end`.
  @inlinable public init(_ start: Int, _ end: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }

  /// A range of no bytes.
  @inlinable public static var empty: ByteRange { ByteRange(0, 0) }
  /// Number of bytes.
  @inlinable public var count: Int { Int(end) - Int(start) }
  /// Whether there is no byte in it.
  @inlinable public var isEmpty: Bool { start == end }
  /// As a range of `Int`, for subscripts.
  @inlinable public var indices: Range<Int> { Int(start)..<Int(end) }
}

extension Array where Element == UInt8 {
  /// The bytes of `range`, copied.
  public subscript(range: ByteRange) -> [UInt8] { Array(self[range.indices]) }
}
