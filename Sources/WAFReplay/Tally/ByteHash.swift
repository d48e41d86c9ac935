internal import WAFBase

/// A hash of bytes that is the same in every run, so that nothing in a report depends on a seed.
///
/// Multiply and fold over eight bytes at a time. It protects against no attacker; where one could fill a table with
/// colliding values, the table is bounded.
enum ByteHash {
  /// The hash of `bytes`.
  static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var state = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      state = mix(state ^ bytes.word(at: index))
      index += 8
    }
    var rest: UInt64 = 0
    while index < bytes.count {
      rest = rest << 8 | UInt64(bytes[index])
      index += 1
    }
    return mix(state ^ rest)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = value.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return high ^ low
  }
}
