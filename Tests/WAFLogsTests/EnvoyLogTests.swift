import TestSupport
import Testing
import WAFLogs
import WAFRequest

/// Real logs of Envoy, both behind the prefix of a container runtime.
@Suite(.enabled(if: Fixture.realData != nil, "needs the folder of real logs beside the package"))
struct EnvoyLogTests {
  private func read(_ name: String) throws -> (detection: FormatDetector.Result, requests: [RequestSummary]) {
    let folder = try #require(Fixture.realData)
    let path = folder.appendingPathComponent("access-logs/\(name)").path
    let reader = try LineReader(.file(path: Array(path.utf8)))
    var text: [UInt8] = []
    // The last line lacks its line break and comes in a chunk of its own.
    while let chunk = reader.next() { for line in chunk.lines { text += Self.withoutPrefix(Array(chunk.bytes[line.range])) + [UInt8(ascii: "\n")] } }
    let bare = try #require(LineReader(MemorySource(text)).next())
    var parser = LineParser(format: .envoy)
    var request = Request()
    let requests = bare.lines.compactMap { line in
      parser.parse(bare.bytes.span.extracting(line.range), into: &request) == .record ? RequestSummary(request) : nil
    }
    #expect(parser.notes == ParsingNotes())
    return (FormatDetector.detect(bare), requests)
  }

  /// A line behind `2025-12-31T17:37:40.493035218+01:00 stdout F `, where that stands before it.
  private static func withoutPrefix(_ line: [UInt8]) -> [UInt8] {
    let mark = Array(" stdout F ".utf8)
    guard let start = line.indices.first(where: { line[$0...].starts(with: mark) }) else { return line }
    return Array(line[(start + mark.count)...])
  }

  @Test func textAndJSONMixed() throws {
    let (detection, requests) = try read("envoy-mixed-text-json.log")
    #expect(detection == .detected(.envoy, matching: 10, of: 10))
    // Lines of text name the last forwarded address; only those of JSON have a peer that rules may rely on.
    let expected = [
      "10.0.0.12 10.0.0.12 =GET =/assets/image.webp -", "192.168.1.45 192.168.1.45 =GET =/ -", "172.16.2.33 172.16.2.33 =HEAD =/.env -",
      "10.0.35.28 ? =POST =/api/v1/locations size 154...154", "fd00:1234:5678::5a24 ? =GET =/test -",
      "fd00:1234:5678::5a24 fd00:1234:5678::5a24 =GET =/ -", "10.42.0.1 10.42.0.1 =GET =/api/data -",
      "fd00:1234:5678::1 fd00:1234:5678::1 =POST =/api/create -", "10.42.0.1 ? =GET =/api/proxy -",
      "fd00:1234:5678::1 ? =POST =/api/proxy6 -",
    ]
    let found = requests.map { [$0.client, $0.address, $0.method, $0.path, $0.body].map { $0 ?? "?" }.joined(separator: " ") }
    #expect(found == expected)
    #expect(requests.allSatisfy { $0.time != nil && $0.headers?.count == 4 && $0.absent == nil })
  }

  @Test func crawl() throws {
    let (detection, requests) = try read("envoy-json-crawl.log")
    #expect(detection == .detected(.envoy, matching: 41, of: 41))
    #expect(requests.count == 41)
    #expect(requests.first?.path == "=/page-01")
    #expect(requests.allSatisfy { $0.address == "10.0.0.13" && $0.query == "-" && $0.method == "=GET" && $0.body == nil })
    #expect(Set(requests.map(\.headers)) == [["host=crawl.internal", "user-agent=Mozilla/5.0"]])
  }
}
