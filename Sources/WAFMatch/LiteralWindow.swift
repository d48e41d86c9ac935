internal import WAFBase

/// The part of a literal that a filter looks for: its rarest four neighbouring bytes, or two where it is shorter.
struct LiteralWindow {
  /// Where the window begins in the literal.
  var offset: Int
  /// 4, 2, or the length of a literal of no or one byte.
  var length: Int
  /// How rare the window is in requests; a rough measure to compare by.
  var hardness: Int

  /// The rarest window of `literal`.
  static func hardest(in literal: [UInt8]) -> LiteralWindow {
    let length = literal.count >= 4 ? 4 : min(literal.count, 2)
    var best = LiteralWindow(offset: 0, length: length, hardness: .min)
    for offset in 0...(literal.count - length) {
      let hardness = literal[offset..<(offset + length)].reduce(0) { $0 + rarity(of: $1) }
      if hardness > best.hardness { best = LiteralWindow(offset: offset, length: length, hardness: hardness) }
    }
    return best
  }

  /// How rare a lower-case byte is in paths, queries and user agents, from 2 to 8. An estimate: it decides speed, never an answer.
  private static func rarity(of byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "e"), UInt8(ascii: "a"), UInt8(ascii: "t"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "/"): 2
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "s"), UInt8(ascii: "l"), UInt8(ascii: "c"), UInt8(ascii: " "), UInt8(ascii: "."): 3
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "d"), UInt8(ascii: "m"), UInt8(ascii: "p"), UInt8(ascii: "u"): 4
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "-"), UInt8(ascii: ";"): 5
    case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "%"): 6
    default: 8
    }
  }
}
