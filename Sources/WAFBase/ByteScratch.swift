/// A growable output buffer that is emptied and reused, so that writing into it allocates nothing in the long run.
public struct ByteScratch: Sendable {
  @usableFromInline var storage: [UInt8] = []

  /// What has been written so far.
  @inlinable public var bytes: [UInt8] { storage }

  /// An empty buffer.
  public init() {}

  /// Number of bytes written.
  @inlinable public var count: Int { storage.count }

  /// Adds one byte.
  @inlinable public mutating func append(_ byte: UInt8) { storage.append(byte) }

  /// Adds all bytes of `span` in order.
  public mutating func append(_ span: Span<UInt8>) {
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe span.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
  }

  /// Adds all bytes of `other` in order.
  public mutating func append(_ other: [UInt8]) { storage.append(contentsOf: other) }

  /// Adds the UTF-8 bytes of `text`.
  public mutating func append(_ text: StaticString) {
    // A static string with pointer representation lives as long as the process.
    unsafe storage.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds what `write` appends to the room it is given: at most `limit` bytes, one more is a programmer error and traps.
  ///
  /// For loops that write byte by byte: room is made once, and a byte costs no call.
  @inlinable @inline(__always)
  public mutating func append(upTo limit: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    storage.append(addingCapacity: limit, initializingWith: write)
  }

  /// Adds all bytes of `span` in order, each as `map` gives it.
  @inlinable @inline(__always)
  public mutating func append(_ span: Span<UInt8>, mapping map: (UInt8) -> UInt8) {
    storage.append(addingCapacity: span.count) { room in
      // The room has `span.count` places, and exactly these are filled. Without a check per byte the loop becomes SIMD.
      unsafe room.withUnsafeMutableBufferPointer { target, count in
        for index in span.indices { unsafe target.initializeElement(at: index, to: map(span[index])) }
        count = span.count
      }
    }
  }

  /// Drops the last `count` bytes; at most as many as there are.
  public mutating func removeLast(_ count: Int) { storage.removeLast(min(count, storage.count)) }

  /// Empties the buffer and keeps its memory.
  public mutating func removeAll() { storage.removeAll(keepingCapacity: true) }
}
