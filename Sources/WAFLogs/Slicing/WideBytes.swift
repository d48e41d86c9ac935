internal import CBytes

/// Searches of whole buffers with wide loads; the only place that knows the C code which does it.
enum WideBytes {
  /// How often `byte` occurs.
  static func count(of byte: UInt8, in bytes: Span<UInt8>) -> Int {
    // The call reads the bytes of the buffer and no more.
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return Int(unsafe cbytes_count(base, bytes.count, byte))
    }
  }

  /// Whether all bytes are printable ASCII or blanks.
  static func isPrintable(_ bytes: Span<UInt8>) -> Bool {
    // The call reads the bytes of the buffer and no more.
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return true }
      return unsafe cbytes_is_printable(base, bytes.count)
    }
  }

  /// Writes the positions of line feeds, quotes, backslashes and of `other` over `positions`, in ascending order.
  ///
  /// `bytes` has less than 4 GiB.
  static func findMarks(in bytes: Span<UInt8>, and other: UInt8, _ positions: inout [UInt32]) {
    positions.removeAll(keepingCapacity: true)
    positions.append(addingCapacity: bytes.count) { room in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe room.withUnsafeMutableBufferPointer { target, count in
          guard let source = bytes.baseAddress, let first = target.baseAddress else { return }
          // There is room for a position of every byte, and the call reads no byte behind the buffer.
          count = unsafe cbytes_positions(source, bytes.count, UInt8(ascii: "\n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), other, first)
        }
      }
    }
  }
}
