import ArgumentParser
import WAF

/// `wafcast check`.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Would AWS WAF take this web ACL, and what does it cost.",
    discussion: """
      Examples:
        wafcast check --acl shop/
        wafcast check --acl shop/ --wcu
        wafcast check --acl shop/ --fail-on warning
        wafcast check --acl shop/ -o json=findings.json

      The exit code is 65 for a document that AWS WAF would refuse, 1 for other findings of the severity of --fail-on.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions

  @Option(name: .customShort("o"), help: ArgumentHelp("text or json, with =PATH into a file.", valueName: "form"))
  var output = OutputArgument<Form>(form: .text)

  @Option(help: ArgumentHelp("Least severity that makes the exit code 1: error, warning or note.", valueName: "severity"))
  var failOn = Severity.error

  @Flag(help: "Show what every rule, statement and transformation costs.")
  var wcu = false

  func validate() throws { try acl.requirePath() }

  func run() throws {
    let loaded = acl.load()
    let findings = loaded.findings.totalsAsErrors()
    let report = CheckReport(loaded, findings: findings, listsCapacity: wcu)
    var reasons = ExitReasons()
    if loaded.documents == nil {
      reasons.note(loaded.refusal)
    } else if Severity.allCases.contains(where: { $0 >= failOn && findings.count(of: $0) > 0 }) {
      reasons.note(.answerIsNo)
    }
    do throws(OutputFailure) {
      let destination = try Output.open(output.path)
      try destination.write(output.form == .json ? report.json : report.text)
      try destination.finish()
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }
}

extension Severity: ExpressibleByArgument {}
