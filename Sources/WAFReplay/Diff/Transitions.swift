internal import WAFBase
public import WAFEngine
public import WAFModel
public import WAFRequest

/// What becomes of the records under another web ACL: from action to action, and whom a change hits.
public struct Transitions: Sendable {
  /// Records by what both web ACLs decide.
  public private(set) var cells: [Cell: Bounds] = [:]
  /// Whom each change hits; of all that have happened.
  public internal(set) var changes: [Change: ChangeTally] = [:]
  /// Records with the same action for which another rule decides; of those where both are certain.
  public private(set) var otherRules = 0
  /// Records evaluated.
  public private(set) var records = 0
  /// Records that are newly blocked or challenged; one that may be either counts once.
  public internal(set) var newlyStopped = Bounds()
  /// Who is newly blocked or challenged, client by client; nil where that is not asked for.
  public internal(set) var hits: Hits?

  /// An action of the first web ACL and one of the second.
  public struct Cell: Hashable, Sendable {
    /// What the first does.
    public var base: ActionKind
    /// What the second does.
    public var head: ActionKind

    /// A pair of actions.
    public init(base: ActionKind, head: ActionKind) {
      self.base = base
      self.head = head
    }
  }

  /// Nothing compared yet.
  ///
  /// - Parameter keepsHits: Whether those who are newly stopped are kept client by client.
  public init(keepsHits: Bool = false) { hits = keepsHits ? Hits() : nil }

  /// Counts so many records about which the two decide so.
  mutating func add(_ base: RecordDecision, _ head: RecordDecision, times: Int) {
    records += times
    if base.isSame(as: head) {
      for kind in base.actions.kinds { cells[Cell(base: kind, head: kind), default: Bounds()].add(.possible, times: times) }
      return
    }
    let isCertain = base.actions.kinds.count == 1 && head.actions.kinds.count == 1
    for from in base.actions.kinds {
      for to in head.actions.kinds { cells[Cell(base: from, head: to), default: Bounds()].add(isCertain ? .certain : .possible, times: times) }
    }
    newlyStopped.add(
      max(Change.newBlock.certainty(from: base, to: head), Change.newChallenge.certainty(from: base, to: head)), times: times)
    for change in Change.allCases {
      let certainty = change.certainty(from: base, to: head)
      guard certainty != .no else { continue }
      changes[change, default: ChangeTally()].records.add(certainty, times: times)
      guard certainty == .certain else { continue }
      // Who is let through owes it to the rule that no longer stops it.
      let rule = change == .newAllow ? base.rule : head.rule
      changes[change]?.rules[rule, default: 0] += times
    }
  }

  /// Gives samples the names of their inputs.
  mutating func nameSamples(_ names: (Int) -> [UInt8]) {
    for change in changes.keys {
      for index in changes[change]?.samples.indices ?? 0..<0 {
        guard let input = changes[change]?.samples[index].input else { continue }
        changes[change]?.samples[index].file = names(input)
      }
    }
    for index in hits?.samples.indices ?? 0..<0 {
      guard let input = hits?.samples[index].input else { continue }
      hits?.samples[index].file = names(input)
    }
  }

  /// Counts records for which another rule of the second web ACL decides.
  mutating func noteOtherRule(times: Int) { otherRules += times }
}

/// Whom a change hits.
public struct ChangeTally: Sendable {
  /// How many records.
  public internal(set) var records = Bounds()
  /// The rule that decides, by its index in the program, -1 for the default action and nil where it is not certain: of the second web ACL, and for
  /// requests that are newly let through the one of the first that stopped them.
  public internal(set) var rules: [Int?: Int] = [:]
  /// Client addresses, as the log wrote them.
  public internal(set) var clients = TopList()
  /// Networks: the first 24 bits of IPv4 addresses, the first 48 of IPv6.
  public internal(set) var networks = TopList()
  /// Paths, with numbers and identifiers folded.
  public internal(set) var paths = TopList()
  /// Two-letter countries.
  public internal(set) var countries = TopList()
  /// User agents.
  public internal(set) var userAgents = TopList()
  /// The first records of them, in the order of evaluation.
  public internal(set) var samples: [ChangeSample] = []

  /// Samples that are kept.
  static let sampleLimit = 3

  init() {}

  /// Notes who a record is from and what it asks for, as positions in `bytes`.
  mutating func add(
    _ bytes: Span<UInt8>, client: ByteRange, address: IPAddress?, path: ByteRange?, country: UInt16, agent: ByteRange?, scratch: inout [UInt8]
  ) {
    if !client.isEmpty { clients.add(bytes.extracting(client.indices)) }
    if let address { networks.add(Array("\(CIDR(masking: address, prefixLength: address.isIPv6 ? 48 : 24))".utf8).span) }
    if let path {
      FoldedPath.fold(bytes.extracting(path.indices), into: &scratch)
      paths.add(scratch.span)
    }
    if country != 0 { countries.add([UInt8(truncatingIfNeeded: country >> 8), UInt8(truncatingIfNeeded: country)].span) }
    if let agent { userAgents.add(bytes.extracting(agent.indices)) }
  }
}

/// A record that a change hits.
public struct ChangeSample: Sendable {
  /// The input, as the user named it; may hold any bytes.
  public var file: [UInt8] = []
  /// Number of the input.
  var input: Int
  /// The line in which the record begins, from 1.
  public var line: Int
  /// The request.
  public var request: Request
  /// What the first web ACL decides.
  public var base: RecordDecision
  /// What the second decides.
  public var head: RecordDecision
}
