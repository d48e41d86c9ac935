internal import WAFBase
public import WAFRequest

/// The databases that tell country and autonomous system of an address.
public struct PlaceDatabases: Sendable {
  /// Of countries.
  public var countries: AddressDatabase?
  /// Of autonomous systems.
  public var systems: AddressDatabase?

  /// No database.
  public init() {}

  /// Whether there is none.
  public var isEmpty: Bool { countries == nil && systems == nil }

  /// Faults that look-ups met.
  public var faults: [InputError] { [countries?.fault, systems?.fault].compactMap(\.self) }
}

/// Looks up country and autonomous system of clients where a log does not tell them; each thread has its own.
public struct PlaceFinder: Sendable {
  private let databases: PlaceDatabases
  /// Answers for addresses seen lately, each in the one slot that its bits select.
  private var memo: [Answer?]

  private struct Answer {
    var address: IPAddress
    var country: UInt16?
    var system: UInt32?
  }

  private static let slots = 4_096

  /// A finder that has looked up nothing.
  public init(_ databases: PlaceDatabases) {
    self.databases = databases
    memo = Array(repeating: nil, count: databases.isEmpty ? 0 : Self.slots)
  }

  /// Completes a request by what the databases know of its client address. What the log told stays.
  public mutating func complete(_ request: inout Request) {
    guard !memo.isEmpty, let address = request.clientAddress else { return }
    let needsCountry = request.country == nil && databases.countries != nil
    let needsSystem = request.asn == nil && databases.systems != nil
    guard needsCountry || needsSystem else { return }
    let answer = answer(for: address)
    if needsCountry, let country = answer.country {
      request.country = country
      request.derived.insert(.country)
    }
    if needsSystem, let system = answer.system {
      request.asn = system
      request.derived.insert(.system)
    }
  }

  private mutating func answer(for address: IPAddress) -> Answer {
    let slot = Int(truncatingIfNeeded: KeyHash.hash(address) % UInt64(Self.slots))
    if let known = memo[slot], known.address == address { return known }
    let answer = Answer(
      address: address, country: databases.countries?.country(of: address), system: databases.systems?.system(of: address))
    memo[slot] = answer
    return answer
  }
}
