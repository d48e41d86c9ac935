/// A block of addresses: an address whose bits after the prefix are zero, and the length of the prefix.
public struct CIDR: Equatable, Hashable, Sendable {
  /// First address of the block.
  public var address: IPAddress
  /// Number of fixed leading bits: 1 to 32 for IPv4, 1 to 128 for IPv6.
  public var prefixLength: Int

  /// The block that starts at `address`; the bits after the prefix must be zero.
  public init(address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }
}
