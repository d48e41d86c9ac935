import Foundation
import TestSupport
import Testing
import WAF

/// What `diff -o html`, `csv` and `sqlite` make of logs that others wrote, and whether they have the figures of the JSON report.
@Suite(.serialized) struct DiffFormsTests {
  // MARK: Hostile values

  /// The page of the log with hostile values, all of which are newly blocked.
  private static func page(in folder: TemporaryFolder) throws -> URL {
    try Data(HTMLReportTests.webACL(rules: 2).utf8).write(to: folder.url.appendingPathComponent("acl.json"))
    let input = folder.url.appendingPathComponent("<img src=x onerror=alert(1)>.log")
    try HTMLReportTests.log().write(to: input)
    let html = folder.url.appendingPathComponent("diff.html")
    let run = try ProgramRun(
      [
        "diff", "--quiet", "--base", folder.path("acl.json"), "--head", folder.path("acl.json"), "--set-action", "rule-0=block", "--format", "waf",
        "--max-bad", "100%", "-o", "html=\(html.path)", input.path,
      ])
    #expect(run.exit == 0, "\(run.stderr)")
    return html
  }

  @Test("Values from a log add no element and no attribute to the page, and secrets are masked")
  func hostilePage() throws {
    let folder = try TemporaryFolder()
    let html = try Data(contentsOf: try Self.page(in: folder))
    let reading = try HTMLReportTests.Reading(html)
    #expect(Set(reading.elements.keys).subtracting(HTMLReportTests.elements) == [])
    #expect(reading.attributes.subtracting(HTMLReportTests.attributes) == [])
    #expect(reading.elements["script"] == 1 && reading.elements["style"] == 1)
    #expect(reading.links.allSatisfy { $0.hasPrefix("#") })
    #expect(reading.policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
    // The values are there, as text: as path, client and user agent, and the file in the commands of the samples.
    #expect(reading.text.components(separatedBy: "<img src=x onerror=").count > 3)
    #expect(reading.text.contains("Newly blocked") && reading.text.contains("COUNT is now BLOCK"))
    #expect(!html.contains { $0 < 0x20 && $0 != 0x0a })
    let text = String(decoding: html, as: UTF8.self)
    #expect(!text.contains("PLANTED-SECRET"))
    #expect(!text.unicodeScalars.contains { $0.properties.isBidiControl })
  }

  @Test("A real browser runs the page's own script and nothing else", .enabled(if: HTMLReportTests.browser != nil, "no Chromium is installed"))
  func browserRunsNothing() throws {
    let folder = try TemporaryFolder()
    let (dom, log) = try HTMLReportTests.open(try Self.page(in: folder), in: folder)
    #expect(dom.contains("<button type=\"button\">"), "the page's own script did not run")
    #expect(!dom.contains("id=\"pwned\""))
    #expect(!log.contains("CONSOLE"), "\(log)")
  }

