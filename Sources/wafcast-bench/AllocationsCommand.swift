import ArgumentParser
import WAF
import WAFJSON

/// `wafcast-bench allocations`: calls of the allocator for each 1,000 records of the sample logs.
///
/// A thousand lines of each log are replayed once, then twice in a row, with one worker. The difference is what records cost whose values were all
/// seen before; it is free of whatever happens once a run. The first figure is with start-up and with every value new.
struct AllocationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocations",
    abstract: "Calls of the allocator for each 1,000 records of the sample logs.",
    discussion: "With --json in the form of benchmarks/allocations.json, against which the tests compare the debug build.")

  @Flag(help: "JSON in place of the table.")
  var json = false

  @Argument(help: ArgumentHelp("The folder of the project.", valueName: "folder"))
  var root = "."

  private static let logs = ["shop-combined.log.zst", "shop-alb.log.zst", "shop-waf.jsonl.zst"]
  /// One with rates, whose records pass through the ordered stage, and one without.
  private static let webACLs = ["shop", "block-user-agents"]
  /// Few, since a debug build takes long.
  private static let sampleSize = 1_000
  private static let paths: [(name: String, lines: [ReplayOptions.LineChoice])] = [("replay", []), ("eval", [.all])]

  private static let note =
    "Calls of the allocator for each 1,000 records, one worker, debug build: a release build makes far fewer. first: 1,000 lines of the log, with"
    + " start-up; again: what the same lines cost a second time. Stored by: wafcast-bench allocations --json > benchmarks/allocations.json"

  /// Calls for each 1,000 records, rounded up.
  private struct Row {
    var path: String
    var acl: String
    var log: String
    var first: Int
    var again: Int
  }

  func run() throws {
    guard AllocationCounter.isCounting else {
      return print(json ? "{\"note\": \"not counted\", \"rows\": []}" : "not counted on this platform or in this build")
    }
    var rows: [Row] = []
    for log in Self.logs {
      let sample = try LineSample(of: "\(root)/SampleLogs/\(log)", count: Self.sampleSize)
      defer { sample.remove() }
      for acl in Self.webACLs {
        let documents = try WafcastBench.documents("\(root)/Rules/\(acl)")
        let program = try Program(compiling: documents)
        for (path, lines) in Self.paths {
          var records = 0
          let once = try AllocationCounter.count {
            records = try WafcastBench.replay([sample.once], program, documents, jobs: 1, lines: lines)
          }
          let twice = try AllocationCounter.count { _ = try WafcastBench.replay([sample.twice], program, documents, jobs: 1, lines: lines) }
          func share(_ calls: Int) -> Int { (max(calls, 0) * 1_000 + records - 1) / records }
          rows.append(Row(path: path, acl: acl, log: log, first: share(once), again: share(twice - once)))
        }
      }
    }
    print(json ? render(rows) : table(rows), terminator: "")
  }

  private func render(_ rows: [Row]) -> String {
    let lines = rows.map { row in
      var writer = JSONWriter()
      writer.object { object in
        object.member("path", row.path)
        object.member("acl", row.acl)
        object.member("log", row.log)
        object.member("first", row.first)
        object.member("again", row.again)
      }
      return "  " + String(decoding: writer.bytes, as: UTF8.self)
    }
    var note = JSONWriter()
    note.value(Self.note)
    return "{\"note\": \(String(decoding: note.bytes, as: UTF8.self)),\n \"rows\": [\n" + lines.joined(separator: ",\n") + "\n ]}\n"
  }

  private func table(_ rows: [Row]) -> String {
    func line(_ cells: [String]) -> String {
      let widths = [8, 19, 23, 8, 8]
      return zip(cells, widths).map { cell, width in cell + String(repeating: " ", count: max(width - cell.count, 1)) }.joined() + "\n"
    }
    let head = line(["path", "web ACL", "log", "first", "again"])
    return rows.reduce(head) { $0 + line([$1.path, $1.acl, $1.log, "\($1.first)", "\($1.again)"]) }
  }
}
