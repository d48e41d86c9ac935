/// A seeded generator, so that random tests repeat.
public struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// A generator; the same seed gives the same numbers on every machine.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension SplitMix {
  /// A number from 0 up to, not including, `bound`.
  public mutating func number(below bound: Int) -> Int { Int(next() >> 8) % bound }

  /// One of `choices`.
  public mutating func pick<Element>(_ choices: [Element]) -> Element { choices[number(below: choices.count)] }

  /// Up to `count` bytes out of `letters`.
  public mutating func bytes(atMost count: Int, of letters: String) -> [UInt8] {
    let letters = Array(letters.utf8)
    return (0..<number(below: count + 1)).map { _ in pick(letters) }
  }
}
