import TestSupport
import Testing

@testable import WAFBase

/// A table of numbers as its own user would keep one: what `HashSlots` finds is compared with a dictionary.
private struct Table {
  var slots = HashSlots()
  /// The key of each entry; nil where its number is free.
  var keys: [UInt64?] = []
  var expected: [UInt64: Int] = [:]
  var hash: @Sendable (UInt64) -> UInt64

  func find(_ key: UInt64) -> Int? { slots.find(hash(key)) { keys[$0] == key } }

  mutating func insert(_ key: UInt64) {
    if slots.isFull {
      slots.grow()
      for (entry, key) in keys.enumerated() { if let key { slots.insert(entry, hash: hash(key)) } }
    }
    let entry = keys.firstIndex(of: nil) ?? keys.count
    if entry == keys.count { keys.append(key) } else { keys[entry] = key }
    slots.insert(entry, hash: hash(key))
    expected[key] = entry
  }

  mutating func remove(_ key: UInt64) {
    guard let entry = expected.removeValue(forKey: key) else { return }
    slots.remove(entry, hash: hash(key))
    keys[entry] = nil
  }

  /// Swaps the numbers of two entries.
  mutating func swap(_ left: UInt64, _ right: UInt64) {
    guard let first = expected[left], let second = expected[right], first != second else { return }
    slots.remove(first, hash: hash(left))
    slots.renumber(second, to: first, hash: hash(right))
    slots.insert(second, hash: hash(left))
    (expected[left], expected[right]) = (second, first)
    keys.swapAt(first, second)
  }
}

private struct HashCase: CustomTestStringConvertible, Sendable {
  var note: String
  var hash: @Sendable (UInt64) -> UInt64
  var testDescription: String { note }
}

@Test(
  "Slots find what a dictionary finds, whatever the hashes are",
  arguments: [
    HashCase(note: "mixed") { key in
      var random = SplitMix(seed: key)
      return random.next()
    },
    HashCase(note: "all in one line, with one tag") { _ in 0 },
    HashCase(note: "all in the last line") { _ in .max },
    HashCase(note: "all in one line, with a tag each") { $0 << 40 },
    HashCase(note: "a few lines, one tag") { $0 % 3 },
  ])
private func slotsFind(_ example: HashCase) {
  var table = Table(hash: example.hash)
  var random = SplitMix(seed: 1)
  for step in 0..<2_000 {
    let key = random.next() % 300
    switch (random.next() % 8, table.expected[key]) {
    case (0, _): table.swap(key, random.next() % 300)
    case (1..<5, nil): table.insert(key)
    case (_, .some) where step % 500 < 350: table.remove(key)
    default: break
    }
    #expect(table.find(key) == table.expected[key])
  }
  #expect(table.slots.count == table.expected.count)
  for key: UInt64 in 0..<300 { #expect(table.find(key) == table.expected[key]) }
}

/// In a table of two lines entries may have gone past both, each at a time when it was full; then no line ends a search.
@Test("A search ends also where entries went past every line", .timeLimit(.minutes(20)))
func everyLinePassed() {
  // The low bit of a key names its line.
  var table = Table(hash: { $0 << 40 | $0 & 1 })
  // Makes two lines of the table.
  for key in UInt64(0)..<13 { table.insert(key) }
  for key in UInt64(0)..<13 { table.remove(key) }
  // Sixteen at home in the first line: the last one goes past it.
  let even = (0..<16).map { UInt64($0) * 2 + 100 }
  for key in even { table.insert(key) }
  for key in even.dropLast() { table.remove(key) }
  // Fifteen at home in the second one, where that stands: the last one goes past it.
  for key in (0..<15).map({ UInt64($0) * 2 + 201 }) { table.insert(key) }
  #expect(table.find(1_000) == nil)
  #expect(table.find(1_001) == nil)
  for (key, entry) in table.expected { #expect(table.find(key) == entry) }
  #expect(table.expected.count == 16)
  // Not there, so nothing is removed.
  table.slots.remove(90, hash: table.hash(1_001))
  #expect(table.slots.count == 16)
}
