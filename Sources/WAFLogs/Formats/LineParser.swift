public import WAFRequest
internal import WAFBase
internal import WAFJSON

/// Reads the lines of one format; each thread has its own.
public struct LineParser: Sendable {
  /// The format of the lines.
  public let format: LogFormat
  /// What was odd about the lines so far without making them unreadable.
  public private(set) var notes = ParsingNotes()
  private var combined = CombinedFormat()
  private var records = JSONRecordReader()
  private var cloudFrontJSON = CloudFrontJSONFormat()
  private var apiGateway = APIGatewayFormat()
  private var lattice = LatticeFormat()
  private var envoy = EnvoyFormat()

  /// A reader of lines of `format`.
  public init(format: LogFormat) { self.format = format }

  /// The same, without the fast way to JSON, for tests that compare the two.
  package init(exactly format: LogFormat) {
    self.format = format
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
    if let result = Self.resultWithoutFormat(line) { return result }
    do throws(BadLine) {
      switch format {
      case .combined: try combined.parse(line, into: &request, notes: &notes)
      case .alb: try ALBFormat.parse(line, into: &request, notes: &notes)
      case .requests, .waf: try records.parse(line, into: &request, notes: &notes)
      case .cloudFrontJSON: try cloudFrontJSON.parse(line, into: &request, notes: &notes)
      case .apiGateway: try apiGateway.parse(line, into: &request, notes: &notes)
      case .lattice: if let reason = try lattice.parse(line, into: &request, notes: &notes) { return .skipped(reason) }
      case .envoy: try envoy.parse(line, into: &request, notes: &notes)
      }
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
    case 0x00: return line.indices.allSatisfy { line[$0] == 0x00 } ? .skipped(.nulBytes) : nil
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      return line.indices.allSatisfy { line[$0].isHTTPBlank || line[$0] == UInt8(ascii: "\r") } ? .blank : nil
    default: return nil
    }
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
    for name in other.unknownMembers { addUnknownMember(name.span) }
  }
}
