internal import WAFBase

/// Counts how often values occur, in bounded memory, without an allocation for a value seen before.
///
/// An open-addressing table over one buffer of bytes:
///
///     slots    [ 0, 2, 0, 1, … ]            entry number + 1, found by hash and linear probing
///     entries  [ /login 17 | /admin 3 ]     hash, place of the bytes, count
///     arena    "/login/admin"
///
/// At the limit the rarer half is dropped, and what is kept may have been counted from then on only: `error` bounds how
/// much any count may be too low by. The result depends on the order of the values only, so it is the same in every run.
public struct TopList: Sendable {
  /// Distinct values kept at most.
  public static let defaultLimit = 100_000
  /// Bytes of one value that are kept. Longer ones are told apart by these alone, and `cutMark` in place of the rest says so.
  public static let valueLimit = 512
  /// What stands at the end of values that were cut: an ellipsis.
  public static let cutMark = Array("…".utf8)
  /// Bytes of all values kept at most.
  private static let arenaLimit = 4 << 20

  /// A value and how often it occurred.
  public struct Item: Equatable, Sendable {
    /// Its bytes, at most `valueLimit`.
    public var value: [UInt8]
    /// Records that had it.
    public var records: Int
  }

  /// How many records of a value may be missing from its count; 0 as long as the limit was not reached.
  public private(set) var error = 0

  private var arena: [UInt8] = []
  private var entries: [Entry] = []
  private var slots: [UInt32] = []
  private let limit: Int

  private struct Entry {
    var hash: UInt64
    var start: UInt32
    var length: UInt32
    var count: Int
  }

  /// An empty list.
  public init(limit: Int = defaultLimit) { self.limit = max(limit, 2) }

  /// Number of distinct values held.
  public var count: Int { entries.count }

  /// Counts `records` more records of a value.
  public mutating func add(_ value: Span<UInt8>, records: Int = 1) {
    guard value.count > Self.valueLimit else { return add(value, hash: ByteHash.hash(value), records: records) }
    let cut = value.extracting(0..<(Self.valueLimit - Self.cutMark.count)).copied() + Self.cutMark
    add(cut.span, hash: ByteHash.hash(cut.span), records: records)
  }

  /// Counts everything that `other` holds.
  public mutating func add(_ other: TopList) {
    for entry in other.entries {
      let end = Int(entry.start) + Int(entry.length)
      add(other.arena.span.extracting(Int(entry.start)..<end), hash: entry.hash, records: entry.count)
    }
    error += other.error
  }

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    for index in slots.indices { slots[index] = 0 }
    error = 0
  }

  /// The `count` most frequent values, the most frequent first, equally frequent ones in the order of their bytes.
  public func top(_ count: Int) -> [Item] {
    var best: [Entry] = []
    for entry in entries {
      if best.count == count, let last = best.last, !precedes(entry, last) { continue }
      let position = best.firstIndex { precedes(entry, $0) } ?? best.count
      best.insert(entry, at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map { Item(value: Array(arena[bytes(of: $0)]), records: $0.count) }
  }
}

extension TopList {
  private mutating func add(_ value: Span<UInt8>, hash: UInt64, records: Int) {
    if 2 * (entries.count + 1) > slots.count { rehash(slots: max(16, 2 * slots.count)) }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, holds(entries[index], value) {
        entries[index].count += records
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    if entries.count == limit || arena.count + value.count > Self.arenaLimit {
      dropRarerHalf()
      return add(value, hash: hash, records: records)
    }
    slots[slot] = UInt32(entries.count + 1)
    entries.append(Entry(hash: hash, start: UInt32(arena.count), length: UInt32(value.count), count: records))
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
  }

  private func bytes(of entry: Entry) -> Range<Int> { Int(entry.start)..<(Int(entry.start) + Int(entry.length)) }

  private func holds(_ entry: Entry, _ value: Span<UInt8>) -> Bool {
    guard Int(entry.length) == value.count else { return false }
    let start = Int(entry.start)
    for offset in value.indices where arena[start + offset] != value[offset] { return false }
    return true
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    left.count != right.count ? left.count > right.count : arena[bytes(of: left)].lexicographicallyPrecedes(arena[bytes(of: right)])
  }

  /// `slots` is a power of two larger than the number of entries.
  private mutating func rehash(slots count: Int) {
    slots = [UInt32](repeating: 0, count: count)
    for (index, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  private mutating func dropRarerHalf() {
    let sorted = entries.sorted { precedes($0, $1) }
    let kept = sorted.prefix(sorted.count / 2)
    error += sorted.dropFirst(kept.count).first?.count ?? 0
    let old = arena
    arena.removeAll(keepingCapacity: true)
    entries = kept.map { entry in
      let start = arena.count
      arena.append(contentsOf: old[bytes(of: entry)])
      return Entry(hash: entry.hash, start: UInt32(start), length: entry.length, count: entry.count)
    }
    rehash(slots: slots.count)
  }
}
