import TestSupport

extension [UInt8] {
  /// The value with one to four changes: a byte removed, replaced, in the other case or doubled, or a piece put in.
  func mutated(_ random: inout SplitMix, piece: (inout SplitMix) -> [UInt8]) -> [UInt8] {
    var value = self
    for _ in 0...random.number(below: 3) {
      guard !value.isEmpty else { break }
      let place = random.number(below: value.count)
      switch random.number(below: 5) {
      case 0: value.remove(at: place)
      case 1: value[place] = UInt8(truncatingIfNeeded: random.next())
      case 2: value[place] ^= 0x20
      case 3: value.insert(value[place], at: place)
      default: value.insert(contentsOf: piece(&random), at: place)
      }
    }
    return value
  }
}
