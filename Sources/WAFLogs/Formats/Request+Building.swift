internal import WAFBase
internal import WAFRequest

extension Request {
  /// Appends `name` to the buffer and returns where it lies.
  mutating func store(_ name: StaticString) -> ByteRange {
    let start = bytes.count
    // A static string with pointer representation lives as long as the process.
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    return ByteRange(start, bytes.count)
  }

  /// Appends what a quoted field of a log means and returns where it lies.
  mutating func store(escaped field: Span<UInt8>, _ styles: inout LoggerEscapes.Styles) -> ByteRange {
    let start = bytes.count
    styles.formUnion(LoggerEscapes.append(field, to: &bytes))
    return ByteRange(start, bytes.count)
  }

  /// Sets the client to the text at `range`. What is no address stays as text only; `-` and nothing mean that there is none.
  mutating func setClient(_ range: ByteRange) {
    let text = bytes[range.indices]
    guard !text.isEmpty, !text.elementsEqual("-".utf8) else { return }
    clientText = range
    // A zone such as `%eth0` is no part of an address.
    let end = text.firstIndex(of: UInt8(ascii: "%")) ?? text.endIndex
    clientAddress = IPAddress(text: bytes.span.extracting(range.indices.lowerBound..<end))
  }

  /// Adds a header with this value.
  mutating func addHeader(_ name: StaticString, _ value: Component) {
    headers.append(Header(name: store(name), value: value))
  }

  /// Notes that a header was not sent.
  mutating func addAbsentHeader(_ name: StaticString) {
    absentHeaders.append(store(name))
  }

  /// `range` without optional white space around it (HD-2).
  func trimmed(_ range: ByteRange) -> ByteRange {
    var (start, end) = (Int(range.start), Int(range.end))
    while start < end, bytes[start].isHTTPBlank { start += 1 }
    while start < end, bytes[end - 1].isHTTPBlank { end -= 1 }
    return ByteRange(start, end)
  }
}
