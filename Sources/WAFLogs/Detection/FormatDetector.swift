internal import WAFBase

/// Finds the format of an input from its first lines.
///
/// Source: spec of log formats, section 4.
public enum FormatDetector {
  /// Most lines that are looked at; blank lines and comments do not count.
  public static let lineLimit = 200
  /// Most bytes that are looked at; a first line that is longer is looked at all the same.
  public static let byteLimit = 64 << 10

  /// What the first lines of an input are.
  public enum Result: Equatable, Sendable {
    /// At least 80 % of the lines looked at are of one format.
    case detected(LogFormat, matching: Int, of: Int)
    /// No line tells anything yet: all are blank or comments, and count as such whatever comes. Look at the next chunk.
    case undecided
    /// More lines are of this format than of any other, and yet too few to take the input for it.
    case mixed(LogFormat, matching: Int, of: Int)
    /// The input cannot be read.
    case refused(UnreadableFormat)
  }

  /// Looks at the lines of the first chunk of an input, which is a single line where the source is live.
  ///
  /// - Parameters:
  ///   - framing: How records lie in the input.
  ///   - columns: Columns in force where the chunk begins, from an earlier chunk or from the owner of the log.
  public static func detect(_ chunk: LineChunk, _ framing: Framing = .lines, columns: ColumnList? = nil) -> Result {
    switch framing {
    case .http: return .detected(.http, matching: chunk.lineCount, of: chunk.lineCount)
    // What holds the entries tells their format, also of those that lack a member.
    case .jsonValues(.har): return .detected(.har, matching: chunk.lineCount, of: chunk.lineCount)
    default: break
    }
    if let foreign = UnreadableFormat(magic: chunk.bytes.span) { return .refused(foreign) }
    var sample = Sample(columns: columns)
    for line in chunk.lines {
      guard sample.count < lineLimit, sample.count == 0 || line.range.upperBound <= byteLimit else { break }
      sample.add(chunk.bytes.span.extracting(line.range))
      if let document = sample.document { return .refused(document) }
    }
    return sample.result
  }
}

extension FormatDetector.Result: CustomStringConvertible {
  /// As in messages: `detected alb: 200 of 200 lines`, or why the input is refused.
  public var description: String {
    switch self {
    case .detected(let format, let matching, let count): "detected \(format.name): \(matching) of \(count) lines"
    case .undecided: "nothing but blank lines and comments so far"
    case .mixed(let format, let matching, let count):
      "only \(matching) of the first \(count) lines look like \(format.name): name the format with --format, and the others count as bad"
    case .refused(let format): format.description
    }
  }

  /// The same for an input in which records lie so.
  public func sentence(_ framing: Framing) -> String {
    if case .refused(let format) = self { return format.sentence(framing) }
    return description + (framing.place.map { " " + $0 } ?? "")
  }
}

/// The lines looked at so far.
private struct Sample {
  private(set) var count = 0
  /// What a single line shows the whole input to be: a directive without a column of requests.
  private(set) var document: UnreadableFormat?
  private var matches: [LogFormat: Int] = [:]
  private var foreign: [UnreadableFormat: Int] = [:]
  private var signatures = LineSignature()
  /// The columns in force.
  private var columns: ColumnList?

  init(columns: ColumnList?) { self.columns = columns }

  mutating func add(_ line: Span<UInt8>) {
    if let found = ColumnList(directive: line) {
      columns = found
      if !found.tellRequests, count == 0 { document = .w3c }
      return
    }
    guard LineParser.resultWithoutFormat(line) == nil, !LineParser.isIndentedComment(line) else { return }
    count += 1
    switch kind(of: line) {
    case .format(let format): matches[format, default: 0] += 1
    case .foreign(let format): foreign[format, default: 0] += 1
    case .unknown: break
    }
  }

  /// The kind of a line: that of the columns in force, if it has as many.
  private mutating func kind(of line: Span<UInt8>) -> LineSignature.Kind {
    if let columns, columns.fit(line) { return .format(columns.format) }
    let kind = signatures.kind(of: line)
    // With columns in force it is the line that is at fault, and will be told so.
    return kind == .foreign(.cloudFrontRealTime) && columns?.format == .cloudFrontRealTime ? .format(.cloudFrontRealTime) : kind
  }

  var result: FormatDetector.Result {
    guard count > 0 else { return .undecided }
    // More than half of the lines, so it is one format at most.
    if let (format, matching) = matches.first(where: { $0.value * 5 >= count * 4 }) { return .detected(format, matching: matching, of: count) }
    // AWS WAF records and our own lines are one format to the reader, so a mixture of the two is no reason to refuse.
    let jsonRecords = matches[.waf, default: 0] + matches[.requests, default: 0]
    if jsonRecords * 5 >= count * 4 { return .detected(.requests, matching: jsonRecords, of: count) }
    let order = UnreadableFormat.allCases
    if let found = order.first(where: { (foreign[$0] ?? 0) * 5 >= count * 4 }) { return .refused(found) }
    return mixture ?? .refused(.unknown)
  }

  /// The format of most lines; nil where no line is of a format, or two formats have as many.
  private var mixture: FormatDetector.Result? {
    guard let (format, matching) = matches.max(by: { $0.value < $1.value }) else { return nil }
    guard matches.count(where: { $0.value == matching }) == 1 else { return nil }
    return .mixed(format, matching: matching, of: count)
  }
}
