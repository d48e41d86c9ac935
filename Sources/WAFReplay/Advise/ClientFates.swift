public import WAFBase
internal import WAFEngine
internal import WAFModel
internal import WAFRequest

/// How chosen clients fare with all that they send, whatever rule matches it.
public struct ClientFates: Sendable {
  /// A client.
  public struct Fate: Sendable {
    /// Records of it.
    public fileprivate(set) var records = 0
    /// Of those, records that are certainly blocked.
    public fileprivate(set) var blocked = 0
    /// Of those, records that are certainly met with a CAPTCHA or a challenge.
    public fileprivate(set) var challenged = 0
    /// Whether AWS verified it as a bot of a known operator, by a label on one of its records.
    public fileprivate(set) var isVerifiedBot = false
    /// Records by hash of the folded path, in the order of the first of each; of at most `pathLimit` paths.
    fileprivate private(set) var paths: [(hash: UInt64, records: Int)] = []
    /// Days since the epoch, in UTC.
    private var dayNumbers: Set<Int64> = []

    /// Distinct folded paths that are told apart.
    public static let pathLimit = 64
    private static let dayLimit = 400

    /// A client that sends nothing.
    public init() {}

    /// Distinct folded paths; `pathLimit` stands for that many or more.
    public var pathCount: Int { paths.count }
    /// Days of which there are records, in UTC.
    public var days: Int { dayNumbers.count }

    fileprivate mutating func note(path hash: UInt64, records: Int = 1) {
      if let index = paths.firstIndex(where: { $0.hash == hash }) {
        paths[index].records += records
      } else if paths.count < Self.pathLimit {
        paths.append((hash, records))
      }
    }

    fileprivate mutating func note(time: Int64) { note(day: time >= 0 ? time / 86_400_000 : (time + 1) / 86_400_000 - 1) }
    private mutating func note(day: Int64) { if dayNumbers.count < Self.dayLimit { dayNumbers.insert(day) } }

    fileprivate mutating func add(_ other: Fate) {
      records += other.records
      blocked += other.blocked
      challenged += other.challenged
      isVerifiedBot = isVerifiedBot || other.isVerifiedBot
      for (hash, records) in other.paths { note(path: hash, records: records) }
      for day in other.dayNumbers { note(day: day) }
    }
  }

  /// Clients that are allowed to ask for a path, up to as many as make it common.
  private struct Askers {
    /// Hashes of their addresses; all different.
    var clients: [UInt64] = []

    mutating func add(_ client: UInt64) { if clients.count < ClientFates.commonClients, !clients.contains(client) { clients.append(client) } }
    var isCommon: Bool { clients.count == ClientFates.commonClients }
  }

  /// So many clients make a path common.
  public static let commonClients = 4
  /// Paths whose askers are kept.
  private static let askedLimit = 100_000

  private let numbers: [IPAddress: Int]
  /// By number of the client.
  private var fates: [Int: Fate] = [:]
  /// By hash of the folded path, and these hashes in the order of the first of each.
  private var askers: [UInt64: Askers] = [:]
  private var asked: [UInt64] = []
  /// Records of all clients that are certainly let through, by country, packed as in `Request.country`.
  public private(set) var allowedCountries: [UInt16: Int] = [:]
  private var scratch: [UInt8] = []

  /// Nothing counted yet of these clients.
  public init(of clients: Set<IPAddress>) {
    var numbers: [IPAddress: Int] = [:]
    for client in clients { numbers[client] = numbers.count }
    self.numbers = numbers
  }

  /// How a client fares.
  public subscript(client: IPAddress) -> Fate { numbers[client].flatMap { fates[$0] } ?? Fate() }

  /// Records of a client for paths that several are allowed to ask for, and those whose paths were kept at all.
  public func commonRecords(of client: IPAddress) -> (common: Int, all: Int) {
    let paths = self[client].paths
    return (paths.reduce(0) { $0 + (askers[$1.hash]?.isCommon == true ? $1.records : 0) }, paths.reduce(0) { $0 + $1.records })
  }

  /// The country from which most requests are let through, packed as in `Request.country`; of several the first by its letters. Nil where no country
  /// is known.
  public var homeCountry: UInt16? { allowedCountries.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }

  /// Notes a record and what becomes of it.
  ///
  /// - Parameter path: In `bytes`; nil where it is unknown.
  mutating func add(_ verdict: borrowing Verdict, _ bytes: Span<UInt8>, address: IPAddress?, country: UInt16, path: ByteRange?, time: Int64?) {
    let actions = verdict.possibleActions
    if country != 0, actions == .allow { allowedCountries[country, default: 0] += 1 }
    guard let address else { return }
    var pathHash: UInt64?
    if let path {
      FoldedPath.fold(bytes.extracting(path.indices), into: &scratch)
      pathHash = KeyHash.hash(scratch.span)
    }
    if let pathHash, actions == .allow { noteAsker(KeyHash.hash(address), of: pathHash) }
    guard let number = numbers[address] else { return }
    var fate = Fate()
    swap(&fate, &fates[number, default: Fate()])
    fate.records += 1
    if actions == .block { fate.blocked += 1 }
    if actions.isSubset(of: [.captcha, .challenge]) { fate.challenged += 1 }
    if !fate.isVerifiedBot, Self.isVerifiedBot(verdict) { fate.isVerifiedBot = true }
    if let pathHash { fate.note(path: pathHash) }
    if let time { fate.note(time: time) }
    swap(&fate, &fates[number, default: Fate()])
  }

  private mutating func noteAsker(_ client: UInt64, of path: UInt64) {
    if askers[path] == nil {
      guard asked.count < Self.askedLimit else { return }
      asked.append(path)
    }
    askers[path, default: Askers()].add(client)
  }

  /// Notes a record and what becomes of it.
  mutating func add(_ verdict: borrowing Verdict, of request: borrowing Request) {
    add(
      verdict, request.bytes.span, address: request.clientAddress, country: request.country ?? 0,
      path: request.path.knowledge == .known ? request.path.range : nil, time: request.timestamp)
  }

  /// Counts what `other` counted of the same clients too.
  mutating func add(_ other: ClientFates) {
    for (number, fate) in other.fates { fates[number, default: Fate()].add(fate) }
    for path in other.asked {
      for client in other.askers[path]?.clients ?? [] { noteAsker(client, of: path) }
    }
    allowedCountries.merge(other.allowedCountries, uniquingKeysWith: +)
  }

  /// Source: Bot Control, "labels"; AWS checks the address of the client against those that the operator of the bot publishes.
  private static let verifiedBotLabel = Array("awswaf:managed:aws:bot-control:bot:verified".utf8)

  private static func isVerifiedBot(_ verdict: borrowing Verdict) -> Bool {
    for label in verdict.labels where verdict.bytes.span.extracting(label.indices).equals(verifiedBotLabel.span) { return true }
    return false
  }
}
