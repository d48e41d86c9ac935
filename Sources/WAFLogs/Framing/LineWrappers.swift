internal import WAFBase
internal import WAFJSON

/// What others put around the lines of a log.
///
/// Source: spec of log formats, section 3.
struct LineWrappers: Sendable {
  private var tree = JSONTree()
  /// What container engines write first.
  private static let engineStart = Array("{\"log\"".utf8)

  /// `2025-07-25T08:00:02.6Z stdout F `, which container runtimes put before each line.
  struct RuntimePrefix: Equatable {
    /// Where the line begins.
    var end: Int
    /// Whether it came from the standard error stream, whose parts are put together apart.
    var isError: Bool
    /// Whether the line goes on in the next one.
    var isPartial: Bool
  }

  /// The prefix of a container runtime; nil without one.
  static func runtimePrefix(of line: Span<UInt8>) -> RuntimePrefix? {
    guard let start = exportPrefix(of: line), line.count >= start + 8 else { return nil }
    let stream = line.extracting(start..<(start + 7))
    let isError = stream.hasPrefix(Array("stderr ".utf8))
    guard isError || stream.hasPrefix(Array("stdout ".utf8)) else { return nil }
    let tag = line[start + 7]
    guard tag == UInt8(ascii: "F") || tag == UInt8(ascii: "P") else { return nil }
    // Further tags may follow after a colon. An empty line may lack the blank.
    let blank = line.firstIndex(of: UInt8(ascii: " "), from: start + 8) ?? line.count
    guard blank == start + 8 || line[start + 8] == UInt8(ascii: ":") else { return nil }
    return RuntimePrefix(end: min(blank + 1, line.count), isError: isError, isPartial: tag == UInt8(ascii: "P"))
  }

  /// Position after a time in ISO 8601 and a blank; nil where a line begins otherwise.
  static func exportPrefix(of line: Span<UInt8>) -> Int? {
    guard line.count > 20, line[4] == UInt8(ascii: "-"), line[10] == UInt8(ascii: "T"), line[13] == UInt8(ascii: ":"), line[0].isASCIIDigit,
      let blank = line.extracting(0..<min(line.count, 40)).firstIndex(of: UInt8(ascii: " ")),
      Timestamp.milliseconds(iso8601: line.extracting(0..<blank)) != nil
    else { return nil }
    return blank + 1
  }

  /// The line inside the JSON of a container engine; nil for anything else.
  mutating func engineText(of line: Span<UInt8>) -> [UInt8]? {
    guard line.hasPrefix(Self.engineStart) else { return nil }
    return text(of: "log", in: line) { tree in tree.member("stream", of: 0, in: line) != nil || tree.member("time", of: 0, in: line) != nil }
  }

  /// The line inside an event of a CloudWatch subscription; nil for anything else.
  mutating func eventText(of event: Span<UInt8>) -> [UInt8]? { text(of: "message", in: event) { _ in true } }

  private mutating func text(of name: StaticString, in line: Span<UInt8>, accepts: (borrowing JSONTree) -> Bool) -> [UInt8]? {
    do throws(JSONError) {
      try tree.readAll(line)
    } catch {
      return nil
    }
    guard let node = tree.member(name, of: 0, in: line), tree.nodes[node].kind == .string, accepts(tree) else { return nil }
    return tree.string(at: node, in: line)
  }
}
