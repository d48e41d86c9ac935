import Foundation
import Testing

/// What `advise` prints of logs that others wrote.
@Suite struct AdviceOutputTests {
  /// The log of hostile values with addresses that are some, so that clients can be told apart.
  private static func log() throws -> Data {
    var log = Data()
    for (index, line) in try HTMLReportTests.log().split(separator: UInt8(ascii: "\n")).enumerated() {
      if var record = try? JSONSerialization.jsonObject(with: line) as? [String: Any], var request = record["httpRequest"] as? [String: Any] {
        request["clientIp"] = "203.0.113.\(index % 20)"
        record["httpRequest"] = request
        log += try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys])
      } else {
        log += line
      }
      log += Data("\n".utf8)
    }
    return log
  }

  @Test("Hostile values stay inert, secrets stay away, and any number of jobs prints the same", arguments: ["promote", "rate", "dead"])
  func hostileValues(kind: String) throws {
    let folder = try TemporaryFolder()
    try Data(HTMLReportTests.webACL(rules: 2).utf8).write(to: folder.url.appendingPathComponent("acl.json"))
    let name = "<img src=x onerror=alert(1)>\u{1b}[31m.log"
    try Self.log().write(to: folder.url.appendingPathComponent(name))
    func run(_ form: String, jobs: Int) throws -> String {
      let run = try ProgramRun(
        ["advise", kind, "--acl", "acl.json", "--format", "waf", "--max-bad", "100%", "--quiet", "--jobs", "\(jobs)", "-o", form, name],
        in: folder.url)
      #expect(run.exit == 0, "\(run.stderr)")
      return run.stdout
    }
    let (text, json) = (try run("text", jobs: 1), try run("json", jobs: 1))
    #expect(try run("text", jobs: 3) == text)
    #expect(try run("json", jobs: 3) == json)
    for output in [text, json] {
      #expect(output.utf8.count > 400 && !output.contains("PLANTED-SECRET"))
      let isLoud = output.unicodeScalars.contains { scalar in
        scalar.value < 0x20 && scalar != "\n" || (0x7f...0x9f).contains(scalar.value) || scalar.properties.isBidiControl
          || ["\u{200b}", "\u{2028}", "\u{2029}", "\u{feff}"].contains(scalar)
      }
      #expect(!isLoud, "\(kind)")
    }
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((report["summary"] as? [String: Any])?["records"] as? Int == 216)
    // Values do appear, as text: the test would see nothing if nothing were shown.
    if kind == "promote" { #expect(text.contains("wafcast explain") && json.contains("onerror")) }
    if kind == "rate" { #expect(json.contains("onerror")) }
  }
}
