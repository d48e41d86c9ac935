import ArgumentParser
import WAF

/// `wafcast eval`.
struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Requests in, one verdict per line out.",
    discussion: """
      Examples:
        wafcast eval --acl shop/ requests.jsonl
        tail -f access.log | wafcast eval --acl shop/
        wafcast eval --acl shop/ waf.log.gz | jq -r .action
        wafcast eval --acl shop/ --curl 'curl -X POST https://shop.example.com/login -d "user=a"'

      A verdict line is an AWS WAF log record with one more member, and is written
      before the next request is waited for. A line that is no request gives
      {"line": 17, "error": "…"} in its place.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case json, matches, disagreements

    /// For which requests it has a line.
    var choice: ReplayOptions.LineChoice {
      switch self {
      case .json: .all
      case .matches: .matches
      case .disagreements: .disagreements
      }
    }
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(
    help: ArgumentHelp("A curl command instead of inputs, or before them; repeatable.", valueName: "command"), transform: CurlCommand.init(argument:))
  var curl: [CurlCommand] = []

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "json, matches (records that matched a rule) or disagreements (with what AWS recorded), with =PATH into a file.", valueName: "form"))
  var output = OutputArgument<Form>(form: .json)

  func validate() throws { try acl.requirePath() }

  func run() throws {
    let documents = try engine.change(try acl.loadAccepted(managed: engine.managed, isQuiet: display.quiet).documents)
    let program = try Program.compile(documents, settings: engine.settings)
    var options = traffic.replayOptions(documents.webACL)
    options.lines = [output.form.choice]
    options.places = try engine.places()
    options.onlyRule = try program.rule(named: display.only, in: documents)
    options.fallbackFormat = .requests
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let destination = try Output.open(output.path)
      let replay = Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      let lines = [(choice: output.form.choice, output: destination)]
      let observer = Replay.Observer(display: display, lines: lines, flushesWhenIdle: true, showsWarnings: !display.quiet)
      let result = try replay.run(InputList(arguments: traffic.inputs, commands: curl), observer: observer)
      try destination.finish()
      result.notes.show(isQuiet: display.quiet)
      reasons.note(options.places)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: display.failOn.map(\.condition))
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }
}
