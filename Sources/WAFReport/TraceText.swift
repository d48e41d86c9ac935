internal import WAFBase
public import WAFDocuments
public import WAFEngine
internal import WAFModel
public import WAFReplay
internal import WAFRequest

/// The trace of one request for people: what happened in a sentence, then rule by rule, then what would close the gaps.
///
/// Rules that did not match are one line each, with the statement that decided; all others are told in full.
public struct TraceText {
  let program: Program
  let places: DocumentPlaces?
  let redaction: Redaction
  let usesColor: Bool
  /// Characters of a line.
  let width: Int
  let questions: StatementText
  let values: ValueText
  let deciding: TraceLines

  /// Traces of evaluations by `program`.
  ///
  /// - Parameters:
  ///   - places: Where its documents are written; nil where that is not known.
  ///   - width: Characters of a line; at least 60.
  public init(program: Program, places: DocumentPlaces?, redaction: Redaction, usesColor: Bool, width: Int) {
    self.program = program
    self.places = places
    self.redaction = redaction
    self.usesColor = usesColor
    self.width = max(width, 60)
    questions = StatementText(redaction: redaction)
    values = ValueText(redaction: redaction)
    deciding = TraceLines(redaction: redaction)
  }

  /// The trace, with a line feed at its end.
  public func render(_ record: ExplainedRecord) -> [UInt8] {
    var lines = head(record) + verdict(record)
    lines += ["", style("Rules, in order of evaluation", .bold)] + rules(record.trace)
    let open = openQuestions(record.trace)
    if !open.isEmpty { lines += ["", style("What would decide it", .bold)] + open }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  // MARK: Lines

  /// How a text stands out on a terminal.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  func style(_ text: String, _ style: Style) -> String { usesColor ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text }

  /// `text` over as many lines as it takes, the first behind `first` and the others behind `rest`.
  func lines(_ text: String, first: String, rest: String) -> [String] {
    let room = max(width - max(first.count, rest.count), Self.leastRoom)
    let lines = WrappedText.lines(of: text, width: room, indentation: 0).flatMap { pieces(of: $0, room) }
    return lines.enumerated().map { ($0 == 0 ? first : rest) + $1 }
  }

  /// Characters that a line has at least, however deep it stands.
  private static let leastRoom = 20

  /// A line cut where it is longer than fits: a value may have no blank to break at.
  private func pieces(of line: String, _ room: Int) -> [String] {
    var pieces: [String] = []
    var left = line[...]
    while left.count > room {
      pieces.append(String(left.prefix(room)))
      left = left.dropFirst(room)
    }
    return pieces + [String(left)]
  }

  /// `text` cut to `limit` characters.
  func cut(_ text: String, _ limit: Int) -> String { text.count > limit ? text.prefix(max(limit - 1, 0)) + "…" : text }
}

// MARK: - Head and verdict

extension TraceText {
  private func head(_ record: ExplainedRecord) -> [String] {
    let request = record.request
    func text(_ component: Component) -> [UInt8]? {
      switch component.knowledge {
      case .known, .prefix: request.bytes[component.range] + (component.knowledge == .prefix ? Array("…".utf8) : [])
      case .absent: []
      case .redacted, .unknown: nil
      }
    }
    var target = text(request.method) ?? Array("?".utf8)
    target += Array(" ".utf8) + (text(request.path) ?? Array("?".utf8))
    if let query = text(request.query) { target += query.isEmpty ? [] : Array("?".utf8) + query } else { target += Array("?…".utf8) }
    var lines = lines(redaction.show(target, limit: 400), first: "", rest: "  ").map { style($0, .bold) }
    var facts: [String] = []
    if let address = request.clientAddress {
      facts.append("from " + redaction.show(client: Array(address.text.utf8), limit: 60))
    } else {
      facts.append("from an unknown client")
    }
    facts.append(request.timestamp.map { "at " + Timestamp.iso8601($0) } ?? "at an unknown time")
    let host = hostText(of: request)
    if !host.isEmpty { facts.append("to " + SafeText.escape(host.span, limit: 80)) }
    let id = request.requestID.isEmpty ? "" : ", request \(SafeText.escape(request.bytes[request.requestID].span, limit: 60))"
    facts.append("(\(SafeText.escape(record.file.span, limit: 120)):\(record.line)\(id))")
    lines += self.lines(facts.joined(separator: " "), first: "  ", rest: "  ")
    return lines
  }

