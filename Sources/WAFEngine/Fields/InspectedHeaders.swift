internal import WAFBase
internal import WAFRequest

/// The part of the header lines that AWS WAF inspects: at most 200 lines and 8,192 bytes of names and values (OV-4).
struct InspectedHeaders {
  static let maximumCount = 200
  static let maximumBytes = 8_192

  /// A header line as far as it is inspected.
  struct Line {
    /// Inspected part of the name, in `Request.bytes`.
    var name: ByteRange
    /// The whole name, for comparing.
    var wholeName: ByteRange
    /// The value, its known bytes cut where the budget ends.
    var value: Component
  }
  private(set) var lines: [Line] = []
  /// Whether the request holds more than is inspected. Unknown sizes count as zero, so `.miss` needs complete headers.
  private(set) var isOversize: Outcome = .miss

  /// Reads the header lines of `request`.
  mutating func read(_ request: borrowing Request) {
    lines.removeAll(keepingCapacity: true)
    var left = Self.maximumBytes
    isOversize = request.headersComplete && request.unknownHeaders.isEmpty ? .miss : .undetermined
    for header in request.headers {
      if lines.count == Self.maximumCount || left == 0 {
        isOversize = .match
        return
      }
      if header.value.knowledge != .known, isOversize == .miss { isOversize = .undetermined }
      var line = Line(name: header.name, wholeName: header.name, value: header.value)
      let nameBytes = min(header.name.count, left)
      line.name = ByteRange(Int(header.name.start), Int(header.name.start) + nameBytes)
      left -= nameBytes
      let valueBytes = min(header.value.range.count, left)
      if nameBytes < header.name.count || valueBytes < header.value.range.count {
        isOversize = .match
        // What fits is all that is inspected, so it is known to the end whatever followed in the log.
        line.value = .known(ByteRange(Int(header.value.range.start), Int(header.value.range.start) + valueBytes))
      }
      left -= valueBytes
      lines.append(line)
    }
  }
}
