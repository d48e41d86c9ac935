internal import WAFBase
internal import WAFRequest

/// Puts the columns of a line into a request, and keeps what has to wait for other columns.
struct ColumnValues {
  /// How a logger wrote what it could not write as it is.
  enum Encoding {
    /// `%XX`, as CloudFront does.
    case percent
    /// `+` for a blank in headers, and the path decoded, as IIS does.
    case plus
  }

  let encoding: Encoding
  /// CloudFront logs cookies only where its owner wants that and writes `-` otherwise.
  let logsAllCookies: Bool
  private(set) var stored: StoredLine
  private var date = 0..<0
  private var time = 0..<0
  private var query: Component?
  /// Columns of header lists; empty where there are none.
  private(set) var headerLines = 0..<0
  private(set) var headerNames = 0..<0
  private(set) var headerCount = 0..<0

  /// Stores `line` in a request that holds no bytes yet.
  init(_ line: Span<UInt8>, encoding: Encoding, logsAllCookies: Bool = true, in request: inout Request) {
    self.encoding = encoding
    self.logsAllCookies = logsAllCookies
    stored = StoredLine(line, in: &request)
  }

  /// Takes one column. An empty one tells nothing, a `-` that there was no such value.
  mutating func take(_ column: Column, _ field: Range<Int>, of line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) {
    guard !field.isEmpty else { return }
    let isMissing = field.count == 1 && line[field.lowerBound] == UInt8(ascii: "-")
    switch column {
    case .header(let header): return takeHeader(header.name, header, field, isMissing, of: line, into: &request, notes: &notes)
    case .otherHeader(let name): return takeHeader(request.store(name), nil, field, isMissing, of: line, into: &request, notes: &notes)
    case .query: query = isMissing ? .absent : .known(text(field, of: line, in: &request))
    default: if !isMissing { takeValue(column, field, of: line, into: &request) }
    }
  }

  /// Takes a column whose value is there.
  private mutating func takeValue(_ column: Column, _ field: Range<Int>, of line: Span<UInt8>, into request: inout Request) {
    let value = line.extracting(field)
    switch column {
    case .date: date = field
    case .time: time = field
    case .seconds: request.timestamp = Timestamp.milliseconds(epochSeconds: value)
    case .milliseconds: request.timestamp = Digits.value(of: value).flatMap { Int64(exactly: $0) }
    case .client: request.setClient(stored.place(of: field))
    case .method: request.method = .known(text(field, of: line, in: &request))
    case .path: takePath(field, of: line, into: &request)
    case .target: request.setTarget(text(field, of: line, in: &request), fragmentIsKnown: false)
    case .scheme: request.scheme = stored.place(of: field)
    case .version: request.httpVersion = stored.place(of: field)
    case .requestID: request.requestID = stored.place(of: field)
    case .receivedBytes: if let size = Digits.value(of: value) { request.body = .unknown(size: 0...Int(clamping: size)) }
    case .country:
      if value.count == 2, value[0].isASCIIUppercase, value[1].isASCIIUppercase { request.country = UInt16(value[0]) << 8 | UInt16(value[1]) }
    case .systemNumber: request.asn = Digits.value(of: value).flatMap { UInt32(exactly: $0) }
    case .headerLines: headerLines = field
    case .headerNames: headerNames = field
    case .headerCount: headerCount = field
    case .other, .query, .header, .otherHeader: break
    }
  }

  /// Takes the path. Every path begins with a slash, so one without it lost it in the log.
  private func takePath(_ field: Range<Int>, of line: Span<UInt8>, into request: inout Request) {
    request.fragment = .unknown
    let hasStart = line[field.lowerBound] == UInt8(ascii: "/") || line[field.lowerBound] == UInt8(ascii: "*")
    guard encoding == .percent else {
      // IIS decodes and normalises a path before it logs it: each of its bytes may have been sent in other words. Only the first is certain.
      let start = hasStart ? Int(stored.place(of: field).start) : Int(request.store([UInt8(ascii: "/")]).start)
      request.path = .prefix(ByteRange(start, start + 1))
      return
    }
    guard !hasStart else {
      request.path = .known(text(field, of: line, in: &request))
      return
    }
    let start = request.store([UInt8(ascii: "/")]).start
    PercentEscapes.append(line.extracting(field), to: &request.bytes)
    request.path = .known(ByteRange(Int(start), request.bytes.count))
  }