  private func hostText(of request: Request) -> [UInt8] {
    if !request.host.isEmpty { return request.bytes[request.host] }
    let header = request.headers.first { String(decoding: request.bytes[$0.name], as: UTF8.self).lowercased() == "host" }
    guard let header, header.value.knowledge == .known else { return [] }
    return request.bytes[header.value.range]
  }

  private func verdict(_ record: ExplainedRecord) -> [String] {
    let trace = record.trace
    var lines = [""]
    let sentence = sentence(trace)
    lines += self.lines(sentence.text, first: "", rest: "  ").enumerated().map { $0 == 0 ? style($1, sentence.style) : $1 }
    for reason in sentence.because { lines += self.lines(reason, first: "  ", rest: "    ") }
    let counted = trace.verdict.touched.filter { trace.verdict.outcomes[$0].counted == .certain }.map { name(of: $0) }
    if !counted.isEmpty { lines += self.lines("Counted: " + counted.joined(separator: ", "), first: "  ", rest: "    ") }
    let labels = trace.verdict.labels.map { SafeText.escape(trace.verdict.bytes[$0].span, limit: 120) }
    if !labels.isEmpty { lines += self.lines("Labels: " + labels.joined(separator: ", "), first: "  ", rest: "    ") }
    if let recorded = recorded(record) { lines += self.lines(recorded, first: "  ", rest: "    ") }
    return lines
  }

  /// The verdict in one sentence, and the statements behind it.
  private func sentence(_ trace: Trace) -> (text: String, because: [String], style: Style) {
    let verdict = trace.verdict
    guard verdict.isDetermined, let action = verdict.action else {
      let actions = verdict.possibleActions.kinds.map(\.logName)
      let what = actions.count == 1 ? "\(actions[0]), but by which rule is open" : "Open: \(actions.joined(separator: " or "))"
      let none = trace.ifNothingMatched.map { "; if nothing that is open matched, \(consequence($0))" } ?? ""
      return (what + none, [], .yellow)
    }
    let color: Style = action == .allow ? .green : .red
    guard verdict.terminatingRule != Verdict.defaultAction else {
      let what =
        verdict.touched.contains { verdict.outcomes[$0].matched == .certain }
        ? "no rule that matched ended the evaluation" : "no rule ended the evaluation"
      return ("\(action.logName) by the default action: \(what)", [], color)
    }
    let rule = verdict.terminatingInnerRule ?? verdict.terminatingRule
    let behind = trace.rules.count { $0.outcome == .notReached && $0.rule > rule && program.rules[$0.rule].group == nil }
    let rest = behind == 0 ? "" : "; \(Figures.count(behind, "rule")) behind it \(behind == 1 ? "was" : "were") not reached"
    return ("\(action.logName) by \(name(of: rule))\(rest)", deciding.deciding(trace.rules[rule]), color)
  }

  private func recorded(_ record: ExplainedRecord) -> String? {
    guard let comparison = record.comparison, let decision = record.request.recorded else { return nil }
    let action = SafeText.escape(record.request.bytes[decision.action].span, limit: 40)
    let what = "AWS recorded \(action) by \(SafeText.escape(record.request.bytes[decision.terminatingRuleID].span, limit: 80))"
    switch comparison.agrees {
    case true: return what + ": the same"
    case false: return what + ": DIFFERS (\(comparison.difference?.rawValue ?? "other"))"
    default: return what
    }
  }

  /// Name of a rule, of a group's rule behind that of the referencing one.
  func name(of rule: Int) -> String { SafeText.escape(program.rules[rule].displayName(in: program), limit: 120) }

  /// What an assumption leads to, such as `BLOCK by block-admin`.
  func consequence(_ consequence: Consequence) -> String {
    let actions = consequence.actions.kinds.map(\.logName).joined(separator: " or ")
    guard let rule = consequence.rule else { return consequence.action == nil ? "still open: \(actions)" : actions }
    if rule == Verdict.defaultAction { return "\(actions) by the default action" }
    return "\(actions) by \(name(of: consequence.innerRule ?? rule))"
  }
}
