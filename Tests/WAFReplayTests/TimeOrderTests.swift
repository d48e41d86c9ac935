import Foundation
import TestSupport
import Testing
import WAF

/// A log gives the same report in whatever order its lines stand and its files are named, as long as no record is further out of order than
/// records wait.
struct TimeOrderTests {
  /// A way to write the same made traffic.
  struct Arrangement: Sendable, CustomTestStringConvertible {
    var note: String
    /// Seconds by which a line may stand too early or too late.
    var disorder = 0
    var files = 1
    /// Whether neighbouring lines go to different files, as those of several servers do.
    var isDealt = false
    var isNamedBackwards = false
    var jobs = 2
    var chunk: Int?

    var testDescription: String { note }
  }

  private static let arrangements = [
    Arrangement(note: "in order, one thread", jobs: 1),
    Arrangement(note: "in order, small chunks", jobs: 3, chunk: 4_099),
    Arrangement(note: "ten minutes out of order", disorder: 600),
    Arrangement(note: "ten minutes out of order, small chunks", disorder: 600, jobs: 3, chunk: 4_099),
    Arrangement(note: "ten files after each other", files: 10),
    Arrangement(note: "ten files, the last one first", files: 10, isNamedBackwards: true, chunk: 4_099),
    Arrangement(note: "ten servers", files: 10, isDealt: true, chunk: 4_099),
    Arrangement(note: "ten servers out of order, the last one first", disorder: 600, files: 10, isDealt: true, isNamedBackwards: true, jobs: 8),
    Arrangement(note: "more files than are open at once, after each other", files: 100, isNamedBackwards: true),
  ]

  @Test(arguments: arrangements)
  func sameReport(_ arrangement: Arrangement) throws {
    let expected = try Self.report(of: Self.write(Arrangement(note: "")), jobs: 1, chunk: nil)
    #expect(expected.late == 0)
    #expect(expected.limited > 100)
    let files = try Self.write(arrangement)
    let found = try Self.report(of: files, jobs: arrangement.jobs, chunk: arrangement.chunk)
    #expect(found.late == 0)
    #expect(found.text == expected.text)
    // Verdict lines take another way through the program.
    #expect(try Self.report(of: files, jobs: arrangement.jobs, chunk: arrangement.chunk, lines: [.matches]).text == expected.text)
  }

  @Test("what is further out of order than records wait is counted by file")
  func late() throws {
    // A chunk is no smaller than what is read at once, some twenty minutes of this log, and within two chunks all can be sorted.
    let files = try Self.write(Arrangement(note: "", disorder: 5_000))
    let found = try Self.report(of: files, jobs: 2, chunk: 4_099, window: 1_000)
    #expect(found.late > 100)
    #expect(found.text.contains("\"lateFiles\""))
    #expect(found.records == Self.seconds)
    #expect(try Self.report(of: files, jobs: 2, chunk: 4_099, window: 2 * 5_000_000).late == 0)
  }

  @Test("little memory for waiting records gives late ones, and loses none")
  func memory() throws {
    let files = try Self.write(Arrangement(note: "", disorder: 600))
    let found = try Self.report(of: files, jobs: 2, chunk: 4_099, memory: 20_000)
    #expect(found.late > 100)
    #expect(found.records == Self.seconds)
  }

  // MARK: Making and replaying

  /// One request a second, so that no two times are the same and the order of time is only one.
  private static let seconds = 6_000

  /// A quarter of the requests is from one client, in bursts; the others are from 50.
  private static func line(_ second: Int) -> String {
    let client = second / 300 % 2 == 0 && second % 2 == 0 ? "192.0.2.200" : "192.0.2.\(second * 7919 % 50)"
    let digits = [10 + second / 3_600, second / 60 % 60, second % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }
    let agent = second % 11 == 0 ? "curl/8.7.1" : "Mozilla/5.0 (X11; Linux x86_64)"
    return "\(client) - - [01/Mar/2026:\(digits.joined(separator: ":")) +0000] \"GET /p\(second % 97) HTTP/1.1\" 200 5 \"-\" \"\(agent)\"\n"
  }

  private static func write(_ arrangement: Arrangement) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-order-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Multiplied by an odd number the high bits look random, and are the same in every run.
    let shifts = (0..<seconds).map { Int(UInt64($0) &* 0x9e37_79b9_7f4a_7c15 >> 40 % UInt64(max(arrangement.disorder, 1))) }
    let order = (0..<seconds).sorted { ($0 + shifts[$0], $0) < ($1 + shifts[$1], $1) }
    var texts = Array(repeating: "", count: arrangement.files)
    for (position, second) in order.enumerated() {
      let file = arrangement.isDealt ? position * 31 % arrangement.files : position * arrangement.files / seconds
      texts[file] += line(second)
    }
    let paths = texts.indices.map { folder.appendingPathComponent("\(1_000 + $0).log").path }
    for (path, text) in zip(paths, texts) { try text.write(toFile: path, atomically: false, encoding: .utf8) }
    return arrangement.isNamedBackwards ? paths.reversed() : paths
  }

  private static func report(
    of files: [String], jobs: Int, chunk: Int?, lines: [ReplayOptions.LineChoice] = [], window: Int64? = nil, memory: Int? = nil
  ) throws -> (text: String, late: Int, limited: Int, records: Int) {
    let documents = try #require(DocumentLoader().load(texts: [("acl.json", Array(webACL.utf8))]).documents)
    let program = try Program(compiling: documents)
    var options = ReplayOptions()
    options.jobs = jobs
    options.lines = lines
    var reordering = Reordering()
    if let window { reordering.window = window }
    if let memory { reordering.memory = memory }
    options.reordering = reordering
    if let chunk { options.limits.chunk = chunk }
    var result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      .run(InputList(arguments: files), observer: Replay.Observer())
    // The list of files is all that differs.
    result.tally.summary.files = 0
    let header = ReportHeader(version: "test", aclName: "order", sha256: "", capacity: Capacity(0))
    let text = String(decoding: JSONReport(program: program, header: header).render(result), as: UTF8.self)
    return (text, result.tally.summary.late, result.tally.rules[1].matched.low, result.tally.summary.records)
  }

  private static let webACL = """
    {"Name": "order", "DefaultAction": {"Allow": {}}, "VisibilityConfig": \(visibility), "Rules": [
      {"Name": "all", "Priority": 0, "Action": {"Count": {}}, "VisibilityConfig": \(visibility), "Statement": {"RateBasedStatement":
        {"Limit": 50, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}}},
      {"Name": "pages", "Priority": 1, "Action": {"Block": {}}, "VisibilityConfig": \(visibility), "Statement": {"RateBasedStatement":
        {"Limit": 20, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}}},
      {"Name": "agents", "Priority": 2, "Action": {"Count": {}}, "VisibilityConfig": \(visibility), "Statement": {"ByteMatchStatement":
        {"FieldToMatch": {"SingleHeader": {"Name": "user-agent"}}, "SearchString": "curl", "PositionalConstraint": "STARTS_WITH",
         "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}}]}
    """

  private static let visibility = #"{"SampledRequestsEnabled": false, "CloudWatchMetricsEnabled": false, "MetricName": "m"}"#
}
