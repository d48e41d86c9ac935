import ArgumentParser

/// `wafcast advise`.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "What traffic says about the rules.",
    subcommands: [AdviseRate.self])
}
