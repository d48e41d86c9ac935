internal import WAFBase
public import WAFEngine
internal import WAFRequest

/// What one rule did with the records.
public struct RuleTally: Sendable {
  /// Records whose evaluation came to the rule.
  public var reached = Bounds()
  /// Of those, records that the rule matched; for a rate-based rule those it limited.
  public var matched = Bounds()
  /// Of those, records whose evaluation it ended.
  public var terminated = Bounds()
  /// Of those, records that went on.
  public var counted = Bounds()
  /// Records for which something unknown left the rule open.
  public var undetermined = 0
  /// The same by reason; one record may have several.
  public var reasons: [Reason: Int] = [:]
  /// Who and what it certainly matched.
  public var tops = MatchTops()

  /// Nothing counted yet.
  public init() {}

  /// Counts what the rule did with so many records.
  mutating func add(_ outcome: RuleOutcome, times: Int) {
    reached.add(outcome.reached, times: times)
    guard outcome.matched != .no else { return }
    matched.add(outcome.matched, times: times)
    terminated.add(outcome.terminated, times: times)
    counted.add(outcome.counted, times: times)
  }

  /// Counts the records of `other` too.
  mutating func add(_ other: RuleTally) {
    reached.add(other.reached)
    matched.add(other.matched)
    terminated.add(other.terminated)
    counted.add(other.counted)
    undetermined += other.undetermined
    reasons.merge(other.reasons, uniquingKeysWith: +)
    tops.add(other.tops)
  }
}

/// The most frequent values among the records that a rule certainly matched.
public struct MatchTops: Sendable {
  /// Client addresses, as the log wrote them.
  public var clients = TopList()
  /// Paths without query strings.
  public var paths = TopList()
  /// User agents.
  public var userAgents = TopList()
  /// Two-letter countries.
  public var countries = TopList()

  /// Nothing counted yet.
  public init() {}

  /// Counts one record.
  mutating func add(_ request: borrowing Request) {
    let bytes = request.bytes.span
    if !request.clientText.isEmpty { clients.add(bytes.extracting(request.clientText.indices)) }
    if request.path.knowledge == .known { paths.add(bytes.extracting(request.path.range.indices)) }
    if let agent = request.userAgent { userAgents.add(bytes.extracting(agent.indices)) }
    if let country = request.country {
      countries.add([UInt8(truncatingIfNeeded: country >> 8), UInt8(truncatingIfNeeded: country)].span)
    }
  }

  /// What a classified record adds: its values with their hashes.
  struct Entry {
    var record: ClassifiedRecord
    var client: UInt64
    var path: UInt64
    var userAgent: UInt64

    /// Hashes the values of a record, the slices of which are positions in `bytes`.
    init(_ record: ClassifiedRecord, in bytes: Span<UInt8>) {
      self.record = record
      client = KeyHash.hash(bytes.extracting(record.client.indices))
      path = record.path.place.map { KeyHash.hash(bytes.extracting($0.indices)) } ?? 0
      userAgent = record.userAgent.place.map { KeyHash.hash(bytes.extracting($0.indices)) } ?? 0
    }
  }

  /// Counts one classified record.
  mutating func add(_ entry: Entry, in bytes: Span<UInt8>) {
    let record = entry.record
    if !record.client.isEmpty { clients.add(bytes.extracting(record.client.indices), hash: entry.client) }
    if let path = record.path.place { paths.add(bytes.extracting(path.indices), hash: entry.path) }
    if let agent = record.userAgent.place { userAgents.add(bytes.extracting(agent.indices), hash: entry.userAgent) }
    if record.country != 0 {
      countries.add([UInt8(truncatingIfNeeded: record.country >> 8), UInt8(truncatingIfNeeded: record.country)].span)
    }
  }

  /// See `TopList.touchSlot`.
  func touchSlots(_ entry: Entry) -> UInt32 {
    clients.touchSlot(entry.client) ^ paths.touchSlot(entry.path) ^ userAgents.touchSlot(entry.userAgent)
  }
  /// See `TopList.touchEntry`.
  func touchEntries(_ entry: Entry) -> UInt32 {
    clients.touchEntry(entry.client) ^ paths.touchEntry(entry.path) ^ userAgents.touchEntry(entry.userAgent)
  }
  /// See `TopList.touchValue`.
  func touchValues(_ entry: Entry) -> UInt32 {
    clients.touchValue(entry.client) ^ paths.touchValue(entry.path) ^ userAgents.touchValue(entry.userAgent)
  }

  /// Counts the records of `other` too.
  mutating func add(_ other: MatchTops) {
    clients.add(other.clients)
    paths.add(other.paths)
    userAgents.add(other.userAgents)
    countries.add(other.countries)
  }
}
