/// Hashes of table keys, seeded at random once a process.
///
/// Keys come from whoever sends requests: with a seed that nobody knows, nobody can make many of them meet in one place of a table. Results must
/// not depend on these hashes, since they differ from run to run; all threads of one run get the same.
public enum KeyHash {
  private static let seed = UInt64.random(in: .min ... .max)
  /// Odd, so that multiplying by it loses nothing.
  private static let factor = UInt64.random(in: .min ... .max) | 1

  /// The hash of an address.
  public static func hash(_ address: IPAddress) -> UInt64 {
    let high = UInt64(truncatingIfNeeded: address.value >> 64) ^ (address.isIPv6 ? ~0 : 0)
    return fold(fold(UInt64(truncatingIfNeeded: address.value) ^ seed, factor) ^ high, factor)
  }

  /// The hash of bytes.
  public static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    let factor = factor
    var state = seed ^ UInt64(bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      state = fold(state ^ bytes.word(at: index), factor)
      index += 8
    }
    return fold(fold(state ^ bytes.lastWord(from: index), factor), ~factor)
  }

  /// The hash of numbers; of as many, wherever two lists are to be told apart.
  public static func hash(_ numbers: Span<UInt32>) -> UInt64 {
    let factor = factor
    var state = seed
    for index in numbers.indices { state = fold(state ^ UInt64(numbers[index]), factor) }
    return fold(state, ~factor)
  }

  /// Both halves of the product, one over the other: every bit of the result depends on every bit of `value`.
  private static func fold(_ value: UInt64, _ factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}

extension Span where Element == UInt8 {
  /// The eight bytes at `start` as a number, the first one lowest; all of them lie in the span.
  @inlinable @inline(__always)
  public func word(at start: Int) -> UInt64 {
    precondition(start >= 0 && start <= count - 8)
    // The line above keeps all eight bytes inside.
    return UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
  }

  /// The bytes from `start` to the end as a number, the first one lowest; fewer than eight.
  @inlinable
  public func lastWord(from start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<count { word |= UInt64(self[index]) << UInt64(8 * (index - start)) }
    return word
  }
}
