import ArgumentParser
import WAF

/// `wafcast advise rate`.
struct AdviseRate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rate",
    abstract: "Limits from data: what each limit of a rate-based rule would stop, and whom.",
    discussion: """
      Examples:
        wafcast advise rate --acl shop/ waf.log.zst
        wafcast advise rate --acl shop/ --rule limit-login waf.log.zst
        wafcast advise rate --acl shop/ --key IP --method POST --path /login logs/
        wafcast advise rate --acl shop/ --key IP,header:user-agent logs/

      For 60, 120, 300 and 600 seconds, in the place of the rule: requests that other rules end before it do not count.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions

  @Option(help: ArgumentHelp("Only this rate-based rule; all of the web ACL unless stated.", valueName: "name"))
  var rule: String?

  @Option(
    help: ArgumentHelp(
      "Try a rule that the web ACL does not have, behind all others, by this key.",
      discussion: "\(RateKeyArgument.forms). Up to five with commas between them.", valueName: "key"))
  var key: RateKeyArgument?

  @Option(help: ArgumentHelp("With --key: only requests with this method.", valueName: "method"))
  var method: String?

  @Option(help: ArgumentHelp("With --key: only requests whose path begins so.", valueName: "prefix"))
  var path: String?

  @Flag(help: "With --key: before all rules, not behind them.")
  var first = false

  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions

  @OptionGroup(title: "Output") var advice: AdviceOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "text or json, each with =PATH into a file; repeatable. Text on a terminal, else JSON, unless stated.", valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  func validate() throws {
    try acl.requirePath()
    try outputs.refuseSharedTargets(path: { $0.isStandardOutput ? nil : $0.path })
    if rule != nil, key != nil { throw ValidationError("--rule is of a rule that is there, --key of one that is not: give one of them.") }
    if key == nil, method != nil || path != nil || first { throw ValidationError("--method, --path and --first go with --key.") }
    if key?.isConstant == true, method == nil, path == nil { throw ValidationError("--key CONSTANT needs --method or --path.") }
  }

  func run() throws {
    let (written, loaded) = try acl.loadAccepted(managed: engine.managed, isQuiet: advice.quiet)
    let documents = try engine.change(written)
    let study = try study(documents)
    let header = engine.header(of: documents, loaded)
    var options = traffic.replayOptions(documents.webACL)
    options.reordering = Reordering()
    options.places = try engine.places()
    options.rateSubjects = study.subjects
    let report = RateReport(program: study.program, header: header, redaction: advice.text.redact)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let opened = try outputs.orUsual(OutputArgument(form: Output().isTerminal ? .text : .json)).map { (argument) throws(OutputFailure) in
        (argument.form, try Output.open(argument.path))
      }
      let result = try Replay(program: study.program, protection: RecordProtection(documents.webACL), options: options)
        .run(InputList(arguments: traffic.inputs), observer: advice.observer)
      if let found = RateAdvice(result) {
        for (form, output) in opened {
          switch form {
          case .text: try output.write(report.text(found, result, usesColor: advice.text.usesColor(on: output, environment: Environment.variables)))
          case .json: try output.write(report.json(found, result))
          }
          try output.finish()
        }
      }
      result.notes.show(isQuiet: advice.quiet)
      reasons.note(options.places)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: [])
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// - Throws: The exit code 64, after a message, where `--rule` names none that is rate-based.
  private func study(_ documents: RuleDocuments) throws -> RateStudy {
    var choice = RateStudy.Choice.all
    if let key { choice = .new(key.statement(method: method, path: path), isFirst: first) }
    if let rule {
      do throws(RuleNameError) {
        choice = .rule(try RuleNames(documents).find(rule))
      } catch {
        throw Exit.usage.code(after: "--rule: \(error)")
      }
    }
    let study: RateStudy
    do {
      study = try RateStudy(documents, choice, settings: engine.settings)
    } catch {
      throw Exit.documentRefused.code(after: "\(error)")
    }
    if let rule, study.subjects.isEmpty { throw Exit.usage.code(after: "--rule: \(rule) is no rate-based rule") }
    return study
  }
}
