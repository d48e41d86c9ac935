import ArgumentParser

/// `wafcast advise`.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Advice from traffic: which rules to promote, which limits to set, which rules to drop.",
    subcommands: [AdvisePromote.self, AdviseRate.self, AdviseDead.self])
}
