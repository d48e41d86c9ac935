internal import WAFBase

/// The columns of a log in their order, as a `#Fields` directive or the owner of the log names them.
public struct ColumnList: Equatable, Sendable {
  /// The format that has columns of these names.
  public let format: LogFormat
  /// What each column tells.
  let columns: [Column]
  /// Whether these are the first columns of CloudFront's standard log in the documented order, so that a line with more or fewer of them is
  /// one of another version.
  let isDocumentedOrder: Bool

  /// A list of names.
  ///
  /// - Parameters:
  ///   - names: Names between blanks or commas.
  ///   - format: The format where it is known; else the names tell.
  public init(names: String, of format: LogFormat? = nil) {
    let names = names.split { $0 == " " || $0 == "\t" || $0 == "," || $0.isNewline }.map(String.init)
    self.init(names, of: format)
  }

  init(_ names: [String], of given: LogFormat? = nil) {
    let format = given ?? Self.format(of: names)
    self.format = format
    columns = names.map { Column(named: $0, of: format) }
    isDocumentedOrder = format == .cloudFront && CloudFrontFormat.documentedNames.starts(with: names)
  }

  /// The list of a directive `#Fields: …`; nil for any other line. Blanks may stand before it.
  init?(directive line: Span<UInt8>, of format: LogFormat? = nil) {
    guard let start = Self.startOfNames(line) else { return nil }
    self.init(names: String(lossy: line.extracting(start..<line.count)), of: format)
  }

  private static func startOfNames(_ line: Span<UInt8>) -> Int? {
    guard let start = line.indices.first(where: { !line[$0].isHTTPBlank }), line[start] == UInt8(ascii: "#") else { return nil }
    let word = Array("#Fields:".utf8)
    return line.extracting(start..<line.count).hasPrefix(word) ? start + word.count : nil
  }

  /// The format that uses these names.
  private static func format(of names: [String]) -> LogFormat {
    let names = Set(names.map { $0.lowercased() })
    if !names.isDisjoint(with: ["timestamp", "cs-user-agent", "cs-referer", "cs-cookie", "cs-headers"]) { return .cloudFrontRealTime }
    if names.contains("x-host-header") || names.contains("timestamp(ms)") || names.contains(where: { $0.hasPrefix("x-edge-") }) {
      return .cloudFront
    }
    return names.contains("cs-uri-stem") && (names.contains("s-ip") || names.contains("c-ip")) ? .iis : .w3c
  }

  /// Number of columns.
  var count: Int { columns.count }

  /// Whether at least one of them is part of a request.
  public var tellRequests: Bool { columns.contains { $0.isOfRequest } }

  /// Whether a line has as many columns as are named.
  func fit(_ line: Span<UInt8>) -> Bool {
    let found = ColumnSplitter.count(line, of: format)
    return found == count || (isDocumentedOrder && CloudFrontFormat.columnCounts.contains(found))
  }
}
