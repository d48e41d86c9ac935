public import WAFBase

/// One web request and what is known of it, whatever log or file it came from.
///
/// All bytes lie in one buffer and everything else holds positions in it, so that a reader can fill the same
/// `Request` again and again (`reset`) without an allocation, and a request outlives the chunk it was read from.
public struct Request: Sendable {
  /// The bytes of every part, as the firewall saw them: the logger's own escaping is undone, the client's is not.
  public var bytes: [UInt8] = []
  /// Milliseconds since 1970-01-01T00:00:00Z; nil when the source does not tell.
  public var timestamp: Int64?
  /// Origin address as the protected resource saw it; nil when unknown.
  public var clientAddress: IPAddress?
  /// The client column as written, also where it is no address; empty when there is none.
  public var clientText: ByteRange = .empty
  /// The method token, as received.
  public var method: Component = .unknown
  /// The path, as received, at least `/`.
  public var path: Component = .unknown
  /// The query string without its `?`; an empty one counts as absent (A.2).
  public var query: Component = .unknown
  /// The part after `#`, without it.
  public var fragment: Component = .unknown
  /// Header lines in order of arrival, duplicates kept.
  public var headers: [Header] = []
  /// Whether a header that is not listed was certainly not sent.
  public var headersComplete = false
  /// Whether `headers` stand in order of arrival. Meaningful only where they are complete.
  public var headerOrderKnown = false
  /// Lower-case names of headers that were certainly not sent although `headersComplete` is false.
  public var absentHeaders: [ByteRange] = []
  /// Lower-case names of headers of which nothing is known although `headersComplete` is true.
  public var unknownHeaders: [ByteRange] = []
  /// The body.
  public var body: Component = .unknown
  /// JA3 fingerprint of the TLS handshake.
  public var ja3: Component = .unknown
  /// JA4 fingerprint of the TLS handshake.
  public var ja4: Component = .unknown
  /// Two-letter country of the origin address, packed as `first << 8 | second`; nil when unknown. Valid for the origin only.
  public var country: UInt16?
  /// Autonomous system of the origin address; nil when unknown.
  public var asn: UInt32?
  /// Autonomous system of the first forwarded address; nil when unknown.
  public var forwardedASN: UInt32?
  /// What the log did not tell and a database of addresses did.
  public var derived: DerivedParts = []
  /// The protected resource; nil when the source does not tell.
  public var resource: ResourceType?
  /// HTTP version text such as `HTTP/1.1`; empty when unknown.
  public var httpVersion: ByteRange = .empty
  /// Request id or trace id; empty when unknown.
  public var requestID: ByteRange = .empty
  /// Host for reports: the record's own member, else empty. Rules look at the header.
  public var host: ByteRange = .empty
  /// URI scheme such as `https`; empty when unknown.
  public var scheme: ByteRange = .empty
  /// Labels on the request before the first rule, fully qualified.
  public var labels: [ByteRange] = []
  /// State of the CAPTCHA and challenge token, where the source tells it.
  public var token: TokenState?
  /// Whether the text `REDACTED` as a value is the logger's mark for a masked one (AWS WAF logs; RQ-5).
  public var marksRedaction = false
  /// What AWS recorded about this request; nil unless it came from an AWS WAF log.
  public var recorded: RecordedDecision?
  /// Empty, with the memory of an earlier `recorded`.
  private var spareDecision = RecordedDecision()

  /// A request of which nothing is known.
  public init() {}

  /// Empties everything and keeps the memory.
  ///
  /// Member by member: a fresh request in place of this one, and the memory moved over, took longer than reading some lines.
  public mutating func reset() {
    bytes.empty()
    timestamp = nil
    clientAddress = nil
    clientText = .empty
    method = .unknown
    path = .unknown
    query = .unknown
    fragment = .unknown
    headers.empty()
    headersComplete = false
    headerOrderKnown = false
    absentHeaders.empty()
    unknownHeaders.empty()
    body = .unknown
    ja3 = .unknown
    ja4 = .unknown
    country = nil
    asn = nil
    forwardedASN = nil
    derived = []
    resource = nil
    httpVersion = .empty
    requestID = .empty
    host = .empty
    scheme = .empty
    labels.empty()
    token = nil
    marksRedaction = false
    if recorded != nil { spareDecision = takeDecision() }
  }

