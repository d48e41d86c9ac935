internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

extension VerdictLine {
  /// The member `wafcast`, which AWS WAF's records do not have.
  func writeOwnMember(_ verdict: borrowing Verdict, of request: borrowing Request, to writer: inout JSONWriter) {
    writer.name("wafcast")
    writer.beginObject()
    writer.member("determined", verdict.isDetermined)
    let kinds = verdict.possibleActions.kinds
    writer.array("possibleActions") { for kind in kinds { $0.value(kind.logName) } }
    writer.name("undetermined")
    writer.beginArray()
    for leaf in verdict.open {
      writer.beginObject()
      writer.member("rule", program.rules[leaf.rule].displayName(in: program))
      writer.member("path", program.paths[leaf.path])
      writer.member("reason", leaf.reason.rawValue)
      writer.endObject()
    }
    writer.endArray()
    writer.name("ruleCounts")
    writer.beginArray()
    for index in verdict.touched where verdict.outcomes[index].counted == .certain {
      writer.value(program.rules[index].displayName(in: program))
    }
    writer.endArray()
    writeRecorded(verdict, of: request, to: &writer)
    if !request.labels.isEmpty {
      writer.array("labelsBefore") { writer in
        for label in request.labels {
          writer.beginObject()
          writer.member("name", bytes: request.bytes.span.extracting(label.indices))
          writer.endObject()
        }
      }
    }
    writer.endObject()
  }

  private func writeRecorded(_ verdict: borrowing Verdict, of request: borrowing Request, to writer: inout JSONWriter) {
    writer.name("recorded")
    guard let comparison = Comparison(verdict, of: request, by: program), let recorded = request.recorded else { return writer.null() }
    writer.beginObject()
    writer.member("action", bytes: request.bytes.span.extracting(recorded.action.indices))
    writer.member("terminatingRuleId", bytes: request.bytes.span.extracting(recorded.terminatingRuleID.indices))
    writer.member("agrees", comparison.agrees)
    writer.endObject()
  }
}
