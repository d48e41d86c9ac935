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
        wafcast replay --acl shop/ -o html=report.html -o markdown=summary.md logs/
        wafcast replay --acl shop/ -o matches=hits.jsonl.zst access.log
        wafcast replay --acl shop/ --set-action rate-login=block logs/

      AWS WAF logs hold AWS's own decisions: they are compared with ours. Whatever a log does not tell stays open: counts that it could move are shown as low…high.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json, html, markdown, csv, sqlite, matches, disagreements, samples

    /// Whether it is a report on the whole.
    var isReport: Bool {
      switch self {
      case .text, .json, .html, .markdown, .csv, .sqlite: true
      case .matches, .disagreements, .samples: false
      }
    }
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
      "text, json, html, markdown, csv, sqlite, matches, disagreements or samples, each with =PATH into a file; repeatable.",
      discussion: "Text on a terminal, else JSON, unless stated. html is one page to look at that loads nothing from anywhere, markdown a summary "
        + "for a pull request or a wiki, csv the table of rules, sqlite a database. The last three are verdict lines beside the report, compressed for "
        + "names in .gz and .zst: of records that matched a rule; of records that AWS decided otherwise; of \(Self.usualSamples) records a rule, "
        + "always the same ones (PATH,N keeps N).",
      valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  @Flag(help: "Metrics by minute in the JSON report, by CloudWatch's names; longer periods where there are many.")
  var metrics = false

  /// Samples kept a rule.
  private static let usualSamples = 100

  func validate() throws {
    try acl.requirePath()
    try outputs.refuseSharedTargets(path: path(of:))
    for form in Form.allCases where !form.isReport && outputs.count(where: { $0.form == form }) > 1 {
      throw ValidationError("-o \(form.rawValue) can be given once.")
    }
    if outputs.contains(where: { $0.form == .sqlite && $0.isStandardOutput }) {
      throw ValidationError("-o sqlite needs a file, since it is a database: -o sqlite=PATH.")
    }
    for output in outputs where output.form == .samples && output.path?.hasSuffix(",0") == true {
      throw ValidationError("-o samples keeps at least one request a rule: PATH,N with N from 1 on.")
    }
  }

  /// The file that an output goes to; nil for standard output.
  private func path(of output: OutputArgument<Form>) -> String? {
    guard !output.isStandardOutput else { return nil }
    return output.form == .samples ? output.pathAndCount.path : output.path
  }

  private var reordering: Reordering? {
    guard reorderWindow > 0 else { return nil }
    var reordering = Reordering()
    reordering.window = Int64(min(reorderWindow, 1_000_000)) * 60_000
    return reordering
  }

  func run() throws {
    let (written, loaded) = try acl.loadAccepted(managed: engine.managed, isQuiet: display.quiet)
    let documents = try engine.change(written)
    let program = try Program.compile(documents, settings: engine.settings)
    var options = traffic.replayOptions(documents.webACL)
    options.reordering = reordering
    options.announcesGaps = !display.quiet
    // The page and the database show what happens over time.
    options.countsMetrics = metrics || output(of: .html) != nil || output(of: .sqlite) != nil
    options.places = try engine.places()
    options.onlyRule = try program.rule(named: display.only, in: documents)
    var header = engine.header(of: documents, loaded)
    header.proofs = Lint.idleProofs(in: documents, places: loaded.places)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let result = try replay(program, RecordProtection(documents.webACL), options, header)
      result.notes.show(isQuiet: display.quiet)
      result.tally.agreement.show(isQuiet: display.quiet, webACL: engine.comparedWebACL ?? documents.webACL.name)
      reasons.note(options.places)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: display.failOn.map(\.condition))
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// Replays and writes all outputs.
  private func replay(
    _ program: Program, _ protection: RecordProtection, _ options: ReplayOptions, _ header: ReportHeader
  ) throws(OutputFailure) -> ReplayResult {
    // Opened first: a run of an hour should not end with a folder that does not exist.
    let reports = try reportForms.map { (form, path) throws(OutputFailure) in (form, try Output.open(path)) }
    var lines: [(choice: ReplayOptions.LineChoice, output: Output)] = []
    if let matches = output(of: .matches) { lines.append((.matches, try Output.open(matches.path))) }
    if let disagreements = output(of: .disagreements) { lines.append((.disagreements, try Output.open(disagreements.path))) }
    let samples = try output(of: .samples).map { (argument) throws(OutputFailure) in try Output.open(argument.pathAndCount.path) }
    var options = options
    options.lines = lines.map(\.choice)
    if let samples = output(of: .samples) { options.samplesPerRule = samples.pathAndCount.count ?? Self.usualSamples }
    let showsWarnings = !display.quiet && !reports.contains { $0.0 == .text && $0.1.isTerminal }
    var observer = Replay.Observer(display: display, lines: lines, flushesWhenIdle: false, showsWarnings: showsWarnings)
    if options.announcesGaps { observer.announceGaps(of: program) }
    let result = try Replay(program: program, protection: protection, options: options)
      .run(InputList(arguments: traffic.inputs), observer: observer)
    for line in lines { try line.output.finish() }
    try samples?.write(result.samples)
    try samples?.finish()
    for (form, output) in reports {
      try output.write(try render(result, form, on: output, program, header))
      try output.finish()
    }
    return result
  }

  /// The reports to write: those asked for, or one in the usual form.
  private var reportForms: [(form: Form, path: String?)] {
    let asked = outputs.filter(\.form.isReport).map { (form: $0.form, path: $0.path) }
    guard asked.isEmpty else { return asked }
    // Where verdict lines go to standard output the report has no place there.
    if outputs.contains(where: \.isStandardOutput) { return [] }
    return [(form: Output().isTerminal ? .text : .json, path: nil)]
  }

  private func output(of form: Form) -> OutputArgument<Form>? { outputs.first { $0.form == form } }

  private func render(
    _ result: ReplayResult, _ form: Form, on output: Output, _ program: Program, _ header: ReportHeader
  ) throws(OutputFailure) -> [UInt8] {
    switch form {
    case .text:
      let usesColor = text.usesColor(on: output, environment: Environment.variables)
      return TextReport(program: program, header: header, redaction: text.redact, usesColor: usesColor).render(result)
    case .json:
      var result = result
      // The same whatever other reports need.
      if !metrics { result.tally.metrics = nil }
      return JSONReport(program: program, header: header, redaction: text.redact).render(result)
    case .html: return HTMLReport(program: program, header: header, redaction: text.redact).render(result)
    case .markdown: return MarkdownReport(program: program, header: header).render(result)
    case .csv: return CSVReport(program: program, redaction: text.redact).render(result)
    case .sqlite: return try DatabaseReport(program: program, header: header, redaction: text.redact).render(result)
    case .matches, .disagreements, .samples: return []
    }
  }
}
