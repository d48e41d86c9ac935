internal import WAFBase
internal import WAFRequest

/// W3C extended logs of IIS, and of other products by the names of their columns.
///
/// ```
/// #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) …
/// 2025-07-25 08:00:01 10.0.0.4 GET /catalog/lamps page=2&sort=price 443 - 203.0.113.10 Mozilla/5.0+(X11;…
/// ```
///
/// Of the path only the slash is certain, since IIS decodes and normalises it; of headers in which a `+` may be a blank or itself a beginning.
///
/// Source: spec of log formats, section 16.
struct IISFormat: Sendable {
  private var fields: [Range<Int>] = []

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Parameter layout: With the columns in force.
  mutating func parse(_ line: Span<UInt8>, _ layout: LineLayout, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    ColumnSplitter.split(line, of: layout.format, into: &fields)
    guard let list = layout.columns else { throw .unnamedColumns(fields.count) }
    guard list.tellRequests else { throw .noRequestColumns }
    guard list.count == fields.count else { throw .columnCount(found: fields.count, named: list.count) }
    var values = ColumnValues(line, encoding: .plus, in: &request)
    for (column, field) in zip(list.columns, fields) { values.take(column, field, of: line, into: &request, notes: &notes) }
    try values.finish(line, into: &request)
    if layout.format == .w3c { notes.genericColumns += 1 }
  }
}
