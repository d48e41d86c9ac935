internal import WAFBase
public import WAFEngine
internal import WAFModel
internal import WAFRequest

/// What the probes of rate-based rules counted: for each limit the requests over it, and of which clients they are.
///
/// Counts are exact. Memory is bounded: a number a limit for each probe, and a row of such numbers for each client that was over the least limit.
public struct RateCurves: Sendable {
  /// The rules under study.
  public let subjects: [RateSubject]
  /// The clients.
  public private(set) var clients: ClientLedger
  /// For each subject one probe a window.
  private(set) var probes: [Probe]
  /// By index into `Program.rules`: that into `probes`, or -1.
  private let positions: [Int]
  /// The client of the request at hand.
  private var client: Int?

  /// Clients over the least limit that are kept a probe.
  static let rowLimit = 20_000

  /// What one probe counted.
  struct Probe: Sendable {
    let subject: Int
    let isFirst: Bool
    let ladder: LimitLadder
    /// Requests that exceed so many of the limits.
    var requests: [Int]
    /// By number of the client its row in `rows`.
    var rowOfClient: [Int: Int] = [:]
    /// Rows like `requests`, one after the other.
    var rows: [UInt32] = []
    /// Requests over the least limit whose client is unknown or has no row.
    var unknownClients = 0
  }

  /// Nothing counted yet.
  init(_ subjects: [RateSubject], _ program: Program) {
    self.subjects = subjects
    clients = ClientLedger(subjects: subjects.count)
    var positions = [Int](repeating: -1, count: program.rules.count)
    var probes: [Probe] = []
    for (number, subject) in subjects.enumerated() {
      for rule in subject.probes {
        positions[rule] = probes.count
        let empty = [Int](repeating: 0, count: subject.ladder.limits.count + 1)
        probes.append(Probe(subject: number, isFirst: rule == subject.probes.lowerBound, ladder: subject.ladder, requests: empty))
      }
    }
    (self.positions, self.probes) = (positions, probes)
  }

  /// Notes what the web ACL did with one request.
  mutating func add(_ verdict: borrowing Verdict, of request: borrowing Request, by program: Program) {
    let address = request.clientAddress
    begin(address, hash: address.map { KeyHash.hash($0) } ?? 0, isBlocked: Self.isBlocked(verdict, by: program))
    for rate in verdict.rates where !rate.keyMissing { add(rule: rate.rule, count: rate.count) }
  }

  /// Begins a request of a client, of whose address `hash` is the `KeyHash`.
  mutating func begin(_ address: IPAddress?, hash: UInt64, isBlocked: Bool) { client = clients.add(address, hash: hash, isBlocked: isBlocked) }

  /// Notes what a rate-based rule counted for the request that was begun.
  mutating func add(rule: Int, count: Int) {
    guard positions[rule] >= 0 else { return }
    probes[positions[rule]].add(count, of: client)
    if probes[positions[rule]].isFirst, let client { clients.count(client, subject: probes[positions[rule]].subject) }
  }

  /// Whether a request was certainly blocked, and not by a rate-based rule.
  static func isBlocked(_ verdict: borrowing Verdict, by program: Program) -> Bool {
    guard verdict.isDetermined, verdict.possibleActions == .block else { return false }
    if verdict.terminatingRule == Verdict.defaultAction { return true }
    return program.rules[verdict.terminatingInnerRule ?? verdict.terminatingRule].kind != .rateBased
  }
}

extension RateCurves.Probe {
  fileprivate mutating func add(_ count: Int, of client: Int?) {
    let exceeded = ladder.exceeded(by: count)
    requests[exceeded] += 1
    guard exceeded > 0 else { return }
    guard let client, let row = row(of: client) else {
      unknownClients += 1
      return
    }
    if rows[row + exceeded] < .max { rows[row + exceeded] += 1 }
  }

  /// Where the row of a client begins, made where there is none; nil where there are too many.
  private mutating func row(of client: Int) -> Int? {
    if let row = rowOfClient[client] { return row }
    guard rowOfClient.count < RateCurves.rowLimit else { return nil }
    rowOfClient[client] = rows.count
    rows.append(contentsOf: repeatElement(0, count: requests.count))
    return rows.count - requests.count
  }

  /// For each limit the requests over it.
  var requestsOver: [Int] { LimitLadder.requestsOver(requests) }

  /// For each limit the requests over it of a client's row.
  func requestsOver(row: Int) -> [Int] { LimitLadder.requestsOver(rows[row..<(row + requests.count)].map { Int($0) }) }
}
