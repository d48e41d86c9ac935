internal import WAFBase
internal import WAFRequest

/// CloudFront's real-time log: columns between tabs, chosen by the owner of the log, always in the documented order.
///
/// `cs-uri-stem` holds the query string too, `cs-host` is the host header, and `cs-headers` and `cs-header-names` list the headers, as far as
/// 800 bytes go.
///
/// Source: spec of log formats, section 9.
struct CloudFrontRealTimeFormat: Sendable {
  private var fields: [Range<Int>] = []

  /// The log cuts cookies and lists of headers at this many bytes.
  static let cutLength = 800

  private static let namesUpToServer = ["timestamp", "c-ip"]
  private static let namesFromServer = [
    "time-to-first-byte", "sc-status", "sc-bytes", "cs-method", "cs-protocol", "cs-host", "cs-uri-stem", "cs-bytes", "x-edge-location",
    "x-edge-request-id", "x-host-header", "time-taken", "cs-protocol-version", "c-ip-version", "cs-user-agent", "cs-referer", "cs-cookie",
    "cs-uri-query", "x-edge-response-result-type", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-result-type",
    "fle-encrypted-fields", "fle-status", "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end", "c-port",
    "x-edge-detailed-result-type", "c-country", "cs-accept-encoding", "cs-accept", "cache-behavior-path-pattern", "cs-headers",
    "cs-header-names", "cs-headers-count", "primary-distribution-id", "primary-distribution-dns-name", "origin-fbl", "origin-lbl", "asn",
  ]
  /// All columns that are of use in the documented order, without and with the newer address of the server.
  private static let documented = ColumnList(namesUpToServer + namesFromServer, of: .cloudFrontRealTime)
  private static let documentedWithServer = ColumnList(namesUpToServer + ["s-ip"] + namesFromServer, of: .cloudFrontRealTime)
  /// Fewer columns than the first version had are a choice of the owner.
  private static let fewestColumns = 40

  /// Reads `line` into `request`, which is empty.
  ///
  /// - Parameter given: The columns that were chosen; nil where that is not known.
  mutating func parse(_ line: Span<UInt8>, _ given: ColumnList?, into request: inout Request, notes: inout ParsingNotes) throws(BadLine) {
    ColumnSplitter.split(line, of: .cloudFrontRealTime, into: &fields)
    let list = try columns(given, of: line)
    var values = ColumnValues(line, encoding: .percent, in: &request)
    for (column, field) in zip(list.columns, fields) { values.take(column, field, of: line, into: &request, notes: &notes) }
    try values.finish(line, into: &request)
    LoggedHeaderList(values, of: line)?.add(to: &request, values.stored, line)
  }

  /// Whether the columns of a line are known without being named.
  mutating func isSelfEvident(_ line: Span<UInt8>) -> Bool {
    ColumnSplitter.split(line, of: .cloudFrontRealTime, into: &fields)
    return (try? columns(nil, of: line)) != nil
  }

  private func columns(_ given: ColumnList?, of line: Span<UInt8>) throws(BadLine) -> ColumnList {
    if let given {
      guard given.tellRequests else { throw .noRequestColumns }
      guard given.count == fields.count else { throw .columnCount(found: fields.count, named: given.count) }
      return given
    }
    guard fields.count >= Self.fewestColumns else { throw .unnamedColumns(fields.count) }
    let hasServer = IPAddress(text: line.extracting(fields[2])) != nil
    // All columns of some version: then the path and the version of addresses stand in their places.
    let shift = hasServer ? 1 : 0
    let (path, addressVersion) = (line.extracting(fields[8 + shift]), line.extracting(fields[15 + shift]))
    guard path.hasPrefix(Array("/".utf8)), addressVersion.hasPrefix(Array("IPv".utf8)) else { throw .unnamedColumns(fields.count) }
    return hasServer ? Self.documentedWithServer : Self.documented
  }
}
