/// Hash of bytes that come from attackers: keyed at random for each process, so that nobody can make values collide.
///
/// Multiply and fold, eight bytes at a time (the idea of wyhash). Nothing in a result depends on it.
struct ValueHash {
  private let seed: UInt64

  /// A hash with a key of its own.
  init() { seed = UInt64.random(in: .min ... .max) }

  /// The hash of `bytes`.
  @inline(__always)
  func hash(_ bytes: Span<UInt8>) -> UInt64 {
    let raw = bytes.bytes
    var state = seed
    var index = 0
    // Any eight bytes are a number; the loads check their bounds.
    while index + 8 <= bytes.count {
      state = Self.mix(state ^ (unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)), 0xa076_1d64_78bd_642f)
      index += 8
    }
    var rest: UInt64 = 0
    if bytes.count >= 8 {
      // Overlaps what was read before, which a loop over single bytes would not; the length below tells the forms apart.
      if index < bytes.count { rest = unsafe raw.unsafeLoadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self) }
    } else {
      while index < bytes.count {
        rest = rest << 8 | UInt64(bytes[index])
        index += 1
      }
    }
    return Self.mix(state ^ rest, UInt64(truncatingIfNeeded: bytes.count) ^ 0xe703_7ed1_a0b4_28db)
  }

  /// The hash of a list of numbers.
  @inline(__always)
  func hash(_ numbers: Span<UInt32>) -> UInt64 {
    var state = seed
    for index in numbers.indices { state = Self.mix(state ^ UInt64(numbers[index]), 0xa076_1d64_78bd_642f) }
    return state
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return high ^ low
  }
}
