import ArgumentParser
import WAF

/// `wafcast convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a web ACL in another dialect.",
    discussion: """
      Examples:
        wafcast convert --acl template.yaml --to api > shop.json
        wafcast convert --acl shop/ --to cloudformation-yaml > template.yaml
        wafcast convert --acl shop/ --to terraform > shop.tf.json

      References between what is written become those of the dialect. What it has no place for refuses the conversion; nothing is left out.
      """)

  @OptionGroup(title: "Web ACL") var acl: ACLOptions

  @Option(help: ArgumentHelp("api, cloudformation-json, cloudformation-yaml or terraform.", valueName: "dialect"))
  var to: Conversion.Target

  @Option(name: .customShort("o"), help: ArgumentHelp("Where to write; the standard output unless given.", valueName: "path"))
  var output: String?

  func run() throws {
    let (_, loaded) = try acl.loadAccepted(isQuiet: false)
    var reasons = ExitReasons()
    do throws(ConversionError) {
      let bytes = try Conversion(loaded)?.written(as: to) ?? []
      do throws(OutputFailure) {
        let destination = try Output.open(output)
        try destination.write(bytes)
        try destination.finish()
      } catch {
        reasons.note(error)
      }
    } catch {
      ErrorStream.writeLine("wafcast: error: cannot be written as \(to.rawValue): \(error.message)\(error.hint.map { " (\($0))" } ?? "")")
      reasons.note(.documentRefused)
    }
    reasons.leave()
  }
}

extension Conversion.Target: ExpressibleByArgument {}
