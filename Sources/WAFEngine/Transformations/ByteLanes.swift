// Looking at eight bytes at once. A word holds eight lanes, the lowest is the first byte; a test answers with a mask that has
// the top bit of every lane set whose byte passes:
//
//     bytes          a  b  %  c  +  d  e  f
//     lanes(of: %)   00 00 80 00 00 00 00 00      trailing zeros / 8 = 2 = position of the first
//
// Most values need no transformation at all, and this finds that out at a fraction of the price of a loop over bytes.

extension UInt64 {
  /// The lanes that hold `byte`.
  @inline(__always)
  func lanes(of byte: UInt8) -> UInt64 {
    let difference = self ^ (UInt64.ones &* UInt64(byte))
    // Adding 7f carries into the top bit of every lane whose low bits are not all zero, and never into the next lane.
    return ~(((difference & .lowBits) &+ .lowBits) | difference) & .topBits
  }

  /// The lanes that hold a byte of `range`, whose bounds are below `0x7f`.
  @inline(__always)
  func lanes(in range: ClosedRange<UInt8>) -> UInt64 {
    let low = self & .lowBits
    let atLeast = low &+ UInt64.ones &* UInt64(0x80 &- range.lowerBound)
    let above = low &+ UInt64.ones &* UInt64(0x7f &- range.upperBound)
    return ~self & (atLeast ^ above) & .topBits
  }

  /// The lanes that hold no ASCII.
  @inline(__always)
  var lanesAboveASCII: UInt64 { self & .topBits }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var lowBits: UInt64 { 0x7f7f_7f7f_7f7f_7f7f }
  private static var topBits: UInt64 { 0x8080_8080_8080_8080 }
}

extension Span where Element == UInt8 {
  /// Position of the first byte at or after `start` whose lane is set in what `test` says about its word; nil when there is none.
  ///
  /// - Parameter test: Called with consecutive words. Lanes behind the end of the span hold zero, and what it says of them is ignored.
  @inline(__always)
  func firstIndex(from start: Int = 0, whereLanes test: (UInt64) -> UInt64) -> Int? {
    var index = start
    while index <= count - 8 {
      // Every bit pattern is a `UInt64`, and the load checks its bounds.
      let lanes = test(UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)))
      if lanes != 0 { return index + lanes.trailingZeroBitCount / 8 }
      index += 8
    }
    guard index < count else { return nil }
    let found = index + test(lastLanes(from: index)).trailingZeroBitCount / 8
    return found < count ? found : nil
  }

  /// Position of the first `byte` at or after `start`, sought eight bytes at a time.
  @inline(__always)
  func firstLane(of byte: UInt8, from start: Int = 0) -> Int? { firstIndex(from: start) { $0.lanes(of: byte) } }

  /// The fewer than eight bytes from `index` to the end; lanes behind the end hold zero.
  @inline(__always)
  private func lastLanes(from index: Int) -> UInt64 {
    if count >= 8 {
      let last = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
      return last >> UInt64(truncatingIfNeeded: 64 - 8 * (count - index))
    }
    var word: UInt64 = 0
    for lane in index..<count { word |= UInt64(self[lane]) << UInt64(truncatingIfNeeded: 8 * (lane - index)) }
    return word
  }
}
