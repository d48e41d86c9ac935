/// A growable output buffer that is emptied and reused, so that writing into it allocates nothing in the long run.
public struct ByteScratch: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty buffer.
  public init() {}

  /// Number of bytes written.
  public var count: Int { bytes.count }

  /// Adds one byte.
  public mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// Adds all bytes of `span` in order.
  public mutating func append(_ span: Span<UInt8>) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Adds all bytes of `other` in order.
  public mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Adds the UTF-8 bytes of `text`.
  public mutating func append(_ text: StaticString) {
    // A static string with pointer representation lives as long as the process.
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Drops the last `count` bytes; at most as many as there are.
  public mutating func removeLast(_ count: Int) { bytes.removeLast(min(count, bytes.count)) }

  /// Empties the buffer and keeps its memory.
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}
