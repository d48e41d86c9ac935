internal import WAFBase

/// `COMPRESS_WHITE_SPACE`: each run of white space, also at the ends, becomes one space.
///
/// White space is the space class and the byte `a0`, whatever character that byte belongs to.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.4.
enum CompressWhiteSpace {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = firstChange(in: input) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      var isAfterSpace = first > 0 && input[first - 1] == 0x20
      for index in first..<input.count {
        let byte = input[index]
        guard byte.isSpaceClass || byte == 0xa0 else {
          out.append(byte)
          isAfterSpace = false
          continue
        }
        if !isAfterSpace { out.append(0x20) }
        isAfterSpace = true
      }
    }
    return true
  }

  /// Position of the first white space that is no lone space: of another kind, or behind a space.
  private static func firstChange(in input: Span<UInt8>) -> Int? {
    var spaceBefore: UInt64 = 0
    return input.firstIndex { word in
      let spaces = word.lanes(of: 0x20)
      let behindSpace = spaces << 8 | spaceBefore
      spaceBefore = spaces >> 56
      return spaces & behindSpace | word.lanes(in: 0x09...0x0d) | word.lanes(of: 0xa0)
    }
  }
}
