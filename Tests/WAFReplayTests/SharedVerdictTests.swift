import Foundation
import TestSupport
import Testing
import WAF

/// A replay that evaluates records of the same kind once gives the report of one that evaluates each: byte for byte, for any number of workers
/// and any size of chunks.
@Suite(.serialized) struct SharedVerdictTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Web ACLs with groups, labels, tokens and rates; and the one of the benchmark where it lies beside the package.
  private static func webACLs() -> [URL] {
    let own = ["shop", "rate-limits", "managed-overrides"].map { package.appendingPathComponent("Rules/\($0)") }
    let benchmark = package.deletingLastPathComponent().appendingPathComponent("shared/bench/acl50.json")
    return own + (FileManager.default.fileExists(atPath: benchmark.path) ? [benchmark] : [])
  }

  private static func logs() throws -> [String] {
    let samples = package.appendingPathComponent("SampleLogs")
    let own = try FileManager.default.contentsOfDirectory(atPath: samples.path).filter { $0.hasSuffix(".zst") }.sorted()
    // A made log whose columns change sixty times, so that they have to go along with each chunk.
    var paths = own.map { samples.appendingPathComponent($0).path } + [Fixture.url("directives.log").path]
    let real = ["nginx-sqli-probing.log", "alb-attacks-mixed-fields.log", "apache-malformed.log", "iis-w3c-2017.log", "elb-classic-2020.log"]
    for name in real {
      let path = Fixture.realData?.appendingPathComponent("access-logs/\(name)").path
      if let path, FileManager.default.fileExists(atPath: path) { paths.append(path) }
    }
    return paths
  }

  @Test(arguments: webACLs(), try logs())
  func sharedEqualsSingle(_ webACL: URL, _ log: String) throws {
    let loaded = DocumentLoader().load(paths: [webACL.path])
    let documents = try #require(loaded.documents, "\(webACL.lastPathComponent)")
    let program = try Program(compiling: documents)
    func report(jobs: Int, chunk: Int? = nil, shared: Bool) throws -> String {
      var options = ReplayOptions()
      options.jobs = jobs
      options.usesSignatures = shared
      options.countsMetrics = true
      if let chunk { options.limits.chunk = chunk }
      let result = try Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
        .run(InputList(arguments: [log]), observer: Replay.Observer())
      let header = ReportHeader(version: "test", aclName: documents.webACL.name, sha256: "", capacity: Capacity(0))
      return String(decoding: JSONReport(program: program, header: header).render(result), as: UTF8.self)
    }
    let expected = try report(jobs: 1, shared: false)
    // All of them where most lines are of the usual form, two elsewhere.
    let all: [(Int, Int?)] = [(3, 4_099), (2, nil), (1, 70_001), (8, nil)]
    for (jobs, chunk) in log.contains("shop-combined") ? all[...] : all.prefix(2) {
      #expect(try report(jobs: jobs, chunk: chunk, shared: true) == expected, "\(jobs) jobs, chunks of \(chunk ?? 0)")
    }
  }
}
