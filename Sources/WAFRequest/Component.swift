public import WAFBase

/// What is known of one part of a request.
///
/// Source: spec of log formats, section 1 "Knowledge states".
public enum Knowledge: UInt8, Equatable, Sendable {
  /// The value is exactly what the firewall saw.
  case known
  /// The request did not have this part.
  case absent
  /// The part is there; `range` holds only its first bytes.
  case prefix
  /// The part is there; its content was masked by the logger.
  case redacted
  /// The source says nothing, beyond what the size bounds tell.
  case unknown
}

/// One part of a request: what is known of it, where its bytes are, and bounds of its full size.
public struct Component: Equatable, Sendable {
  /// How much is known.
  public var knowledge: Knowledge
  /// The known bytes, as positions in `Request.bytes`: the value if known, its first bytes if a prefix, else empty.
  public var range: ByteRange
  /// The full size in bytes is at least this. For known parts the size itself.
  public var minimumSize: Int
  /// The full size in bytes is at most this; `Int.max` where nothing is known.
  public var maximumSize: Int

  /// A part that the request did not have.
  public static let absent = Component(knowledge: .absent, range: .empty, minimumSize: 0, maximumSize: 0)
  /// A part of which nothing is known, not even whether it was there.
  public static let unknown = Component(knowledge: .unknown, range: .empty, minimumSize: 0, maximumSize: .max)
  /// A part that was there and whose content is masked.
  public static let redacted = Component(knowledge: .redacted, range: .empty, minimumSize: 0, maximumSize: .max)

  /// A part whose value is known.
  public static func known(_ range: ByteRange) -> Component {
    Component(knowledge: .known, range: range, minimumSize: range.count, maximumSize: range.count)
  }

  /// A part of which the first bytes are known.
  ///
  /// - Parameter size: Full size in bytes where the source tells it.
  public static func prefix(_ range: ByteRange, size: Int? = nil) -> Component {
    Component(knowledge: .prefix, range: range, minimumSize: max(range.count, size ?? 0), maximumSize: size ?? .max)
  }

  /// A part whose content is unknown and whose size lies in `bounds`; a size of zero means absent.
  public static func unknown(size bounds: ClosedRange<Int>) -> Component {
    bounds.upperBound == 0
      ? .absent
      : Component(knowledge: .unknown, range: .empty, minimumSize: bounds.lowerBound, maximumSize: bounds.upperBound)
  }

  /// Whether the request had this part: nil when that is unknown.
  public var isPresent: Bool? {
    switch knowledge {
    case .known, .prefix, .redacted: true
    case .absent: false
    case .unknown: minimumSize > 0 ? true : nil
    }
  }
}
