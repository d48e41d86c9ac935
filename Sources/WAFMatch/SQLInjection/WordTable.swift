/// The words of SQL and what kind of token each is.
///
/// A hash table over one text, built at first use in some microseconds: all words together are ten thousand bytes. Phrases of several words
/// are entries too, their words apart by one blank.
///
/// A class, so that a reading holds one reference and does not count those of the arrays.
final class WordTable: Sendable {
  private let entries: [Entry]
  /// All words in upper case, one after the other.
  private let text: [UInt8]
  /// By hash: nothing (-1) or the number of an entry; where two meet the later one is in the next free slot.
  private let slots: [Int16]
  private let phrases: PhraseShapes

  private static var slotBits: UInt32 { 12 }

  /// Whether a phrase may begin with words of these lengths that begin with these bytes, in whatever case; never a false no.
  @inline(__always)
  func mayBePhrase(_ first: UInt8, _ firstCount: UInt8, _ second: UInt8, _ secondCount: UInt8) -> Bool {
    phrases.beginnings[Int(first & 0x1f)] >> UInt32(second & 0x1f) & 1 != 0
      && phrases.lengths[Int(firstCount & 0x1f)] >> UInt32(secondCount & 0x1f) & 1 != 0
  }

  /// What phrases look like, cut in two at any of their blanks.
  private struct PhraseShapes: Sendable {
    /// For each first byte of the first part, by its lower five bits, those of second parts, as bits.
    var beginnings = InlineArray<32, UInt32>(repeating: 0)
    /// For each length of the first part those of second parts, as bits.
    var lengths = InlineArray<32, UInt32>(repeating: 0)

    mutating func add(_ phrase: ArraySlice<UInt8>) {
      for index in phrase.indices.dropLast() where phrase[index] == UInt8(ascii: " ") {
        beginnings[Int(phrase[phrase.startIndex] & 0x1f)] |= 1 << UInt32(phrase[index + 1] & 0x1f)
        lengths[index - phrase.startIndex] |= 1 << UInt32(phrase.endIndex - index - 1)
      }
    }
  }

  private struct Entry: Sendable {
    var start: Int32
    var count: UInt8
    var kind: SQLInjection.TokenKind
  }

  /// Takes lines, each with a line feed at its end, of a kind's letter, a blank, and words in upper case with commas between.
  init(_ lines: String = measured + "\n") {
    var entries: [Entry] = []
    var text: [UInt8] = []
    var slots = [Int16](repeating: -1, count: 1 << Self.slotBits)
    var phrases = PhraseShapes()
    var kind: SQLInjection.TokenKind?
    var hash = Hash()
    var start = 0
    for byte in lines.utf8 {
      if let ofLine = kind {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\n"):
          if text.count > start {
            var slot = hash.slot
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int16(entries.count)
            entries.append(Entry(start: Int32(start), count: UInt8(text.count - start), kind: ofLine))
            phrases.add(text[start...])
          }
          (hash, start) = (Hash(), text.count)
          if byte == UInt8(ascii: "\n") { kind = nil }
        case UInt8(ascii: " ") where text.count == start: break
        default:
          hash.add(byte)
          text.append(byte)
        }
      } else {
        kind = SQLInjection.TokenKind(letter: byte)
      }
    }
    (self.entries, self.text, self.slots, self.phrases) = (entries, text, slots, phrases)
  }

  /// A hash of bytes, one after the other, which are taken in upper case.
  struct Hash {
    private var state: UInt32 = 0x811c_9dc5

    @inline(__always)
    mutating func add(_ byte: UInt8) { state = (state ^ UInt32(byte.asciiUppercased)) &* 0x0100_0193 }

    @inline(__always)
    fileprivate var slot: Int { Int((state &* 0x9e37_79b1) >> (32 - WordTable.slotBits)) }
  }

  /// The kind of `value[range]` as a word, in whatever case; nil where it is no word of SQL.
  func kind(_ range: Range<Int>, in value: Span<UInt8>) -> SQLInjection.TokenKind? {
    var hash = Hash()
    for index in range { hash.add(value[index]) }
    return kind(range, hash, in: value)
  }

  /// The same with the hash of the range.
  @inline(__always)
  func kind(_ range: Range<Int>, _ hash: Hash, in value: Span<UInt8>) -> SQLInjection.TokenKind? {
    find(hash, count: range.count) { value[range.lowerBound + $0] }.map { entries[$0].kind }
  }

  /// The number of the entry with a hash and so many bytes.
  @inline(__always)
  func find(_ hash: Hash, count: Int, byteAt byte: (Int) -> UInt8) -> Int? {
    var slot = hash.slot
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if Int(entry.count) == count {
        var offset = 0
        while offset < count, byte(offset).asciiUppercased == text[Int(entry.start) + offset] { offset += 1 }
        if offset == count { return Int(slots[slot]) }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The kind of an entry.
  func kind(of entry: Int) -> SQLInjection.TokenKind { entries[entry].kind }

  /// The bytes of an entry, in upper case.
  func spelling(of entry: Int) -> ArraySlice<UInt8> {
    text[Int(entries[entry].start)..<Int(entries[entry].start) + Int(entries[entry].count)]
  }
}
