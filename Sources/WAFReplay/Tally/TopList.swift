internal import WAFBase

/// Counts how often values occur, in bounded memory, without an allocation for a value seen before.
///
/// Exact while there is room. Then it is *space-saving*: a new value takes the place of a value with the least count and begins with that count,
/// since it may have been there before and have been dropped. So a count is never too low, and too high by no more than what it began with:
///
///     room for 2:   a 5 | b 2     add c:   a 5 | c 3, of these 2 maybe not its own     c occurred 1 to 3 times, b at most 2 times
///
/// A table over one buffer of bytes:
///
///     slots ─▶ entries  [ /login 17 | /admin 3 ]     hash, place of the bytes, count, its error
///     arena             "/login" "/old" "/admin"     bytes of dropped values stay until there are too many of them
///
/// The result depends on the order of the values only, so it is the same in every run.
///
/// Source: Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005.
public struct TopList: Sendable {
  /// Distinct values kept at most.
  public static let defaultLimit = 100_000
  /// Bytes of one value that are kept. Longer ones are told apart by these alone, and `cutMark` in place of the rest says so.
  public static let valueLimit = 512
  /// What stands at the end of values that were cut: an ellipsis.
  public static let cutMark = Array("…".utf8)
  /// Bytes of all values kept at most; the buffer is half as long again at most.
  static let arenaLimit = 4 << 20

  /// A value and how often it occurred.
  public struct Item: Equatable, Sendable {
    /// Its bytes, at most `valueLimit`.
    public var value: [UInt8]
    /// Records that certainly had it.
    public var records: Int
    /// Records that may have had it; equal to `records` as long as the list had room.
    public var recordsAtMost: Int

    /// A value that so many records had.
    public init(value: [UInt8], records: Int, recordsAtMost: Int) {
      self.value = value
      self.records = records
      self.recordsAtMost = recordsAtMost
    }
  }

  /// Records that a value may have although it is not in the list; 0 as long as the list had room. No count is too high by more.
  public internal(set) var error = 0

  var arena: [UInt8] = []
  /// Bytes of the arena that belong to no value any more.
  var deadBytes = 0
  var entries: [Entry] = []
  var slots = HashSlots()
  private let limit: Int

  // The search for the entry to drop goes round through the entries. None has a count below `least`; the next round begins with `nextLeast`.
  var least = 0
  var nextLeast = Int.max
  var position = 0

  struct Entry {
    /// Half of the hash; enough to find the entry again, and to tell most others apart.
    var hash: UInt32
    var start: UInt32
    var length: UInt32
    var count: Int
    /// By how much `count` may be too high.
    var error: Int
  }

  /// An empty list of at most `limit` values, at least 2.
  public init(limit: Int = defaultLimit) { self.limit = max(limit, 2) }

  /// Number of distinct values held.
  public var count: Int { entries.count }

  /// Counts `records` more records of a value.
  public mutating func add(_ value: Span<UInt8>, records: Int = 1) { add(value, hash: KeyHash.hash(value), records: records) }

  /// Counts `records` more records of a value that the caller has hashed already.
  ///
  /// - Parameter hash: The same function of the value in all calls, for this list and for those that are added to it. Results do not depend on it.
  public mutating func add(_ value: Span<UInt8>, hash: UInt64, records: Int = 1) {
    guard value.count >= Self.valueLimit else { return add(value, UInt32(truncatingIfNeeded: hash), records: records, error: 0) }
    // What a cut value looks like may also be a whole value: here both are hashed in the same way.
    let cut =
      value.count == Self.valueLimit
      ? value.copied() : value.extracting(0..<(Self.valueLimit - Self.cutMark.count)).copied() + Self.cutMark
    add(cut.span, UInt32(truncatingIfNeeded: KeyHash.hash(cut.span)), records: records, error: 0)
  }

  /// Reads where a value with this hash would be found, so that it is in the processor's cache; what is read means nothing.
  ///
  /// In three steps, of which each needs what the one before brought: of many values all wait for the same step at once.
  func touchSlot(_ hash: UInt64) -> UInt32 { slots.touch(Self.spread(UInt32(truncatingIfNeeded: hash))) }

