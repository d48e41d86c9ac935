import ArgumentParser
import WAF

/// `wafcast advise dead`.
struct AdviseDead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead",
    abstract: "Rules that cannot or did not match, and an order that does the same with less work.",
    discussion: """
      Examples:
        wafcast advise dead --acl shop/ waf-logs/
        wafcast advise dead --acl shop/ -o text -o json=dead.json waf-logs/

      What the rules prove for any traffic is kept apart from what was observed in this one, which alone is no reason to delete a rule. Every change is \
      replayed before it is told. The inputs are read up to twice, so they have to be files.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable { case text, json }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions
  @OptionGroup(title: "Output") var advice: AdviceOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("text or json, each with =PATH into a file; repeatable. Text on a terminal, else JSON, unless stated.", valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  func validate() throws {
    try acl.requirePath()
    try outputs.refuseSharedTargets(path: { $0.isStandardOutput ? nil : $0.path })
  }

  func run() throws {
    let (written, loaded) = try acl.loadAccepted(managed: engine.managed, isQuiet: advice.quiet)
    let documents = try engine.change(written)
    let program = try Program.compile(documents, settings: engine.settings)
    let inputs = try traffic.rereadableInputs(for: "advise dead")
    var options = traffic.replayOptions(documents.webACL)
    options.reordering = Reordering()
    options.places = try engine.places()
    let study = DeadRuleStudy(documents, program, settings: engine.settings, options: options, places: loaded.places)
    let header = engine.header(of: documents, loaded)
    let report = DeadRuleReport(program: program, header: header)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let opened = try outputs.orUsual(OutputArgument(form: Output().isTerminal ? .text : .json)).map { (argument) throws(OutputFailure) in
        (argument.form, try Output.open(argument.path))
      }
      let found = try study.run(inputs, observer: advice.observer)
      for (form, output) in opened {
        switch form {
        case .text: try output.write(report.text(found, usesColor: advice.text.usesColor(on: output, environment: Environment.variables)))
        case .json: try output.write(report.json(found))
        }
        try output.finish()
      }
      found.result.notes.show(isQuiet: advice.quiet)
      reasons.note(options.places)
      reasons.note(found.result, maxBad: traffic.maxBad.limit, failOn: [])
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }
}

/// How advice is shown.
struct AdviceOptions: ParsableArguments {
  @Option(help: "A progress line on standard error, if that is a terminal.")
  var progress = WhenChoice.auto

  @Flag(help: "No warnings and no progress on standard error.")
  var quiet = false

  @OptionGroup var text: TextOptions

  /// Shows warnings and progress.
  var observer: Replay.Observer {
    var display = DisplayOptions()
    (display.failOn, display.only, display.progress, display.quiet) = ([], nil, progress, quiet)
    return Replay.Observer(display: display, lines: [], flushesWhenIdle: false, showsWarnings: !quiet)
  }
}

extension TrafficOptions {
  /// The inputs of a command that reads them more than once.
  ///
  /// - Throws: The exit code 64, after a message, for what can be read once only.
  func rereadableInputs(for command: String) throws -> InputList {
    let list = InputList(arguments: inputs)
    guard list.areFiles else {
      throw Exit.usage.code(after: "\(command) reads its inputs more than once: name files or folders, not standard input or a pipe.")
    }
    return list
  }
}

extension Array {
  /// These, or where there are none the usual one.
  func orUsual(_ usual: @autoclosure () -> Element) -> [Element] { isEmpty ? [usual()] : self }
}
