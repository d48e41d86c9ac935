public import WAFBase

/// The clients that a change certainly stops, and what they asked for.
///
/// Exact up to its limits; what comes after them is counted as `unlisted`.
public struct Hits: Sendable {
  /// Clients kept at most.
  public static let clientLimit = 100_000
  /// Paths kept at most, of one client and of all; of others only the records are counted.
  public static let (pathsPerClient, pathLimit) = (64, 100_000)

  /// A client.
  public struct Client: Sendable {
    /// Its address.
    public let address: IPAddress
    /// Country of the first record, packed as in `Request.country`; 0 where it is unknown.
    public let country: UInt16
    /// User agent of the first record; nil where it has none or the log does not tell.
    public let userAgent: [UInt8]?
    /// Records that are hit.
    public fileprivate(set) var records = 0
    /// Of those, records by folded path, as an index into `Hits.paths`, in the order of the first of each; within the limits.
    public fileprivate(set) var paths: [(path: Int, records: Int)] = []
  }

  /// In the order of the first record of each.
  public private(set) var clients: [Client] = []
  /// Paths with numbers and identifiers folded, in the order of the first record of each; an empty one stands for an unknown path.
  public private(set) var paths: [[UInt8]] = []
  /// Records without a known client address, and those beyond the limits.
  public private(set) var unlisted = 0

  /// The first record of each of the first clients, in the order of evaluation.
  public internal(set) var samples: [ChangeSample] = []
  /// Samples that are kept.
  static let sampleLimit = 40

  private var scratch: [UInt8] = []
  private var clientNumbers: [IPAddress: Int] = [:]
  private var pathNumbers: [[UInt8]: Int] = [:]

  /// Nobody yet.
  init() {}

  /// Notes a record.
  ///
  /// - Parameters:
  ///   - path: In `bytes`; nil where it is unknown.
  ///   - agent: The user agent in `bytes`; nil where there is none.
  /// - Returns: Whether it belongs to the samples.
  mutating func add(_ bytes: Span<UInt8>, _ address: IPAddress?, country: UInt16, path: ByteRange?, agent: ByteRange?) -> Bool {
    guard let address else {
      unlisted += 1
      return false
    }
    let known = clientNumbers[address]
    guard known != nil || clients.count < Self.clientLimit else {
      unlisted += 1
      return false
    }
    let client = known ?? clients.count
    if known == nil {
      clientNumbers[address] = client
      var name: [UInt8] = []
      if let agent { bytes.extracting(agent.indices).append(to: &name) }
      clients.append(Client(address: address, country: country, userAgent: agent == nil ? nil : name))
    }
    clients[client].records += 1
    scratch.removeAll(keepingCapacity: true)
    if let path { FoldedPath.fold(bytes.extracting(path.indices), into: &scratch) }
    if let place = number(of: scratch) {
      if let index = clients[client].paths.firstIndex(where: { $0.path == place }) {
        clients[client].paths[index].records += 1
      } else if clients[client].paths.count < Self.pathsPerClient {
        clients[client].paths.append((place, 1))
      }
    }
    return known == nil && samples.count < Self.sampleLimit
  }

  private mutating func number(of path: [UInt8]) -> Int? {
    if let known = pathNumbers[path] { return known }
    guard paths.count < Self.pathLimit else { return nil }
    pathNumbers[path] = paths.count
    paths.append(path)
    return paths.count - 1
  }
}
