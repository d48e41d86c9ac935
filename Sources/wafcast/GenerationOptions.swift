import ArgumentParser
import WAF

/// `wafcast test --generate`: tests out of logs.
struct GenerationOptions: ParsableArguments {
  @Option(
    name: .customLong("generate"),
    help: ArgumentHelp("Write tests of the requests in this log instead of running any; repeatable.", valueName: "log"))
  var logs: [String] = []

  @Option(help: ArgumentHelp("Most tests of each rule and action.", valueName: "n"))
  var perRule: PositiveNumber?

  @Option(name: .customLong("acl"), help: ArgumentHelp("The web ACL that the tests are about; repeatable.", valueName: "path"))
  var acls: [String] = []

  @Option(help: ArgumentHelp("The web ACL of this name, where there are several.", valueName: "name"))
  var aclName: String?

  func validate() throws {
    if !logs.isEmpty, acls.isEmpty { throw ValidationError("--generate needs the web ACL: --acl <path>.") }
    if logs.isEmpty, !acls.isEmpty || aclName != nil || perRule != nil {
      throw ValidationError("--acl, --acl-name and --per-rule belong to --generate; a test file names its web ACL itself.")
    }
  }

  /// Writes the test file to standard output, and on standard error what made no test.
  func run(redaction: Redaction) throws {
    let loaded = DocumentLoader(LoadingOptions(webACLName: aclName)).load(paths: acls)
    loaded.show(isQuiet: true)
    guard let documents = loaded.documents else { throw ExitCode(loaded.refusal.rawValue) }
    let program = try Program.compile(documents, settings: EngineSettings())
    var generator = SuiteGenerator(program, perRule: perRule?.value ?? 1) { redaction.masked($0) }
    var reasons = ExitReasons()
    for log in logs { read(log, into: &generator, &reasons) }
    for drop in SuiteGenerator.Drop.allCases {
      guard let count = generator.dropped[drop] else { continue }
      ErrorStream.writeLine("wafcast: note: no test of \(count) \(count == 1 ? "record" : "records"): \(drop.rawValue)")
    }
    guard generator.count > 0 else {
      ErrorStream.writeLine("wafcast: error: none of \(generator.records) records makes a test; an empty suite proves nothing")
      reasons.note(.documentRefused)
      reasons.leave()
    }
    ErrorStream.writeLine("wafcast: note: \(generator.count) \(generator.count == 1 ? "test" : "tests") of \(generator.records) records")
    do throws(OutputFailure) {
      let output = Output()
      try output.write(generator.text(acl: [("acl", acls)] + (aclName.map { [("acl_name", [$0])] } ?? [])))
      try output.finish()
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  private func read(_ log: String, into generator: inout SuiteGenerator, _ reasons: inout ExitReasons) {
    var bad = 0
    do throws(InputError) {
      var file = try RecordFile(InputSource(argument: log))
      var request = Request()
      while let item = try file.next(into: &request), Interruption.signalNumber == nil {
        switch item.result {
        case .record: generator.add(request)
        case .bad: bad += 1
        case .blank, .skipped: break
        }
      }
    } catch {
      ErrorStream.writeLine(error.text)
      reasons.note(.inputUnreadable)
    }
    if bad > 0 { ErrorStream.writeLine("wafcast: warning: \(bad) unreadable lines in \(log)") }
  }
}