  /// The second step.
  func touchEntry(_ hash: UInt64) -> UInt32 { likely(hash).map { entries[$0].start } ?? 0 }

  /// The third step.
  func touchValue(_ hash: UInt64) -> UInt32 {
    guard let index = likely(hash), entries[index].length > 0 else { return 0 }
    return UInt32(arena[Int(entries[index].start)])
  }

  private func likely(_ hash: UInt64) -> Int? { slots.likely(Self.spread(UInt32(truncatingIfNeeded: hash))) }

  /// Counts everything that `other` counted.
  public mutating func add(_ other: TopList) {
    // A value that `other` does not hold may have had as many records as `other.error` says: all get them, and those it holds the difference.
    if other.error > 0 {
      for index in entries.indices {
        entries[index].count += other.error
        entries[index].error += other.error
      }
      least += other.error
      nextLeast = nextLeast == .max ? .max : nextLeast + other.error
      error += other.error
    }
    for entry in other.entries {
      let value = other.arena.span.extracting(other.range(of: entry))
      add(value, entry.hash, records: entry.count - other.error, error: entry.error - other.error)
    }
  }

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    deadBytes = 0
    entries.removeAll(keepingCapacity: true)
    slots.removeAll()
    error = 0
    (least, nextLeast, position) = (0, .max, 0)
  }

  /// The `count` most frequent values, by the records that they certainly had, equally frequent ones in the order of their bytes.
  public func top(_ count: Int) -> [Item] {
    var best: [Entry] = []
    for entry in entries {
      if best.count == count, let last = best.last, !precedes(entry, last) { continue }
      let position = best.firstIndex { precedes(entry, $0) } ?? best.count
      best.insert(entry, at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map(item)
  }

  /// All values, in no order of interest.
  var items: [Item] { entries.map(item) }
}

extension TopList {
  private mutating func add(_ value: Span<UInt8>, _ hash: UInt32, records: Int, error: Int) {
    let known = slots.find(Self.spread(hash)) { index in
      entries[index].hash == hash && arena.span.extracting(range(of: entries[index])).equals(value)
    }
    if let known {
      entries[known].count += records
      entries[known].error += error
      return
    }
    // A list at its limit may hold values of which it knows no more than of those that it does not hold.
    guard records > 0 else { return }
    while entries.count == limit || arena.count - deadBytes + value.count > Self.arenaLimit { dropLeast() }
    insert(value, Entry(hash: hash, start: 0, length: UInt32(value.count), count: self.error + records, error: self.error + error))
  }

  private mutating func insert(_ value: Span<UInt8>, _ entry: Entry) {
    if slots.isFull { rebuildSlots() }
    slots.insert(entries.count, hash: Self.spread(entry.hash))
    entries.append(entry)
    entries[entries.count - 1].start = UInt32(arena.count)
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
  }

  mutating func rebuildSlots() {
    repeat { slots.grow() } while slots.capacity <= entries.count
    for (index, entry) in entries.enumerated() { slots.insert(index, hash: Self.spread(entry.hash)) }
  }

  private func item(_ entry: Entry) -> Item {
    Item(value: Array(arena[range(of: entry)]), records: entry.count - entry.error, recordsAtMost: entry.count)
  }

  func range(of entry: Entry) -> Range<Int> { Int(entry.start)..<(Int(entry.start) + Int(entry.length)) }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    let (low, otherLow) = (left.count - left.error, right.count - right.error)
    if low != otherLow { return low > otherLow }
    return left.count != right.count ? left.count > right.count : arena[range(of: left)].lexicographicallyPrecedes(arena[range(of: right)])
  }

  /// As many bits as slots need, made of those that an entry keeps.
  static func spread(_ hash: UInt32) -> UInt64 { UInt64(hash) &* 0x9e37_79b9_7f4a_7c15 }
}
