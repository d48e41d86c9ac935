import ArgumentParser
import WAF

/// The command line program.
@main
struct Wafcast: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "wafcast", abstract: "Tells offline what an AWS WAF web ACL does with real traffic.")
}
