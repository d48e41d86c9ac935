internal import WAFBase
public import WAFDocuments
public import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFReplay

/// The trace of one request for programs.
///
/// Source: spec of the product, "What `check`, `explain` and `convert` print". Statements stand in a flat list, each with the index of the one around it.
public struct TraceJSON {
  private let program: Program
  private let places: DocumentPlaces?

  /// Traces of evaluations by `program`.
  ///
  /// - Parameter places: Where its documents are written; nil where that is not known.
  public init(program: Program, places: DocumentPlaces?) {
    self.program = program
    self.places = places
  }

  /// The trace as one object with a line feed at its end.
  ///
  /// - Parameter isIndented: Whether it is laid out for people; else it is one line.
  public func render(_ record: ExplainedRecord, isIndented: Bool) -> [UInt8] {
    var writer = JSONWriter(indentation: isIndented ? 2 : nil)
    writer.object { writer in
      writer.member("file", bytes: record.file.span)
      writer.member("line", record.line)
      writer.name("verdict")
      writer.raw(record.verdictLine.span)
      writer.array("rules") { writer in
        for rule in record.trace.rules { write(rule, record.trace, to: &writer) }
      }
      writer.array("decisions") { writer in
        for decision in record.trace.decisions { write(decision, to: &writer) }
      }
      write("ifNothingMatched", record.trace.ifNothingMatched, to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ rule: RuleTrace, _ trace: Trace, to writer: inout JSONWriter) {
    let info = program.rules[rule.rule]
    let outcome = trace.verdict.outcomes[rule.rule]
    writer.object { writer in
      writer.member("name", info.name)
      writer.member("group", info.group.map { program.rules[$0].name })
      writer.member("priority", info.priority)
      writer.member("outcome", rule.outcome.rawValue)
      writer.member("reached", outcome.reached.word)
      writer.member("terminated", outcome.terminated.word)
      writer.member("action", info.shownAction)
      writer.member("ownAction", rule.ownAction?.logName)
      writer.member("override", info.overrideName)
      writer.member("basis", rule.basis.word)
      writer.member("reason", rule.basis.reason?.rawValue)
      if let place = place(of: rule.origin) {
        writer.member("file", place.file)
        writer.member("sourceLine", place.line)
      }
      writer.member("path", info.path)
      write("labelsBefore", rule.labelsBefore, to: &writer)
      write("labelsAdded", rule.labelsAdded, to: &writer)
      if rule.isBehindStop { writer.member("wouldBe", rule.statement?.outcome.code) }
      writer.array("statements") { writer in
        var count = 0
        if let statement = rule.statement { write(statement, parent: nil, &count, to: &writer) }
      }
    }
  }

  private func write(_ statement: StatementTrace, parent: Int?, _ count: inout Int, to writer: inout JSONWriter) {
    let index = count
    count += 1
    writer.object { writer in
      writer.member("path", statement.path)
      writer.member("kind", statement.statement.wireName)
      writer.member("parent", parent)
      writer.member("outcome", statement.outcome.code)
      writer.member("reason", statement.reason?.rawValue)
      writer.member("needed", statement.isNeeded)
      writer.member("decidedBy", statement.shortcut.map { $0 == .oversize ? "oversize" : "fallback" })
      writer.array("values") { writer in for value in statement.values { write(value, to: &writer) } }
      writer.member("moreValues", statement.moreValues?.rawValue)
      if let rate = statement.rate { write(rate, to: &writer) }
    }
    for child in statement.children { write(child, parent: index, &count, to: &writer) }
  }

  private func write(_ rate: RateTrace, to writer: inout JSONWriter) {
    writer.object("rate") { writer in
      writer.member("limit", rate.limit)
      writer.member("evaluationWindowSec", rate.window)
      if let key = rate.key {
        writer.array("key") { writer in
          for part in key { writer.object { $0.member("value", bytes: part.span) } }
        }
      } else {
        writer.nullMember("key")
      }
      switch rate.state {
      case .counted(let count): write("counted", count, nil, to: &writer)
      case .notCounted(let count): write("not-counted", count, nil, to: &writer)
      case .keyMissing: write("key-missing", nil, nil, to: &writer)
      case .unknown(let reason): write("unknown", nil, reason, to: &writer)
      }
    }
  }

  private func write(_ state: String, _ count: Int?, _ reason: Reason?, to writer: inout JSONWriter) {
    writer.member("state", state)
    writer.member("count", count)
    writer.member("reason", reason?.rawValue)
  }

  private func write(_ name: StaticString, _ labels: [TracedLabel], to writer: inout JSONWriter) {
    writer.array(name) { writer in
      for label in labels {
        writer.object {
          $0.member("name", bytes: label.text.span)
          $0.member("certain", label.isCertain)
        }
      }
    }
  }

  private func write(_ decision: OpenDecision, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("reason", decision.reason.rawValue)
      writer.member("hint", decision.reason.advice)
      writer.array("leaves") { writer in
        for leaf in decision.leaves {
          writer.object {
            $0.member("rule", program.rules[leaf.rule].displayName(in: program))
            $0.member("path", program.paths[leaf.path])
          }
        }
      }
      write("ifMatch", decision.ifMatch, to: &writer)
      write("ifNoMatch", decision.ifMiss, to: &writer)
    }
  }

  private func write(_ name: StaticString, _ consequence: Consequence?, to writer: inout JSONWriter) {
    guard let consequence else { return writer.nullMember(name) }
    writer.object(name) { writer in
      writer.array("possibleActions") { for kind in consequence.actions.kinds { $0.value(kind.logName) } }
      writer.member("rule", consequence.ruleName(in: program))
    }
  }

  private func place(of origin: Origin?) -> Finding.Place? {
    guard let place = origin.flatMap({ places?.place(of: $0).place }), place.line > 0 else { return nil }
    return place
  }
}