  @Test("Values from a log are inert in the table and in the database")
  func hostileTables() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      [
        "diff", "--base", "all.json", "--head", "all.json", "--set-action", "allow-all=block", "--format", "waf", "--quiet", "-o", "csv",
        "-o", "sqlite=" + folder.path("d.sqlite"), "-",
      ], stdin: try HostileTableTests.log())
    #expect(run.exit == 0, "\(run.stderr)")
    let rows = try CSVReader.rows(of: Array(run.stdout.utf8))
    #expect(rows.first == ["change", "dimension", "value", "records_low", "records_high"])
    #expect(rows.contains(["new-block", "all", "", "\(HostileTableTests.values.count)", "\(HostileTableTests.values.count)"]))
    let open = try OpenDatabase(folder.path("d.sqlite"))
    #expect(try open.rows("PRAGMA integrity_check") == [["ok"]])
    #expect(try open.rows("PRAGMA foreign_key_check").isEmpty)
    #expect(try open.rows("SELECT base, base_rule, head, head_rule FROM change_sample LIMIT 1") == [["ALLOW", "allow-all", "BLOCK", "allow-all"]])
    let sample = try open.rows("SELECT client, target, user_agent, file, explain FROM change_sample")
    let values = try open.rows("SELECT value FROM change_top WHERE change = 'new-block'")
    #expect(sample.count == 3 && values.count > HostileTableTests.values.count)
    #expect(rows.dropFirst().allSatisfy { $0.count == 5 && Int($0[3]) != nil && Int($0[4]) != nil })
    for cell in rows.flatMap(\.self) {
      #expect(!"=+-@\t\r\u{ff1d}".unicodeScalars.contains { $0 == cell.unicodeScalars.first }, "\(cell)")
    }
    for cell in (rows + sample + values).flatMap(\.self) {
      #expect(cell.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0 != "\u{202e}" }, "\(cell)")
      #expect(!cell.contains("s3cr3t"))
    }
  }

  // MARK: Figures

  @Test("Table and database have the figures of the JSON report, and the same bytes for any number of jobs")
  func sameFigures() throws {
    let folder = try TemporaryFolder()
    let log = package.appendingPathComponent("SampleLogs/shop-combined.log.zst").path
    let rules = package.appendingPathComponent("Rules/shop").path
    func write(jobs: Int) throws {
      let forms = ["html", "csv", "sqlite", "json"].flatMap { ["-o", $0 + "=" + folder.path("\(jobs).\($0)")] }
      let run = try ProgramRun(
        ["diff", "--quiet", "--jobs", "\(jobs)", "--base", rules, "--head", rules, "--set-action", "block-path-probes=count", "--limit", "2500"]
          + forms + [log])
      #expect(run.exit == 0, "\(run.stderr)")
    }
    try write(jobs: 1)
    try write(jobs: 3)
    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }
    for form in ["html", "csv", "sqlite", "json"] { #expect(try data("1.\(form)") == data("3.\(form)"), "\(form)") }

    let report = try #require(try JSONSerialization.jsonObject(with: data("1.json")) as? [String: Any])
    let table = try CSVReader.rows(of: Array(data("1.csv")))
    let open = try OpenDatabase(folder.path("1.sqlite"))
    func ends(_ value: Any?) -> [String] { (value as? [String: Int]).map { ["\($0["low"] ?? -1)", "\($0["high"] ?? -1)"] } ?? [] }
    let transitions = try #require(report["transitions"] as? [[String: Any]])
    #expect(!transitions.isEmpty)
    #expect(
      try open.rows("SELECT base, head, low, high FROM transition").sorted { $0.joined() < $1.joined() }
        == transitions.map { ["\($0["from"] ?? "")", "\($0["to"] ?? "")"] + ends($0["records"]) }.sorted { $0.joined() < $1.joined() })
    for cell in transitions {
      #expect(table.contains(["transition", "action", "\(cell["from"] ?? "") to \(cell["to"] ?? "")"] + ends(cell["records"])))
    }
    let changes = try #require(report["changes"] as? [String: [String: Any]])
    for (name, change) in changes {
      #expect(table.contains([name, "all", ""] + ends(change["records"])))
      #expect(
        try open.rows("SELECT low, high, clients FROM change WHERE name = '\(name)'") == [ends(change["records"]) + ["\(change["clients"] ?? "")"]])
      let paths = (change["top"] as? [String: Any])?["uriPath"] as? [[String: Any]] ?? []
      let rows = try open.rows("SELECT value, low FROM change_top WHERE change = '\(name)' AND kind = 'path' ORDER BY rank")
      #expect(Array(rows.prefix(paths.count)) == paths.map { ["\($0["value"] ?? "")", "\($0["records"] ?? "")"] })
    }
    #expect(ends(changes["new-allow"]?["records"]) != ["0", "0"], "the change lets requests through")
    #expect(try open.rows("SELECT subject, kind, text FROM rule_change") == [["block-path-probes", "action", "BLOCK is now COUNT"]])
  }

  // MARK: What is the same

  @Test("Another action of one rule of a group is no change of the rules beside it")
  func neighboursOfAnOverride() throws {
    let line = #"{"httpRequest":{"clientIp":"192.0.2.1","uri":"/a","args":"","httpMethod":"GET","headersComplete":true,"headers":[]}}"# + "\n"
    let rules = package.appendingPathComponent("Rules/managed/AWSManagedRulesCommonRuleSet/web-acl.json").path
    let run = try ProgramRun(
      [
        "diff", "--quiet", "--managed", "local", "--format", "requests", "--base", rules, "--head", rules, "--set-action",
        "common/SizeRestrictions_BODY=count", "-o", "json", "-",
      ], stdin: line)
    #expect(run.exit == 0, "\(run.stderr)")
    // No user agent: a rule of the group blocks it in both.
    #expect(run.stdout.contains(#""to": "BLOCK""#) && run.stdout.contains(#""sameActionOtherRule": 0"#), "\(run.stdout)")
  }

  @Test(
    "Commands that explain a sample say where the client comes from and what is protected",
    arguments: [
      ("forwarded:first", "forwarded:first"), ("forwarded:last", "forwarded:1"), ("forwarded:2", "forwarded:2"), ("192.0.2.7", "192.0.2.7"),
    ])
  func explainCommand(source: String, shown: String) throws {
    let line = #"{"httpRequest":{"clientIp":"192.0.2.1","uri":"/a","httpMethod":"GET","headers":[]}}"# + "\n"
    let run = try ProgramRun(
      [
        "diff", "--base", "all.json", "--head", "all.json", "--set-action", "allow-all=block", "--format", "requests", "--quiet", "--client-ip",
        source, "--protected", "header:x-key", "-o", "json", "-",
      ], stdin: line)
    #expect(run.exit == 0, "\(run.stderr)")
    #expect(run.stdout.contains("--format requests --client-ip \(shown) --protected header:x-key --line 1"), "\(run.stdout)")
  }

  @Test(
    "Forms that do not go together are refused",
    arguments: [["-o", "sqlite"], ["--static", "-o", "html"], ["--static", "-o", "csv=x"], ["-o", "html", "-o", "csv"]])
  func refused(arguments: [String]) throws {
    let run = try ProgramRun(["diff", "--base", "all.json", "--head", "all.json"] + arguments)
    #expect(run.exit == 64 && run.stdout.isEmpty, "\(run.stderr)")
  }
}
