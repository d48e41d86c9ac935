internal import WAFRequest
internal import WAFBase
internal import WAFJSON
struct JSONRecordReader: Sendable {
  private var tree = JSONTree()
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    throw .notAnObject
  }
}
