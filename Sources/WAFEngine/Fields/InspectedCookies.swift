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
  /// Whether the known part ends inside the inspected part, and where in the arena.
  private(set) var isPrefix = false
  private(set) var end = 0
  /// Whether there is more than is inspected.
  private(set) var isOversize: Outcome = .miss
  /// As in the request.
  private(set) var marksRedaction = false

  /// Joins the cookie lines of `request` in `arena` and splits them.
  mutating func read(_ request: borrowing Request, arena: inout [UInt8]) {
    pairs.removeAll(keepingCapacity: true)
    reason = nil
    isPrefix = false
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
    end = arena.count
    if Cookies.split(arena.span.extracting(start..<end), base: start, limit: Self.maximumCount, into: &pairs) { isOversize = .match }
  }
}
