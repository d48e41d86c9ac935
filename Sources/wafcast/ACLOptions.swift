import ArgumentParser
import WAF
import WAFBase
import WAFDigest

/// Which web ACL, and where its parts are.
struct ACLOptions: ParsableArguments {
  @Option(
    name: .customLong("acl"),
    help: ArgumentHelp(
      "The web ACL: a file, or a folder with its sets and groups; repeatable.",
      discussion: """
        An answer of `aws wafv2 get-web-acl`, the bare web ACL, a bundle, a CloudFormation, SAM or CDK template, or Terraform (`show -json`, \
        tfstate, .tf.json). What a file refers to is looked up beside it.
        """,
      valueName: "path"))
  var paths: [String] = []

  @OptionGroup var documents: DocumentOptions

  /// For the `validate` of commands that need a web ACL.
  func requirePath() throws {
    if paths.isEmpty { throw ValidationError("Missing expected argument '--acl <path> ...'") }
  }

  /// Loads the documents.
  func load() -> LoadedDocuments { documents.load(paths) }

  /// Loads the documents and prints what is wrong with them, and which managed groups are not answered by AWS's rules.
  ///
  /// - Throws: The exit code 65 when they are refused, 66 when one cannot be read.
  func loadAccepted(managed: ManagedChoice, isQuiet: Bool) throws -> (documents: RuleDocuments, loaded: LoadedDocuments) {
    let loaded = documents.load(paths, managed: managed)
    loaded.show(managed: managed, isQuiet: isQuiet)
    guard let documents = loaded.documents else { throw ExitCode(loaded.refusal.rawValue) }
    return (documents, loaded)
  }
}

/// How the documents of a web ACL are read, and where its parts are.
struct DocumentOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The web ACL of this name, where there are several.", valueName: "name"))
  var aclName: String?

  @Option(help: ArgumentHelp("An IP set for a reference: JSON, or one CIDR a line; repeatable.", valueName: "name=file"))
  var ipSet: [SuppliedArgument] = []

  @Option(help: ArgumentHelp("A regex pattern set: JSON, or one pattern a line; repeatable.", valueName: "name=file"))
  var regexSet: [SuppliedArgument] = []

  @Option(help: ArgumentHelp("A rule group, or Vendor/Name for a managed one; repeatable.", valueName: "name=file"))
  var ruleGroup: [SuppliedArgument] = []

  @Option(
    help: ArgumentHelp(
      "A template's parameter, export or pseudo parameter, such as AWS::AccountId; repeatable.", valueName: "name=value"))
  var parameter: [ParameterArgument] = []

  @Flag(help: "Take an unresolved reference as undetermined instead of refusing it.")
  var allowMissing = false

  @Flag(help: "Take small departures from the API with a warning.")
  var lenient = false

  @Option(help: "How search strings are written.")
  var searchString = SearchStringEncoding.auto

  /// The options of the loader.
  ///
  /// - Parameter managed: How managed groups are answered; by local definitions, those of the program are used for what the options do not give.
  private func loadingOptions(_ managed: ManagedChoice) -> LoadingOptions {
    var decoding = DecodingOptions()
    decoding.allowsMissing = allowMissing
    decoding.isLenient = lenient
    decoding.searchString = searchString
    var options = LoadingOptions(decoding: decoding, webACLName: aclName)
    options.ipSets = ipSet.map(\.supplied)
    options.regexPatternSets = regexSet.map(\.supplied)
    options.ruleGroups = ruleGroup.map(\.supplied)
    if managed.usesStandIns { options.standIns = StandIns.find() }
    options.parameters = Dictionary(parameter.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    return options
  }

  /// The options that were given, as words of a command line.
  var arguments: [String] {
    let supplied = [("--ip-set", ipSet), ("--regex-set", regexSet), ("--rule-group", ruleGroup)].flatMap { option, values in
      values.flatMap { [option, "\($0.supplied.name)=\($0.supplied.file)"] }
    }
    return (aclName.map { ["--acl-name", $0] } ?? []) + supplied + parameter.flatMap { ["--parameter", "\($0.name)=\($0.value)"] }
      + (allowMissing ? ["--allow-missing"] : []) + (lenient ? ["--lenient"] : [])
  }

  /// Loads the documents of a web ACL.
  func load(_ paths: [String], managed: ManagedChoice = .none) -> LoadedDocuments {
    DocumentLoader(loadingOptions(managed)).load(paths: paths)
  }
}

extension LoadedDocuments {
  /// Why nothing can be evaluated.
  var refusal: Exit { findings.kept.contains { $0.severity == .error && $0.code != .unreadableFile } ? .documentRefused : .inputUnreadable }

  /// Prints what is wrong with the documents, and which managed groups are not answered by AWS's rules.
  func show(managed: ManagedChoice = .none, isQuiet: Bool) {
    for finding in findings.kept where finding.severity == .error || (finding.severity == .warning && !isQuiet) {
      ErrorStream.writeLine("\(finding)")
    }
    let errors = findings.count(of: .error)
    if errors > Findings.limit { ErrorStream.writeLine("and \(errors - Findings.limit) more errors") }
    guard !isQuiet, managed != .none else { return }
    if managed == .local, StandIns.find() == nil {
      ErrorStream.writeLine(
        "wafcast: warning: no stand-ins for managed groups beside this program (\(StandIns.installedPath)): install them with make install")
    }
    for sentence in LocalDefinition.sentences(of: managed.definitions(of: self)) {
      ErrorStream.writeLine("wafcast: note: managed groups \(sentence); --managed none leaves them open")
    }
  }

  /// SHA-256 of the files that people wrote, one after the other, in hex. For a single file, what `sha256sum` prints.
  var sha256: String {
    let digest = Digests.sha256(ownSources.flatMap(\.bytes))
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// `NAME=FILE`.
struct SuppliedArgument: ExpressibleByArgument {
  let supplied: LoadingOptions.Supplied

  init?(argument: String) {
    guard let supplied = LoadingOptions.Supplied(argument: argument) else { return nil }
    self.supplied = supplied
  }
}

/// `NAME=VALUE`.
struct ParameterArgument: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    name = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

extension SearchStringEncoding: ExpressibleByArgument {}
