internal import WAFBase

/// Which bytes a value holds, letters in whatever case and some signs with a like meaning as one, to tell at once what it cannot be.
///
/// Finding the words of SQL takes a walk from word to word. A value that lacks a letter of a word does not have the word:
///
///     value      add to cart; 2 items       holds  A C D E I M O R S T ;
///     needed     DROP ;                     P is not there
struct BytePresence: Sendable {
  private var bits: UInt32 = 0

  /// What `value` holds.
  @inline(__always)
  init(of value: Span<UInt8>, using tables: SQLTables) {
    for index in value.indices { bits |= tables.presence[Int(value[index])] }
  }

  /// Whether there is more than letters, digits and underscores.
  @inline(__always)
  var hasSigns: Bool { bits >> 31 != 0 }

  /// Whether one of the combinations of bytes is there that a signal of `HIGH` needs (`SQLSignals`).
  @inline(__always)
  func maySignal(using tables: SQLTables) -> Bool {
    for needed in tables.signalBytes where any((needed & bits) .== needed) { return true }
    return false
  }

  /// The bits of every byte.
  static let table = (0...UInt8.max).map { bit($0) | ($0.isASCIIWord ? 0 : 1 << 31) }

  /// Combinations of bytes, eight at a time; what is left over needs what is nowhere.
  static func groups(_ combinations: [String]) -> [SIMD8<UInt32>] {
    stride(from: 0, to: combinations.count, by: 8).map { start in
      var group = SIMD8<UInt32>(repeating: .max)
      for (lane, text) in combinations[start...].prefix(8).enumerated() { group[lane] = text.utf8.reduce(0) { $0 | bit($1) } }
      return group
    }
  }

  private static func bit(_ byte: UInt8) -> UInt32 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): 1 << UInt32(byte & 0x1f - 1)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): 1 << 26
    case UInt8(ascii: ";"): 1 << 27
    case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"): 1 << 28
    case UInt8(ascii: "-"), UInt8(ascii: "#"): 1 << 29
    case UInt8(ascii: "("): 1 << 30
    default: 0
    }
  }
}
