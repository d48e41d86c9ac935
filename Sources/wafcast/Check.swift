import ArgumentParser
import WAF
import WAFBase

/// `wafcast check`.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Would AWS WAF take this web ACL, and does it do what it seems to.",
    discussion: """
      Examples:
        wafcast check --acl shop/
        wafcast check --acl shop/ --wcu
        wafcast check --acl shop/ --fail-on warning --suppress wanted.txt
        wafcast check --acl shop/ --effective
        wafcast check --acl shop/ -o text -o sarif=check.sarif
        wafcast check --explain label_without_producer

      The exit code is 65 for a document that AWS WAF would refuse, 1 for other findings of the severity of --fail-on.

      A suppression file has one finding a line: its id, a path, a rule's name or *, and the reason; # begins a comment:
        group_count_stops_early common-rules watched as a whole until May
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json, sarif, github
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions

  @Option(
    name: .customShort("o"), help: ArgumentHelp("text, json, sarif or github, each with =PATH into a file; repeatable.", valueName: "form"))
  var outputs: [OutputArgument<Form>] = []

  @Option(help: ArgumentHelp("Least severity that makes the exit code 1: error, warning or note.", valueName: "severity"))
  var failOn = Severity.error

  @Flag(help: "Show what every rule, statement and transformation costs.")
  var wcu = false

  @Option(help: ArgumentHelp("Findings that are not wanted; repeatable.", valueName: "file"))
  var suppress: [String] = []

  @Flag(help: "What each rule does once overrides are applied.")
  var effective = false

  @Flag(help: "Name all checks, and end.")
  var list = false

  @Option(help: ArgumentHelp("Tell what a check is for, with examples, and end.", valueName: "id"))
  var explain: String?

  func validate() throws {
    if let explain, FindingCode(rawValue: explain) == nil {
      let hint = Spelling.nearest(to: explain, in: FindingCode.allCases.map(\.rawValue)).map { "did you mean \($0)?" }
      throw ValidationError("No check is called \"\(SafeText.escape(explain))\" (\(hint ?? "--list names them all")).")
    }
    if explain == nil, !list { try acl.requirePath() }
    try outputs.refuseSharedTargets(path: { $0.isStandardOutput ? nil : $0.path })
  }

  func run() throws {
    var reasons = ExitReasons()
    let manual = explain.flatMap(FindingCode.init).map(CheckManual.explanation) ?? (list ? CheckManual.list : nil)
    let report = manual == nil ? check(&reasons) : nil
    do throws(OutputFailure) {
      if let manual {
        let output = Output()
        try output.write(manual)
        try output.finish()
      }
      if let report { try write(report) }
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }
}

extension Check {
  /// Checks the documents.
  private func check(_ reasons: inout ExitReasons) -> CheckReport {
    let loaded = acl.load()
    var found = loaded.findings.totalsAsErrors()
    if let documents = loaded.documents { found.add(Lint.findings(in: documents, places: loaded.places)) }
    let findings = suppressions(&reasons).applied(to: found, of: loaded.documents, places: loaded.places)
    if loaded.documents == nil {
      reasons.note(loaded.refusal)
    } else if Severity.allCases.contains(where: { $0 >= failOn && findings.findings.count(of: $0) > 0 }) {
      reasons.note(.answerIsNo)
    }
    let shown = effective ? loaded.documents.map { EffectiveReport($0, places: loaded.places) } : nil
    return CheckReport(loaded, findings: findings, listsCapacity: wcu, effective: shown)
  }

  private func suppressions(_ reasons: inout ExitReasons) -> SuppressionList {
    var list = SuppressionList()
    for file in suppress {
      let name = SafeText.escape(file)
      do throws(FileError) {
        list.add(try Files.read(named: file), file: name)
      } catch {
        ErrorStream.writeLine("\(name): error: cannot be read: \(error.reason)")
        reasons.note(.inputUnreadable)
      }
    }
    return list
  }

  private func write(_ report: CheckReport) throws(OutputFailure) {
    let forms = outputs.isEmpty ? [OutputArgument(form: Form.text)] : outputs
    // Opened first, so that all of them are there or none.
    let opened = try forms.map { (argument) throws(OutputFailure) in (argument.form, try Output.open(argument.path)) }
    for (form, output) in opened {
      switch form {
      case .text: try output.write(report.text)
      case .json: try output.write(report.json)
      case .sarif: try output.write(report.sarif(version: Release.version))
      case .github: try output.write(report.github)
      }
      try output.finish()
    }
  }
}

extension Severity: ExpressibleByArgument {}
