internal import WAFBase
internal import WAFRequest

/// The lists of headers in a record of CloudFront's real-time log.
///
/// ```
/// cs-headers        host:www.example.com%0Aaccept:text/html%0A
/// cs-header-names   host%0Aaccept%0Acookie%0A
/// cs-headers-count  3
/// ```
///
/// Both lists are cut at 800 bytes. With as many whole names as there are headers, the names and their order are known; a name that has no
/// line is the cookie, which has a column of its own, or its line was cut off.
struct LoggedHeaderList {
  private var lines: [Entry] = []
  private var names: [Range<Int>] = []
  private var namesAreComplete = false

  /// A header line, as positions in the line of the log.
  private struct Entry {
    var name: Range<Int>
    var value: Range<Int>
    var isCut: Bool
  }

  /// Lists longer than this are not cut, so they are not of this log.
  private static let longestList = 4 * CloudFrontRealTimeFormat.cutLength

  /// The lists among the columns of a line; nil where there are none.
  init?(_ values: ColumnValues, of line: Span<UInt8>) {
    let (lines, names) = (values.headerLines, values.headerNames)
    guard !lines.isEmpty || !names.isEmpty, max(lines.count, names.count) <= Self.longestList else { return nil }
    for (range, isCut) in Self.split(lines, of: line) {
      guard let colon = range.first(where: { line[$0] == UInt8(ascii: ":") }) else { continue }
      self.lines.append(Entry(name: range.lowerBound..<colon, value: (colon + 1)..<range.upperBound, isCut: isCut))
    }
    let found = Self.split(names, of: line)
    self.names = found.map(\.range)
    let count = Digits.value(of: line.extracting(values.headerCount)).flatMap { Int(exactly: $0) }
    namesAreComplete = !found.isEmpty && !found.contains { $0.isCut } && count == found.count
  }

  /// The entries between encoded line feeds. Splitting before decoding, a line feed that the client encoded forges no header.
  private static func split(_ list: Range<Int>, of line: Span<UInt8>) -> [(range: Range<Int>, isCut: Bool)] {
    var entries: [(range: Range<Int>, isCut: Bool)] = []
    var start = list.lowerBound
    for index in list where index >= start && index + 2 < list.upperBound {
      guard line[index] == UInt8(ascii: "%"), line[index + 1] == UInt8(ascii: "0"), line[index + 2] == UInt8(ascii: "A") else { continue }
      entries.append((start..<index, false))
      start = index + 3
    }
    if start < list.upperBound { entries.append((start..<list.upperBound, true)) }
    return entries
  }

  /// Adds the headers to a request that holds those of other columns.
  func add(to request: inout Request, _ stored: StoredLine, _ line: Span<UInt8>) {
    let columns = request.headers
    if namesAreComplete {
      request.headers = completeHeaders(columns, stored, line, in: &request)
      request.absentHeaders = []
      request.headersComplete = true
      request.headerOrderKnown = true
    } else {
      addLines(columns, stored, line, to: &request)
    }
  }

  /// All headers in their order, values from their lines, else from columns of their own.
  private func completeHeaders(_ columns: [Header], _ stored: StoredLine, _ line: Span<UInt8>, in request: inout Request) -> [Header] {
    var next = 0
    return names.map { name in
      var header = Header(name: stored.percentDecoded(name, of: line, in: &request), value: .unknown)
      if next < lines.count, line.extracting(lines[next].name).equalsIgnoringASCIICase(line.extracting(name)) {
        header.value = value(of: lines[next], stored, line, in: &request)
        next += 1
      }
      guard header.value.knowledge != .known else { return header }
      // A column tells the value of a header that was sent once.
      let isOnlyOne = names.count { line.extracting($0).equalsIgnoringASCIICase(line.extracting(name)) } == 1
      if isOnlyOne, let column = columns.first(where: { request.haveSameName($0.name, header.name) }) { header.value = column.value }
      return header
    }
  }

  /// The headers of whole lines and of columns, where more may have been sent.
  private func addLines(_ columns: [Header], _ stored: StoredLine, _ line: Span<UInt8>, to request: inout Request) {
    let listed = lines.map { entry in
      Header(name: stored.percentDecoded(entry.name, of: line, in: &request), value: value(of: entry, stored, line, in: &request))
    }
    let sent = listed.map(\.name) + names.map { stored.percentDecoded($0, of: line, in: &request) }
    request.headers = listed + columns.filter { column in !listed.contains { request.haveSameName($0.name, column.name) } }
    request.absentHeaders = request.absentHeaders.filter { absent in !sent.contains { request.haveSameName($0, absent) } }
  }

  private func value(of entry: Entry, _ stored: StoredLine, _ line: Span<UInt8>, in request: inout Request) -> Component {
    var range = entry.value
    if entry.isCut { range = range.lowerBound..<(range.lowerBound + PercentEscapes.lengthOfWholeEscapes(line.extracting(range))) }
    let value = stored.percentDecoded(range, of: line, in: &request)
    return entry.isCut ? .prefix(request.trimmed(value)) : .known(request.trimmed(value))
  }
}

extension Request {
  fileprivate func haveSameName(_ left: ByteRange, _ right: ByteRange) -> Bool {
    bytes.span.extracting(left.indices).equalsIgnoringASCIICase(bytes.span.extracting(right.indices))
  }
}
