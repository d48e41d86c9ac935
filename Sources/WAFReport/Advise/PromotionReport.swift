public import WAFAdvice
internal import WAFBase
public import WAFEngine
internal import WAFLint
internal import WAFModel
public import WAFReplay

/// What rules that count would do, in the forms of `wafcast advise promote`.
public struct PromotionReport: Sendable {
  /// Characters of a line.
  static let width = 80

  let program: Program
  let header: ReportHeader
  let redaction: Redaction
  /// Words of a command line that name the web ACL and say how it is evaluated.
  let arguments: [String]

  /// A report on the rules of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction, arguments: [String]) {
    self.program = program
    self.header = header
    self.redaction = redaction
    self.arguments = arguments
  }

  /// The command that explains a sample as the web ACL is.
  func command(_ sample: ChangeSample) -> String {
    let options = arguments.map { RequestText.quoted(SafeText.escape($0)) }.joined(separator: " ")
    return "wafcast explain \(options) --line \(sample.line) \(RequestText.quoted(SafeText.escape(sample.file.span)))"
  }

  /// Why the verdict is what it is, one sentence a reason.
  func reasons(_ promotion: Promotion) -> [String] { promotion.reasons.map { sentence($0, promotion) } }

  private func sentence(_ reason: Promotion.Reason, _ promotion: Promotion) -> String {
    switch reason {
    case .notTried: return "the web ACL does not admit the change, so it is not known what it would do"
    case .neverMatched(let reached):
      return reached.high == 0
        ? "no request came to it, so nothing is known of whom it would stop"
        : "it matched none of the \(Figures.bounds(reached)) requests that came to it, so nothing is known of whom it would stop"
    case .changesNothing: return "all that it matches is stopped by other rules, or allowed before it: to let it act changes nothing in this traffic"
    case .undetermined: return "the log does not tell whether it matches: nothing that it would stop is certain"
    case .labelsFor(let rules):
      let names =
        rules.prefix(3).map { SafeText.escape($0, limit: 80) }.joined(separator: ", ") + (rules.count > 3 ? " and \(rules.count - 3) more" : "")
      return "it works already: \(names) \(rules.count == 1 ? "decides" : "decide") by its label, and would not be reached if it acted"
    case .stopsUnwelcome(let clients, let records):
      return
        "\(Figures.count(records, "request")) of \(Figures.count(clients, "client")) that would be stopped \(records == 1 ? "looks" : "look") unwelcome"
    case .stopsWelcome(let clients, let records):
      return
        "\(Figures.count(records, "request")) of \(Figures.count(clients, "client")) that would be stopped \(records == 1 ? "looks" : "look") welcome"
    case .unclear(let clients, let records):
      let who = clients == 0 ? "clients that the log does not tell" : "\(Figures.count(clients, "client")) of whom too little is known"
      return "\(Figures.count(records, "request")) that would be stopped \(records == 1 ? "is" : "are") of \(who)"
    case .welcomeUnder(let path, let percent):
      return "\(percent) % of the welcome ones \(Self.words(path))"
    case .exceptionLeaves(let welcome, let others):
      return
        "with that excepted, a replay stops \(Figures.count(others, "request")) of others and \(welcome == 0 ? "none" : Figures.number(welcome)) of these"
    case .loosensRates(let records):
      return "\(Figures.bounds(records)) other requests get through that are stopped now, since what it stops no longer counts towards rates"
    }
  }

  /// `are for /healthz`, `are under /upload/`.
  static func words(_ path: Promotion.PathText) -> String { path.isWhole ? "are for \(path.text)" : "are under \(path.text)" }

  /// What trips the rule, such as `UriPath like /a/9/a..a`.
  func text(_ trip: Trip) -> String {
    let part = StatementText(redaction: redaction).component(trip.field) + (trip.name.isEmpty || isNamed(trip.field) ? "" : " \(trip.name)")
    return trip.form.isEmpty ? part : "\(part) like \(trip.form)"
  }

  private func isNamed(_ field: FieldToMatch) -> Bool {
    switch field {
    case .singleHeader, .singleQueryArgument: true
    default: false
    }
  }
}

extension Promotion.Verdict {
  /// As people read it.
  var words: String { self == .scopeDown ? "scope down" : rawValue }
}

extension ClientKind {
  /// As people read it, of several.
  var words: String {
    switch self {
    case .own: "own networks"
    case .verifiedBot: "verified bots"
    case .attackTool: "attack tools"
    case .stoppedElsewhere: "stopped elsewhere too"
    case .monitoring: "monitoring"
    case .regular: "regular clients"
    case .visitor: "visitors"
    case .insistent: "insistent"
    case .script: "scripts"
    case .unclear: "unclear"
    }
  }
}

extension CountedRule.Cause {
  /// As people read it.
  var words: String {
    switch self {
    case .ownAction: "its action is Count"
    case .ruleOverride: "overridden to Count"
    case .groupOverride: "the group is overridden to Count"
    }
  }
}
