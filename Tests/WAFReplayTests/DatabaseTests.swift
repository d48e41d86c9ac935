import CSQLite
import Foundation
import TestSupport
import Testing
import WAF

/// A question that the README shows how to ask.
struct DatabaseQuery: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var note: String
  var sql: String

  var testDescription: String { note }
}

/// A database file, opened as a user would.
final class OpenDatabase {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
  }

  deinit { sqlite3_close(handle) }

  /// The rows of a query, every value as text; `NULL` for none.
  func rows(_ sql: String) throws -> [[String]] {
    var statement: OpaquePointer?
    try #require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append((0..<sqlite3_column_count(statement)).map { sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "NULL" })
    }
    return rows
  }
}

@Suite(.serialized) struct DatabaseTests {
  /// The folder with the database and the report of one run over the first hours of a sample log, made once.
  static let made: Result<Made, any Error> = Result {
    let made = Made(folder: try TemporaryFolder())
    let run = try ProgramRun(arguments(jobs: 1, made.database(jobs: 1)) + ["--metrics", "-o", "json=" + made.folder.path("report.json")])
    try #require(run.exit == 0, "\(run.stderr)")
    return made
  }

  /// What the run left.
  struct Made: @unchecked Sendable {
    /// Only its paths are asked for.
    var folder: TemporaryFolder

    func database(jobs: Int) -> String { folder.path("\(jobs).sqlite") }

    func report() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path("report.json")))) as? [String: Any])
    }
  }

  static func arguments(jobs: Int, _ database: String) -> [String] {
    let log = package.appendingPathComponent("SampleLogs/shop-waf.jsonl.zst").path
    let rules = package.appendingPathComponent("Rules/shop").path
    return ["replay", "--acl", rules, "--quiet", "--jobs", "\(jobs)", "--until", "2026-03-03T04:00:00Z", "-o", "sqlite=" + database, log]
  }

  @Test("Ready queries give the numbers of the JSON report", arguments: try Fixture.table("database_queries.json", of: DatabaseQuery.self))
  func query(_ query: DatabaseQuery) throws {
    let made = try Self.made.get()
    let rows = try OpenDatabase(made.database(jobs: 1)).rows(query.sql)
    let expected = try Self.expected(query.name, of: made.report())
    #expect(!rows.isEmpty || query.name == "differences")
    #expect(rows == expected)
  }

  @Test("The same bytes for any number of jobs; a database as SQLite's own check wants it")
  func sameBytes() throws {
    let made = try Self.made.get()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: made.database(jobs: 1)))
    for jobs in [2, 8] {
      let path = made.database(jobs: jobs)
      let run = try ProgramRun(Self.arguments(jobs: jobs, path))
      #expect(run.exit == 0, "\(run.stderr)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "\(jobs) jobs")
    }
    let open = try OpenDatabase(made.database(jobs: 1))
    #expect(try open.rows("PRAGMA integrity_check") == [["ok"]])
    #expect(try open.rows("PRAGMA foreign_key_check").isEmpty)
    #expect(try open.rows("PRAGMA user_version") == [["1"]])
    #expect(try open.rows("SELECT count(*) FROM run") == [["1"]])
    #expect(try open.rows("SELECT count(*) FROM sample") == [["0"]])
  }

  @Test("Values from a hostile log are inert text, and secrets are masked; samples are there where they are asked for")
  func hostileValues() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun(
      [
        "replay", "--acl", "all.json", "--format", "waf", "--quiet", "-o", "sqlite=" + folder.path("r.sqlite"),
        "-o", "samples=" + folder.path("s.jsonl"), "-",
      ], stdin: try HostileTableTests.log())
    #expect(run.exit == 0, "\(run.stderr)")
    let open = try OpenDatabase(folder.path("r.sqlite"))
    let samples = try String(contentsOfFile: folder.path("s.jsonl"), encoding: .utf8).utf8.count { $0 == UInt8(ascii: "\n") }
    #expect(samples == HostileTableTests.values.count)
    #expect(try open.rows("SELECT count(*) FROM sample") == [["\(samples)"]])
    #expect(try open.rows("SELECT count(*) FROM top WHERE rule = 1 AND kind = 'path'") == [["\(samples)"]])
    #expect(try open.rows("SELECT full_name FROM rule ORDER BY id") == [["-all"], ["never"], ["allow-all"], ["behind"], ["Default_Action"]])
    for column in ["top.value", "sample.client", "sample.target", "sample.user_agent", "transition.recorded", "difference.recorded"] {
      let parts = column.split(separator: ".")
      for row in try open.rows("SELECT \(parts[1]) FROM \(parts[0])") {
        #expect(row[0].unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0 != "\u{202e}" }, "\(row)")
        #expect(!row[0].contains("s3cr3t"))
      }
    }
  }

  /// What a query has to give, from the JSON report.
  private static func expected(_ name: String, of report: [String: Any]) throws -> [[String]] {
    func list(_ name: String, of object: [String: Any] = report) -> [[String: Any]] { object[name] as? [[String: Any]] ?? [] }
    func text(_ value: Any?) -> String { value is NSNull ? "NULL" : value.map { "\($0)" } ?? "NULL" }
    func fullName(_ rule: [String: Any]) -> String {
      let name = text(rule["name"] ?? rule["rule"])
      return (rule["group"] as? String).map { $0 + "/" + name } ?? name
    }
    func low(_ rule: [String: Any], _ count: String) -> Int? { (rule[count] as? [String: Int])?["low"] }
    let rules = list("rules")
    switch name {
    case "catches":
      let matching = rules.enumerated().filter { low($0.element, "matched") ?? 0 > 0 && $0.element["unique"] != nil }
      let sorted = matching.sorted { (low($1.element, "matched") ?? 0, $0.offset) < (low($0.element, "matched") ?? 0, $1.offset) }
      return sorted.prefix(10).map { [fullName($0.element), text(low($0.element, "matched")), text(low($0.element, "unique"))] }
    case "minutes":
      let metrics = try #require(report["metrics"] as? [String: Any])
      let blocked = try #require(list("series", of: metrics).first { text($0["rule"]) == "ALL" && text($0["name"]) == "BlockedRequests" })
      let points = zip(blocked["timestamps"] as? [String] ?? [], blocked["low"] as? [Int] ?? [])
      return points.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(5).map { [$0.0, "\($0.1)"] }
    case "clients":
      return rules.compactMap { rule in
        guard let top = (rule["top"] as? [String: Any]).flatMap({ list("clientIp", of: $0).first }) else { return nil }
        return [fullName(rule), text(top["value"]), text(top["records"])]
      }
    case "overlap":
      return list("overlap").prefix(10).map { ($0["rules"] as? [String] ?? []) + [text($0["records"])] }
    case "differences":
      let agreement = try #require(report["agreement"] as? [String: Any])
      let rows = list("differ", of: agreement).map { [text($0["recorded"]), text($0["computed"]), text($0["reason"]), text($0["records"])] }
      return rows.sorted { (Int($1[3]) ?? 0, $0[0], $0[1], $0[2]) < (Int($0[3]) ?? 0, $1[0], $1[1], $1[2]) }
    case "idle":
      return list("findings").map { [text($0["kind"]), text($0["code"]), fullName($0), text($0["message"])] }
    default:
      throw Fixture.EmptyTable(name: name)
    }
  }
}
