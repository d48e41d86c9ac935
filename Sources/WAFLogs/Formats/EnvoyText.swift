internal import WAFBase
internal import WAFRequest

/// Lines of Envoy's default text format:
///
/// ```
/// [time] "method path protocol" status flags received sent duration upstream "x-forwarded-for" "user-agent" "x-request-id" "authority" "upstream"
/// ```
///
/// Nothing is escaped, so a quote in a user agent stands as it is: what is before it is found from the left, what is behind it from the right.
enum EnvoyText {
  /// Stores `line` in a request that holds no bytes yet, and reads its fields.
  static func read(_ line: Span<UInt8>, _ request: inout Request, _ notes: inout ParsingNotes) throws(BadLine) -> EnvoyFields {
    guard line[0] == UInt8(ascii: "["), let bracket = line.firstIndex(of: UInt8(ascii: "]")) else { throw .noISOTime }
    let start = bracket + 3
    guard start <= line.count, line[bracket + 1] == UInt8(ascii: " "), line[bracket + 2] == UInt8(ascii: "\"") else { throw .noRequest }
    guard let numbers = numbers(line, from: start) else { throw .noNumbers }
    let quoted = try quotedFields(line, from: numbers.end)

    let stored = StoredLine(line, in: &request)
    func value(_ field: Range<Int>) -> LoggedValue { LoggedValue(stored.place(of: field), in: request.bytes.span) }
    var fields = EnvoyFields()
    fields.time = value(1..<bracket)
    fields.receivedBytes = Digits.value(of: line.extracting(numbers.received)).map { Int64(clamping: $0) }
    fields.forwardedFor = value(quoted.forwardedFor)
    fields.forwardedForIsCut = quoted.userAgent == nil
    if let userAgent = quoted.userAgent { fields.userAgent = value(userAgent) }
    fields.requestID = value(quoted.requestID)
    fields.authority = value(quoted.authority)
    switch try RequestLine.split(line.extracting(start..<numbers.start)) {
    case .request(let parts):
      func shifted(_ part: Range<Int>) -> Range<Int> { (start + part.lowerBound)..<(start + part.upperBound) }
      fields.method = value(shifted(parts.method))
      fields.target = value(shifted(parts.target))
      fields.version = value(shifted(parts.version))
    case .missing: break
    case .notHTTP: notes.notHTTP += 1
    }
    return fields
  }

  // MARK: From the left

  /// What stands between the two groups of quoted fields.
  private struct Numbers {
    /// Position of the quote that closes the request.
    var start: Int
    var received: Range<Int>
    /// Position of the quote that opens the next field.
    var end: Int
  }

  /// Finds the quote that closes the request, which begins at `start`: one that status, flags and four numbers follow.
  private static func numbers(_ line: Span<UInt8>, from start: Int) -> Numbers? {
    var index = start
    while let quote = line.firstIndex(of: UInt8(ascii: "\""), from: index) {
      if let numbers = numbers(line, after: quote) { return numbers }
      index = quote + 1
    }
    return nil
  }

  private static func numbers(_ line: Span<UInt8>, after quote: Int) -> Numbers? {
    var received = 0..<0
    var end = quote + 1
    for column in 0..<6 {
      guard end < line.count, line[end] == UInt8(ascii: " ") else { return nil }
      let start = end + 1
      end = start
      while end < line.count, column == 1 ? line[end].isInFlags : line[end].isASCIIDigit { end += 1 }
      if end == start, end < line.count, line[end] == UInt8(ascii: "-") { end += 1 }
      guard end > start else { return nil }
      if column == 2 { received = start..<end }
    }
    guard end + 1 < line.count, line[end] == UInt8(ascii: " "), line[end + 1] == UInt8(ascii: "\"") else { return nil }
    return Numbers(start: quote, received: received, end: end + 1)
  }

  // MARK: From the right

  private struct QuotedFields {
    var forwardedFor: Range<Int>
    /// Nil where nobody can tell where it begins.
    var userAgent: Range<Int>?
    var requestID: Range<Int>
    var authority: Range<Int>
  }

  /// Finds the quoted fields behind the numbers, of which the first begins with the quote at `start`.
  private static func quotedFields(_ line: Span<UInt8>, from start: Int) throws(BadLine) -> QuotedFields {
    var end = line.count - 1
    guard end > start, line[end] == UInt8(ascii: "\"") else { throw .openQuote(field: fieldCount) }
    var last: [Range<Int>] = []
    while last.count < 3 {
      guard let quote = lastQuote(line, after: start, before: end), opensField(line, quote, after: start) else {
        throw .tooFewFields(found: fieldCount - 4 + last.count, needed: fieldCount)
      }
      last.append((quote + 1)..<end)
      end = quote - 2
    }
    // The two fields left hold what clients sent. Where more than one quote may separate them, only the beginning of the first is certain.
    guard let first = fieldOpening(line, from: start + 1, before: end, after: start) else {
      throw .tooFewFields(found: fieldCount - 1, needed: fieldCount)
    }
    let isCertain = fieldOpening(line, from: first + 1, before: end, after: start) == nil
    return QuotedFields(
      forwardedFor: (start + 1)..<(first - 2), userAgent: isCertain ? (first + 1)..<end : nil, requestID: last[2], authority: last[1])
  }

  /// The number of the last field.
  private static let fieldCount = 13

  private static func lastQuote(_ line: Span<UInt8>, after start: Int, before end: Int) -> Int? {
    var index = end - 1
    while index > start {
      if line[index] == UInt8(ascii: "\"") { return index }
      index -= 1
    }
    return nil
  }

  /// Position of the first quote from `index` on that opens a field.
  private static func fieldOpening(_ line: Span<UInt8>, from index: Int, before end: Int, after start: Int) -> Int? {
    var index = index
    while let quote = line.firstIndex(of: UInt8(ascii: "\""), from: index), quote < end {
      if opensField(line, quote, after: start) { return quote }
      index = quote + 1
    }
    return nil
  }

  /// Whether the quote at `quote` opens a field behind the one that `start` opens: a closing quote and a blank stand before it.
  private static func opensField(_ line: Span<UInt8>, _ quote: Int, after start: Int) -> Bool {
    quote - 2 > start && line[quote - 1] == UInt8(ascii: " ") && line[quote - 2] == UInt8(ascii: "\"")
  }
}

extension UInt8 {
  /// A byte of a list of response flags such as `UF,URX`.
  fileprivate var isInFlags: Bool { isASCIILetter || isASCIIDigit || self == UInt8(ascii: ",") || self == UInt8(ascii: "_") }
}
