/// Hashes of table keys, seeded at random once a process.
///
/// Keys come from whoever sends requests: with a seed that nobody knows, nobody can make many of them meet in one place of a table. Results must
/// not depend on these hashes, since they differ from run to run; all threads of one run get the same.
///
/// Multiply and fold, sixteen bytes at a time (the idea of wyhash).
public struct KeyHash: Sendable {
  /// The hash of this process. A loop takes it once, since every look at a global asks whether it is there already.
  public static let shared = KeyHash()

  @usableFromInline let seed = UInt64.random(in: .min ... .max)
  /// Odd, so that multiplying by it loses nothing.
  @usableFromInline let factor = UInt64.random(in: .min ... .max) | 1

  /// The hash of an address.
  public static func hash(_ address: IPAddress) -> UInt64 { shared.hash(address) }

  /// The hash of bytes.
  public static func hash(_ bytes: Span<UInt8>) -> UInt64 { shared.hash(bytes) }

  /// The hash of an address.
  @inlinable @inline(__always)
  public func hash(_ address: IPAddress) -> UInt64 {
    let high = UInt64(truncatingIfNeeded: address.value >> 64) ^ (address.isIPv6 ? ~0 : 0)
    return Self.fold(Self.fold(UInt64(truncatingIfNeeded: address.value) ^ seed, factor) ^ high, factor)
  }

  /// The hash of bytes.
  @inlinable @inline(__always)
  public func hash(_ bytes: Span<UInt8>) -> UInt64 {
    let count = bytes.count
    var state = seed
    var (first, last): (UInt64, UInt64)
    if count >= 8 {
      var index = 0
      while index + 16 < count {
        state = Self.fold(bytes.word(at: index) ^ factor, bytes.word(at: index + 8) ^ state)
        index += 16
      }
      // Both may lie over what was read before: cheaper than a loop over single bytes.
      (first, last) = (bytes.word(at: count >= 16 ? count - 16 : 0), bytes.word(at: count - 8))
    } else if count >= 4 {
      (first, last) = (UInt64(bytes.halfWord(at: 0)), UInt64(bytes.halfWord(at: count - 4)))
    } else if count > 0 {
      (first, last) = (UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]), 0)
    } else {
      (first, last) = (0, 0)
    }
    return Self.fold(Self.fold(first ^ factor, last ^ state), UInt64(truncatingIfNeeded: count) ^ ~factor)
  }

  /// The hash of numbers; of as many, wherever two lists are to be told apart.
  @inlinable @inline(__always)
  public func hash(_ numbers: Span<UInt32>) -> UInt64 {
    var state = seed
    for index in numbers.indices { state = Self.fold(state ^ UInt64(numbers[index]), factor) }
    return state
  }

  /// Both halves of the product, one over the other: every bit of the result depends on every bit of both.
  @inlinable @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

extension Span where Element == UInt8 {
  /// The eight bytes at `start` as a number, the first one lowest; all of them lie in the span.
  @inlinable @inline(__always)
  public func word(at start: Int) -> UInt64 {
    // Any eight bytes are a number, and the load checks its bounds.
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
  }

  /// The four bytes at `start` as a number, the first one lowest; all of them lie in the span.
  @inlinable @inline(__always)
  public func halfWord(at start: Int) -> UInt32 {
    // As above.
    UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self))
  }

  /// The bytes from `start` to the end as a number, the first one lowest; fewer than eight.
  public func lastWord(from start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<count { word |= UInt64(self[index]) << UInt64(8 * (index - start)) }
    return word
  }
}
