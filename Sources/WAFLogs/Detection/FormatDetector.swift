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
    /// The input cannot be read.
    case refused(UnreadableFormat)
  }

  /// Looks at the lines of the first chunk of an input, which is a single line where the source is live.
  public static func detect(_ chunk: LineChunk) -> Result {
    if let foreign = UnreadableFormat(magic: chunk.bytes.span) { return .refused(foreign) }
    var sample = Sample()
    for line in chunk.lines {
      guard sample.count < lineLimit, sample.count == 0 || line.range.upperBound <= byteLimit else { break }
      sample.add(chunk.bytes.span.extracting(line.range))
      if let document = sample.document { return .refused(document) }
    }
    if sample.beginsWithOpenObject { return .refused(isHAR(chunk) ? .har : .json) }
    return sample.result
  }

  /// Whether a JSON document of many lines looks like a HAR file.
  private static func isHAR(_ chunk: LineChunk) -> Bool {
    let start = chunk.bytes.span.extracting(0..<min(chunk.bytes.count, byteLimit))
    return start.contains("\"log\"") && start.contains("\"entries\"")
  }
}

extension FormatDetector.Result: CustomStringConvertible {
  /// As in messages: `detected alb: 200 of 200 lines`, or why the input is refused.
  public var description: String {
    switch self {
    case .detected(let format, let matching, let count): "detected \(format.name): \(matching) of \(count) lines"
    case .undecided: "nothing but blank lines and comments so far"
    case .refused(let format): format.description
    }
  }
}

/// The lines looked at so far.
private struct Sample {
  private(set) var count = 0
  /// What a single line shows the whole input to be: a W3C directive, or the first line of raw HTTP.
  private(set) var document: UnreadableFormat?
  /// Whether the first line opens a JSON object and does not close it.
  private(set) var beginsWithOpenObject = false
  private var matches: [LogFormat: Int] = [:]
  private var foreign: [UnreadableFormat: Int] = [:]
  private var signatures = LineSignature()

  mutating func add(_ line: Span<UInt8>) {
    document = UnreadableFormat(directive: line)
    guard LineParser.resultWithoutFormat(line) == nil else { return }
    count += 1
    let kind = signatures.kind(of: line)
    if count == 1 {
      if kind == .foreign(.rawHTTP) { document = .rawHTTP }
      beginsWithOpenObject = kind == .unknown && line.count < 3 && line[0] == UInt8(ascii: "{")
    }
    switch kind {
    case .format(let format): matches[format, default: 0] += 1
    case .foreign(let format): foreign[format, default: 0] += 1
    case .unknown: break
    }
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
    return .refused(.unknown)
  }
}
