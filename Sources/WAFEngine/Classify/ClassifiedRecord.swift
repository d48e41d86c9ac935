public import WAFBase
public import WAFRequest

/// A request reduced to what is left to do in the order of the log: its signature, the keys of rates, and what reports list.
///
/// 80 bytes, since a chunk has a thousand of them that one thread writes and another reads.
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
  private var flags: UInt8 = 0
  private var time: Int64 = 0
  private var high: UInt64 = 0
  private var low: UInt64 = 0
  /// `KeyHash` of the address; of no meaning without one.
  public private(set) var addressHash: UInt64 = 0
  /// The line in the chunk.
  public var line: ByteRange
  /// The client column as written; empty where there is none.
  public var client = ByteRange.empty
  /// The path where it is known.
  public var path = Slice.unknown
  /// The first `User-Agent` where it is known.
  public var userAgent = Slice.unknown

  private static let copiedFlag: UInt8 = 1
  private static let timeFlag: UInt8 = 2
  private static let addressFlag: UInt8 = 4
  private static let ipv6Flag: UInt8 = 8

  /// A record of which nothing is set.
  public init(signature: UInt32, line: ByteRange) {
    self.signature = signature
    self.line = line
  }

  /// Whether client, path and user agent are positions in the bytes that were copied, instead of in the chunk.
  public var isCopied: Bool {
    get { flags & Self.copiedFlag != 0 }
    set { set(Self.copiedFlag, newValue) }
  }

  /// Milliseconds since 1970-01-01T00:00:00Z; nil where the time is unknown.
  public var timestamp: Int64? {
    @inline(__always) get { flags & Self.timeFlag != 0 ? time : nil }
    set {
      set(Self.timeFlag, newValue != nil)
      time = newValue ?? 0
    }
  }

  /// Address of the client; nil where it is unknown.
  public var address: IPAddress? {
    @inline(__always) get {
      guard flags & Self.addressFlag != 0 else { return nil }
      return flags & Self.ipv6Flag != 0 ? IPAddress(v6: UInt128(high) << 64 | UInt128(low)) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }
    set {
      set(Self.addressFlag, newValue != nil)
      set(Self.ipv6Flag, newValue?.isIPv6 == true)
      high = UInt64(truncatingIfNeeded: (newValue?.value ?? 0) >> 64)
      low = UInt64(truncatingIfNeeded: newValue?.value ?? 0)
      if let newValue { addressHash = KeyHash.hash(newValue) }
    }
  }

  private mutating func set(_ flag: UInt8, _ isSet: Bool) { flags = isSet ? flags | flag : flags & ~flag }
}
