internal import WAFBase
internal import WAFJSON
internal import WAFRequest

extension JSONTree {
  /// Makes the tree of `line`, which the bytes of `request` end with, so that a text without escape sequences is a position in them.
  mutating func read(_ line: Span<UInt8>, storedIn request: inout Request, usesIndex: Bool) throws(BadLine) {
    if usesIndex {
      let start = request.bytes.count - line.count
      request.bytes.append(contentsOf: linePadding)
      let isRead = readIndexed(request.bytes.span.extracting(start..<request.bytes.count), count: line.count)
      request.bytes.removeLast(linePadding.count)
      if isRead { return }
    }
    do throws(JSONError) {
      try readAll(line)
    } catch {
      throw .json(error.reason, column: error.offset + 1)
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether the first visible byte opens a JSON object.
  var opensObject: Bool { indices.first { !self[$0].isHTTPBlank }.map { self[$0] == UInt8(ascii: "{") } ?? false }
}

private let linePadding = [UInt8](repeating: 0, count: JSONTree.indexPadding)
