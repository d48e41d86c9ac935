internal import WAFBase
internal import WAFDocuments
public import WAFEngine
internal import WAFModel
public import WAFReplay

/// What changes for traffic between two web ACLs, in the forms of `wafcast diff`.
public struct DiffReport: Sendable {
  /// Characters of a line.
  static let width = 80

  let base: Side
  let head: Side
  let redaction: Redaction
  /// What changed in the rules themselves, where it is told.
  let ruleChanges: RuleChanges?

  /// One of the two web ACLs.
  public struct Side: Sendable {
    /// Compiled.
    public var program: Program
    /// What reports say of it.
    public var header: ReportHeader
    /// Words of a command line that name it and say how it is evaluated, such as `--acl` and `shop/`.
    public var arguments: [String]

    /// One of the two web ACLs.
    public init(program: Program, header: ReportHeader, arguments: [String]) {
      self.program = program
      self.header = header
      self.arguments = arguments
    }

    /// The words for a shell, inert.
    var options: String { arguments.map { RequestText.quoted(SafeText.escape($0)) }.joined(separator: " ") }

    /// A rule that decides: its name, `Default_Action`, or `not certain`.
    func name(of rule: Int?) -> String {
      guard let rule else { return "not certain" }
      return rule < 0 ? Program.defaultActionName : SafeText.escape(program.rules[rule].displayName(in: program), limit: 80)
    }

    /// What it decides, such as `BLOCK by block-admin`.
    func text(of decision: RecordDecision) -> String {
      let actions = decision.actions.kinds.map(\.logName).joined(separator: " or ")
      return decision.rule == nil ? actions : "\(actions) by \(name(of: decision.rule))"
    }
  }

  /// A report on a comparison.
  public init(base: Side, head: Side, redaction: Redaction, ruleChanges: RuleChanges? = nil) {
    self.base = base
    self.head = head
    self.redaction = redaction
    self.ruleChanges = ruleChanges
  }

  /// Which managed groups of either web ACL are not answered by the rules of AWS.
  var localSentences: [String] {
    let all = base.header.localDefinitions + head.header.localDefinitions.filter { !base.header.localDefinitions.contains($0) }
    return LocalDefinition.sentences(of: all).map { "Managed groups " + $0 }
  }

  /// The rules that decide in a change, most records first: of the web ACL that acts, or for those let through of the one that no longer does.
  func rules(_ change: Change, _ tally: ChangeTally) -> [(name: String, records: Int)] {
    let side = change == .newAllow ? base : head
    return tally.rules.map { (side.name(of: $0.key), $0.value) }.sorted { ($1.records, $0.name) < ($0.records, $1.name) }
  }

  /// The command that explains a sample under the second web ACL.
  func command(_ sample: ChangeSample, options: String) -> String {
    let file = RequestText.quoted(SafeText.escape(sample.file.span))
    return "wafcast explain \(options) --line \(sample.line) \(file)"
  }

  /// A sample in one line: the request, and what becomes of it.
  func text(_ sample: ChangeSample) -> String {
    "\(RequestText.line(sample.request, redaction)): \(base.text(of: sample.base)), now \(head.text(of: sample.head))"
  }
}

extension Change {
  /// As people read it.
  var words: String {
    switch self {
    case .newBlock: "newly blocked"
    case .newAllow: "newly let through"
    case .newChallenge: "newly challenged"
    }
  }
}
