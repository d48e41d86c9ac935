import ArgumentParser
import WAF

/// How requests are evaluated.
struct EngineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The protected resource, where a record does not tell.", valueName: "name"))
  var resource: ResourceType?

  @Option(help: "How managed rule groups are answered: from the log's own record, by local definitions, or not at all.")
  var managed = ManagedPolicy.recorded

  @Option(help: "Exact sliding windows, or the service's check every 10 seconds.")
  var rateModel = RateModelName.exact

  /// The settings of the engine.
  var settings: EngineSettings {
    var settings = EngineSettings()
    settings.resource = resource
    settings.managed = managed
    settings.rateModel = rateModel == .exact ? .exact : .interval(checkInterval: 10_000)
    return settings
  }
}

/// `--rate-model`.
enum RateModelName: String, ExpressibleByArgument, CaseIterable {
  case exact, interval
}

extension ManagedPolicy: ExpressibleByArgument {}

extension ResourceType: ExpressibleByArgument {
  /// The resource of this name, as in `httpSourceName` of a log.
  public init?(argument: String) { self.init(logName: argument) }

  /// All names, for help.
  public static var allValueStrings: [String] { allCases.map(\.logName) }
}
