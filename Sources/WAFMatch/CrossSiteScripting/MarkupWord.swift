internal import WAFBase

/// A word of up to 16 bytes, in capital letters and without NUL bytes, which compares in two steps.
struct MarkupWord: Equatable, Sendable {
  /// The first eight bytes, the first one highest; zero where the word is shorter.
  private var head: UInt64 = 0
  /// The bytes behind them, likewise.
  private var tail: UInt64 = 0

  /// The word that `bytes` spell once NUL bytes are dropped and ASCII letters made capital, as old browsers read it; nil where that is longer than 16 bytes.
  init?(_ bytes: Span<UInt8>) {
    var count = 0
    for index in bytes.indices where bytes[index] != 0x00 {
      guard count < 16 else { return nil }
      let byte = bytes[index].isASCIILetter ? bytes[index] & ~0x20 : bytes[index]
      let shift = UInt64(56 - count % 8 * 8)
      if count < 8 { head |= UInt64(byte) << shift } else { tail |= UInt64(byte) << shift }
      count += 1
    }
  }

  /// A word of a table.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    guard let word = MarkupWord(bytes.span) else { preconditionFailure("a word of more than 16 bytes in a table: \(text)") }
    self = word
  }

  /// How many bytes the word has.
  var count: Int { tail == 0 ? 8 - head.trailingZeroBitCount / 8 : 16 - tail.trailingZeroBitCount / 8 }

  /// The byte at `index`; zero behind the last one.
  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (index < 8 ? head : tail) >> UInt64(56 - index % 8 * 8))
  }

  /// Whether `bytes` begin with this word, as many bytes as it has.
  func begins(_ bytes: Span<UInt8>) -> Bool { bytes.count >= count && MarkupWord(bytes.extracting(first: count)) == self }
}
