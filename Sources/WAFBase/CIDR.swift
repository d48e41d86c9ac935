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

  /// The block that holds `address`: its bits after the prefix are cleared.
  public init(masking address: IPAddress, prefixLength: Int) {
    self.init(address: address, prefixLength: prefixLength)
    self.address.value &= ~hostMask
  }

  /// The number of the last address of the block.
  public var lastValue: UInt128 { address.value | hostMask }

  /// Whether `other` lies in the block. An address of the other version never does (IP-3).
  public func contains(_ other: IPAddress) -> Bool {
    other.isIPv6 == address.isIPv6 && other.value & ~hostMask == address.value
  }

  /// Ones where the bits after the prefix are.
  private var hostMask: UInt128 {
    let hostBits = max(0, address.bitWidth - max(0, prefixLength))
    // A shift by 128 gives zero: all ones then, as it must.
    return ~(UInt128.max << UInt128(hostBits))
  }
}

/// Why a text is not a CIDR block that AWS WAF accepts (IP-1, IP-2, IP-4).
public enum CIDRError: Error, Equatable, Sendable {
  /// What stands before the `/`, or all of it, is neither an IPv4 nor an IPv6 address.
  case notAnAddress
  /// An address without `/` and prefix length.
  case bareAddress
  /// What stands after the `/` is not a decimal number without sign and leading zeros.
  case malformedPrefix
  /// The prefix is `/0`, which AWS WAF refuses.
  case zeroPrefix
  /// The prefix is longer than the address.
  case prefixTooLong(maximum: Int)
  /// Bits after the prefix are set; `block` is the block that holds the address.
  case hostBitsSet(block: CIDR)
}

extension CIDRError: CustomStringConvertible {
  /// What is wrong, as the end of a message.
  public var description: String {
    switch self {
    case .notAnAddress: "not an IPv4 or IPv6 address"
    case .bareAddress: "an address without a prefix length, such as /32 for one IPv4 or /128 for one IPv6 address"
    case .malformedPrefix: "the prefix length is not a plain decimal number"
    case .zeroPrefix: "prefix length 0 is not allowed; the shortest is 1"
    case .prefixTooLong(let maximum): "the prefix is longer than the \(maximum) bits of the address"
    case .hostBitsSet(let block): "bits after the prefix are set; the block is \(block)"
    }
  }
}

extension CIDR: CustomStringConvertible {
  /// Reads `address/prefix`, strictly.
  ///
  /// - Throws: What is wrong with `text` (IP-1, IP-2).
  public init(text: Span<UInt8>) throws(CIDRError) {
    let (address, prefixLength) = try Self.parts(of: text)
    self.init(masking: address, prefixLength: prefixLength)
    if self.address != address { throw .hostBitsSet(block: self) }
  }

  /// Reads `address/prefix`, strictly.
  ///
  /// - Throws: What is wrong with `text` (IP-1, IP-2).
  public init(text: String) throws(CIDRError) {
    try self.init(text: Array(text.utf8).span)
  }

  /// Reads `address/prefix` and clears the bits after the prefix, for hand-written sets (IP-2, lenient).
  ///
  /// - Throws: What else is wrong with `text`; never `hostBitsSet`.
  public init(masking text: Span<UInt8>) throws(CIDRError) {
    let (address, prefixLength) = try Self.parts(of: text)
    self.init(masking: address, prefixLength: prefixLength)
  }

  /// The block as `address/prefix`, in canonical form.
  public var description: String { "\(address.text)/\(prefixLength)" }

  private static func parts(of text: Span<UInt8>) throws(CIDRError) -> (IPAddress, Int) {
    let slash = text.firstIndex(of: UInt8(ascii: "/"))
    guard let address = IPAddress(text: text.extracting(0..<(slash ?? text.count))) else { throw .notAnAddress }
    guard let slash else { throw .bareAddress }
    let digits = text.extracting((slash + 1)..<text.count)
    guard let number = Digits.value(of: digits), digits.count == 1 || digits[0] != UInt8(ascii: "0") else { throw .malformedPrefix }
    guard number > 0 else { throw .zeroPrefix }
    guard number <= UInt64(address.bitWidth) else { throw .prefixTooLong(maximum: address.bitWidth) }
    return (address, Int(number))
  }
}
