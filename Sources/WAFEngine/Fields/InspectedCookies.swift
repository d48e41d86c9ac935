internal import WAFBase
internal import WAFRequest

/// The cookies that AWS WAF inspects: of the joined cookie string the first 8,192 bytes and 200 cookies (CK-2, OV-5).
struct InspectedCookies {
  static let maximumCount = 200
  static let maximumBytes = 8_192

  /// Names and values, as positions in the evaluator's arena.
  private(set) var pairs: [Cookie] = []
  /// Why there may be cookies that are not listed; nil when there are none.
  private(set) var reason: Reason?
  /// Whether the known part ends inside the inspected part.
  private(set) var isPrefix = false
  /// Where the value of the last cookie begins in the arena if it may go on behind the known part.
  private(set) var openValue: UInt32?
  /// Whether there is more than is inspected.
  private(set) var isOversize: Outcome = .miss
  /// As in the request.
  private(set) var marksRedaction = false

  /// Joins the cookie lines of `request` in `arena` and splits them.
  mutating func read(_ request: borrowing Request, arena: inout [UInt8]) {
    pairs.removeAll(keepingCapacity: true)
    reason = nil
    isPrefix = false
    openValue = nil
    isOversize = .miss
    marksRedaction = request.marksRedaction
    let start = arena.count
    var found = false
    for header in request.headers {
      guard request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(Evaluator.cookieName) else { continue }
      switch header.value.knowledge {
      case .known, .prefix:
        if found { arena.append(contentsOf: [UInt8(ascii: ";"), UInt8(ascii: " ")]) }
        arena.append(contentsOf: request.bytes[header.value.range.indices])
        if header.value.knowledge == .prefix { isPrefix = true }
      case .redacted: reason = .fieldRedacted
      case .absent, .unknown: reason = .headerNotInLog
      }
      found = true
      // What follows an unknown part has no known place any more.
      if isPrefix || reason != nil { break }
    }
    if !found, !request.lacksHeader(Evaluator.cookieName) { reason = .headerNotInLog }
    if arena.count - start > Self.maximumBytes {
      arena.removeLast(arena.count - start - Self.maximumBytes)
      isOversize = .match
      isPrefix = false
    } else if isPrefix || reason != nil {
      isOversize = .undetermined
    }
    if isPrefix, reason == nil { reason = .valueTruncated }
    if Cookies.split(arena.span.extracting(start..<arena.count), base: start, limit: Self.maximumCount, into: &pairs) { isOversize = .match }
    if isPrefix { openLastCookie(arena, from: start) }
  }

  /// What stands behind the last `;` of a text that was cut may go on, and without `=` not even the name is known.
  private mutating func openLastCookie(_ arena: [UInt8], from start: Int) {
    let piece = arena[start...].lastIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? start
    guard let last = pairs.last, Int(last.name.start) >= piece else { return }
    if last.name.end < last.value.start { openValue = last.value.start } else { pairs.removeLast() }
  }
}
