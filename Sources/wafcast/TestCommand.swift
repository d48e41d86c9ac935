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
        wafcast test shop.wafcast.yaml --filter login --watch
        wafcast test Rules/ -o text -o junit=report.xml -o json=report.json --min-coverage 90
        wafcast test --generate waf.log.gz --per-rule 3 --acl shop/ > shop.wafcast.yaml
        wafcast test --schema > wafcast-test.schema.json

      Tests stand in files named *.wafcast.yaml, which name the web ACL they are about. The exit code is 1 when a test fails, 3 when only a limit on
      coverage is missed, and 65 for a test file or web ACL that is refused.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json, junit, tap, github, githubSummary = "github-summary", sarif, coverage
  }

  @Argument(help: ArgumentHelp("Test files, and folders to look for them; the current folder without any.", valueName: "path"))
  var paths: [String] = []

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

  @Flag(help: "Run again whenever a test file, or a file that one names, changes.")
  var watch = false

  @Flag(help: "Show after the report what the tests exercised of each rule, as -o coverage does.")
  var coverage = false

  @Option(help: ArgumentHelp("Fewest rules, in hundredths, that tests have to match and to miss.", valueName: "percent"))
  var minCoverage: Int?

  @Option(help: ArgumentHelp("Threads; all cores unless given.", valueName: "n"))
  var jobs: PositiveNumber?

  @OptionGroup var display: TextOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "text, json, junit, tap, github, github-summary, sarif or coverage, each with =PATH into a file; repeatable.", valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  @Flag(help: "Print the JSON Schema of test files, for editors, and end.")
  var schema = false

  @OptionGroup(title: "Tests from logs") var generation: GenerationOptions

  func validate() throws {
    if let minCoverage, !(0...100).contains(minCoverage) { throw ValidationError("--min-coverage takes 0 to 100.") }
    try outputs.refuseSharedTargets(path: { $0.isStandardOutput ? nil : $0.path })
    if coverage, outputs.contains(where: { $0.isStandardOutput && $0.form != .text }) {
      throw ValidationError("--coverage goes behind the text report; use -o coverage=PATH beside another form on standard output.")
    }
    if watch, update { throw ValidationError("--watch runs tests and stores nothing; run --update alone.") }
    if watch, outputs.contains(where: { !$0.isStandardOutput || $0.form != .text }) {
      throw ValidationError("--watch shows the text report and takes no other output.")
    }
  }

  func run() throws {
    if schema { return try print(SuiteSchema.json) }
    if !generation.logs.isEmpty { return try generation.run(redaction: display.redact) }
    if watch { return TestWatch(self).run() }
    var reasons = ExitReasons()
    let result = runTests(&reasons)
    do throws(OutputFailure) {
      try store(result.snapshots)
      try write(report(on: result), of: result)
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// Writes what is the whole result, and ends.
  private func print(_ bytes: [UInt8]) throws {
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let output = Output()
      try output.write(bytes)
      try output.finish()
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }
}

// MARK: - Running

extension TestCommand {
  /// Runs the tests; tells on standard error what is wrong with files, and why the exit code is not 0.
  func runTests(_ reasons: inout ExitReasons) -> TestRunResult {
    let result = TestRunner(options).run(files(&reasons))
    for finding in result.findings.kept where finding.severity != .note { ErrorStream.writeLine("\(finding)") }
    if result.findings.omitted > 0 { ErrorStream.writeLine("and \(result.findings.omitted) more") }
    if result.hasUnreadable { reasons.note(.inputUnreadable) }
    if result.isRefused { reasons.note(.documentRefused) }
    if result.hasFailures { reasons.note(.answerIsNo) }
    if report(on: result).missesCoverage { reasons.note(.coverageMissed) }
    if result.leftOut > 0 {
      let tests = result.leftOut == 1 ? "test was" : "tests were"
      ErrorStream.writeLine("wafcast: warning: \(result.leftOut) \(tests) not run, since others have \"only\"")
    }
    if result.suites.isEmpty, !result.findings.hasErrors, !result.hasUnreadable {
      ErrorStream.writeLine("wafcast: error: no test was picked; an empty run proves nothing")
      reasons.note(.documentRefused)
    }
    return result
  }

  /// The report on a run.
  func report(on result: TestRunResult) -> TestReport { TestReport(result, redaction: display.redact, minCoverage: minCoverage) }

  /// Writes the forms that were asked for. Where nothing ran there is no text, since standard error has said why; the forms for programs say it
  /// too.
  func write(_ report: TestReport, of result: TestRunResult) throws(OutputFailure) {
    let forms = outputs.isEmpty ? [OutputArgument<Form>(form: .text)] : outputs
    // Opened first, so that all of them are there or none.
    let opened = try forms.map { (argument) throws(OutputFailure) in (argument, try Output.open(argument.path)) }
    for (argument, output) in opened {
      switch argument.form {
      case .text:
        guard !result.suites.isEmpty else { continue }
        let usesColor = display.usesColor(on: output, environment: Environment.variables)
        try output.write(report.text(usesColor: usesColor, width: output.isTerminal ? output.columns ?? TestReport.width : TestReport.width))
        if coverage { try output.write(Array("\n".utf8) + report.coverage) }
        if mutate, !result.hasFailures { try output.write(MutationReport(result.runs.map { $0.mutated(jobs: options.jobs) }).text) }
      case .json: try output.write(report.json)
      case .junit: try output.write(report.junit)
      case .tap: try output.write(report.tap)
      case .github: try output.write(report.github)
      case .githubSummary: try output.write(report.markdown)
      case .sarif: try output.write(report.sarif(version: Release.version))
      case .coverage: try output.write(report.coverage)
      }
      try output.finish()
    }
  }

  /// Stores the verdicts of tests with snapshots.
  func store(_ snapshots: [(path: String, bytes: [UInt8])]) throws(OutputFailure) {
    for snapshot in snapshots {
      let file = try Output.open(snapshot.path)
      try file.write(snapshot.bytes)
      try file.finish()
    }
  }

  private var options: TestOptions {
    var options = TestOptions()
    options.filter = filter
    options.tags = Set((tags ?? "").split(separator: ",").map(String.init))
    options.stopsAtFailure = failFast
    options.jobs = jobs?.value ?? Processors.count
    options.updatesSnapshots = update
    options.standIns = StandIns.find()
    return options
  }

  private func files(_ reasons: inout ExitReasons) -> [String] {
    var files: [String] = []
    for path in paths.isEmpty ? ["."] : paths {
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
