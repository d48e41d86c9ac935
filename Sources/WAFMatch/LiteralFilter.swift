internal import WAFBase

/// Finds, in one pass over a value, the patterns that may match it: those one of whose required literals occurs, and those without any.
///
/// It may name a pattern that does not match, never leave out one that does.
///
/// Each literal is looked for by its rarest window of four bytes (see `LiteralWindow`), folded by setting bit 5 of each byte. The pass
/// loads four bytes at every place, and a small table of hashes tells almost all of them to be nobody's window:
///
///     literals    /.git/    union select            value   id=1 UNION all
///     windows      .git     nion                            ....^^^^ "UNIO" and so on; "nion" is in the table
///
/// For a hit the whole literal is compared, in lower case. Literals of two or three bytes have a table of their own, by two bytes.
///
/// A class, so that calling one of many counts one reference and does not copy its tables.
public final class LiteralFilter: Sendable {
  /// Number of patterns.
  public let patternCount: Int
  /// Number of 64-bit words of a bit set over the patterns.
  public var wordCount: Int { always.count }

  /// The patterns to run on every value: those without literals of two bytes or more. Bit `pattern % 64` of word `pattern / 64`.
  public let always: [UInt64]
  private let long: Windows
  private let short: Windows

  /// Builds the filter.
  ///
  /// - Parameter literals: For each pattern the strings one of which is in every value that it matches once `A` to `Z` in the value are
  ///   read as `a` to `z` (see `RequiredLiterals`); nil where nothing is known. With no string at all a pattern is never a candidate.
  public init(literals: [[[UInt8]]?]) {
    patternCount = literals.count
    var always = [UInt64](repeating: 0, count: (literals.count + 63) / 64)
    var patternsOfLiteral: [[UInt8]: [Int]] = [:]
    for (pattern, strings) in literals.enumerated() {
      if let strings, strings.allSatisfy({ $0.count >= 2 }) {
        for string in Set(strings) { patternsOfLiteral[string, default: []].append(pattern) }
      } else {
        always[pattern / 64] |= 1 << UInt64(pattern % 64)
      }
    }
    self.always = always
    // In a fixed order, so that two runs are the same to the last instruction.
    let sorted = patternsOfLiteral.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    long = Windows(sorted.filter { $0.key.count >= 4 }.map { Entry(literal: $0.key, patterns: $0.value) }, length: 4)
    short = Windows(sorted.filter { $0.key.count < 4 }.map { Entry(literal: $0.key, patterns: $0.value) }, length: 2)
  }

  /// Sets the bits of the patterns that may match `value`.
  ///
  /// - Parameter candidates: Bit `pattern % 64` of word `pattern / 64`; at least `wordCount` words. Bits are only set, none is cleared.
  public func addCandidates(in value: Span<UInt8>, to candidates: inout [UInt64]) {
    for word in always.indices { candidates[word] |= always[word] }
    // The buffer is only read inside the closure, where the span keeps it alive.
    unsafe value.withUnsafeBytes { bytes in
      if !long.isEmpty { unsafe long.scan(bytes, as: UInt32.self, into: &candidates) }
      if !short.isEmpty { unsafe short.scan(bytes, as: UInt16.self, into: &candidates) }
    }
  }

  /// A literal and the patterns that need it or another.
  private struct Entry {
    var literal: [UInt8]
    var patterns: [Int]
  }

  /// A table from windows of one length to the literals around them.
  private struct Windows: Sendable {
    /// By hash of a window: nothing (0), or one more than the number of its bucket.
    private var slots: [UInt16] = []
    /// For each bucket the places of its first and last literal in `literals`.
    private var buckets: [Range<Int>] = []
    private var literals: [Literal] = []
    /// The bytes of all literals, one after the other.
    private var text: [UInt8] = []
    /// The numbers of the patterns of all literals, one after the other.
    private var patterns: [Int] = []

    private struct Literal: Sendable {
      var window: UInt32
      /// Where the window begins in the literal.
      var offset: Int
      var text: Range<Int>
      var patterns: Range<Int>
    }

    var isEmpty: Bool { literals.isEmpty }

    init(_ entries: [Entry], length: Int) {
      guard !entries.isEmpty else { return }
      slots = Array(repeating: 0, count: 1 << Self.hashBits)
      var literalsOfHash: [Int: [Literal]] = [:]
      for entry in entries {
        let offset = LiteralWindow.hardest(in: entry.literal).offset
        let bytes = entry.literal[offset..<(offset + length)]
        // The first byte is the lowest, as a load on a little-endian machine has it.
        let window = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1 | 0x20) }
        let literal = Literal(
          window: window, offset: offset, text: text.count..<(text.count + entry.literal.count),
          patterns: patterns.count..<(patterns.count + entry.patterns.count))
        text += entry.literal
        patterns += entry.patterns
        literalsOfHash[Self.hash(window), default: []].append(literal)
      }
      for (hash, members) in literalsOfHash.sorted(by: { $0.key < $1.key }) {
        buckets.append(literals.count..<(literals.count + members.count))
        literals += members
        // At most 16,384 hashes exist, so the number fits.
        slots[hash] = UInt16(buckets.count)
      }
    }

    private static let hashBits = 14

    private static func hash(_ window: UInt32) -> Int { Int((window &* 0x9e37_79b1) >> UInt32(32 - hashBits)) }

    /// Looks at every place of `value` at which a window fits.
    ///
    /// `Word` is as wide as the windows.
    @inline(__always)
    func scan<Word: FixedWidthInteger & UnsignedInteger>(_ value: UnsafeRawBufferPointer, as _: Word.Type, into candidates: inout [UInt64]) {
      let fold = Word(truncatingIfNeeded: 0x2020_2020 as UInt32)
      let lastPlace = value.count - Word.bitWidth / 8
      guard lastPlace >= 0, let base = value.baseAddress else { return }
      unsafe slots.withUnsafeBufferPointer { slots in
        var place = 0
        while place <= lastPlace {
          // The load ends at or before the end of the value, and a hash has as many bits as it takes to number the slots.
          let word = unsafe Word(littleEndian: base.loadUnaligned(fromByteOffset: place, as: Word.self))
          let window = UInt32(truncatingIfNeeded: word | fold)
          let slot = unsafe slots[Self.hash(window)]
          if slot != 0 { unsafe add(bucket: Int(slot) - 1, window: window, at: place, of: value, to: &candidates) }
          place += 1
        }
      }
    }

    /// Adds the patterns of the literals that lie around the window at `place`.
    ///
    /// Not inlined: hits are rare, and the registers are for the loop around them (4.2 against 2.0 ns for a byte).
    @inline(never)
    private func add(bucket: Int, window: UInt32, at place: Int, of value: UnsafeRawBufferPointer, to candidates: inout [UInt64]) {
      for index in buckets[bucket] where literals[index].window == window {
        let literal = literals[index]
        let start = place - literal.offset
        guard start >= 0, literal.text.count <= value.count - start,
          literal.text.indices.allSatisfy({ text[$0] == value[start + $0 - literal.text.lowerBound].asciiLowercased })
        else { continue }
        for pattern in patterns[literal.patterns] { candidates[pattern / 64] |= 1 << UInt64(pattern % 64) }
      }
    }
  }
}
