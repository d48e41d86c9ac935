public import WAFBase

/// How the clients of a log fare with the whole web ACL, by address: what tells a busy customer from a flood.
///
/// 32 bytes a client, and 4 more a rule under study.
public struct ClientLedger: Sendable {
  /// One client.
  public struct Client: Equatable, Sendable {
    /// Its requests that were evaluated.
    public var requests: Int
    /// Of those, requests that a rule blocked which is not rate-based, or the default action.
    public var blocked: Int
    /// Of its requests, those that the rule under study counted.
    public var counted: Int

    /// Whether it looks like a client that nobody wants to stop.
    ///
    /// - Parameter elsewhere: Whether requests that the rule does not count speak for the client. They do not where the rule counts most of all
    ///   requests anyway.
    public func isHealthy(elsewhere: Bool) -> Bool {
      let isLetThrough = blocked * Self.blockedShare <= requests
      return isLetThrough && (!elsewhere || (requests - counted) * Self.elsewhereShare >= requests)
    }

    /// At most one in so many requests of a healthy client is blocked.
    public static let blockedShare = 10
    /// At least one in so many requests of a healthy client is none that the rule counts.
    public static let elsewhereShare = 5
  }

  private struct Entry {
    // 4,294,967,295 requests of one client are enough to judge it by.
    var high: UInt64
    var low: UInt64
    var requests: UInt32 = 0
    var blocked: UInt32 = 0
    var isIPv6: Bool
  }

  private let subjects: Int
  private let limit: Int
  private var slots = HashSlots()
  private var entries: [Entry] = []
  /// Requests that each rule under study counted: for each client one number a rule.
  private var counted: [UInt32] = []
  /// Requests whose client is not kept, or unknown.
  public private(set) var unknownRequests = 0
  /// Whether there were more clients than are kept.
  public private(set) var isApproximate = false

  /// Clients kept, whatever the number of rules.
  static let clientLimit = 1_000_000
  /// Numbers kept for all rules together.
  private static let countedLimit = 16_000_000

  /// An empty ledger for so many rules.
  init(subjects: Int) {
    self.subjects = subjects
    limit = min(Self.clientLimit, Self.countedLimit / max(subjects, 1))
  }

  /// Number of clients held.
  public var count: Int { entries.count }

  /// Counts a request of a client, and returns its number; nil where it is not kept.
  mutating func add(_ address: IPAddress?, hash: UInt64, isBlocked: Bool) -> Int? {
    guard let address, let index = find(address, hash) ?? insert(address, hash) else {
      unknownRequests += 1
      return nil
    }
    if entries[index].requests < .max { entries[index].requests += 1 }
    if isBlocked, entries[index].blocked < .max { entries[index].blocked += 1 }
    return index
  }

  /// Counts a request that rule `subject` counted.
  mutating func count(_ client: Int, subject: Int) {
    if counted[client * subjects + subject] < .max { counted[client * subjects + subject] += 1 }
  }

  /// A client by its number, as rule `subject` sees it.
  func client(_ index: Int, subject: Int) -> Client {
    Client(
      requests: Int(entries[index].requests), blocked: Int(entries[index].blocked), counted: Int(counted[index * subjects + subject]))
  }

  /// The client of an address.
  func client(_ address: IPAddress, subject: Int) -> Client? { find(address, KeyHash.hash(address)).map { client($0, subject: subject) } }

  private func find(_ address: IPAddress, _ hash: UInt64) -> Int? {
    let (high, low) = (UInt64(truncatingIfNeeded: address.value >> 64), UInt64(truncatingIfNeeded: address.value))
    return slots.find(hash) { entries[$0].low == low && entries[$0].high == high && entries[$0].isIPv6 == address.isIPv6 }
  }

  private mutating func insert(_ address: IPAddress, _ hash: UInt64) -> Int? {
    guard entries.count < limit else {
      isApproximate = true
      return nil
    }
    if slots.isFull {
      slots.grow()
      for index in entries.indices { slots.insert(index, hash: KeyHash.hash(self.address(of: entries[index]))) }
    }
    entries.append(
      Entry(high: UInt64(truncatingIfNeeded: address.value >> 64), low: UInt64(truncatingIfNeeded: address.value), isIPv6: address.isIPv6))
    counted.append(contentsOf: repeatElement(0, count: subjects))
    slots.insert(entries.count - 1, hash: hash)
    return entries.count - 1
  }

  private func address(of entry: Entry) -> IPAddress {
    entry.isIPv6 ? IPAddress(v6: UInt128(entry.high) << 64 | UInt128(entry.low)) : IPAddress(v4: UInt32(truncatingIfNeeded: entry.low))
  }
}
