internal import WAFBase
internal import WAFRequest

// What is called with a request at hand is inlined: the compiler would copy the whole request for the call.

extension Request {
  /// Appends `text` to the buffer and returns where it lies.
  mutating func store(_ text: StaticString) -> ByteRange {
    let start = bytes.count
    // A static string with pointer representation lives as long as the process.
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    return ByteRange(start, bytes.count)
  }

  /// Sets the client to the text at `range`. What is no address stays as text only; `-` and nothing mean that there is none.
  mutating func setClient(_ range: ByteRange) {
    guard !range.isEmpty, range.count > 1 || bytes[Int(range.start)] != UInt8(ascii: "-") else { return }
    clientText = range
    clientAddress = address(at: range)
  }

  @inline(__always)
  private func address(at range: ByteRange) -> IPAddress? {
    let text = bytes.span.extracting(range.indices)
    // A zone such as `%eth0` is no part of an address.
    return IPAddress(text: text.extracting(0..<(text.firstIndex(of: UInt8(ascii: "%")) ?? text.count)))
  }

  /// `range` without optional white space around it (HD-2).
  @inline(__always)
  func trimmed(_ range: ByteRange) -> ByteRange {
    var (start, end) = (Int(range.start), Int(range.end))
    while start < end, bytes[start].isHTTPBlank { start += 1 }
    while start < end, bytes[end - 1].isHTTPBlank { end -= 1 }
    return ByteRange(start, end)
  }
}

extension Request {
  /// The beginning of a decoded path that is as it was sent: bytes that are no plain text, and `%`, were escaped.
  func plainBeginning(_ range: ByteRange) -> ByteRange {
    let end = range.indices.first { bytes[$0] < 0x21 || bytes[$0] > 0x7e || bytes[$0] == UInt8(ascii: "%") }
    return ByteRange(Int(range.start), end ?? Int(range.end))
  }
}
