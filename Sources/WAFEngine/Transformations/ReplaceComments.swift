internal import WAFBase

/// `REPLACE_COMMENTS`: each `/* … */` becomes one space; one that is not closed reaches to the end.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.21.
enum ReplaceComments {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard var comment = position(of: UInt8(ascii: "/"), UInt8(ascii: "*"), in: input, from: 0) else { return false }
    var copied = 0
    while true {
      output.append(input.extracting(copied..<comment))
      output.append(0x20)
      // The `*` that opens the comment cannot close it.
      guard let close = position(of: UInt8(ascii: "*"), UInt8(ascii: "/"), in: input, from: comment + 2) else { return true }
      copied = close + 2
      guard let next = position(of: UInt8(ascii: "/"), UInt8(ascii: "*"), in: input, from: copied) else { break }
      comment = next
    }
    output.append(input.extracting(copied..<input.count))
    return true
  }

  /// Position of the first `first` at or after `start` with `second` behind it.
  private static func position(of first: UInt8, _ second: UInt8, in input: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while let found = input.firstLane(of: first, from: index) {
      if found + 1 < input.count, input[found + 1] == second { return found }
      index = found + 1
    }
    return nil
  }
}
