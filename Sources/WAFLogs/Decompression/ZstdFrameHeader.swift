/// What the head of a zstd frame tells before anything is decoded.
///
/// ```
/// magic 28 b5 2f fd | descriptor | window 0-1 | dictionary id 0-4 | content size 0-8 | blocks …
/// ```
///
/// Source: RFC 8878, section 3.1.1.1.
struct ZstdFrameHeader {
  /// Bytes of magic number and descriptor.
  static let shortestSize = 5

  /// Bytes of the whole head.
  let size: Int
  /// Whether a checksum of the content follows the last block.
  let hasChecksum: Bool
  private let isSingleSegment: Bool
  private let dictionarySize: Int
  private let contentSizeSize: Int

  /// Reads the fifth byte of a frame.
  init(descriptor: UInt8) {
    hasChecksum = descriptor & 0x04 != 0
    isSingleSegment = descriptor & 0x20 != 0
    dictionarySize = [0, 1, 2, 4][Int(descriptor & 0x03)]
    contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
    size = Self.shortestSize + (isSingleSegment ? 0 : 1) + dictionarySize + contentSizeSize
  }

  /// Bytes of memory that decoding needs for the window, from a head that is at hand in full.
  func windowSize(in input: BufferedInput) -> UInt64 {
    guard isSingleSegment else {
      let byte = input.byte(at: Self.shortestSize)
      let base = UInt64(1) << (10 + UInt64(byte >> 3))
      return base + base / 8 * UInt64(byte & 0x07)
    }
    let size = Self.number(in: input, at: Self.shortestSize + dictionarySize, size: contentSizeSize)
    return contentSizeSize == 2 ? size + 256 : size
  }

  /// The dictionary's number, from a head that is at hand in full; 0 for none.
  func dictionaryID(in input: BufferedInput) -> UInt32 {
    let start = Self.shortestSize + (isSingleSegment ? 0 : 1)
    return UInt32(truncatingIfNeeded: Self.number(in: input, at: start, size: dictionarySize))
  }

  /// Whether an input may be zstd, from its first two bytes.
  static func mayStart(_ first: UInt8, _ second: UInt8) -> Bool {
    (first == 0x28 && second == 0xb5) || (first & 0xf0 == 0x50 && second == 0x2a)
  }

  /// Whether `number` is the magic number of a frame or of a skippable frame.
  static func isMagic(_ number: UInt32) -> Bool { number == 0xfd2f_b528 || isSkippable(number) }

  /// Whether `number` is the magic number of a skippable frame.
  static func isSkippable(_ number: UInt32) -> Bool { number & 0xffff_fff0 == 0x184d_2a50 }

  private static func number(in input: BufferedInput, at distance: Int, size: Int) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(input.byte(at: distance + $1)) << UInt64(8 * $1) }
  }
}
