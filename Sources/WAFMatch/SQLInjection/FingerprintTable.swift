/// The fingerprints of injections: sequences of one to five kinds of tokens.
///
/// They are kept by what comes before their last kind: a hash table from sequences of up to four kinds to the kinds that may come next, built
/// at first use in some microseconds.
///
///     "1&1"   sequence "1&"   kinds that may come next: ( 1 f n o s v …
final class FingerprintTable: Sendable {
  private let slots: [Slot]

  private static var slotBits: UInt32 { 13 }

  private struct Slot: Sendable {
    /// See `Sequence`; 0 is no sequence that has a successor.
    var sequence: UInt32 = 0
    /// Bit `number` for each kind that may come next.
    var lasts: UInt32 = 0
  }

  /// Kinds in a row, five bits each; the kinds are numbered from 1, so sequences of different lengths differ.
  struct Sequence {
    fileprivate var bits: UInt32 = 0

    @inline(__always)
    mutating func append(_ kind: SQLInjection.TokenKind) { bits = bits << 5 | (FingerprintTable.number(of: kind) + 1) }

    @inline(__always)
    fileprivate var slot: Int { Int((bits &* 0x9e37_79b1) >> (32 - FingerprintTable.slotBits)) }
  }

  /// The number of a kind in fingerprints, which do not tell types from statements: both are a letter T.
  @inline(__always)
  private static func number(of kind: SQLInjection.TokenKind) -> UInt32 {
    UInt32((kind == .type ? SQLInjection.TokenKind.statement : kind).rawValue)
  }

  /// Takes lines, each with a line feed at its end, of the letters of last kinds, then sequences of letters, with blanks between; all in upper case.
  init(_ lines: String = measured + "\n") {
    var slots = [Slot](repeating: Slot(), count: 1 << Self.slotBits)
    var kinds = [SQLInjection.TokenKind?](repeating: nil, count: 256)
    for kind in SQLInjection.TokenKind.allCases where kind != .type { kinds[Int(kind.letter.asciiUppercased)] = kind }
    var lasts: UInt32 = 0
    var hasLasts = false
    var sequence = Sequence()
    for byte in lines.utf8 {
      if let kind = kinds[Int(byte)] {
        if hasLasts { sequence.append(kind) } else { lasts |= 1 << Self.number(of: kind) }
        continue
      }
      if hasLasts {
        var slot = sequence.slot
        while slots[slot].lasts != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Slot(sequence: sequence.bits, lasts: lasts)
      }
      sequence = Sequence()
      hasLasts = byte != UInt8(ascii: "\n")
      if !hasLasts { lasts = 0 }
    }
    self.slots = slots
  }

  /// Whether `sequence` and then `last` is the fingerprint of an injection.
  func contains(_ sequence: Sequence, then last: SQLInjection.TokenKind) -> Bool {
    var slot = sequence.slot
    while slots[slot].lasts != 0 {
      if slots[slot].sequence == sequence.bits { return slots[slot].lasts >> Self.number(of: last) & 1 != 0 }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }
}
