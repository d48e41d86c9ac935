import ArgumentParser
import WAF

/// `wafcast convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a web ACL, or the requests of logs, in another dialect.",
    discussion: """
      Examples:
        wafcast convert --acl template.yaml --to api > shop.json
        wafcast convert --acl shop/ --to cloudformation-yaml > template.yaml
        wafcast convert --acl shop/ --to terraform > shop.tf.json
        wafcast convert --to requests access.log.gz > requests.jsonl

      References between what is written become those of the dialect. What a
      dialect has no place for refuses the conversion; nothing is left out.
      Requests say what their log could not know, so they evaluate as the log does.
      """)

  /// What can be written.
  enum Dialect: String, CaseIterable, ExpressibleByArgument {
    case api
    case cloudFormationJSON = "cloudformation-json"
    case cloudFormationYAML = "cloudformation-yaml"
    case terraform
    case requests

    /// The dialect of web ACLs; nil for requests.
    var target: Conversion.Target? { Conversion.Target(rawValue: rawValue) }
  }

  @Option(help: ArgumentHelp("The dialect to write.", valueName: "dialect"))
  var to: Dialect

  @Option(name: .customShort("o"), help: ArgumentHelp("Where to write; the standard output unless given.", valueName: "path"))
  var output: String?

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Traffic, for requests") var traffic: TrafficOptions
  @OptionGroup(title: "Output, for requests") var display: DisplayOptions

  func validate() throws {
    if to != .requests {
      try acl.requirePath()
      guard traffic.inputs.isEmpty else { throw ValidationError("Logs are converted with --to requests.") }
    }
  }

  func run() throws {
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      if let target = to.target {
        guard let bytes = written(as: target, &reasons) else { reasons.leave() }
        let destination = try Output.open(output)
        try destination.write(bytes)
        try destination.finish()
      } else {
        try writeRequests(&reasons)
      }
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// The web ACL in a dialect; nil, after messages, where that cannot be.
  private func written(as target: Conversion.Target, _ reasons: inout ExitReasons) -> [UInt8]? {
    let loaded = acl.load()
    loaded.show(isQuiet: display.quiet)
    guard let conversion = Conversion(loaded) else {
      reasons.note(loaded.refusal)
      return nil
    }
    do throws(ConversionError) {
      return try conversion.written(as: target)
    } catch {
      ErrorStream.writeLine("wafcast: error: cannot be written as \(to.rawValue): \(error.message)\(error.hint.map { " (\($0))" } ?? "")")
      reasons.note(.documentRefused)
      return nil
    }
  }

  /// Reads the logs as `replay` does, through a web ACL that says nothing.
  private func writeRequests(_ reasons: inout ExitReasons) throws(OutputFailure) {
    let webACL = WebACL(name: "none", defaultAction: .allow([]))
    guard let program = try? Program(compiling: RuleDocuments(webACL: webACL)) else { return }
    var options = traffic.replayOptions(webACL)
    options.lines = [.requests]
    options.fallbackFormat = .requests
    let destination = try Output.open(output)
    let replay = Replay(program: program, protection: RecordProtection(webACL), options: options)
    let lines = [(choice: ReplayOptions.LineChoice.requests, output: destination)]
    let observer = Replay.Observer(display: display, lines: lines, flushesWhenIdle: true, showsWarnings: !display.quiet)
    let result = try replay.run(InputList(arguments: traffic.inputs, commands: []), observer: observer)
    try destination.finish()
    result.notes.show(isQuiet: display.quiet)
    reasons.note(result, maxBad: traffic.maxBad.limit, failOn: [])
  }
}
