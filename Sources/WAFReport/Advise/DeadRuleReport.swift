public import WAFAdvice
internal import WAFBase
internal import WAFDocuments
public import WAFEngine
internal import WAFJSON
internal import WAFLint
internal import WAFModel
internal import WAFReplay

/// Rules that do nothing, in the forms of `wafcast advise dead`.
public struct DeadRuleReport: Sendable {
  /// Characters of a line.
  private static let width = 80

  private let program: Program
  private let header: ReportHeader

  /// A report on the rules of `program`.
  ///
  /// - Parameter header: With what is proven of rules that do nothing.
  public init(program: Program, header: ReportHeader) {
    self.program = program
    self.header = header
  }

  /// The report for people, with a line feed at its end.
  public func text(_ advice: DeadRuleAdvice, usesColor: Bool) -> [UInt8] {
    func heading(_ text: String) -> String { usesColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    let summary = advice.result.tally.summary
    var lines = [heading("Rules that do nothing")]
    lines += wrapped(
      "\(name(header.aclName)): \(Figures.count(program.rules.count, "rule")), \(CapacityText.amount(header.capacity)) WCU; "
        + "\(Figures.count(summary.records, "request")) \(summary.observedWindow)")
    for sentence in LocalDefinition.sentences(of: header.localDefinitions) { lines += wrapped("Managed groups \(sentence).") }
    if summary.wasInterrupted { lines.append("  INTERRUPTED: the counts below are of the part read so far.") }
    lines += ["", heading("Can be removed, proven for any traffic")] + removal(advice)
    let faults = advice.result.unreadInputs(width: Self.width)
    guard summary.records > 0 else {
      lines += ["", heading("No request was read, so nothing was observed")] + faults
      return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
    lines += ["", heading("Cheaper order")] + order(advice)
    var observed = header
    observed.proofs = []
    let text = TextReport(program: program, header: observed, redaction: .standard, usesColor: usesColor)
    let idle = text.idle(advice.result.tally)
    lines += ["", heading("Did nothing in this traffic")] + (idle.lines.isEmpty ? ["  none: every rule matched something"] : idle.lines)
    if !faults.isEmpty { lines += ["", heading("Not all was read")] + faults }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func name(_ text: String) -> String { SafeText.escape(text, limit: 80) }
  private func wrapped(_ text: String) -> [String] { WrappedText.lines(of: text, width: Self.width, indentation: 2) }

  private func removal(_ advice: DeadRuleAdvice) -> [String] {
    guard !advice.removable.isEmpty else { return ["  none"] }
    var lines = advice.removable.flatMap { rule in
      wrapped("\(name(rule.name)) (\(CapacityText.amount(rule.capacity)) WCU): \(rule.reason)").enumerated().map {
        $0.offset == 0 ? $0.element : "  " + $0.element
      }
    }
    lines += wrapped(
      "Without \(advice.removable.count == 1 ? "it" : "them") the web ACL costs \(CapacityText.amount(advice.capacity.after)) WCU in place of "
        + "\(CapacityText.amount(advice.capacity.before)).")
    if let removal = advice.removal, removal.records > 0 { lines += wrapped(proof(removal)) }
    return lines
  }

  /// What a replay says of a change that is to change nothing.
  private func proof(_ transitions: Transitions) -> String {
    let changed = transitions.changes.values.reduce(0) { $0 + $1.records.high }
    guard changed > 0 else { return "Replayed: all \(Figures.count(transitions.records, "request")) end as before." }
    return
      "Replayed: up to \(Figures.number(changed)) of \(Figures.count(transitions.records, "request")) may end otherwise. Do not remove them together; report this."
  }

  private func order(_ advice: DeadRuleAdvice) -> [String] {
    guard let order = advice.order else { return ["  none found: no Block rule could come earlier and save work"] }
    var lines: [String] = []
    for move in order.moves { lines += wrapped("put \(name(move.rule)) right before \(name(move.ahead))") }
    let records = max(order.transitions.records, 1)
    lines += wrapped(
      "Rules evaluated for a request: \(Self.tenths(order.after.evaluations, of: records)) in place of "
        + "\(Self.tenths(order.before.evaluations, of: records)).")
    if order.before.paid > order.after.paid {
      lines += wrapped(
        "Requests that come to groups with a fee for each: \(Figures.number(order.after.paid)) in place of \(Figures.number(order.before.paid)). "
          + "Those groups see fewer requests then, also in what they count over time.")
    }
    lines += wrapped(
      proof(order.transitions)
        + (order.transitions.otherRules > 0 ? " \(Figures.number(order.transitions.otherRules)) of them by another rule with the same action." : ""))
    lines += wrapped(
      "Only Block rules move, and only over rules that block or count: so the outcome is the same for any traffic. Rules that they pass over "
        + "count fewer requests.")
    return lines
  }

  /// `11.4`.
  private static func tenths(_ value: Int, of total: Int) -> String { "\(Figures.number(value / total)).\(value % total * 10 / total)" }

  /// The report for programs, indented, with a line feed at its end.
  public func json(_ advice: DeadRuleAdvice) -> [UInt8] {
    let common = JSONReport(program: program, header: header)
    let tally = advice.result.tally
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      common.writeHead(advice.result, to: &writer)
      writer.object("removable") { writer in
        writer.array("rules") { writer in
          for rule in advice.removable {
            writer.object {
              $0.member("name", rule.name)
              $0.member("reason", rule.reason)
              $0.member("wcu", rule.capacity)
            }
          }
        }
        writer.member("capacity", advice.capacity.after)
        writer.member("changedRequests", advice.removal.map { $0.changes.values.reduce(0) { $0 + $1.records.high } })
      }
      if let order = advice.order { writer.object("order") { write(order, to: &$0) } } else { writer.member("order", String?.none) }
      writer.array("observed") { writer in
        for idle in tally.idleRules(of: program) {
          writer.object {
            $0.member("rule", program.rules[idle.rule].name)
            $0.member("group", program.rules[idle.rule].group.map { program.rules[$0].name })
            $0.name("reached")
            common.write(idle.reached, to: &$0)
            $0.member("observation", idle.words(tally.summary))
          }
        }
      }
      common.writeFaults(advice.result, to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ order: CheaperOrder, to writer: inout JSONWriter) {
    writer.array("rules") { writer in for name in order.names { writer.value(name) } }
    writer.array("moves") { writer in
      for move in order.moves {
        writer.object {
          $0.member("rule", move.rule)
          $0.member("before", move.ahead)
        }
      }
    }
    for (name, work) in [("now" as StaticString, order.before), ("then", order.after)] {
      writer.object(name) {
        $0.member("rulesEvaluated", work.evaluations)
        $0.member("paidRequests", work.paid)
      }
    }
    writer.member("changedRequests", order.transitions.changes.values.reduce(0) { $0 + $1.records.high })
    writer.member("sameActionOtherRule", order.transitions.otherRules)
  }
}
