internal import WAFBase
internal import WAFRequest

/// Access logs of nginx and Apache in a format of their owner's.
///
/// Fields end where the text behind them begins; where a field stands in quotes, at the first such place with a quote that is not escaped.
///
/// Source: spec of log formats, section 14.
struct CustomFormat: Sendable {
  /// Reads `line` into `request`, which is empty.
  mutating func parse(
    _ line: Span<UInt8>, _ template: LineTemplate?, into request: inout Request, notes: inout ParsingNotes
  ) throws(BadLine) {
    guard let template else { throw .noTemplate }
    guard line.hasPrefix(template.beginning) else { throw .template(expected: Self.quote(template.beginning), after: nil) }
    var values = TemplateValues(line, isJSON: template.isJSON, in: &request)
    var position = template.beginning.count
    for field in template.fields {
      guard let end = Self.end(of: field, in: line, from: position) else { throw .template(expected: Self.quote(field.end), after: field.name) }
      try values.take(field, position..<end, of: line, into: &request, notes: &notes)
      position = end + field.end.count
    }
    let rest = line.extracting(min(position, line.count)..<line.count)
    guard rest.indices.allSatisfy({ rest[$0].isHTTPBlank }) else {
      throw .template(expected: "the end of the line", after: template.fields.last?.name)
    }
    values.finish(hasHostHeader: template.hasHostHeader, into: &request)
    if values.mixesEscapes { notes.mixedEscapes += 1 }
  }

  /// Position behind the field that begins at `start`, where the text behind it begins; nil where that is missing.
  private static func end(of field: LineTemplate.Field, in line: Span<UInt8>, from start: Int) -> Int? {
    func isEnd(_ position: Int) -> Bool { position <= line.count && line.extracting(position..<line.count).hasPrefix(field.end) }
    if field.meaning == .commonTime {
      let end = start + CommonTime.length
      return isEnd(end) ? end : nil
    }
    guard let first = field.end.first else { return line.count }
    if field.isQuoted, first == UInt8(ascii: "\""), let end = QuotedField.end(line, from: start, accepts: isEnd) { return end }
    var index = start
    while let found = line.firstIndex(of: first, from: index) {
      if isEnd(found) { return found }
      index = found + 1
    }
    return nil
  }

  private static func quote(_ text: [UInt8]) -> String { "'\(SafeText.escape(text.span))'" }
}

/// Puts the fields of a line into a request, and keeps what has to wait for other fields.
private struct TemplateValues {
  private var stored: StoredLine
  private let isJSON: Bool
  private var virtualHost: Component?
  private var targetHost: ByteRange?
  /// Whether the line holds escapes of nginx and of Apache.
  var mixesEscapes: Bool { stored.styles == [.nginx, .apache] }

  init(_ line: Span<UInt8>, isJSON: Bool, in request: inout Request) {
    stored = StoredLine(line, in: &request)
    self.isJSON = isJSON
  }

  mutating func take(
    _ field: LineTemplate.Field, _ range: Range<Int>, of line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes
  ) throws(BadLine) {
    let isMissing = range.count == 1 && line[range.lowerBound] == UInt8(ascii: "-")
    switch field.meaning {
    case .other: return
    case .client: request.setClient(stored.place(of: range))
    case .commonTime, .isoTime, .seconds, .milliseconds, .microseconds: takeTime(field.meaning, line.extracting(range), into: &request)
    case .requestLine: targetHost = try request.setRequestLine(stored.text(range, of: line, in: &request), &notes)
    case .header(let header): takeHeader(header.name, range, isMissing, of: line, into: &request)
    case .otherHeader(let name): takeHeader(request.store(name), range, isMissing, of: line, into: &request)
    case .contentLength:
      takeHeader(request.store("content-length"), range, isMissing, of: line, into: &request)
      if let size = Digits.value(of: line.extracting(range)) { request.body = .unknown(size: Int(clamping: size)...Int(clamping: size)) }
    case .query: if isMissing || range.isEmpty { request.query = .absent } else { request.query = .known(text(range, of: line, in: &request)) }
    case .queryWithMark: takeQuery(range, of: line, into: &request)
    default: if !isMissing, !range.isEmpty { takeValue(field, range, of: line, into: &request) }
    }
  }

  /// Takes a field whose value is there.
  private mutating func takeValue(_ field: LineTemplate.Field, _ range: Range<Int>, of line: Span<UInt8>, into request: inout Request) {
    let text = text(range, of: line, in: &request)
    switch field.meaning {
    case .method: request.method = .known(text)
    case .target: targetHost = request.setTarget(text, fragmentIsKnown: false)
    case .decodedPath: if request.path.knowledge != .known { request.path = .prefix(request.plainBeginning(text)) }
    case .version: request.httpVersion = text
    case .scheme: request.scheme = text
    case .requestID: request.requestID = text
    // With a port in the log, whether the header had it is unknown.
    case .virtualHost: virtualHost = field.end.first == UInt8(ascii: ":") ? .prefix(text) : .known(text)
    case .receivedBytes:
      if request.body.knowledge == .unknown, request.body.maximumSize == .max, let size = Digits.value(of: line.extracting(range)) {
        request.body = .unknown(size: 0...Int(clamping: size))
      }
    case .body: request.body = .known(text)
    case .other, .client, .commonTime, .isoTime, .seconds, .milliseconds, .microseconds, .requestLine, .query, .queryWithMark, .header,
      .otherHeader, .contentLength:
      break
    }
  }

  /// Takes the query string after its `?`.
  private mutating func takeQuery(_ range: Range<Int>, of line: Span<UInt8>, into request: inout Request) {
    guard let first = range.first, line[first] == UInt8(ascii: "?"), range.count > 1 else { return request.query = .absent }
    request.query = .known(text((first + 1)..<range.upperBound, of: line, in: &request))
  }

  private func takeTime(_ meaning: TemplateField, _ text: Span<UInt8>, into request: inout Request) {
    let time: Int64? =
      switch meaning {
      case .commonTime: Timestamp.milliseconds(commonLog: text)
      case .isoTime: Timestamp.milliseconds(iso8601: text)
      case .seconds: Timestamp.milliseconds(epochSeconds: text)
      case .milliseconds: Digits.value(of: text).flatMap { Int64(exactly: $0) }
      default: Digits.value(of: text).flatMap { Int64(exactly: $0 / 1000) }
      }
    if let time { request.timestamp = time }
  }

  /// Takes a header; `-` means that it was not sent. In JSON nothing may mean the same, and then it tells nothing.
  private mutating func takeHeader(_ name: ByteRange, _ range: Range<Int>, _ isMissing: Bool, of line: Span<UInt8>, into request: inout Request) {
    if isMissing { return request.absentHeaders.append(name) }
    if isJSON, range.isEmpty { return }
    let value = text(range, of: line, in: &request)
    request.headers.append(Header(name: name, value: .known(request.trimmed(value))))
  }

  private mutating func text(_ range: Range<Int>, of line: Span<UInt8>, in request: inout Request) -> ByteRange {
    stored.text(range, of: line, in: &request)
  }

  /// Adds the host, where no field holds the header: that of the target, else the one that the server answered for.
  func finish(hasHostHeader: Bool, into request: inout Request) {
    guard !hasHostHeader else { return }
    if let targetHost {
      request.add(.host, .known(targetHost))
    } else if let virtualHost, request.path.knowledge != .unknown {
      // Without a request it is merely the server's first one.
      request.add(.host, virtualHost)
    }
  }
}
