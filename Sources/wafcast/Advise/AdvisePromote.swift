import ArgumentParser
import WAF
import WAFBase

/// `wafcast advise promote`.
struct AdvisePromote: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Rules that only count: whom they would stop if they acted, and whether they should.",
    discussion: """
      Examples:
        wafcast advise promote --acl shop/ logs/
        wafcast advise promote --acl shop/ --own 203.0.113.0/24 logs/
        wafcast advise promote --acl shop/ --rule count-bots --paste terraform logs/

      Looks at each rule whose action is Count, or that is overridden to Count: with the rule acting, who would be stopped that is not stopped now, and do \
      they look welcome? An exception is suggested only after a replay with it. The inputs are read up to three times, so they have to be files.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable { case text, json }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions

  @Option(help: ArgumentHelp("Only this rule, as reports name it; repeatable.", valueName: "name"))
  var rule: [String] = []

  @Option(
    help: ArgumentHelp(
      "A network whose clients are your own: an office, a partner, a monitor; repeatable.",
      discussion: "Private networks, and IP sets that rules with Allow look for, are own ones without it.", valueName: "cidr"))
  var own: [NetworkArgument] = []

  @Option(help: "The dialect of suggested rules in text.")
  var paste = PromotionReport.Paste.api

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
    let inputs = try traffic.rereadableInputs(for: "advise promote")
    var options = traffic.replayOptions(documents.webACL)
    options.reordering = Reordering()
    options.places = try engine.places()
    let study = PromotionStudy(
      loaded, documents, program, settings: engine.settings, options: options, own: OwnNetworks(named: own.map(\.block), of: documents),
      only: rule.isEmpty ? nil : Set(rule))
    for name in rule where !study.counted.contains(where: { $0.name == name }) { throw refusal(of: name, documents) }
    let header = engine.header(of: documents, loaded)
    let report = PromotionReport(
      program: program, header: header, redaction: advice.text.redact,
      arguments: acl.paths.flatMap { ["--acl", $0] } + acl.documents.arguments + header.changes.flatMap { ["--set-action", $0] } + engine.arguments
        + traffic.readingArguments)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let opened = try outputs.orUsual(OutputArgument(form: Output().isTerminal ? .text : .json)).map { (argument) throws(OutputFailure) in
        (argument.form, try Output.open(argument.path))
      }
      let found = try study.run(inputs, observer: advice.observer)
      for (form, output) in opened {
        switch form {
        case .text:
          try output.write(report.text(found, paste: paste, usesColor: advice.text.usesColor(on: output, environment: Environment.variables)))
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

  /// Why a named rule is none that counts.
  private func refusal(of name: String, _ documents: RuleDocuments) -> ExitCode {
    do throws(RuleNameError) {
      let entry = try RuleNames(documents).find(name)
      let hint = entry.displayName == name ? "acts already, or cannot act alone" : "is \(entry.displayName) in reports"
      return Exit.usage.code(after: "--rule: \(SafeText.escape(name, limit: 200)) \(hint)")
    } catch {
      return Exit.usage.code(after: "--rule: \(error)")
    }
  }
}

extension PromotionReport.Paste: ExpressibleByArgument {}

/// A block of addresses, or one address.
struct NetworkArgument: ExpressibleByArgument {
  let block: CIDR

  init?(argument: String) {
    // One address is a network too.
    let single = IPAddress(text: argument).map { CIDR(address: $0, prefixLength: $0.bitWidth) }
    guard let block = single ?? (try? CIDR(text: argument)) else { return nil }
    self.block = block
  }
}
