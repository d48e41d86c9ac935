internal import WAFBase

/// `NORMALIZE_PATH`: removes repeated slashes, `.` segments, and `..` segments with the segment before them.
///
/// Only whole segments `.` and `..` are special. A `..` that has nothing before it stays in a relative path and goes in an absolute one.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.17.
enum NormalizePath {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard isAffected(input) else { return false }
    rewrite(input, to: &output) { $0 == UInt8(ascii: "/") }
    return true
  }

  /// Whether a slash or a dot starts a segment; otherwise nothing changes.
  private static func isAffected(_ input: Span<UInt8>) -> Bool {
    guard !input.isEmpty else { return false }
    if input[0] == UInt8(ascii: ".") { return true }
    var slashBefore: UInt64 = 0
    return input.firstIndex { word in
      let slashes = word.lanes(of: UInt8(ascii: "/"))
      let behindSlash = slashes << 8 | slashBefore
      slashBefore = slashes >> 56
      return behindSlash & (slashes | word.lanes(of: UInt8(ascii: ".")))
    } != nil
  }

  /// Appends the normalised form of `input`, which is not empty, with `/` for every separator.
  @inline(__always)
  static func rewrite(_ input: Span<UInt8>, to output: inout ByteScratch, isSeparator: (UInt8) -> Bool) {
    let isAbsolute = isSeparator(input[0])
    let isDirectory = isSeparator(input[input.count - 1])
    let root = isAbsolute ? 1 : 0
    output.append(upTo: input.count) { out in
      if isAbsolute { out.append(UInt8(ascii: "/")) }
      // Number of segments at the end of `out` that a `..` can remove.
      var removable = 0
      var start = 0
      while start < input.count {
        var end = start
        while end < input.count, !isSeparator(input[end]) { end += 1 }
        let segment = input.extracting(start..<end)
        start = end + 1
        switch segment.dots {
        case .current: continue
        case .parent where removable > 0:
          out.removeLastSegment(root: root)
          removable -= 1
          continue
        case .parent where isAbsolute: continue
        case .parent: break
        case .none:
          if segment.isEmpty { continue }
          removable += 1
        }
        if out.count > root { out.append(UInt8(ascii: "/")) }
        for index in segment.indices { out.append(segment[index]) }
      }
      if isDirectory, out.count > root { out.append(UInt8(ascii: "/")) }
    }
  }
}

private enum Dots { case current, parent, none }

extension Span where Element == UInt8 {
  /// Which of the special segments this is.
  fileprivate var dots: Dots {
    guard count == 1 || count == 2, self[0] == UInt8(ascii: "."), self[count - 1] == UInt8(ascii: ".") else { return .none }
    return count == 1 ? .current : .parent
  }
}

extension OutputSpan where Element == UInt8 {
  /// Takes back the last segment and the slash that joins it to the one before, but none of the first `root` bytes.
  fileprivate mutating func removeLastSegment(root: Int) {
    while count > root, removeLast() != UInt8(ascii: "/") {}
  }
}
