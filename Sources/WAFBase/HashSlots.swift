/// The slots of a hash table whose entries its user keeps, numbered from 0; four bytes a slot.
///
/// Slots stand in lines of 16 words, as long as a cache line. An entry stands in the line its hash names, its home, or where that is full in
/// one of the next lines. The last word of a line counts the entries that went past it, so a search ends at the first line nobody went
/// past, or where it began, and removing leaves no marks behind:
///
///     line 0  [ tag|4+1  .  tag|0+1  …  .       | 0 ]
///     line 1  [ tag|1+1  tag|2+1  …     tag|9+1 | 1 ]     full, and one entry went past it
///     line 2  [ .  .  tag|7+1  …        .       | 0 ]     the home of entry 7 is line 1
///
/// A slot holds the number of its entry and, in the bits that the number does not need, some of the hash: hardly ever is an entry looked at
/// that is another. Keys are always compared in full, by the user.
public struct HashSlots: Sendable {
  @usableFromInline var words: [UInt32] = []
  /// The first word of the first line: arrays begin somewhere within a cache line.
  @usableFromInline var start = 0
  /// Number of the last line, all ones; -1 where there is no line.
  @usableFromInline var lastLine = -1
  /// Bits of a slot that hold the number of its entry, plus one.
  @usableFromInline var numberBits: UInt32 = 0
  /// Number of entries.
  public private(set) var count = 0

  /// Slots of a line; the word behind them counts.
  @usableFromInline static var lineSlots: Int { 15 }
  /// Entries for which a line makes room: the more, the more entries go past their home.
  private static let lineLoad = 12

  /// No entry, and no memory.
  public init() {}

  /// Whether the next `insert` needs `grow` before.
  public var isFull: Bool { count >= capacity }

  /// Entries for which there is room.
  public var capacity: Int { (lastLine + 1) * Self.lineLoad }

  /// Bytes of memory.
  public var byteCount: Int { words.count * 4 }

  /// The entry with this hash for which `matches`; nil where there is none.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
    guard lastLine >= 0 else { return nil }
    var line = home(of: hash)
    while true {
      let (slot, count) = search(line, for: tag(of: hash))
      if count == 1 {
        if matches(entry(in: slot)) { return entry(in: slot) }
      } else if count > 1 {
        for place in firstWord(of: line)..<(firstWord(of: line) &+ Self.lineSlots) where words[place] & ~number(.max) == tag(of: hash) {
          if matches(entry(in: words[place])) { return entry(in: words[place]) }
        }
      }
      if words[firstWord(of: line) &+ Self.lineSlots] == 0 { return nil }
      line = (line &+ 1) & lastLine
      // Entries may have gone past every line, each at a time when it was full.
      if line == home(of: hash) { return nil }
    }
  }

  /// Reads the slot where the search for this hash begins, so that its line is in the processor's cache.
  @inlinable
  public func touch(_ hash: UInt64) -> UInt32 { lastLine < 0 ? 0 : words[firstWord(of: home(of: hash))] }

  /// The only entry in the home of this hash that may have it: a hint, which costs no look at any key.
  @inlinable
  public func likely(_ hash: UInt64) -> Int? {
    guard lastLine >= 0 else { return nil }
    let (slot, count) = search(home(of: hash), for: tag(of: hash))
    return count == 1 ? entry(in: slot) : nil
  }

  /// Adds an entry that is not there yet; `isFull` is false. Numbers are less than the most entries there ever were at once.
  public mutating func insert(_ entry: Int, hash: UInt64) {
    precondition(!isFull && entry < Int(number(.max)))
    var line = home(of: hash)
    while true {
      for place in firstWord(of: line)..<(firstWord(of: line) + Self.lineSlots) where words[place] == 0 {
        words[place] = tag(of: hash) | UInt32(entry + 1)
        count += 1
        return
      }
      words[firstWord(of: line) &+ Self.lineSlots] += 1
      line = (line &+ 1) & lastLine
    }
  }

  /// Removes an entry.
  public mutating func remove(_ entry: Int, hash: UInt64) {
    guard let place = place(of: entry, hash) else { return }
    words[place] = 0
    count -= 1
    var line = home(of: hash)
    while line != (place - start) / 16 {
      words[firstWord(of: line) &+ Self.lineSlots] -= 1
      line = (line &+ 1) & lastLine
    }
  }

  /// Gives an entry another number.
  public mutating func renumber(_ entry: Int, to other: Int, hash: UInt64) {
    guard let place = place(of: entry, hash) else { return }
    words[place] = tag(of: hash) | UInt32(other + 1)
  }

  /// Makes room for twice as many entries and forgets all: the user inserts them again, by the same numbers.
  public mutating func grow() {
    let lines = max(1, 2 * (lastLine + 1))
    // Not before the old ones are given back.
    words = []
    words = [UInt32](repeating: 0, count: (lines + 1) * 16)
    // Only the address is looked at. A copy may begin elsewhere in a cache line, and works as well, if more slowly.
    start = unsafe words.withUnsafeBytes { (-Int(bitPattern: $0.baseAddress) & 63) / 4 }
    lastLine = lines - 1
    numberBits = UInt32((lines * 16).trailingZeroBitCount)
    count = 0
  }

  /// Forgets all entries and keeps the memory.
  public mutating func removeAll() {
    guard count > 0 else { return }
    for index in words.indices { words[index] = 0 }
    count = 0
  }
}

extension HashSlots {
  // Two independent parts of the hash: its low bits name the line, the highest are the tag.

  @inlinable @inline(__always)
  func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & lastLine }

  @inlinable @inline(__always)
  func firstWord(of line: Int) -> Int { start &+ line &* 16 }

  /// The highest bit is always set: neither an empty slot nor the count at the end of a line has it.
  @inlinable @inline(__always)
  func tag(of hash: UInt64) -> UInt32 { (UInt32(truncatingIfNeeded: hash >> 32) | 1 << 31) & ~number(.max) }

  @inlinable @inline(__always)
  func entry(in slot: UInt32) -> Int { Int(number(slot)) &- 1 }

  /// How many slots of a line have this tag, and the slot where it is one. All slots at once: a loop would mostly end where the processor does
  /// not expect it.
  @inlinable @inline(__always)
  func search(_ line: Int, for tag: UInt32) -> (slot: UInt32, count: UInt32) {
    let mask = ~number(.max)
    let first = firstWord(of: line)
    // `line` is at most `lastLine`, and `grow` made room for 16 words of each. Without checks in it the loop becomes a few vector instructions.
    return unsafe words.withUnsafeBufferPointer { words in
      var (found, hits): (UInt32, UInt32) = (0, 0)
      for place in first..<(first &+ 16) {
        let word = unsafe words[place]
        let hit: UInt32 = word & mask == tag ? .max : 0
        found |= word & hit
        hits &-= hit
      }
      return (found, hits)
    }
  }

  /// The lowest `numberBits` of `word`.
  @inlinable @inline(__always)
  func number(_ word: UInt32) -> UInt32 { word & (1 &<< numberBits &- 1) }

  private func place(of entry: Int, _ hash: UInt64) -> Int? {
    guard lastLine >= 0 else { return nil }
    let wanted = tag(of: hash) | UInt32(entry + 1)
    var line = home(of: hash)
    while true {
      for place in firstWord(of: line)..<(firstWord(of: line) + Self.lineSlots) where words[place] == wanted { return place }
      if words[firstWord(of: line) &+ Self.lineSlots] == 0 { return nil }
      line = (line &+ 1) & lastLine
      if line == home(of: hash) { return nil }
    }
  }
}
