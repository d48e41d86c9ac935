internal import WAFBase

/// Numbers distinct lists of bytes in order of appearance: the classes of a facet.
struct ClassTable {
  private var slots = HashSlots()
  private var lists: [[UInt8]] = []

  /// The number of `outcomes`.
  mutating func number(_ outcomes: [UInt8]) -> UInt32 {
    let hash = KeyHash.hash(outcomes.span)
    if let known = slots.find(hash, where: { lists[$0] == outcomes }) { return UInt32(known) }
    if slots.isFull {
      slots.grow()
      for (index, list) in lists.enumerated() { slots.insert(index, hash: KeyHash.hash(list.span)) }
    }
    lists.append(outcomes)
    slots.insert(lists.count - 1, hash: hash)
    return UInt32(lists.count - 1)
  }
}

/// Numbers distinct combinations of classes, one of each facet: the signatures of requests.
///
///     slots      [ 0, 2, 0, 1, … ]                    number of the signature + 1, by hash
///     classes    [ 0 3 1 0 2 | 0 3 1 4 2 | … ]        `width` numbers for each signature
struct SignatureTable {
  /// Signatures kept at most; requests with a further one are evaluated one by one.
  static let limit = 1 << 16

  private let width: Int
  private let hasher = KeyHash.shared
  private var slots: [UInt32] = Array(repeating: 0, count: 256)
  private var classes: [UInt32] = []
  /// Number of signatures.
  private(set) var count = 0

  /// A table for so many facets.
  init(width: Int) { self.width = width }

  /// The number of a combination of `width` classes; nil where it has none yet.
  @inline(__always)
  func find(_ key: Span<UInt32>) -> UInt32? {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hasher.hash(key)) & mask
    while slots[index] != 0 {
      let number = slots[index] - 1
      if holds(key, at: Int(number) * width) { return number }
      index = (index + 1) & mask
    }
    return nil
  }

  /// Gives a combination that `find` did not find the next number.
  mutating func add(_ key: [UInt32]) -> UInt32 {
    classes += key
    count += 1
    if 2 * count > slots.count { rehash(2 * slots.count) } else { place(count, hash: Int(truncatingIfNeeded: hasher.hash(key.span))) }
    return UInt32(count - 1)
  }

  @inline(__always)
  private func holds(_ key: Span<UInt32>, at start: Int) -> Bool {
    for offset in 0..<width where classes[start + offset] != key[offset] { return false }
    return true
  }

  private mutating func place(_ entry: Int, hash: Int) {
    let mask = slots.count - 1
    var index = hash & mask
    while slots[index] != 0 { index = (index + 1) & mask }
    slots[index] = UInt32(entry)
  }

  private mutating func rehash(_ size: Int) {
    slots = Array(repeating: 0, count: size)
    for number in 0..<count {
      let key = Array(classes[(number * width)..<((number + 1) * width)])
      place(number + 1, hash: Int(truncatingIfNeeded: hasher.hash(key.span)))
    }
  }
}
