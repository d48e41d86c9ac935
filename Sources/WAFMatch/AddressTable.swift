public import WAFBase

/// All IP sets of a web ACL in one table: one look-up tells every set that an address is in.
///
/// The address space is cut at every bound of a block. All addresses between two cuts are in the same sets; which ones is the
/// *class* of the interval, a number into a list of distinct bit sets. Two sets, {10.0.0.0/8} and {10.1.0.0/16, 192.0.2.1/32}, give
///
///     starts     0.0.0.0  10.0.0.0  10.1.0.0  10.2.0.0  11.0.0.0  192.0.2.1  192.0.2.2
///     classes    0        1         2         1         0         3          0
///     bit sets   0: none  1: first  2: both   3: second
///
/// For IPv4 a first table, by the upper 16 bits of the address, narrows the search to the few cuts within these 65,536 addresses.
public struct AddressTable: Sendable {
  /// Number of sets.
  public let setCount: Int
  /// Number of 64-bit words of the bit set of a class; at least 1.
  public let wordCount: Int
  /// The bit sets of all classes, `wordCount` words each: bit `set % 64` of word `set / 64` says whether its addresses are in that set.
  public let words: [UInt64]

  private let v4: Intervals<UInt32>
  private let v6: Intervals<UInt128>
  /// For the upper 16 bits h of an IPv4 address: the interval that holds the first address with these bits. One more entry at the end.
  /// Empty where there are so few intervals that a search over all of them is as good.
  private let firstV4Interval: [UInt32]

  /// Builds the table of `sets`; duplicates and overlaps within a set are fine, an empty set holds no address (IP-5).
  ///
  /// - Complexity: O(n log n) for n blocks.
  public init(sets: [[CIDR]]) {
    setCount = sets.count
    wordCount = max(1, (sets.count + 63) / 64)
    var classes = Classes(wordCount: wordCount)
    v4 = Intervals(sets: sets, isIPv6: false, classes: &classes)
    v6 = Intervals(sets: sets, isIPv6: true, classes: &classes)
    words = classes.words
    firstV4Interval = v4.starts.count < 64 ? [] : v4.firstIntervals
  }

  /// Number of classes; class 0 is that of the addresses in no set.
  public var classCount: Int { words.count / wordCount }

  /// The class of `address`: 0 ..< `classCount`.
  public func classIndex(of address: IPAddress) -> Int {
    if address.isIPv6 { return v6.classIndex(of: address.value, between: 0, and: v6.starts.count - 1) }
    let value = UInt32(truncatingIfNeeded: address.value)
    if firstV4Interval.isEmpty { return v4.classIndex(of: value, between: 0, and: v4.starts.count - 1) }
    let block = Int(value >> 16)
    return v4.classIndex(of: value, between: Int(firstV4Interval[block]), and: Int(firstV4Interval[block + 1]))
  }

  /// Reads where the search for an address begins, so that it is in the processor's cache; what is read means nothing.
  public func touch(_ address: IPAddress) -> UInt32 {
    address.isIPv6 || firstV4Interval.isEmpty ? 0 : firstV4Interval[Int(UInt32(truncatingIfNeeded: address.value) >> 16)]
  }

  /// Whether the addresses of a class are in `set`, a position in the list the table was built from.
  public func isMember(classIndex: Int, ofSet set: Int) -> Bool {
    words[classIndex * wordCount + set / 64] >> UInt64(set % 64) & 1 != 0
  }

  /// Whether `address` is in `set`, a position in the list the table was built from.
  public func contains(_ address: IPAddress, inSet set: Int) -> Bool {
    isMember(classIndex: classIndex(of: address), ofSet: set)
  }
}

/// Intervals that together cover all addresses of one version, in order; the first starts at zero.
private struct Intervals<Value: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  private(set) var starts: [Value] = [0]
  private(set) var classes: [UInt32] = [0]

  /// The class of the interval that holds `value`. It is one of the intervals `low` to `high`.
  func classIndex(of value: Value, between low: Int, and high: Int) -> Int {
    // Invariant: starts[low] <= value < starts[high + 1].
    var (low, high) = (low, high)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= value { low = middle } else { high = middle - 1 }
    }
    return Int(classes[low])
  }

  init(sets: [[CIDR]], isIPv6: Bool, classes known: inout Classes) {
    var cuts: [Cut] = []
    for (set, blocks) in sets.enumerated() {
      for block in blocks where block.address.isIPv6 == isIPv6 {
        let (first, last) = (Value(truncatingIfNeeded: block.address.value), Value(truncatingIfNeeded: block.lastValue))
        cuts.append(Cut(position: first, set: set, change: 1))
        if last < .max { cuts.append(Cut(position: last + 1, set: set, change: -1)) }
      }
    }
    cuts.sort { $0.position < $1.position }

    // How many blocks of each set cover the current position, and the same as a bit set.
    var depth = Array(repeating: 0, count: sets.count)
    var current = Array(repeating: UInt64(0), count: known.wordCount)
    var index = 0
    while index < cuts.count {
      let position = cuts[index].position
      while index < cuts.count, cuts[index].position == position {
        let set = cuts[index].set
        depth[set] += cuts[index].change
        let bit: UInt64 = 1 << UInt64(set % 64)
        if depth[set] > 0 { current[set / 64] |= bit } else { current[set / 64] &= ~bit }
        index += 1
      }
      append(start: position, class: known.index(of: current))
    }
  }

  private mutating func append(start: Value, class classIndex: UInt32) {
    if starts[starts.count - 1] == start {
      classes[classes.count - 1] = classIndex
    } else if classes[classes.count - 1] != classIndex {
      starts.append(start)
      classes.append(classIndex)
    }
  }

  /// A position at which a block of a set begins (`change` 1) or has ended (-1).
  private struct Cut {
    var position: Value
    var set: Int
    var change: Int
  }
}

extension Intervals<UInt32> {
  /// For each value h of the upper 16 bits, and 65,536: the last interval that starts at or before the first address with these bits.
  var firstIntervals: [UInt32] {
    var first = [UInt32](repeating: 0, count: 65_537)
    for (interval, start) in starts.enumerated() {
      // From the first block that begins at or behind the start up to the one of the next interval.
      let block = (Int(start) + 0xffff) >> 16
      let next = interval + 1 < starts.count ? (Int(starts[interval + 1]) + 0xffff) >> 16 : 65_537
      for block in block..<max(block, next) { first[block] = UInt32(interval) }
    }
    return first
  }
}

/// Distinct bit sets, numbered in order of appearance; number 0 is the empty one.
private struct Classes {
  let wordCount: Int
  private(set) var words: [UInt64]
  private var known: [[UInt64]: UInt32]

  init(wordCount: Int) {
    self.wordCount = wordCount
    words = Array(repeating: 0, count: wordCount)
    known = [words: 0]
  }

  mutating func index(of bits: [UInt64]) -> UInt32 {
    // Every other bound ends a block that overlaps with none.
    if bits.allSatisfy({ $0 == 0 }) { return 0 }
    if let index = known[bits] { return index }
    let index = UInt32(known.count)
    known[bits] = index
    words += bits
    return index
  }
}
