public import WAFBase

/// One header line.
public struct Header: Equatable, Sendable {
  /// Name as received, as positions in `Request.bytes`.
  public var name: ByteRange
  /// Value without optional white space around it (HD-2).
  public var value: Component

  /// A header line.
  public init(name: ByteRange, value: Component) {
    self.name = name
    self.value = value
  }
}
