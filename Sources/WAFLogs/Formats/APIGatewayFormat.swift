internal import WAFBase
internal import WAFRequest

/// API Gateway access log: lines in the common log format and flat JSON objects, with what the owner of the API chose.
///
/// The query is never logged, and the path only as `$context.path`: `resourcePath` and `routeKey` are templates such as `/pets/{petId}`.
///
/// Source: spec of log formats, section 10.
struct APIGatewayFormat: Sendable {
  private var latestTime = LatestTime()
  private var record = FlatRecord<Field>()

  /// Reads `line` into `request`, which is empty.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    if line.opensObject {
      try parseJSON(line, into: &request, notes: &notes)
    } else {
      try parseText(line, into: &request, notes: &notes)
    }
  }
}

// MARK: - Text

extension APIGatewayFormat {
  /// `client caller user [time]"method template protocol" status bytes id…`, with a blank before the quote or without.
  private mutating func parseText(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    guard let time = latestTime.find(in: line) else { throw .noTime }
    let quote = CombinedFormat.startOfRequest(line, afterTime: time.upperBound)
    guard quote < line.count, line[quote] == UInt8(ascii: "\"") else { throw .noRequest }
    guard let end = CombinedFormat.endOfRequest(line, from: quote + 1), let tail = CombinedFormat.endOfSize(line, from: end + 1) else {
      throw .noStatus
    }
    guard let clientEnd = line.firstIndex(of: UInt8(ascii: " ")), clientEnd > 0, clientEnd < time.lowerBound else { throw .noClient }
    let stored = StoredLine(line, in: &request)
    request.timestamp = latestTime.milliseconds
    request.setClient(stored.place(of: 0..<clientEnd))
    switch try RequestLine.split(line.extracting((quote + 1)..<end)) {
    case .request(let parts):
      // A route key begins with the method once more; either way nothing of the template is the client's.
      request.method = .known(stored.place(of: shifted(parts.method, by: quote + 1)))
      request.httpVersion = stored.place(of: shifted(parts.version, by: quote + 1))
    case .missing: break
    case .notHTTP: notes.notHTTP += 1
    }
    request.requestID = LoggedValue(stored.place(of: Self.firstColumn(line, after: tail)), in: request.bytes.span).range ?? .empty
  }

  private func shifted(_ range: Range<Int>, by offset: Int) -> Range<Int> { (range.lowerBound + offset)..<(range.upperBound + offset) }

  private static func firstColumn(_ line: Span<UInt8>, after end: Int) -> Range<Int> {
    let start = min(end + 1, line.count)
    return start..<(line.firstIndex(of: UInt8(ascii: " "), from: start) ?? line.count)
  }
}

// MARK: - JSON

extension APIGatewayFormat {
  private mutating func parseJSON(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    do throws(BadLine) {
      try record.read(line, into: &request, notes: &notes)
      readMembers(line, &request)
    } catch {
      // Variables are put into the line as they are, so a client can break it.
      guard case .json = error, let repaired = UnescapedJSON.escaped(line) else { throw error }
      request.reset()
      try record.read(repaired.span, into: &request, notes: &notes)
      readMembers(repaired.span, &request)
      notes.unescapedRecords += 1
    }
  }

  private func readMembers(_ line: Span<UInt8>, _ request: inout Request) {
    request.timestamp = record.integer(.milliseconds, of: line, in: &request) ?? timeInSeconds(line, &request)
    if let client = value(.client, line, &request).range { request.setClient(client) }
    request.method = value(.method, line, &request).component
    request.path = value(.path, line, &request).component
    request.add(.host, value(.host, line, &request))
    request.add(.userAgent, value(.userAgent, line, &request))
    request.httpVersion = value(.version, line, &request).range ?? .empty
    request.requestID = value(.requestID, line, &request).range ?? .empty
  }

  private func value(_ field: Field, _ line: Span<UInt8>, _ request: inout Request) -> LoggedValue {
    record.value(field, of: line, in: &request)
  }

  private func timeInSeconds(_ line: Span<UInt8>, _ request: inout Request) -> Int64? {
    value(.time, line, &request).range.flatMap { Timestamp.milliseconds(commonLog: request.bytes.span.extracting($0.indices)) }
  }

  /// The values that are looked for, each under the names that people give to the variables.
  enum Field: UInt8, FlatMember {
    case milliseconds, time, client, method, path, host, userAgent, version, requestID

    static let table = FlatNames<Field>()

    var names: [String] {
      switch self {
      case .milliseconds: ["requestTimeEpoch"]
      case .time: ["requestTime"]
      case .client: ["ip", "sourceIp", "identity.sourceIp", "clientIp"]
      case .method: ["httpMethod", "method"]
      case .path: ["path", "requestPath"]
      case .host: ["domainName", "host"]
      case .userAgent: ["userAgent", "identity.userAgent"]
      case .version: ["protocol"]
      case .requestID: ["requestId", "extendedRequestId"]
      }
    }
  }
}
