public import WAFBase
public import WAFRequest

/// A request reduced to what is left to do in the order of the log: its signature, the keys of rates, and what reports list.
public struct ClassifiedRecord: Sendable {
  /// What stands in place of a signature.
  public enum Special {
    /// There is no request: the line is blank, bad or passed over.
    public static let none = UInt32.max
    /// The request has no signature and has to be evaluated itself.
    public static let direct = UInt32.max - 1
    /// The line is still to be read by the exact reader.
    public static let unread = UInt32.max - 2
  }

  /// Number of the signature among those of the same `Classifier`, or one of `Special`.
  public var signature: UInt32
  /// Country of the client, packed as in `Request.country`; 0 where it is unknown.
  public var country: UInt16 = 0
  /// Whether the slices below are positions in the bytes that were copied, instead of in the chunk.
  public var isCopied = false
  /// Whether `timestamp` holds.
  public var hasTime = false
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var timestamp: Int64 = 0
  /// Address of the client; nil where it is unknown.
  public var address: IPAddress?
  /// The client column as written; empty where there is none.
  public var client = ByteRange.empty
  /// The path where it is known.
  public var path = Slice.unknown
  /// The first `User-Agent` where it is known.
  public var userAgent = Slice.unknown

  /// A record of which nothing is set.
  public init(signature: UInt32) { self.signature = signature }
}
