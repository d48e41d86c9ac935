public import WAFRequest
internal import WAFBase
internal import WAFJSON

/// Reads the lines of one format; each thread has its own.
public struct LineParser: Sendable {
  /// How the lines are read; the columns in force may change from line to line.
  public var layout: LineLayout
  /// The format of the lines.
  public var format: LogFormat { layout.format }
  /// What was odd about the lines so far without making them unreadable.
  public private(set) var notes = ParsingNotes()
  private var combined = CombinedFormat()
  private var custom = CustomFormat()
  private var s3 = S3Format()
  private var cloudFront = CloudFrontFormat()
  private var cloudFrontRealTime = CloudFrontRealTimeFormat()
  private var iis = IISFormat()
  private var records = JSONRecordReader()
  private var cloudFrontJSON = CloudFrontJSONFormat()
  private var apiGateway = APIGatewayFormat()
  private var lattice = LatticeFormat()
  private var envoy = EnvoyFormat()

  /// A reader of lines of `format`.
  public init(format: LogFormat) { layout = LineLayout(format: format) }

  /// A reader of lines that are laid out so.
  public init(layout: LineLayout) { self.layout = layout }

  /// The same, without the fast way to JSON, for tests that compare the two.
  package init(exactly format: LogFormat) {
    layout = LineLayout(format: format)
    records.usesIndex = false
  }

  /// Reads one line.
  ///
  /// - Parameters:
  ///   - line: The line without its line break.
  ///   - request: Emptied first; holds the request if the result is `record`, else nothing of use. Filling the same one again and again
  ///     saves allocations.
  public mutating func parse(_ line: Span<UInt8>, into request: inout Request) -> LineResult {
    request.reset()
    // Comments before a request belong to it.
    if format != .http, let result = Self.resultWithoutFormat(line) { return result }
    do throws(BadLine) {
      switch layout.format {
      case .combined: try combined.parse(line, into: &request, notes: &notes)
      case .custom: try custom.parse(line, layout.template, into: &request, notes: &notes)
      case .alb: try ALBFormat.parse(line, into: &request, notes: &notes)
      case .classicELB: if let skipped = try ClassicELBFormat.parse(line, into: &request, notes: &notes) { return .skipped(skipped) }
      case .s3: if let skipped = try s3.parse(line, into: &request, notes: &notes) { return .skipped(skipped) }
      case .cloudFront: try cloudFront.parse(line, layout.columns, into: &request, notes: &notes)
      case .cloudFrontRealTime: try cloudFrontRealTime.parse(line, layout.columns, into: &request, notes: &notes)
      case .iis, .w3c:
        // Files that were put together by hand hold indented directives.
        if Self.isIndentedComment(line) { return .blank }
        try iis.parse(line, layout, into: &request, notes: &notes)
      case .requests, .waf: try records.parse(line, into: &request, notes: &notes)
      case .cloudFrontJSON: try cloudFrontJSON.parse(line, into: &request, notes: &notes)
      case .apiGateway: try apiGateway.parse(line, into: &request, notes: &notes)
      case .lattice: if let reason = try lattice.parse(line, into: &request, notes: &notes) { return .skipped(reason) }
      case .envoy: try envoy.parse(line, into: &request, notes: &notes)
      case .har: return try records.parseHAREntry(line, into: &request)
      case .http: try HTTPFormat.parse(line, into: &request, notes: &notes)
      }
      if let protected = layout.protected { protected.mask(&request) }
      if let client = layout.client { client.apply(to: &request) }
      return .record
    } catch {
      return .bad(error)
    }
  }

  /// What was odd since the last call.
  public mutating func takeNotes() -> ParsingNotes {
    defer { notes = ParsingNotes() }
    return notes
  }

  /// What a line is whatever the format; nil for a line that has to be read.
  static func resultWithoutFormat(_ line: Span<UInt8>) -> LineResult? {
    guard !line.isEmpty else { return .blank }
    switch line[0] {
    case UInt8(ascii: "#"): return .blank
    case UInt8(ascii: "C"): return line.hasPrefix(cloudWatchControl) ? .skipped(.noRequest) : nil
    case 0x00: return line.indices.allSatisfy { line[$0] == 0x00 } ? .skipped(.nulBytes) : nil
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      return line.indices.allSatisfy { line[$0].isHTTPBlank || line[$0] == UInt8(ascii: "\r") } ? .blank : nil
    default: return nil
    }
  }

  /// Begins what a CloudWatch Logs subscription sends to see whether its destination is alive.
  private static let cloudWatchControl = Array("CWL CONTROL MESSAGE: ".utf8)

  /// Whether a line is a comment with blanks before it.
  static func isIndentedComment(_ line: Span<UInt8>) -> Bool {
    guard let first = line.indices.first(where: { !line[$0].isHTTPBlank }) else { return false }
    return line[first] == UInt8(ascii: "#")
  }
}

/// Oddities of lines that were read all the same, for warnings.
public struct ParsingNotes: Equatable, Sendable {
  /// Lines in which the escapes of nginx and those of Apache both occur, so that one of them may be the client's own text.
  public var mixedEscapes = 0
  /// Records whose request is no HTTP: TLS handshakes, scans.
  public var notHTTP = 0
  /// Records with two members of the same name, of which the last was taken.
  public var duplicateMembers = 0
  /// Records of access logs with two members of the same name, of which none was taken.
  public var repeatedMembers = 0
  /// Records that are no JSON because their logger does not escape values, and that were read all the same.
  public var unescapedRecords = 0
  /// Headers without a value, which count as present with unknown content.
  public var headersWithoutValue = 0
  /// User agents of CloudFront that were encoded twice and are decoded twice.
  public var doublyEncodedAgents = 0
  /// Records of a W3C log of no known product, whose columns were read by their names.
  public var genericColumns = 0
  /// Requests as they are sent whose length nothing tells, so that all up to the next separator is their body.
  public var bodiesWithoutLength = 0
  /// Requests as they are sent whose body ends before the length that is stated.
  public var shortBodies = 0
  /// Header names with a blank before the colon, which belongs to the name.
  public var blanksBeforeColon = 0
  /// Names of members that mean nothing to this program, each once, in order of appearance; at most `unknownMemberLimit`.
  public private(set) var unknownMembers: [[UInt8]] = []

  /// Most names that `unknownMembers` holds.
  public static let unknownMemberLimit = 100

  /// No oddities.
  public init() {}

  /// Adds a name of a member.
  mutating func addUnknownMember(_ name: Span<UInt8>) {
    guard unknownMembers.count < Self.unknownMemberLimit else { return }
    for known in unknownMembers where known.span.equals(name) { return }
    unknownMembers.append(name.copied())
  }

  /// Adds the oddities of another reader of the same input.
  public mutating func merge(_ other: ParsingNotes) {
    mixedEscapes += other.mixedEscapes
    notHTTP += other.notHTTP
    duplicateMembers += other.duplicateMembers
    repeatedMembers += other.repeatedMembers
    unescapedRecords += other.unescapedRecords
    headersWithoutValue += other.headersWithoutValue
    doublyEncodedAgents += other.doublyEncodedAgents
    genericColumns += other.genericColumns
    bodiesWithoutLength += other.bodiesWithoutLength
    shortBodies += other.shortBodies
    blanksBeforeColon += other.blanksBeforeColon
    for name in other.unknownMembers { addUnknownMember(name.span) }
  }
}
