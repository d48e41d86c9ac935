internal import WAFBase
internal import WAFRequest

/// CloudFront's standard log: columns between tabs.
///
/// ```
/// #Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem …
/// 2025-07-25⇥08:00:01⇥FRA56-P4⇥5321⇥203.0.113.10⇥GET⇥d111111abcdef8.cloudfront.net⇥/catalog/lamps⇥…
/// ```
///
/// Each value is percent-encoded once by the logger. Where no directive names the columns, they are in the documented order.
///
/// Source: spec of log formats, sections 7 and 8.
struct CloudFrontFormat: Sendable {
  private var fields: [Range<Int>] = []

  /// All columns in the documented order; older files have the first of them.
  static let documentedNames = [
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(Referer)", "cs(User-Agent)",
    "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken",
    "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type", "cs-protocol-version", "fle-status", "fle-encrypted-fields",
    "c-port", "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end",
    "distribution-tenant-id", "connection-id",
  ]
  /// Numbers of columns that versions of the log had.
  static let columnCounts = 18...35
  private static let documented = ColumnList(documentedNames, of: .cloudFront)

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Parameter given: The columns in force; nil for the documented order.
  mutating func parse(_ line: Span<UInt8>, _ given: ColumnList?, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    ColumnSplitter.split(line, of: .cloudFront, into: &fields)
    let list = try Self.columns(given, count: fields.count)
    var values = ColumnValues(line, encoding: .percent, logsAllCookies: false, in: &request)
    for (column, field) in zip(list.columns, fields) { values.take(column, field, of: line, into: &request, notes: &notes) }
    try values.finish(line, into: &request)
  }

  /// The columns of a line that has so many of them.
  private static func columns(_ given: ColumnList?, count: Int) throws(BadLine) -> ColumnList {
    guard let given else {
      guard columnCounts.contains(count) else { throw .unnamedColumns(count) }
      return documented
    }
    guard given.tellRequests else { throw .noRequestColumns }
    if given.count == count { return given }
    // Versions of the log differ at the end only.
    guard given.isDocumentedOrder, columnCounts.contains(count) else { throw .columnCount(found: count, named: given.count) }
    return documented
  }
}
