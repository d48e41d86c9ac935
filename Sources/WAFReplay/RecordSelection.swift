internal import WAFRequest

/// Which records are evaluated; the others count as `filtered`.
public struct RecordSelection: Sendable {
  /// Only records at this time or later, milliseconds since the epoch.
  public var since: Int64?
  /// Only records before this time.
  public var until: Int64?
  /// Only the first so many of the records that the other conditions leave.
  public var limit: Int?
  /// Only one of so many records, chosen by the request id.
  public var sample: Int?

  /// All records.
  public init() {}

  /// Whether the record passes every condition but `limit`. A record without a time lies in no span of time.
  func holds(_ request: borrowing Request) -> Bool {
    guard holds(time: request.timestamp) else { return false }
    guard let sample, sample > 1 else { return true }
    return Self.sampleHash(of: request) % UInt64(sample) == 0
  }

  /// Whether a record of this time passes the conditions on time.
  func holds(time: Int64?) -> Bool {
    guard since != nil || until != nil else { return true }
    guard let time else { return false }
    return time >= since ?? .min && time < until ?? .max
  }

  /// Whether nothing but the time of a record decides.
  var isByTime: Bool { limit == nil && sample ?? 1 <= 1 }

  /// A hash of the request id, or of the whole request where it has none, so that the same records are chosen in every run and of every copy.
  static func sampleHash(of request: borrowing Request) -> UInt64 {
    let bytes = request.bytes.span
    let hash = ByteHash.hash(request.requestID.isEmpty ? bytes : bytes.extracting(request.requestID.indices))
    return request.requestID.isEmpty ? hash ^ UInt64(bitPattern: request.timestamp ?? 0) : hash
  }
}
