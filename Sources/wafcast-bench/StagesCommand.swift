import ArgumentParser
import WAF
import WAFJSON

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `wafcast-bench stages`: times each stage of a replay apart from the others.
struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "Times of the stages of a replay, median and best of some rounds.",
    discussion: """
      load      files to documents                compile   documents to a program
      decode    decompression, lines              read      decode, then the exact reader on every line
      slice     decode, then slices of the lines  classify  slices in memory to signatures, nothing known at first
      evaluate  requests in memory, one by one    replay    all of it, counts included
      eval      replay with a verdict line for each record
      """)

  @Option(help: ArgumentHelp("The web ACL, a file or a folder.", valueName: "path"))
  var acl: String

  @Option(help: ArgumentHelp("Rounds that count; one more goes before them.", valueName: "n"))
  var rounds = 5

  @Option(help: ArgumentHelp("Threads of the last replay; as many as there are processors unless stated.", valueName: "n"))
  var jobs = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

  @Option(help: ArgumentHelp("Records kept in memory for the stages classify and evaluate.", valueName: "n"))
  var records = 100_000

  @Flag(help: "JSON in place of the table.")
  var json = false

  @Argument(help: ArgumentHelp("The log; plain, .gz or .zst.", valueName: "log"))
  var log: String

  func run() throws {
    let documents = try WafcastBench.documents(acl)
    let program = try Program(compiling: documents)
    let workload = try Workload(log, records: records)
    var stages: [Stage] = []
    func time(_ name: String, _ body: () throws -> (records: Int, bytes: Int)) rethrows {
      try stages.append(Stage(name, rounds: rounds, body))
    }
    time("load") {
      _ = DocumentLoader().load(paths: [acl])
      return (0, 0)
    }
    try time("compile") {
      _ = try Program(compiling: documents)
      return (0, 0)
    }
    try time("decode") { try workload.decode { _ in } }
    try time("read") { try workload.read() }
    if let slicer = ChunkSlicer(format: workload.format) { try time("slice") { try workload.slice(with: slicer) } }
    if program.isClassifiable { time("classify") { workload.classify(program) } }
    time("evaluate") { workload.evaluate(program) }
    let size = try workload.decode { _ in }.bytes
    func replay(_ jobs: Int, _ lines: [ReplayOptions.LineChoice]) throws -> (records: Int, bytes: Int) {
      (try WafcastBench.replay([log], program, documents, jobs: jobs, lines: lines), size)
    }
    try time("replay, 1 job") { try replay(1, []) }
    if jobs > 1 { try time("replay, \(jobs) jobs") { try replay(jobs, []) } }
    try time("eval, 1 job") { try replay(1, [.all]) }
    print(json ? render(stages, workload.format) : stages.table, terminator: "")
  }

  private func render(_ stages: [Stage], _ format: LogFormat) -> String {
    var writer = JSONWriter(indentation: 2)
    writer.object { object in
      object.member("log", log)
      object.member("format", format.name)
      object.member("acl", acl)
      object.array("stages") { array in
        for stage in stages { stage.write(to: &array) }
      }
    }
    writer.endLine()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
