/// An IPv4 or IPv6 address.
///
/// An IPv4-mapped IPv6 address is an IPv6 address and equals no IPv4 address (IP-3).
public struct IPAddress: Equatable, Hashable, Sendable {
  // The number first: then an address takes 17 bytes, and an optional one no more.
  /// The address as a number; IPv4 in the low 32 bits.
  public var value: UInt128
  /// Whether this is an IPv6 address.
  public var isIPv6: Bool

  /// The IPv4 address with this number.
  public init(v4 value: UInt32) {
    isIPv6 = false
    self.value = UInt128(value)
  }

  /// The IPv6 address with this number.
  public init(v6 value: UInt128) {
    isIPv6 = true
    self.value = value
  }

  /// Number of bits of an address of this version: 32 or 128.
  public var bitWidth: Int { isIPv6 ? 128 : 32 }
}
