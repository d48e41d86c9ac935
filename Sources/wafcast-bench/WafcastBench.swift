import ArgumentParser
import WAF

/// Measures the program from inside: times of its stages, and what it asks of the allocator.
@main
struct WafcastBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wafcast-bench",
    abstract: "Measures wafcast from inside.",
    discussion: """
      Examples:
        wafcast-bench --acl Rules/shop SampleLogs/shop-waf.jsonl.zst      times of the stages
        wafcast-bench allocations                                         calls of the allocator, over the sample logs
        wafcast-bench detectors                                           the detectors against libinjection

      For a comparison with other programs: make bench.
      """,
    subcommands: [StagesCommand.self, AllocationsCommand.self, DetectorsCommand.self],
    defaultSubcommand: StagesCommand.self)

  /// A web ACL from files.
  ///
  /// - Throws: The exit code 65, after messages, when it is refused.
  static func documents(_ path: String) throws -> RuleDocuments {
    let loaded = DocumentLoader().load(paths: [path])
    if let documents = loaded.documents { return documents }
    for finding in loaded.findings.kept { ErrorStream.writeLine("\(finding)") }
    throw ExitCode(65)
  }

  /// A replay of `logs` whose results go nowhere.
  ///
  /// - Returns: How many records were evaluated.
  static func replay(_ logs: [String], _ program: Program, _ documents: RuleDocuments, jobs: Int, lines: [ReplayOptions.LineChoice]) throws -> Int {
    var options = ReplayOptions()
    options.jobs = jobs
    options.lines = lines
    var observer = Replay.Observer()
    observer.lines = { _, _ in }
    let replay = Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
    let result = try replay.run(InputList(arguments: logs), observer: observer)
    guard result.tally.summary.records > 0 else { throw ValidationError("\(logs.joined(separator: ", ")): no record could be read") }
    return result.tally.summary.records
  }
}
