/// The slots of a hash table whose entries its user keeps, numbered from 0; four bytes a slot.
///
/// Slots stand in lines of 16 words, as long as a cache line. An entry stands anywhere in the line its hash names, its home, or where that is
/// full in one of the next lines. The last word of a line counts the entries that went past it, so a search ends at the first line nobody went
/// past, and removing leaves no marks behind:
///
///     home 0:  [ tag|4+1  .  tag|0+1  …  . | 0 ]
///     home 1:  [ tag|1+1  tag|2+1  …  tag|9+1 | 1 ]     full, and one entry went past it
///     home 2:  [ .  .  tag|7+1  …            . | 0 ]     entry 7 has its home in line 1
///
/// A slot holds the number of its entry and, in the bits that the number does not need, some of the hash: hardly ever is an entry looked at
/// that is another. Keys are always compared in full, by the user.
public struct HashSlots: Sendable {
  @usableFromInline var words: [UInt32] = []
  /// Bits of a slot that hold the number of its entry, plus one.
  @usableFromInline var numberBits: UInt32 = 0
  /// Number of entries.
  public private(set) var count = 0

  /// Slots of a line; the word behind them counts.
  @usableFromInline static var lineSlots: Int { 15 }
  /// Entries for which there is room, as a share of a line: the more, the more entries go past their home.
  private static let lineLoad = 12

  /// No entry, and no memory.
  public init() {}

  /// Whether the next `insert` needs `grow` before.
  public var isFull: Bool { count >= words.count / 16 * Self.lineLoad }

  /// Bytes of memory.
  public var byteCount: Int { words.count * 4 }

  /// The entry with this hash for which `matches`; nil where there is none.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
    guard !words.isEmpty else { return nil }
    let wanted = tag(of: hash)
    let mask = number(.max)
    var line = home(of: hash)
    while true {
      var place = Self.firstPlace(of: hash)
      for _ in 0..<Self.lineSlots {
        let word = words[line + place]
        if word & ~mask == wanted, word != 0, matches(Int(word & mask) - 1) { return Int(word & mask) - 1 }
        place = place == Self.lineSlots - 1 ? 0 : place + 1
      }
      if words[line + Self.lineSlots] == 0 { return nil }
      line = (line + 16) & (words.count - 1)
    }
  }

  /// Adds an entry that is not there yet; `isFull` is false. Numbers are less than the most entries there ever were at once.
  public mutating func insert(_ entry: Int, hash: UInt64) {
    precondition(!isFull && entry < Int(number(.max)))
    var line = home(of: hash)
    while true {
      var place = Self.firstPlace(of: hash)
      for _ in 0..<Self.lineSlots {
        if words[line + place] == 0 {
          words[line + place] = tag(of: hash) | UInt32(entry + 1)
          count += 1
          return
        }
        place = place == Self.lineSlots - 1 ? 0 : place + 1
      }
      words[line + Self.lineSlots] += 1
      line = (line + 16) & (words.count - 1)
    }
  }

  /// Removes an entry.
  public mutating func remove(_ entry: Int, hash: UInt64) {
    guard let place = place(of: entry, hash) else { return }
    words[place] = 0
    count -= 1
    var line = home(of: hash)
    while line != place & ~15 {
      words[line + Self.lineSlots] -= 1
      line = (line + 16) & (words.count - 1)
    }
  }

  /// Gives an entry another number.
  public mutating func renumber(_ entry: Int, to other: Int, hash: UInt64) {
    guard let place = place(of: entry, hash) else { return }
    words[place] = tag(of: hash) | UInt32(other + 1)
  }

  /// Makes room for twice as many entries and forgets all: the user inserts them again, by the same numbers.
  public mutating func grow() {
    let size = max(16, 2 * words.count)
    words = []
    words = [UInt32](repeating: 0, count: size)
    numberBits = UInt32(size.trailingZeroBitCount)
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
  // Three independent parts of the hash: its low bits name the line, bits from the middle the first place to try in it, the highest are the tag.

  @inlinable @inline(__always)
  func home(of hash: UInt64) -> Int { (Int(truncatingIfNeeded: hash) &* 16) & (words.count - 1) }

  @inlinable @inline(__always)
  static func firstPlace(of hash: UInt64) -> Int { Int((hash >> 30 & 0xff) * UInt64(lineSlots) >> 8) }

  @inlinable @inline(__always)
  func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) & ~number(.max) }

  /// The lowest `numberBits` of `word`.
  @inlinable @inline(__always)
  func number(_ word: UInt32) -> UInt32 { word & (1 &<< numberBits &- 1) }

  private func place(of entry: Int, _ hash: UInt64) -> Int? {
    guard !words.isEmpty else { return nil }
    let wanted = tag(of: hash) | UInt32(entry + 1)
    var line = home(of: hash)
    while true {
      for place in line..<(line + Self.lineSlots) where words[place] == wanted { return place }
      if words[line + Self.lineSlots] == 0 { return nil }
      line = (line + 16) & (words.count - 1)
    }
  }
}
