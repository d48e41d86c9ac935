internal import WAFBase

/// Remembers the classes of values seen before, in bounded memory. One for each facet of each thread.
///
///     slots    [ · | tag 7f3a, class 2, 0..<6 | · | … ]     open addressing by hash, at most half full
///     arena    "/login/cart…"                               the bytes of every value
///
/// A hit needs the same bytes, never the same hash alone. When a table is full it becomes the *old* one and a new one begins; a value that is
/// found in the old one moves on. So what is asked for again and again stays, and what came once goes.
///
/// Where values hardly ever come again, remembering costs more than it saves: then the memo *rests*, and looks again after a while.
struct ValueMemo: ~Copyable {
  private struct Slot {
    /// Zero in the upper half of the hash and an empty range stand for a free slot, whose class is `free`.
    var tag: UInt32
    var classNumber: UInt32
    var start: UInt32
    var count: UInt32
  }

  private struct Table: ~Copyable {
    var slots: [Slot]
    var arena: [UInt8] = []
    var used = 0

    init(slots count: Int) { slots = [Slot](repeating: Slot(tag: 0, classNumber: ValueMemo.free, start: 0, count: 0), count: count) }
  }

  private static let free = UInt32.max
  private static let firstSize = 256

  private var young: Table
  private var old: Table
  /// Most values of one table.
  private let limit: Int
  /// Most bytes of the values of one table.
  private let arenaLimit: Int

  // Whether it pays.
  private var asked = 0
  private var found = 0
  private var restLeft = 0
  private static let period = 8_192
  private static let restLength = 16 * 8_192

  /// A memo of at most `2 * limit` values of `2 * arenaLimit` bytes together. `limit` is a power of two.
  init(limit: Int = 16_384, arenaLimit: Int = 1 << 20) {
    self.limit = limit
    self.arenaLimit = arenaLimit
    young = Table(slots: min(Self.firstSize, 2 * limit))
    old = Table(slots: 1)
  }

  /// Whether values are remembered at the moment; a value that comes while they are not is to be told by `rest`.
  @inline(__always)
  var isAwake: Bool { restLeft == 0 }

  /// Notes a value that was not looked for.
  mutating func rest() { restLeft -= min(restLeft, 1) }

  /// Reads where values with these hashes would be found, so that it is in the processor's cache; what is read means nothing.
  func touch(_ hashes: [UInt64]) -> UInt32 {
    var read: UInt32 = 0
    let mask = young.slots.count - 1
    for hash in hashes { read ^= young.slots[Int(Self.tag(hash)) & mask].tag }
    for hash in hashes {
      let slot = young.slots[Int(Self.tag(hash)) & mask]
      if slot.classNumber != Self.free, slot.tag == Self.tag(hash), slot.count > 0 { read ^= UInt32(young.arena[Int(slot.start)]) }
    }
    return read
  }

  /// The class of a value; nil when it is not remembered.
  @inline(__always)
  mutating func find(_ value: Span<UInt8>, hash: UInt64) -> UInt32? {
    asked += 1
    if asked == Self.period { judge() }
    if let known = Self.find(value, hash: hash, in: young) {
      found += 1
      return known
    }
    guard old.used > 0, let known = Self.find(value, hash: hash, in: old) else { return nil }
    found += 1
    insert(value, hash: hash, class: known)
    return known
  }

  /// Remembers the class of a value that `find` did not find.
  mutating func insert(_ value: Span<UInt8>, hash: UInt64, class number: UInt32) {
    guard value.count <= arenaLimit / 4 else { return }
    if young.used == limit || young.arena.count + value.count > arenaLimit { turn() }
    if 2 * (young.used + 1) > young.slots.count { grow() }
    let slot = Slot(tag: Self.tag(hash), classNumber: number, start: UInt32(young.arena.count), count: UInt32(value.count))
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBufferPointer { unsafe young.arena.append(contentsOf: $0) }
    Self.place(slot, hash: UInt64(slot.tag), in: &young.slots)
    young.used += 1
  }

  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  @inline(__always)
  private static func find(_ value: Span<UInt8>, hash: UInt64, in table: borrowing Table) -> UInt32? {
    let tag = Self.tag(hash)
    let mask = table.slots.count - 1
    var index = Int(tag) & mask
    while table.slots[index].classNumber != free {
      let slot = table.slots[index]
      if slot.tag == tag, Int(slot.count) == value.count {
        let bytes = table.arena.span.extracting(Int(slot.start)..<Int(slot.start + slot.count))
        if bytes.equals(value) { return slot.classNumber }
      }
      index = (index + 1) & mask
    }
    return nil
  }

  private static func place(_ slot: Slot, hash: UInt64, in slots: inout [Slot]) {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while slots[index].classNumber != free { index = (index + 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    var larger = Table(slots: 2 * young.slots.count)
    for slot in young.slots where slot.classNumber != Self.free { Self.place(slot, hash: UInt64(slot.tag), in: &larger.slots) }
    larger.used = young.used
    swap(&larger.arena, &young.arena)
    swap(&larger, &young)
  }

  /// Makes the full table the old one.
  private mutating func turn() {
    swap(&young, &old)
    young.used = 0
    young.arena.removeAll(keepingCapacity: true)
    if young.slots.count < old.slots.count {
      young = Table(slots: old.slots.count)
    } else {
      for index in young.slots.indices { young.slots[index].classNumber = Self.free }
    }
  }

  private mutating func judge() {
    // A miss costs a probe and an insertion that wait for memory, and drives what is of use out of the cache.
    if found < asked / 3 { restLeft = Self.restLength }
    asked = 0
    found = 0
  }
}
