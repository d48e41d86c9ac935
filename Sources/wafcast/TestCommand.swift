import ArgumentParser
import WAF

/// `wafcast test`.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run unit tests of rule sets.",
    discussion: """
      Examples:
        wafcast test Rules/
        wafcast test shop.wafcast.yaml --filter login
        wafcast test Rules/ -o junit=report.xml -o github --min-coverage 90

      Tests stand in files named *.wafcast.yaml, beside or above the rules they test. The
      exit code is 1 when a test fails, 3 when only a limit on coverage is missed, and 65 for
      a test file or web ACL that cannot be read.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text
  }

  @Argument(help: ArgumentHelp("Test files, and folders to look for them.", valueName: "path"))
  var paths: [String] = ["."]

  @Option(help: ArgumentHelp("Only tests whose name or file holds this text.", valueName: "text"))
  var filter: String?

  @Option(help: ArgumentHelp("Only tests with one of these tags, between commas.", valueName: "tags"))
  var tags: String?

  @Flag(help: "Change the rules in small ways and show which changes no test notices.")
  var mutate = false

  @Flag(help: "Stop at the first failure.")
  var failFast = false

  @Flag(help: "Store the verdicts of tests with snapshots instead of comparing them.")
  var update = false

  @Option(help: ArgumentHelp("Fewest rules, in hundredths, that tests have to match and to miss.", valueName: "percent"))
  var minCoverage: Int?

  @Option(help: ArgumentHelp("Threads; all cores unless given.", valueName: "n"))
  var jobs: PositiveNumber?

  @Option(help: "Mask secrets in what is shown.")
  var redact = Redaction.standard

  @Option(name: .customShort("o"), help: ArgumentHelp("text, with =PATH into a file; repeatable.", valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  func validate() throws {
    if let minCoverage, !(0...100).contains(minCoverage) { throw ValidationError("--min-coverage takes 0 to 100.") }
  }

  func run() throws {
    var reasons = ExitReasons()
    let result = TestRunner(options).run(files(&reasons))
    for finding in result.findings.kept where finding.severity != .note { ErrorStream.writeLine("\(finding)") }
    if result.hasUnreadable { reasons.note(.inputUnreadable) }
    if result.findings.hasErrors { reasons.note(.documentRefused) }
    let report = TestReport(result, redaction: redact, minCoverage: minCoverage)
    if result.hasFailures { reasons.note(.answerIsNo) }
    if report.missesCoverage { reasons.note(.coverageMissed) }
    if result.suites.isEmpty, !result.findings.hasErrors, !result.hasUnreadable {
      ErrorStream.writeLine("wafcast: error: no test was picked; an empty run proves nothing")
      reasons.note(.documentRefused)
    }
    do throws(OutputFailure) {
      for snapshot in result.snapshots {
        let file = try Output.open(snapshot.path)
        try file.write(snapshot.bytes)
        try file.finish()
      }
      if !result.suites.isEmpty {
        for output in outputs.isEmpty ? [OutputArgument<Form>(form: .text)] : outputs {
          let destination = try Output.open(output.path)
          try destination.write(report.text)
          if mutate, !result.hasFailures {
            try destination.write(MutationReport(result.runs.map { $0.mutated(jobs: options.jobs) }).text)
          }
          try destination.finish()
        }
      }
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  private var options: TestOptions {
    var options = TestOptions()
    options.filter = filter
    options.tags = Set((tags ?? "").split(separator: ",").map(String.init))
    options.stopsAtFailure = failFast
    options.jobs = jobs?.value ?? Processors.count
    options.updatesSnapshots = update
    return options
  }

  private func files(_ reasons: inout ExitReasons) -> [String] {
    var files: [String] = []
    for path in paths {
      guard let found = TestRunner.files(in: path) else {
        ErrorStream.writeLine("wafcast: error: \(path): cannot be read")
        reasons.note(.inputUnreadable)
        continue
      }
      files += found.filter { !files.contains($0) }
    }
    return files
  }
}
