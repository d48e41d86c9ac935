import ArgumentParser
import WAF

/// `wafcast diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Two web ACLs over the same traffic: what changes, for whom.",
    discussion: """
      Examples:
        wafcast diff --base main/shop --head shop access.log.zst
        wafcast diff --base main/shop --head shop --fail-on 'new-block>0.1%' -o markdown=comment.md logs/
        wafcast diff --base shop --head shop --set-action block-scanners=block waf.log
        wafcast diff --base main/shop --head shop -o html=diff.html -o csv=diff.csv logs/
        wafcast diff --static --base shop.template.yaml --head shop/

      --set-action changes the second web ACL only. --static compares the rules themselves and takes no traffic.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json, html, markdown, github, csv, sqlite

    /// Whether it tells what changed in the rules, without traffic too.
    var isStatic: Bool {
      switch self {
      case .text, .json, .markdown, .github: true
      case .html, .csv, .sqlite: false
      }
    }
  }

  @Option(help: ArgumentHelp("The web ACL as it is, as --acl of other commands names one; repeatable.", valueName: "path"))
  var base: [String] = []

  @Option(help: ArgumentHelp("The web ACL as it is to be; repeatable.", valueName: "path"))
  var head: [String] = []

  @Flag(name: .customLong("static"), help: "Compare the rules, without traffic.")
  var isStatic = false

  @OptionGroup(title: "Web ACLs") var loading: DocumentOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions

  @Option(
    help: ArgumentHelp(
      "End with exit code 1 when this holds; repeatable.",
      discussion: "\(FailCondition.changeNames.joined(separator: ", ")), or one of replay's on the second web ACL, alone or compared with a number "
        + "or a share: 'new-block>0.1%'. With --static: changes.",
      valueName: "condition"))
  var failOn: [String] = []

  @Option(help: "A progress line on standard error, if that is a terminal.")
  var progress = WhenChoice.auto

  @Flag(help: "No warnings and no progress on standard error.")
  var quiet = false

  @OptionGroup(title: "Output") var text: TextOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "text, json, html, markdown, github, csv or sqlite, each with =PATH into a file; repeatable.",
      discussion:
        "Text on a terminal, else JSON, unless stated. html is one page to look at that loads nothing from anywhere, markdown and github are "
        + "for a pull request, csv is one table, sqlite a database. html, csv and sqlite do not go with --static.",
      valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  func validate() throws {
    if base.isEmpty || head.isEmpty { throw ValidationError("Missing expected arguments '--base <path> ...' and '--head <path> ...'") }
    try outputs.refuseSharedTargets(path: { $0.isStandardOutput ? nil : $0.path })
    if outputs.contains(where: { $0.form == .sqlite && $0.isStandardOutput }) {
      throw ValidationError("-o sqlite needs a file, since it is a database: -o sqlite=PATH.")
    }
    if isStatic, let output = outputs.first(where: { !$0.form.isStatic }) {
      throw ValidationError("-o \(output.form.rawValue) is about traffic: --static writes text, json, markdown or github.")
    }
    if isStatic, !traffic.inputs.isEmpty { throw ValidationError("--static compares rules and takes no traffic.") }
    for condition in failOn where isStatic ? condition != "changes" : FailCondition(condition) == nil {
      throw ValidationError("--fail-on takes \(isStatic ? "changes" : FailCondition.changeNames.joined(separator: ", ")), not '\(condition)'.")
    }
  }

  /// One of the two, loaded.
  private struct Side {
    var documents: RuleDocuments
    var header: ReportHeader
    var arguments: [String]
  }

  private func load(_ paths: [String], isHead: Bool) throws -> Side {
    let loaded = loading.load(paths, managed: engine.managed)
    loaded.show(managed: engine.managed, isQuiet: quiet)
    guard let written = loaded.documents else { throw ExitCode(loaded.refusal.rawValue) }
    let documents = isHead ? try engine.change(written) : written
    let header = engine.header(of: documents, loaded, isChanged: isHead)
    var arguments = paths.flatMap { ["--acl", $0] } + loading.arguments
    if isHead { arguments += header.changes.flatMap { ["--set-action", $0] } }
    return Side(documents: documents, header: header, arguments: arguments + engine.arguments + traffic.readingArguments)
  }

  func run() throws {
    let (base, head) = (try load(self.base, isHead: false), try load(self.head, isHead: true))
    if isStatic { return showRules(base, head) }
    let (old, new) = (
      try Program.compile(base.documents, settings: engine.settings), try Program.compile(head.documents, settings: engine.settings)
    )
    var options = traffic.replayOptions(head.documents.webACL)
    options.reordering = Reordering()
    options.places = try engine.places()
    options.comparison = WebACLComparison(
      of: (head.documents, new), with: [(base.documents, old)], direction: .fromOthers, settings: engine.settings)
    let report = DiffReport(
      base: .init(program: old, header: base.header, arguments: base.arguments),
      head: .init(program: new, header: head.header, arguments: head.arguments),
      redaction: text.redact, ruleChanges: RuleChanges(from: base.documents, to: head.documents))
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let opened = try forms.map { (argument) throws(OutputFailure) in (argument.form, try Output.open(argument.path)) }
      var display = DisplayOptions()
      (display.failOn, display.only, display.progress, display.quiet) = ([], nil, progress, quiet)
      let observer = Replay.Observer(display: display, lines: [], flushesWhenIdle: false, showsWarnings: !quiet)
      let result = try Replay(program: new, protection: RecordProtection(head.documents.webACL), options: options)
        .run(InputList(arguments: traffic.inputs), observer: observer)
      for (form, output) in opened {
        switch form {
        case .text: try output.write(report.text(result, usesColor: text.usesColor(on: output, environment: Environment.variables)))
        case .json: try output.write(report.json(result))
        case .html: try output.write(report.html(result))
        case .markdown: try output.write(report.markdown(result))
        case .github: try output.write(report.github(result))
        case .csv: try output.write(report.csv(result))
        case .sqlite: try output.write(try report.database(result))
        }
        try output.finish()
      }
      result.notes.show(isQuiet: quiet)
      reasons.note(options.places)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: failOn.compactMap { FailCondition($0) })
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// The forms to write: those asked for, or one in the usual form.
  private var forms: [OutputArgument<Form>] { outputs.isEmpty ? [OutputArgument(form: Output().isTerminal || isStatic ? .text : .json)] : outputs }

  private func showRules(_ base: Side, _ head: Side) {
    let changes = RuleChanges(from: base.documents, to: head.documents)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      for (form, output) in try forms.map({ (argument) throws(OutputFailure) in (argument.form, try Output.open(argument.path)) }) {
        switch form {
        case .text: try output.write(changes.text(usesColor: text.usesColor(on: output, environment: Environment.variables)))
        case .json: try output.write(changes.json)
        case .markdown: try output.write(changes.markdown)
        case .github: try output.write(changes.github)
        // Refused above.
        case .html, .csv, .sqlite: break
        }
        try output.finish()
      }
    } catch {
      reasons.note(error)
    }
    if !changes.changes.isEmpty, failOn.contains("changes") { reasons.note(.answerIsNo) }
    reasons.leave()
  }
}
