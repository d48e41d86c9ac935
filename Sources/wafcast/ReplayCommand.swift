import ArgumentParser
import WAF

/// `wafcast replay`.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Logs in, report out: what the web ACL does with this traffic.",
    discussion: """
      Examples:
        wafcast replay --acl shop/ logs/
        wafcast replay --acl shop/ -o json=report.json waf.log.gz
        wafcast replay --acl shop/ -o matches=hits.jsonl.zst access.log

      AWS WAF logs hold AWS's own decisions: they are compared with ours. Whatever a log does not tell stays open: counts that it could move are shown as low…high.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json, matches
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions
  @Option(
    help: ArgumentHelp(
      "Minutes of log time that requests may be out of order; rate-based rules count in order of time.", valueName: "minutes"))
  var reorderWindow = 30

  @OptionGroup(title: "Output") var display: DisplayOptions
  @OptionGroup(title: "Text") var text: TextOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "text, json or matches, each with =PATH into a file; repeatable.",
      discussion: "Text on a terminal, else JSON, unless stated. matches writes one verdict line for each record that matched a rule, "
        + "compressed for names in .gz and .zst; it does not replace the report.",
      valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  func validate() throws {
    guard outputs.count(where: { $0.path == nil }) <= 1 else { throw ValidationError("Only one -o can go to standard output.") }
  }

  private var reordering: Reordering? {
    guard reorderWindow > 0 else { return nil }
    var reordering = Reordering()
    reordering.window = Int64(min(reorderWindow, 1_000_000)) * 60_000
    return reordering
  }

  func run() throws {
    let (documents, loaded) = try acl.loadAccepted(isQuiet: display.quiet)
    let program = try Program.compile(documents, settings: engine.settings)
    var options = traffic.replayOptions
    options.reordering = reordering
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      // Opened first: a run of an hour should not end with a folder that does not exist.
      let reports = try reportForms.map { (form, path) throws(OutputFailure) in (form, try Output.open(path)) }
      let matches = try matchesOutput.map { (argument) throws(OutputFailure) in try Output.open(argument.path) }
      if matches != nil { options.lines = .matches }
      let replay = Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      let showsWarnings = !display.quiet && !reports.contains { $0.0 == .text && $0.1.isTerminal }
      let observer = Replay.Observer(display: display, lines: matches, flushesWhenIdle: false, showsWarnings: showsWarnings)
      let result = try replay.run(InputList(arguments: traffic.inputs), observer: observer)
      try matches?.finish()
      let header = ReportHeader(
        version: Release.version, aclName: documents.webACL.name, sha256: loaded.sha256, capacity: documents.webACL.declaredCapacity)
      for (form, output) in reports {
        try output.write(render(result, form, on: output, program, header))
        try output.finish()
      }
      result.notes.show(isQuiet: display.quiet)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: display.failOn.map(\.condition))
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// The reports to write: those asked for, or one in the usual form.
  private var reportForms: [(form: Form, path: String?)] {
    let asked = outputs.filter { $0.form != .matches }.map { (form: $0.form, path: $0.path) }
    guard asked.isEmpty else { return asked }
    // Where matches go to standard output the report has no place there.
    if let matchesOutput, matchesOutput.path == nil { return [] }
    return [(form: Output().isTerminal ? .text : .json, path: nil)]
  }

  private var matchesOutput: OutputArgument<Form>? { outputs.first { $0.form == .matches } }

  private func render(_ result: ReplayResult, _ form: Form, on output: Output, _ program: Program, _ header: ReportHeader) -> [UInt8] {
    switch form {
    case .text:
      let usesColor = text.usesColor(on: output, environment: Environment.variables)
      return TextReport(program: program, header: header, redaction: text.redact, usesColor: usesColor).render(result)
    case .json: return JSONReport(program: program, header: header).render(result)
    case .matches: return []
    }
  }
}
