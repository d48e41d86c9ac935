import ArgumentParser
import WAF

/// What is shown on standard error, and when the answer is no.
struct DisplayOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "End with exit code 1 when this holds; repeatable.",
      discussion: "\(FailCondition.names.joined(separator: ", ")), alone or compared with a number or a share: 'block>0.1%', 'agreement<99.9%'.",
      valueName: "condition"))
  var failOn: [FailConditionArgument] = []

  @Option(help: ArgumentHelp("Only records of this rule in matches, disagreements and samples.", valueName: "rule"))
  var only: String?

  @Option(help: "A progress line on standard error, if that is a terminal.")
  var progress = WhenChoice.auto

  @Flag(help: "No warnings and no progress on standard error.")
  var quiet = false

  /// Whether a progress line is shown.
  var showsProgress: Bool { !quiet && progress != .never && ErrorStream.isTerminal }
}

/// How a text report is shown.
struct TextOptions: ParsableArguments {
  @Option(help: "What is masked in reports for people: secrets; also addresses, query and cookie values; nothing.")
  var redact = Redaction.standard

  @Option(help: "Colour on a terminal.")
  var color = WhenChoice.auto

  /// Whether text that goes to `output` is coloured.
  func usesColor(on output: Output, environment: [String: String]) -> Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: output.isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
  }
}

/// `auto`, `always` or `never`.
enum WhenChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

extension Redaction: ExpressibleByArgument {}

/// A condition of `--fail-on`.
struct FailConditionArgument: ExpressibleByArgument {
  let condition: FailCondition

  init?(argument: String) {
    guard let condition = FailCondition(argument), !condition.isAboutChanges else { return nil }
    self.condition = condition
  }
}

/// `FORM`, `FORM=PATH` or `FORM=PATH,N`.
struct OutputArgument<Form: RawRepresentable & CaseIterable & Sendable>: ExpressibleByArgument where Form.RawValue == String {
  let form: Form
  /// Nil for standard output.
  let path: String?

  /// A form on standard output.
  init(form: Form) {
    self.form = form
    path = nil
  }

  /// Whether it goes to standard output.
  var isStandardOutput: Bool { path == nil || pathAndCount.path == "-" }

  /// Path and number of `PATH,N`; the whole is the path where there is no number.
  var pathAndCount: (path: String?, count: Int?) {
    guard let path, let comma = path.lastIndex(of: ","), comma > path.startIndex else { return (path, nil) }
    guard let count = PositiveNumber(argument: String(path[path.index(after: comma)...])) else { return (path, nil) }
    return (String(path[..<comma]), count.value)
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, let form = Form(rawValue: String(name)) else { return nil }
    self.form = form
    path = parts.count == 2 ? String(parts[1]) : nil
    if path?.isEmpty == true { return nil }
  }

  var defaultValueDescription: String { form.rawValue }

  static var allValueStrings: [String] { Form.allCases.map(\.rawValue) }
}

extension Array {
  /// Refuses outputs that would get into each other's way: two to standard output, or two to one file.
  ///
  /// - Parameter path: The file that an output goes to; nil for standard output.
  func refuseSharedTargets<Form>(path: (OutputArgument<Form>) -> String?) throws where Element == OutputArgument<Form> {
    guard count(where: \.isStandardOutput) <= 1 else { throw ValidationError("Only one -o can go to standard output.") }
    var paths: Set<String> = []
    for path in compactMap(path) where !path.hasPrefix("/dev/") && !paths.insert(path).inserted {
      throw ValidationError("Two -o go to \(path): give each a file of its own.")
    }
  }
}
