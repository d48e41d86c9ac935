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
      if count == 8 { swap(&head, &tail) }
      tail = tail << 8 | UInt64(bytes[index].isASCIILetter ? bytes[index] & ~0x20 : bytes[index])
      count += 1
    }
    // Up to here `tail` holds the bytes since the last change, at its low end.
    if count <= 8 { swap(&head, &tail) }
    if count < 8 { head <<= UInt64(64 - 8 * count) } else { tail <<= UInt64(128 - 8 * count) }
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

  /// The first byte.
  var initial: UInt8 { UInt8(truncatingIfNeeded: head >> 56) }

  /// Whether `bytes` begin with this word, as many bytes as it has.
  func begins(_ bytes: Span<UInt8>) -> Bool { bytes.count >= count && MarkupWord(bytes.extracting(first: count)) == self }
}

/// Some words, and their first letters, which tell most other words apart.
struct MarkupWordList: Sendable {
  /// The words.
  let words: [MarkupWord]
  /// Bit `n` where a word's first byte is `n` in its five low bits.
  private let initials: UInt32

  /// A list of words.
  init(_ words: String...) {
    self.words = words.map(MarkupWord.init)
    initials = self.words.reduce(0) { $0 | 1 << UInt32($1.initial & 31) }
  }

  /// Whether `word` is one of them.
  func contains(_ word: MarkupWord) -> Bool { isInitial(word.initial) && words.contains(word) }

  /// Whether `bytes` begin with one of them.
  func begin(_ bytes: Span<UInt8>) -> Bool { !bytes.isEmpty && isInitial(bytes[0]) && words.contains { $0.begins(bytes) } }

  /// Whether a word may begin with `byte`.
  private func isInitial(_ byte: UInt8) -> Bool { initials >> UInt32(byte & 31) & 1 != 0 }
}