  /// An empty decision to be filled and set as `recorded`, in the memory of an earlier one.
  public mutating func takeDecision() -> RecordedDecision {
    var decision: RecordedDecision? = nil
    swap(&decision, &recorded)
    if var decision {
      decision.reset()
      return decision
    }
    var spare = RecordedDecision()
    swap(&spare, &spareDecision)
    return spare
  }

  /// A copy that shares no memory with this request and has no room to spare.
  ///
  /// A plain copy shares the buffers, so that the next `reset` has to allocate new ones, as large as the largest request so far: kept by the
  /// thousand, plain copies would take memory by the largest line of a log instead of by the average one.
  public borrowing func compactCopy() -> Request {
    var result = copy self
    result.bytes = bytes.span.copied()
    result.headers = headers.map { $0 }
    result.absentHeaders = absentHeaders.map { $0 }
    result.labels = labels.map { $0 }
    result.recorded = recorded?.compactCopy()
    result.spareDecision = RecordedDecision()
    return result
  }

  /// Appends `span` to the buffer and returns where it lies.
  public mutating func store(_ span: Span<UInt8>) -> ByteRange {
    let start = bytes.count
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    return ByteRange(start, bytes.count)
  }

  /// Appends `text` to the buffer and returns where it lies.
  public mutating func store(_ text: [UInt8]) -> ByteRange { store(text.span) }

  /// Splits a request target into path, query and fragment (RQ-1, RQ-2) and sets the three.
  ///
  /// - Parameters:
  ///   - target: Positions in `bytes`: origin form, absolute form, authority form or `*`.
  ///   - fragmentIsKnown: Whether the source is the request itself, where a `#` begins the fragment. In an access log it is data: the
  ///     fragment is unknown, and what stands behind a `#` was sent as part of the query or path.
  /// - Returns: Positions of the host of an absolute-form target, with its port; nil for the other forms.
  @discardableResult
  public mutating func setTarget(_ target: ByteRange, fragmentIsKnown: Bool) -> ByteRange? {
    var host: ByteRange?
    var start = Int(target.start)
    var end = Int(target.end)
    if let authority = authorityOfAbsoluteTarget(target) {
      host = authority
      start = Int(authority.end)
    }
    fragment = fragmentIsKnown ? .absent : .unknown
    if fragmentIsKnown, let hash = firstIndex(of: UInt8(ascii: "#"), from: start, to: end) {
      fragment = .known(ByteRange(hash + 1, end))
      end = hash
    }
    query = .absent
    if let mark = firstIndex(of: UInt8(ascii: "?"), from: start, to: end) {
      if mark + 1 < end { query = .known(ByteRange(mark + 1, end)) }
      end = mark
    }
    path = .known(start < end ? ByteRange(start, end) : store([UInt8(ascii: "/")]))
    return host
  }

  private func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    bytes.span.extracting(0..<end).firstIndex(of: byte, from: start)
  }

  /// `scheme://authority` at the head of `target`, where there is one.
  private func authorityOfAbsoluteTarget(_ target: ByteRange) -> ByteRange? {
    var index = Int(target.start)
    let end = Int(target.end)
    while index < end, bytes[index].isASCIILetter || (index > Int(target.start) && bytes[index].isSchemeTail) { index += 1 }
    guard index > Int(target.start), index + 2 < end,
      bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/")
    else { return nil }
    let start = index + 3
    index = start
    while index < end, bytes[index] != UInt8(ascii: "/"), bytes[index] != UInt8(ascii: "?"), bytes[index] != UInt8(ascii: "#") { index += 1 }
    return ByteRange(start, index)
  }
}

extension UInt8 {
  fileprivate var isASCIILetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7a }
  fileprivate var isSchemeTail: Bool {
    (self >= 0x30 && self <= 0x39) || self == UInt8(ascii: "+") || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
  }
}

/// Parts of a request that do not stand in the log, as a set.
public struct DerivedParts: OptionSet, Sendable {
  /// One bit a member.
  public var rawValue: UInt8
  /// A set of parts from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The country of the client address.
  public static let country = DerivedParts(rawValue: 1)
  /// The autonomous system of the client address.
  public static let system = DerivedParts(rawValue: 2)
}
