internal import WAFBase
internal import WAFRequest

/// Access log of an Application Load Balancer: fields between blanks, some in quotes, of which later versions append more.
///
/// Known are the client, the request line, user agent and time. The host is known up to its port, since the log always prints one, and the
/// body up to its size, since `received_bytes` counts headers too.
///
/// Source: spec of log formats, section 6.
enum ALBFormat {
  /// Fields that every version of the format has.
  static let fewestFields = 18
  /// `request_creation_time`. Nothing behind it is looked at.
  private static let lastFieldOfUse = 22

  /// The fields that tell something about the request, as positions in the line; empty where the line has none.
  struct Fields {
    var responseTime = 0..<0
    var client = 0..<0
    var receivedBytes = 0..<0
    var request = 0..<0
    var userAgent = 0..<0
    var traceID = 0..<0
    var creationTime = 0..<0

    /// Keeps the field of this number, counted from 1.
    mutating func set(_ number: Int, _ range: Range<Int>) {
      switch number {
      case 2: responseTime = range
      case 4: client = range
      case 11: receivedBytes = range
      case 13: request = range
      case 14: userAgent = range
      case 18: traceID = range
      case 22: creationTime = range
      default: break
      }
    }
  }

  /// Reads `line` into `request`, which is empty.
  static func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    guard hasKnownType(line) else { throw .unknownType }
    let fields = try split(line)
    // Everything that is kept lies between these two; the rest of a line is longer than that.
    let start = fields.client.lowerBound
    let kept = line.extracting(start..<fields.traceID.upperBound)
    func shifted(_ field: Range<Int>) -> Range<Int> { (field.lowerBound - start)..<(field.upperBound - start) }

    var stored = StoredLine(kept, in: &request)
    // The time of arrival, where the version of the format has it; the other one is that of the response.
    request.timestamp =
      Timestamp.milliseconds(iso8601: line.extracting(fields.creationTime))
      ?? Timestamp.milliseconds(iso8601: line.extracting(fields.responseTime))
    request.setClient(stored.place(of: shifted(Endpoint.address(in: fields.client, of: line))))
    if let received = Digits.value(of: line.extracting(fields.receivedBytes)) { request.body = .unknown(size: 0...Int(clamping: received)) }
    if let id = traceID(in: fields.traceID, of: line) { request.requestID = stored.place(of: shifted(id)) }
    if let host = try request.setRequestLine(stored.text(shifted(fields.request), of: kept, in: &request), &notes) {
      request.add(.host, .prefix(withoutPort(host, in: request)))
    }
    if fields.userAgent.count == 1, line[fields.userAgent.lowerBound] == UInt8(ascii: "-") {
      request.addAbsent(.userAgent)
    } else {
      let value = stored.text(shifted(fields.userAgent), of: kept, in: &request)
      request.add(.userAgent, userAgent(value, of: request))
    }
  }

  /// Whether a line begins with one of the types of connections that the log knows.
  static func hasKnownType(_ line: Span<UInt8>) -> Bool {
    // Up to five letters and a blank, as one number with the first byte lowest.
    var word: UInt64 = 0
    for index in 0..<min(line.count, 6) {
      word |= UInt64(line[index]) << UInt64(8 * index)
      guard line[index] == UInt8(ascii: " ") else { continue }
      for type in knownTypes where type == word { return true }
      return false
    }
    return false
  }

  /// The types with the blank behind them, the most frequent first.
  private static let knownTypes = ["https ", "h2 ", "http ", "wss ", "ws ", "grpcs "].map { type in
    type.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }

  /// Finds the fields up to the last one that is of use.
  static func split(_ line: Span<UInt8>) throws(BadLine) -> Fields {
    var fields = Fields()
    var count = 0
    var position = 0
    while position < line.count, count < lastFieldOfUse {
      guard line[position] != UInt8(ascii: " ") else {
        position += 1
        continue
      }
      count += 1
      if line[position] == UInt8(ascii: "\"") {
        guard let end = QuotedField.end(line, from: position + 1) else { throw .openQuote(field: count) }
        fields.set(count, (position + 1)..<end)
        position = end + 1
      } else {
        let end = line.firstIndex(of: UInt8(ascii: " "), from: position) ?? line.count
        fields.set(count, position..<end)
        position = end
      }
    }
    guard count >= fewestFields else { throw .tooFewFields(found: count, needed: fewestFields) }
    return fields
  }

  /// The id as AWS WAF logs it, without `Root=`; nil for `-`.
  private static func traceID(in field: Range<Int>, of line: Span<UInt8>) -> Range<Int>? {
    let root: StaticString = "Root="
    let length = root.utf8CodeUnitCount
    guard field.count > 1 else { return nil }
    // The literal lives as long as the process, and `offset` is below its length.
    let hasRoot = field.count > length && (0..<length).allSatisfy { offset in unsafe line[field.lowerBound + offset] == root.utf8Start[offset] }
    return hasRoot ? (field.lowerBound + length)..<field.upperBound : field
  }

  /// The host without the port that the load balancer always prints.
  private static func withoutPort(_ host: ByteRange, in request: Request) -> ByteRange {
    var end = Int(host.end)
    while end > Int(host.start), request.bytes[end - 1].isASCIIDigit { end -= 1 }
    guard end > Int(host.start), request.bytes[end - 1] == UInt8(ascii: ":") else { return host }
    return ByteRange(Int(host.start), end - 1)
  }

  /// The user agent, of which the log keeps 8 KiB at most.
  private static func userAgent(_ value: ByteRange, of request: Request) -> Component {
    value.count >= 8192 ? .prefix(value) : .known(request.trimmed(value))
  }
}
