import ArgumentParser
import WAF

/// How requests are evaluated.
struct EngineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The protected resource, where a record does not tell.", valueName: "name"))
  var resource: ResourceType?

  @Option(
    help: ArgumentHelp(
      "How managed rule groups are answered: from the log's own record, by local definitions, or not at all.",
      discussion: "auto takes what is recorded, and the stand-ins of this program where nothing is. Reports name what is not answered by AWS."))
  var managed = ManagedChoice.auto

  @Option(help: "Exact sliding windows, or the service's check every 10 seconds.")
  var rateModel = RateModelName.exact

  @Option(
    name: .customLong("web-acl"),
    help: ArgumentHelp("Compare with the recorded decisions of this web ACL instead of the evaluated one.", valueName: "arn|name"))
  var comparedWebACL: String?

  @Option(
    help: ArgumentHelp(
      "What if a rule had another action; repeatable.",
      discussion: "\(ActionChange.settingNames.joined(separator: ", ")). A rule of a group, referencing-rule/rule, is overridden; "
        + "a rule that references a group takes count or none.",
      valueName: "rule=action"))
  var setAction: [ActionChangeArgument] = []

  @Option(help: ArgumentHelp("A MaxMind-format database of countries, where the log has none.", valueName: "file"))
  var geoip: String?

  @Option(help: ArgumentHelp("A MaxMind-format database of autonomous systems, where the log has none.", valueName: "file"))
  var asn: String?

  /// The databases.
  ///
  /// - Throws: The exit code 66, after a message, where one cannot be read.
  func places() throws -> PlaceDatabases {
    var places = PlaceDatabases()
    do throws(InputError) {
      if let geoip { places.countries = try AddressDatabase(path: geoip, of: .country) }
      if let asn { places.systems = try AddressDatabase(path: asn, of: .system) }
    } catch {
      ErrorStream.writeLine(error.text)
      throw ExitCode(Exit.inputUnreadable.rawValue)
    }
    return places
  }

  func validate() throws {
    var rules: Set<String> = []
    for change in setAction.map(\.change) where !rules.insert(change.rule).inserted {
      throw ValidationError("--set-action names \(change.rule) twice: a rule has one action.")
    }
  }

  /// The documents with the changes applied.
  ///
  /// - Throws: The exit code 64, after a message, for a change that cannot be.
  func change(_ documents: RuleDocuments) throws -> RuleDocuments {
    do {
      return try documents.applying(setAction.map(\.change))
    } catch {
      throw Exit.usage.code(after: "--set-action: \(error)")
    }
  }

  /// What reports say of the web ACL.
  ///
  /// - Parameter isChanged: Whether the changes of actions apply to it.
  func header(of documents: RuleDocuments, _ loaded: LoadedDocuments, isChanged: Bool = true) -> ReportHeader {
    ReportHeader(
      version: Release.version, aclName: documents.webACL.name, sha256: loaded.sha256, capacity: documents.capacity,
      changes: isChanged ? setAction.map { "\($0.change.rule)=\($0.change.settingName)" } : [], localDefinitions: managed.definitions(of: loaded))
  }

  /// The options that were given and are no changes of actions, as words of a command line.
  var arguments: [String] {
    let named = [("--resource", resource?.logName), ("--geoip", geoip), ("--asn", asn)].flatMap { option, value in value.map { [option, $0] } ?? [] }
    return named + (managed == .auto ? [] : ["--managed", managed.rawValue]) + (rateModel == .exact ? [] : ["--rate-model", rateModel.rawValue])
  }

  /// The settings of the engine.
  var settings: EngineSettings {
    var settings = EngineSettings()
    settings.resource = resource
    settings.managed = managed.policy
    settings.comparedWebACL = comparedWebACL
    settings.rateModel = rateModel == .exact ? .exact : .interval(checkInterval: 10_000)
    return settings
  }
}

/// `--rate-model`.
enum RateModelName: String, ExpressibleByArgument, CaseIterable {
  case exact, interval
}

/// `--managed`.
enum ManagedChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, recorded, local, none

  /// How the engine answers.
  var policy: ManagedPolicy {
    switch self {
    case .auto, .recorded: .recorded
    case .local: .local
    case .none: .none
    }
  }

  /// The local definitions that answer.
  func definitions(of loaded: LoadedDocuments) -> [LocalDefinition] {
    guard self != .none else { return [] }
    return loaded.localDefinitions.map { definition in
      var definition = definition
      definition.answersUnrecordedOnly = policy == .recorded
      return definition
    }
  }

  /// Whether the stand-ins of this program answer for what nobody gave.
  var usesStandIns: Bool { self == .auto || self == .local }
}

extension ResourceType: ExpressibleByArgument {
  /// The resource of this name, as in `httpSourceName` of a log.
  public init?(argument: String) { self.init(logName: argument) }

  /// All names, for help.
  public static var allValueStrings: [String] { allCases.map(\.logName) }
}

/// `RULE=ACTION`.
struct ActionChangeArgument: ExpressibleByArgument {
  let change: ActionChange

  init?(argument: String) {
    guard let change = ActionChange(argument) else { return nil }
    self.change = change
  }
}
