extension IPAddress {
  /// The address that `text` spells; nil unless all of it is one address.
  ///
  /// Accepted are four decimal octets without leading zeros, and the IPv6 forms of RFC 4291 section 2.2: compression, either case, a dotted
  /// quad at the end. Zones, brackets, ports and blanks are not part of an address (IP-4).
  public init?(text: Span<UInt8>) {
    // The longest form, eight groups of which the last two are a dotted quad, has 45 bytes.
    guard text.count <= 45 else { return nil }
    if text.firstIndex(of: UInt8(ascii: ":")) != nil {
      guard let value = Self.parseV6(text) else { return nil }
      self.init(v6: value)
    } else {
      guard let value = Self.parseV4(text) else { return nil }
      self.init(v4: value)
    }
  }

  /// The address that `text` spells, by the same rules.
  public init?(text: String) {
    self.init(text: Array(text.utf8).span)
  }

  private static func parseV4(_ text: Span<UInt8>) -> UInt32? {
    guard text.count >= 7, text.count <= 15 else { return nil }
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var (digits, dots) = (0, 0)
    for index in 0..<text.count {
      let digit = UInt32(text[index] &- UInt8(ascii: "0"))
      if digit < 10 {
        // A leading zero, a fourth digit, or too large.
        guard digits == 0 || (octet > 0 && digits < 3) else { return nil }
        octet = octet &* 10 &+ digit
        digits &+= 1
      } else {
        guard text[index] == UInt8(ascii: "."), digits > 0, octet <= 255, dots < 3 else { return nil }
        value = value << 8 | octet
        (octet, digits, dots) = (0, 0, dots &+ 1)
      }
    }
    return dots == 3 && digits > 0 && octet <= 255 ? value << 8 | octet : nil
  }

  private static func parseV6(_ text: Span<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    var groups = Groups()
    var index = 0
    if text.count >= 2, text[0] == colon {
      guard text[1] == colon else { return nil }
      groups.gap = 0
      index = 2
    }
    while index < text.count {
      let start = index
      var group: UInt128 = 0
      while index < text.count, let digit = text[index].hexDigitValue {
        guard index - start < 4 else { return nil }
        group = group << 4 | UInt128(digit)
        index += 1
      }
      if index < text.count, text[index] == UInt8(ascii: ".") {
        guard let quad = parseV4(text.extracting(start..<text.count)) else { return nil }
        groups.append(UInt128(quad), count: 2)
        return groups.value
      }
      guard index > start else { return nil }
      groups.append(group, count: 1)
      if index == text.count { break }
      guard text[index] == colon, index + 1 < text.count else { return nil }
      index += 1
      if text[index] == colon {
        guard groups.gap == nil else { return nil }
        groups.gap = groups.count
        index += 1
      }
    }
    return groups.value
  }

  /// The 16-bit groups of an IPv6 address read so far, packed from the right.
  private struct Groups {
    var packed: UInt128 = 0
    var count = 0
    /// How many groups stood before `::`; nil without one.
    var gap: Int?

    mutating func append(_ bits: UInt128, count added: Int) {
      packed = packed << UInt128(16 * added) | bits
      count += added
    }

    /// The address; nil when there are too many or, without `::`, too few groups. A `::` stands for at least one group.
    var value: UInt128? {
      guard let gap else { return count == 8 ? packed : nil }
      guard count < 8 else { return nil }
      // A shift by 128 gives zero, so the cases without a group before or after the gap need no care.
      let tailBits = UInt128(16 * (count - gap))
      let tail = packed & ~(UInt128.max << tailBits)
      let head = packed >> tailBits
      return head << UInt128(16 * (8 - gap)) | tail
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical text (RFC 5952): lower case, no leading zeros, the first longest run of two or more zero groups as `::`, and the
  /// last 32 bits of an IPv4-mapped address as a dotted quad.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same as `text`.
  public var description: String { text }

  /// Writes the canonical text to `output`.
  public func append(to output: inout [UInt8]) {
    guard isIPv6 else { return Self.appendQuad(UInt32(truncatingIfNeeded: value), to: &output) }
    if value >> 32 == 0xffff {
      output.append(contentsOf: Array("::ffff:".utf8))
      return Self.appendQuad(UInt32(truncatingIfNeeded: value), to: &output)
    }
    let zeros = longestZeroRun
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        output.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: ":")])
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty { output.append(UInt8(ascii: ":")) }
      Hex.appendShortest(group(index), to: &output)
      index += 1
    }
  }

  /// Group 0 is the most significant.
  private func group(_ index: Int) -> UInt16 { UInt16(truncatingIfNeeded: value >> UInt128(16 * (7 - index))) }

  /// The first longest run of two or more zero groups; empty without one.
  private var longestZeroRun: Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if group(index) != 0 {
        start = index + 1
      } else if index + 1 - start > max(longest.count, 1) {
        longest = start..<(index + 1)
      }
    }
    return longest
  }

  private static func appendQuad(_ value: UInt32, to output: inout [UInt8]) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      Digits.append(UInt64(value >> shift & 0xff), to: &output)
      if shift > 0 { output.append(UInt8(ascii: ".")) }
    }
  }
}