  /// The meaning of a column in which a `+` stands for itself.
  private func text(_ field: Range<Int>, of line: Span<UInt8>, in request: inout Request) -> ByteRange {
    encoding == .percent ? stored.percentDecoded(field, of: line, in: &request) : stored.place(of: field)
  }
}

// MARK: - Headers

extension ColumnValues {
  private func takeHeader(
    _ name: ByteRange, _ header: LoggedHeader?, _ field: Range<Int>, _ isMissing: Bool, of line: Span<UInt8>, into request: inout Request,
    notes: inout ParsingNotes
  ) {
    if isMissing {
      if header != .cookie || logsAllCookies { request.absentHeaders.append(name) }
      return
    }
    let value = encoding == .percent ? percentValue(header, field, of: line, in: &request, &notes) : plusValue(header, field, of: line, in: &request)
    request.headers.append(Header(name: name, value: value))
  }

  /// A header value of CloudFront's.
  private func percentValue(
    _ header: LoggedHeader?, _ field: Range<Int>, of line: Span<UInt8>, in request: inout Request, _ notes: inout ParsingNotes
  ) -> Component {
    let isCut = header == .cookie && logsAllCookies && field.count >= CloudFrontRealTimeFormat.cutLength
    var whole = field
    if isCut { whole = field.lowerBound..<(field.lowerBound + PercentEscapes.lengthOfWholeEscapes(line.extracting(field))) }
    var value = stored.percentDecoded(whole, of: line, undoesBackslashes: header == .forwardedFor, in: &request)
    if header == .userAgent, request.isEncodedAgent(value) {
      notes.doublyEncodedAgents += 1
      value = request.storeDecodedAgain(value)
    }
    // CloudFront logs the list of addresses that it made of X-Forwarded-For, which need not be the text of the header.
    return isCut || header == .forwardedFor ? .prefix(request.trimmed(value)) : .known(request.trimmed(value))
  }

  /// A header value of IIS: a `+` is a blank or itself. All but addresses, which hold neither, is known to that extent only.
  private func plusValue(_ header: LoggedHeader?, _ field: Range<Int>, of line: Span<UInt8>, in request: inout Request) -> Component {
    let plus = UInt8(ascii: "+")
    guard header != .referer, header != .host, line.extracting(field).firstIndex(of: plus) != nil else { return .known(stored.place(of: field)) }
    let start = request.bytes.count
    for index in field { request.bytes.append(line[index] == plus ? UInt8(ascii: " ") : line[index]) }
    let range = ByteRange(start, request.bytes.count)
    if header == .forwardedFor, CombinedFormat.isAddressList(request.bytes.span.extracting(range.indices)) { return .known(range) }
    return .prefix(range, size: range.count)
  }
}

extension ColumnValues {
  /// Sets what follows from several columns.
  mutating func finish(_ line: Span<UInt8>, into request: inout Request) throws(BadLine) {
    if let query, request.query.knowledge == .unknown || query.knowledge == .known { request.query = query }
    guard request.timestamp == nil, !date.isEmpty, !time.isEmpty else { return }
    request.timestamp = Timestamp.milliseconds(date: line.extracting(date), timeOfDay: line.extracting(time))
    guard request.timestamp != nil else { throw .noDate }
  }
}

extension Request {
  /// Whether a user agent is still encoded, as CloudFront did twice until about 2019: it holds `%20` and no blank.
  fileprivate func isEncodedAgent(_ range: ByteRange) -> Bool {
    let value = bytes.span.extracting(range.indices)
    return value.firstIndex(of: UInt8(ascii: " ")) == nil && value.contains("%20")
  }

  fileprivate mutating func storeDecodedAgain(_ range: ByteRange) -> ByteRange {
    let encoded = bytes[range]
    let start = bytes.count
    PercentEscapes.append(encoded.span, to: &bytes)
    return ByteRange(start, bytes.count)
  }
}
