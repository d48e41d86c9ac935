internal import WAFBase

/// Paths that differ in numbers and identifiers only, as one: `/orders/4711/photo` is `/orders/{n}/photo`.
enum FoldedPath {
  /// Writes the folded form of a path into `output`, in place of what it held.
  static func fold(_ path: Span<UInt8>, into output: inout [UInt8]) {
    output.removeAll(keepingCapacity: true)
    var start = 0
    while start <= path.count {
      let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
      if start > 0 { output.append(UInt8(ascii: "/")) }
      append(path.extracting(start..<end), to: &output)
      start = end + 1
    }
  }

  private static func append(_ segment: Span<UInt8>, to output: inout [UInt8]) {
    if !segment.isEmpty, segment.all({ $0.isASCIIDigit }) { return output.append(contentsOf: "{n}".utf8) }
    if isUUID(segment) { return output.append(contentsOf: "{uuid}".utf8) }
    if segment.count >= leastHash, segment.all({ $0.hexDigitValue != nil }) { return output.append(contentsOf: "{hash}".utf8) }
    segment.append(to: &output)
  }

  /// Hexadecimal digits of the shortest hash: 64 bits of one.
  private static let leastHash = 16

  /// 8-4-4-4-12 hexadecimal digits (RFC 9562).
  private static func isUUID(_ segment: Span<UInt8>) -> Bool {
    guard segment.count == 36 else { return false }
    for index in 0..<36 {
      let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
      guard isHyphen ? segment[index] == UInt8(ascii: "-") : segment[index].hexDigitValue != nil else { return false }
    }
    return true
  }
}

extension Span where Element == UInt8 {
  fileprivate func all(_ holds: (UInt8) -> Bool) -> Bool {
    for index in indices where !holds(self[index]) { return false }
    return true
  }
}
