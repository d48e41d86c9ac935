import ArgumentParser
import WAF
import WAFMatch

/// The command line program.
@main
struct Wafcast: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wafcast",
    abstract: "Tells offline what an AWS WAF web ACL does with real traffic.",
    discussion: """
      Examples:
        wafcast replay --acl shop/ access.log.zst     what it does with this traffic
        tail -f waf.log | wafcast eval --acl shop/    a verdict for each request
        wafcast diff --base old/ --head shop/ waf.log what a change does, to whom
        wafcast advise promote --acl shop/ waf.log    may its rules leave Count
        wafcast check --acl shop/                     would AWS WAF take it
        wafcast explain --acl shop/ --curl 'curl …'   why is this request blocked
        wafcast test Rules/                           unit tests of rule sets

      Nothing leaves the machine: there is no network access of any kind.
      """,
    version: """
      wafcast \(Release.version)
      PCRE2 \(Release.pcre2Version), \(Packing.libraryVersions)
      """,
    subcommands: [
      Eval.self, ReplayCommand.self, DiffCommand.self, Explain.self, TestCommand.self, Check.self, AdviseCommand.self, Convert.self,
    ])

  /// Runs the command that the arguments name. ArgumentParser's own `main` would lose output that cannot be written.
  static func main() {
    StandardStreams.reserve()
    Interruption.install()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// Help and version go to standard output, everything else to standard error.
  private static func leave(with error: any Error) -> Never {
    var reasons = ExitReasons()
    let message = fullMessage(for: error)
    // What is no code of ours and no fault of the arguments is a fault of the program.
    let code = (error as? ExitCode)?.rawValue ?? exitCode(for: error).rawValue
    if code == 0 {
      do throws(OutputFailure) {
        let output = Output()
        if !message.isEmpty { try output.write(message + "\n") }
        try output.finish()
      } catch {
        reasons.note(error)
      }
    } else {
      if !message.isEmpty { ErrorStream.writeLine(message) }
      reasons.note(error is ExitCode || code == Exit.usage.rawValue ? Exit(rawValue: code) ?? .internalError : .internalError)
    }
    reasons.leave()
  }
}

/// What this build is.
enum Release {
  /// Version of the program.
  static let version = "0.1.0"
  /// Version of PCRE2 without its date.
  static var pcre2Version: String { String(WAFMatch.Regex.libraryVersion.prefix { $0 != " " }) }
}
