#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Span where Element == UInt8 {
  /// Position of the first `byte` at or after `start`; nil when there is none.
  ///
  /// The C library's search looks at 16 or more bytes at once, which a loop does not.
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    let start = Swift.max(start, 0)
    guard start < count else { return nil }
    // Inside the closure the span keeps the memory alive, and `start` lies within it.
    return unsafe withUnsafeBytes { memory -> Int? in
      guard let base = memory.baseAddress, let found = unsafe memchr(base + start, CInt(byte), memory.count - start) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// How often `byte` occurs at or after `start`.
  public func count(of byte: UInt8, from start: Int = 0) -> Int {
    let start = Swift.max(start, 0)
    guard start < count else { return 0 }
    // Inside the closure the span keeps the memory alive; a plain loop over it becomes vector code.
    return unsafe withUnsafeBufferPointer { memory in
      var occurrences = 0
      for index in start..<memory.count where unsafe memory[index] == byte { occurrences += 1 }
      return occurrences
    }
  }

  /// Whether both hold the same bytes.
  public func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    // Both pointers are valid for as many bytes as are compared; an empty span may have none.
    return unsafe withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return unsafe memcmp(left, right, count) == 0
      }
    }
  }
}
