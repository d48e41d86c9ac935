internal import WAFBase
internal import WAFRequest

/// Access log of a Classic Load Balancer: fields between blanks, the last but two in quotes.
///
/// ```
/// 2025-07-25T08:00:01.123456Z shop-clb 203.0.113.10:51234 10.0.1.15:80 0.1 0.2 0.1 200 200 0 5321 "GET http://… HTTP/1.1" "curl/8.7.1" - -
/// ```
///
/// Known is what the log of an Application Load Balancer tells, and the size of the body, since `received_bytes` counts nothing else here.
/// Until 2015 lines ended behind the request.
///
/// Source: spec of log formats, section 15.
enum ClassicELBFormat {
  /// The fields that tell something about the request, as positions in the line.
  struct Fields {
    var client = 0..<0
    var receivedBytes = 0..<0
    var request = 0..<0
    /// Nil where the version of the format has none.
    var userAgent: Range<Int>?
    /// Milliseconds since the epoch.
    var time: Int64 = 0
  }

  /// Number of the field that holds the request; older lines end with it.
  private static let requestField = 12

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Returns: Why the line holds no request, where that is so.
  static func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) -> SkippedLine? {
    let fields = try split(line)
    // What a listener for TCP or TLS writes.
    if line.extracting(fields.request).equals(Array("- - - ".utf8).span) { return .notHTTP }
    var stored = StoredLine(line, in: &request)
    request.timestamp = fields.time
    request.setClient(stored.place(of: Endpoint.address(in: fields.client, of: line)))
    if let host = try request.setRequestLine(stored.text(fields.request, of: line, in: &request), &notes) {
      request.add(.host, .prefix(LoadBalancerFields.withoutPort(host, in: request)))
    }
    // Of a request that could not be read the body was not counted.
    if request.method.knowledge == .known, let received = Digits.value(of: line.extracting(fields.receivedBytes)) {
      request.body = .unknown(size: Int(clamping: received)...Int(clamping: received))
    }
    guard let userAgent = fields.userAgent else { return nil }
    if userAgent.count == 1, line[userAgent.lowerBound] == UInt8(ascii: "-") {
      request.addAbsent(.userAgent)
    } else {
      let value = stored.text(userAgent, of: line, in: &request)
      request.add(.userAgent, LoadBalancerFields.userAgent(value, of: request))
    }
    return nil
  }

  /// Finds the fields.
  static func split(_ line: Span<UInt8>) throws(BadLine) -> Fields {
    var fields = Fields()
    var position = 0
    for number in 1..<requestField {
      let end = line.firstIndex(of: UInt8(ascii: " "), from: position) ?? line.count
      let field = position..<end
      guard end < line.count else { throw .tooFewFields(found: number, needed: requestField) }
      switch number {
      case 1:
        guard let time = Timestamp.milliseconds(iso8601: line.extracting(field)) else { throw .noFirstTime }
        fields.time = time
      case 3:
        guard line.extracting(field).firstIndex(of: UInt8(ascii: ":")) != nil else { throw .noPort }
        fields.client = field
      case 10: fields.receivedBytes = field
      default: break
      }
      position = end + 1
    }
    guard position < line.count, line[position] == UInt8(ascii: "\"") else { throw .noQuotedRequest }
    guard let end = QuotedField.end(line, from: position + 1) else { throw .openQuote(field: requestField) }
    fields.request = (position + 1)..<end
    position = end + 2
    guard position < line.count else { return fields }
    guard line[position] == UInt8(ascii: "\"") else { throw .openQuote(field: requestField + 1) }
    guard let end = QuotedField.end(line, from: position + 1) else { throw .openQuote(field: requestField + 1) }
    fields.userAgent = (position + 1)..<end
    return fields
  }
}
