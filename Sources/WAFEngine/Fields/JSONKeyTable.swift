internal import WAFBase

/// The keys seen in the objects of one document, to find one that comes twice (JB-4.6).
///
/// One table serves all objects: an entry is a key and the number of its object. Open addressing, at most half full, with a
/// hash that is seeded by process, since the keys come from clients; a found entry is always compared in full.
struct JSONKeyTable {
  private struct Entry {
    var object: Int32
    var key: ByteRange
  }

  /// Index into `entries` plus one; zero is a free place. The number of places is a power of two.
  private var places: [Int32] = []
  private var entries: [Entry] = []

  /// Forgets every key and keeps the memory.
  mutating func removeAll() {
    // A small document after a large one should not pay for clearing the large table.
    if places.count > 64, entries.count * 8 < places.count {
      places = []
    } else {
      for index in places.indices { places[index] = 0 }
    }
    entries.removeAll(keepingCapacity: true)
  }

  /// Notes `key`, a position in `text`, for the object with this number.
  ///
  /// - Returns: False when that object has an equal key.
  mutating func insert(_ key: ByteRange, of object: Int32, in text: Span<UInt8>) -> Bool {
    if entries.count * 2 >= places.count { grow(text) }
    let place = place(of: key, object, in: text)
    guard places[place] == 0 else { return false }
    entries.append(Entry(object: object, key: key))
    places[place] = Int32(truncatingIfNeeded: entries.count)
    return true
  }

  /// The place of an equal entry, or the free one where it belongs.
  private func place(of key: ByteRange, _ object: Int32, in text: Span<UInt8>) -> Int {
    let bytes = text.extracting(key.indices)
    var hasher = Hasher()
    hasher.combine(object)
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    let mask = places.count - 1
    var place = hasher.finalize() & mask
    while places[place] != 0 {
      let entry = entries[Int(places[place]) - 1]
      if entry.object == object, bytes.equals(text.extracting(entry.key.indices)) { break }
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func grow(_ text: Span<UInt8>) {
    places = [Int32](repeating: 0, count: max(16, places.count * 2))
    for (index, entry) in entries.enumerated() {
      places[place(of: entry.key, entry.object, in: text)] = Int32(truncatingIfNeeded: index + 1)
    }
  }
}
