internal import WAFBase

/// One cookie of a cookie string, as positions of its bytes.
struct Cookie: Equatable {
  /// The bytes before the first `=`; empty when there is none.
  var name: ByteRange
  /// The bytes behind the first `=`, or the whole cookie.
  var value: ByteRange
}

/// The cookies of a joined cookie string (B.7). Nothing is unquoted or decoded, and names compare exactly (CK-1).
enum Cookies {
  /// Appends the cookies of `line` in order, duplicates included (CK-2, CK-3).
  ///
  /// - Parameters:
  ///   - line: The lines of the request, joined with `; ` and cut to what is inspected.
  ///   - base: Added to every position.
  ///   - limit: At most so many cookies are appended (OV-5).
  /// - Returns: Whether there are more.
  @discardableResult
  static func split(_ line: Span<UInt8>, base: Int, limit: Int = .max, into cookies: inout [Cookie]) -> Bool {
    var room = limit
    var start = 0
    while start < line.count {
      let next = line.firstIndex(of: UInt8(ascii: ";"), from: start) ?? line.count
      var first = start
      var end = next
      start = next + 1
      while first < end, line[first].isHTTPBlank { first += 1 }
      while first < end, line[end - 1].isHTTPBlank { end -= 1 }
      guard first < end else { continue }
      guard room > 0 else { return true }
      room -= 1
      var equals = first
      while equals < end, line[equals] != UInt8(ascii: "=") { equals += 1 }
      cookies.append(
        equals < end
          ? Cookie(name: ByteRange(base + first, base + equals), value: ByteRange(base + equals + 1, base + end))
          : Cookie(name: ByteRange(base + first, base + first), value: ByteRange(base + first, base + end)))
    }
    return false
  }
}
