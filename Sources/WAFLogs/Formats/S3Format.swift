internal import WAFBase
internal import WAFRequest

/// Server access log of S3: fields between blanks, of which later versions append more.
///
/// ```
/// owner bucket [25/Jul/2025:08:00:01 +0000] 192.0.2.3 requester id operation key "GET /key HTTP/1.1" 200 - 12 12 70 10 "referer" "agent" …
/// ```
///
/// Nothing is escaped, so quotes are found by what follows them: the request ends before the six numbers, and no field behind the user agent
/// has quotes.
///
/// Source: spec of log formats, section 13.
struct S3Format: Sendable {
  private var latestTime = LatestTime()

  /// Fields that every version of the format has.
  private static let fewestFields = 18
  /// Numbers of fields, from 1.
  private static let (requestField, userAgentField, hostField) = (9, 17, 23)

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Returns: Why the line holds no request, where that is so.
  mutating func parse(_ line: Span<UInt8>, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) -> SkippedLine? {
    guard let time = latestTime.find(in: line) else { throw .noTime }
    var cursor = BlankCursor(position: time.upperBound + 2)
    guard let client = cursor.next(line), cursor.next(line) != nil, let id = cursor.next(line), cursor.next(line) != nil, cursor.next(line) != nil
    else { throw .tooFewFields(found: 3, needed: Self.fewestFields) }
    let start = cursor.position
    guard start < line.count, line[start] == UInt8(ascii: "\"") else {
      // An operation of the service's own, such as one on each object of a batch.
      if cursor.next(line).map({ Self.isMissing($0, in: line) }) == true { return .noRequest }
      throw .noQuotedRequest
    }
    guard let requestEnd = Self.endOfRequest(line, from: start + 1) else { throw .openQuote(field: Self.requestField) }
    let tail = try Tail(line, from: requestEnd.tail)

    let stored = StoredLine(line, in: &request)
    request.timestamp = latestTime.milliseconds
    request.setClient(stored.place(of: client))
    request.requestID = stored.place(of: id)
    let target = stored.place(of: (start + 1)..<requestEnd.quote)
    if let host = try request.setRequestLine(target, &notes) {
      request.add(.host, .known(host))
    } else if let host = tail.host, !Self.isMissing(host, in: line) {
      request.add(.host, .known(stored.place(of: host)))
    }
    Self.add(.referer, tail.referer, of: line, stored, to: &request)
    Self.add(.userAgent, tail.userAgent, of: line, stored, to: &request)
    return nil
  }

  private static func isMissing(_ field: Range<Int>, in line: Span<UInt8>) -> Bool {
    field.count == 1 && line[field.lowerBound] == UInt8(ascii: "-")
  }

  private static func add(_ header: LoggedHeader, _ field: Range<Int>, of line: Span<UInt8>, _ stored: StoredLine, to request: inout Request) {
    if isMissing(field, in: line) { return request.addAbsent(header) }
    request.add(header, .known(request.trimmed(stored.place(of: field))))
  }

  /// The quote that closes the request, and where the fields behind the numbers begin: at a referer in quotes or without.
  private static func endOfRequest(_ line: Span<UInt8>, from start: Int) -> (quote: Int, tail: Int)? {
    var index = start
    while let quote = line.firstIndex(of: UInt8(ascii: "\""), from: index) {
      if let tail = endOfNumbers(line, from: quote + 1) { return (quote, tail) }
      index = quote + 1
    }
    return nil
  }

  /// Position after status, error code and four numbers, each with a blank before it; nil where something else stands there.
  private static func endOfNumbers(_ line: Span<UInt8>, from start: Int) -> Int? {
    guard start < line.count, line[start] == UInt8(ascii: " ") else { return nil }
    var cursor = BlankCursor(position: start + 1)
    for number in 1...6 {
      guard let field = cursor.next(line) else { return nil }
      let isNumber = isMissing(field, in: line) || field.allSatisfy { line[$0].isASCIIDigit }
      switch number {
      case 1: guard isNumber, field.count == 3 || field.count == 1 else { return nil }
      case 2: guard line[field.lowerBound] != UInt8(ascii: "\"") else { return nil }
      default: guard isNumber else { return nil }
      }
    }
    guard cursor.position < line.count else { return nil }
    return cursor.position
  }

  /// What stands behind the numbers.
  private struct Tail {
    var referer: Range<Int>
    var userAgent: Range<Int>
    /// Nil in older versions of the format.
    var host: Range<Int>?

    init(_ line: Span<UInt8>, from start: Int) throws(BadLine) {
      let quote = UInt8(ascii: "\"")
      var cursor = BlankCursor(position: start)
      var last = line.count - 1
      while last > start, line[last] != quote { last -= 1 }
      if line[start] != quote {
        guard let field = cursor.next(line) else { throw .tooFewFields(found: 15, needed: fewestFields) }
        referer = field
        userAgent = try Self.userAgent(line, &cursor, last: last)
      } else if let end = Self.endOfReferer(line, from: start + 1, last: last) {
        referer = (start + 1)..<end
        cursor = BlankCursor(position: end + 2)
        userAgent = try Self.userAgent(line, &cursor, last: last)
      } else {
        guard last > start, last + 1 < line.count, line[last + 1] == UInt8(ascii: " ") else { throw .openQuote(field: userAgentField - 1) }
        referer = (start + 1)..<last
        cursor = BlankCursor(position: last + 2)
        guard let field = cursor.next(line) else { throw .tooFewFields(found: 16, needed: fewestFields) }
        userAgent = field
      }
      for number in (userAgentField + 1)...hostField {
        guard let field = cursor.next(line) else {
          guard number > fewestFields else { throw .tooFewFields(found: number - 1, needed: fewestFields) }
          return
        }
        if number == hostField { host = field }
      }
    }

    /// Position of the quote behind the referer where a quoted user agent follows.
    private static func endOfReferer(_ line: Span<UInt8>, from start: Int, last: Int) -> Int? {
      (start..<max(start, last - 1)).first {
        line[$0] == UInt8(ascii: "\"") && line[$0 + 1] == UInt8(ascii: " ") && line[$0 + 2] == UInt8(ascii: "\"")
      }
    }

    /// The user agent at the cursor, up to the last quote of the line.
    private static func userAgent(_ line: Span<UInt8>, _ cursor: inout BlankCursor, last: Int) throws(BadLine) -> Range<Int> {
      let start = cursor.position
      guard start < line.count, line[start] == UInt8(ascii: "\"") else {
        guard let field = cursor.next(line) else { throw .tooFewFields(found: 16, needed: fewestFields) }
        return field
      }
      guard last > start else { throw .openQuote(field: userAgentField) }
      cursor = BlankCursor(position: last + 2)
      return (start + 1)..<last
    }
  }
}

/// Takes fields between single blanks one after the other.
private struct BlankCursor {
  /// Where the next field begins.
  var position: Int

  /// The next field, never empty; nil at the end of the line.
  mutating func next(_ line: Span<UInt8>) -> Range<Int>? {
    guard position < line.count else { return nil }
    let end = line.firstIndex(of: UInt8(ascii: " "), from: position) ?? line.count
    guard end > position else { return nil }
    defer { position = end + 1 }
    return position..<end
  }
}
