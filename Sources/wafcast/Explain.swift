import ArgumentParser
import WAF
import WAFBase

/// `wafcast explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "One request: every rule, statement and transformation, and why it stopped.",
    discussion: """
      Examples:
        wafcast explain --acl shop/ --curl 'curl https://shop.example.com/admin'
        wafcast explain --acl shop/ --line 4711 waf.log.gz
        wafcast explain --acl shop/ --request-id 1-5f1d… logs/
        wafcast eval --acl shop/ access.log | head -1 | wafcast explain --acl shop/
        wafcast explain --test shop.wafcast.yaml:42

      Without --line, --request-id or --all it is the first request. Rate-based rules have counted
      the requests before it.
      """)

  /// What `-o` writes.
  enum Form: String, CaseIterable, Sendable {
    case text, json
  }

  @OptionGroup(title: "Web ACL") var acl: ACLOptions
  @OptionGroup(title: "Evaluation") var engine: EngineOptions
  @OptionGroup(title: "Traffic") var traffic: TrafficOptions

  @Option(help: ArgumentHelp("An input, as without this name; repeatable.", valueName: "input"))
  var log: [String] = []

  @Option(help: ArgumentHelp("The record that begins in this line of the one input.", valueName: "n"))
  var line: PositiveNumber?

  @Option(help: ArgumentHelp("The first record with this request id.", valueName: "id"))
  var requestID: String?

  @Flag(help: "Every request, one after the other.")
  var all = false

  @Option(
    help: ArgumentHelp("A curl command instead of inputs, or before them; repeatable.", valueName: "command"), transform: CurlCommand.init(argument:))
  var curl: [CurlCommand] = []

  @Option(
    help: ArgumentHelp(
      "A request of the test in this line of a test file, with the web ACL of the file: the one that is not as expected, else the last.",
      valueName: "file:line"))
  var test: TestPlace?

  @Flag(help: "Also every statement behind the stop, and rules that did not match in full.")
  var full = false

  @OptionGroup(title: "Output") var text: TextOptions

  @Option(help: ArgumentHelp("Columns of the text; those of the terminal, else 80, unless stated.", valueName: "columns"))
  var width: PositiveNumber?

  @Flag(help: "No warnings on standard error.")
  var quiet = false

  @Option(name: .customShort("o"), help: ArgumentHelp("text or json, with =PATH into a file.", valueName: "form"))
  var output = OutputArgument<Form>(form: .text)

  private var inputs: [String] { log + traffic.inputs }

  func validate() throws {
    guard test == nil else {
      if !acl.paths.isEmpty || !inputs.isEmpty || !curl.isEmpty || line != nil || requestID != nil || all {
        throw ValidationError("--test brings its web ACL and its request: it goes without --acl, inputs, --curl and choices among records.")
      }
      return
    }
    try acl.requirePath()
    guard [line != nil, requestID != nil, all].count(where: { $0 }) <= 1 else {
      throw ValidationError("--line, --request-id and --all exclude each other.")
    }
    if line != nil, inputs.count + curl.count > 1 { throw ValidationError("--line needs one input: lines are counted in it.") }
  }

  private var choice: RecordChoice {
    if let line { return .line(line.value) }
    if let requestID { return .requestID(Array(requestID.utf8)) }
    return all ? .all : .first
  }

  func run() throws {
    if let test { return explain(test) }
    let (written, loaded) = try acl.loadAccepted(managed: engine.managed, isQuiet: quiet)
    let documents = try engine.change(written)
    let program = try Program.compile(documents, settings: engine.settings)
    let inputs = InputList(arguments: inputs, commands: curl)
    var options = traffic.replayOptions(documents.webACL)
    options.places = try engine.places()
    options.fallbackFormat = .requests
    // A pipe cannot be waited for until what may come before a request has come.
    if inputs.areFiles { options.reordering = Reordering() }
    options.explained = ExplainOptions(sources: RuleSources(documents), choice: choice, isFull: full)
    var reasons = ExitReasons()
    do throws(OutputFailure) {
      let destination = try Output.open(output.path)
      let count = Count()
      var observer = Replay.Observer()
      observer.error = { ErrorStream.writeLine($0) }
      if !quiet { observer.warning = { ErrorStream.writeLine($0) } }
      observer.explained = { (record) throws(OutputFailure) in
        if count.value > 0, output.form == .text { try destination.write("\n") }
        count.value += 1
        try destination.write(render(record, program, loaded.places, on: destination))
      }
      let replay = Replay(program: program, protection: RecordProtection(documents.webACL), options: options)
      let result = try replay.run(inputs, observer: observer)
      try destination.finish()
      result.notes.show(isQuiet: quiet)
      reasons.note(options.places)
      reasons.note(result, maxBad: traffic.maxBad.limit, failOn: [])
      if count.value == 0 { noteNothing(result, &reasons) }
      if choice == .first, result.hasMoreToExplain, !quiet {
        ErrorStream.writeLine("wafcast: note: this is the first of several requests; --line, --request-id or --all chooses others")
      }
    } catch {
      reasons.note(error)
    }
    reasons.leave()
  }

  /// Shared with a closure.
  private final class Count {
    var value = 0
  }

  /// Explains a request of a test.
  private func explain(_ place: TestPlace) {
    var reasons = ExitReasons()
    var result = TestRunResult()
    var options = TestOptions()
    options.standIns = StandIns.find()
    let run = TestRunner(options).load([place.file], &result).first
    for finding in result.findings.kept where finding.severity == .error { ErrorStream.writeLine("\(finding)") }
    if result.hasUnreadable { reasons.note(.inputUnreadable) }
    if result.isRefused { reasons.note(.documentRefused) }
    defer { reasons.leave() }
    guard let run, !result.hasUnreadable, !result.isRefused else { return }
    guard let explained = run.explain(line: place.line, isFull: full) else {
      ErrorStream.writeLine("wafcast: error: \(place.file): no test begins at or before line \(place.line)")
      return reasons.note(.inputUnreadable)
    }
    do throws(OutputFailure) {
      let destination = try Output.open(output.path)
      let record = ExplainedRecord(
        explained.request, explained.trace, file: Array(place.file.utf8), line: explained.test.steps[explained.step].place.line, program: run.program,
        protection: RecordProtection(run.documents.webACL))
      try destination.write(render(record, run.program, run.places, on: destination))
      try destination.finish()
    } catch {
      reasons.note(error)
    }
    guard !quiet else { return }
    let state = explained.isFailure ? "is not decided as expected" : "is decided as expected"
    ErrorStream.writeLine("wafcast: note: this request of the test \"\(SafeText.escape(explained.test.name))\" \(state)")
  }

  private func render(_ record: ExplainedRecord, _ program: Program, _ places: DocumentPlaces, on destination: Output) -> [UInt8] {
    switch output.form {
    case .json: return TraceJSON(program: program, places: places).render(record, isIndented: !all)
    case .text:
      let usesColor = text.usesColor(on: destination, environment: Environment.variables)
      let columns = width?.value ?? (destination.isTerminal ? destination.columns ?? 80 : 80)
      return TraceText(program: program, places: places, redaction: text.redact, usesColor: usesColor, width: columns).render(record)
    }
  }

  /// Says that there was nothing to explain.
  private func noteNothing(_ result: ReplayResult, _ reasons: inout ExitReasons) {
    guard result.interruption == nil else { return }
    reasons.note(.inputUnreadable)
    let records = result.tally.summary.records
    let what =
      if let line {
        "line \(line.value) begins no record"
      } else if let requestID {
        "no record has the request id \(requestID)"
      } else {
        "no request"
      }
    ErrorStream.writeLine("wafcast: error: \(what) among \(records) records")
  }
}

/// `FILE:LINE`.
struct TestPlace: ExpressibleByArgument {
  let file: String
  let line: Int

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let line = Int(argument[argument.index(after: colon)...]), line > 0 else { return nil }
    file = String(argument[..<colon])
    self.line = line
  }
}
