internal import WAFBase

// What a top list does to keep within its limits.
extension TopList {
  /// Bytes of memory that the list uses, without what its arrays keep for growing.
  var byteCount: Int { arena.count + entries.count * MemoryLayout<Entry>.stride + slots.byteCount }

  /// Drops values until the list uses so many bytes at most, or holds none.
  mutating func shrink(toBytes bytes: Int) {
    // A slot is 4 bytes, and of those of a table that has just grown three out of eight are in use.
    while !entries.isEmpty, arena.count - deadBytes + entries.count * (MemoryLayout<Entry>.stride + 16) > bytes { dropLeast() }
    compact()
    entries = entries.map(\.self)
    slots = HashSlots()
    rebuildSlots()
  }

  /// Drops an entry with the least count.
  ///
  /// Counts only rise, so each round through the entries begins with a higher `least`. At that time every entry has as many records at least:
  /// rounds look at no more entries than there were records, and a record costs O(1), amortized.
  mutating func dropLeast() {
    while true {
      if position >= entries.count {
        (least, nextLeast, position) = (nextLeast == .max ? least : nextLeast, .max, 0)
      }
      if entries[position].count <= least { break }
      nextLeast = min(nextLeast, entries[position].count)
      position += 1
    }
    let dropped = entries[position]
    error = max(error, dropped.count)
    slots.remove(position, hash: Self.spread(dropped.hash))
    if let last = entries.popLast(), position < entries.count {
      slots.renumber(entries.count, to: position, hash: Self.spread(last.hash))
      entries[position] = last
    }
    deadBytes += Int(dropped.length)
    if 3 * deadBytes > arena.count, deadBytes > 4_096 { compact() }
  }

  /// Gives back the bytes of dropped values.
  private mutating func compact() {
    var kept: [UInt8] = []
    kept.reserveCapacity(arena.count)
    for index in entries.indices {
      let start = kept.count
      kept.append(contentsOf: arena[range(of: entries[index])])
      entries[index].start = UInt32(start)
    }
    arena = kept
    deadBytes = 0
  }
}
