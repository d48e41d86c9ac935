internal import WAFBase

/// A set of byte values.
package struct ByteSet: Equatable, Sendable {
  /// Bit `byte % 64` of word `byte / 64`.
  private var words = SIMD4<UInt64>(repeating: 0)

  /// The empty set.
  package static let none = ByteSet()
  /// Every byte.
  package static let all = none.inverted

  /// The empty set.
  package init() {}

  /// The bytes of these ranges.
  package init(_ ranges: ClosedRange<UInt8>...) {
    for range in ranges { insert(range) }
  }

  /// Whether `byte` is in the set.
  package func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

  /// Adds a byte.
  package mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  /// Adds the bytes of a range.
  package mutating func insert(_ range: ClosedRange<UInt8>) {
    for byte in range { insert(byte) }
  }

  /// Adds the bytes of another set.
  package mutating func formUnion(_ other: ByteSet) { words |= other.words }

  /// Takes the bytes of another set away.
  package mutating func subtract(_ other: ByteSet) { words &= ~other.words }

  /// Whether both sets hold a byte.
  package func overlaps(_ other: ByteSet) -> Bool { words & other.words != SIMD4(repeating: 0) }

  /// The bytes that are not in the set.
  package var inverted: ByteSet {
    var result = self
    result.words = ~words
    return result
  }

  /// With the other case of every ASCII letter in it (RX-3: folding is ASCII only).
  var caseFolded: ByteSet {
    var result = self
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(letter) || contains(letter ^ 0x20) {
      result.insert(letter)
      result.insert(letter ^ 0x20)
    }
    return result
  }

  /// Number of byte values in the set.
  package var count: Int { words[0].nonzeroBitCount + words[1].nonzeroBitCount + words[2].nonzeroBitCount + words[3].nonzeroBitCount }

  /// The only byte of the set in lower case, also where the set holds a letter in both cases; nil for other sets.
  var onlyLetter: UInt8? {
    let count = count
    guard count == 1 || count == 2, let index = (0..<4).last(where: { words[$0] != 0 }) else { return nil }
    let last = UInt8(64 * index + 63 - words[index].leadingZeroBitCount)
    guard count == 2 else { return last.asciiLowercased }
    return last.isASCIILetter && last == last.asciiLowercased && contains(last ^ 0x20) ? last : nil
  }

  /// The byte values in ascending order.
  package var bytes: [UInt8] {
    var result: [UInt8] = []
    for index in 0..<4 {
      var rest = words[index]
      while rest != 0 {
        result.append(UInt8(64 * index + rest.trailingZeroBitCount))
        // Clears the lowest bit that is set.
        rest &= rest &- 1
      }
    }
    return result
  }
}

/// The classes that escapes and POSIX names denote in PCRE2 without UTF mode and in the C locale (RX-3, RX-9).
extension ByteSet {
  static let newline = ByteSet(0x0a...0x0a)
  static let digits = ByteSet(0x30...0x39)
  package static let upper = ByteSet(0x41...0x5a)
  static let lower = ByteSet(0x61...0x7a)
  package static let letters = ByteSet(0x41...0x5a, 0x61...0x7a)
  static let word = ByteSet(0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a)
  package static let space = ByteSet(0x09...0x0d, 0x20...0x20)
  /// Tab, space and the no-break space of Latin-1.
  static let horizontalSpace = ByteSet(0x09...0x09, 0x20...0x20, 0xa0...0xa0)
  /// Line feed, vertical tab, form feed, carriage return and the next line of Latin-1.
  static let verticalSpace = ByteSet(0x0a...0x0d, 0x85...0x85)

  /// The class of a POSIX name such as `alpha`; nil for an unknown name.
  init?(posixName: ArraySlice<UInt8>) {
    switch String(decoding: posixName, as: UTF8.self) {
    case "alpha": self = .letters
    case "lower": self = .lower
    case "upper": self = .upper
    case "alnum": self = ByteSet(0x30...0x39, 0x41...0x5a, 0x61...0x7a)
    case "ascii": self = ByteSet(0x00...0x7f)
    case "blank": self = ByteSet(0x09...0x09, 0x20...0x20)
    case "cntrl": self = ByteSet(0x00...0x1f, 0x7f...0x7f)
    case "digit": self = .digits
    case "graph": self = ByteSet(0x21...0x7e)
    case "print": self = ByteSet(0x20...0x7e)
    case "punct": self = ByteSet(0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e)
    case "space": self = .space
    case "word": self = .word
    case "xdigit": self = ByteSet(0x30...0x39, 0x41...0x46, 0x61...0x66)
    default: return nil
    }
  }
}
