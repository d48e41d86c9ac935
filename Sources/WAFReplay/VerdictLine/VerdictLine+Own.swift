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
    if !request.labels.isEmpty { writeLabels(request.labels, as: "labelsBefore", of: request, to: &writer) }
    writeKeptRecord(verdict, of: request, to: &writer)
    writeDerived(request.derived, to: &writer)
    writer.endObject()
  }

  /// What stands in the line as if the log had told it.
  private func writeDerived(_ parts: DerivedParts, to writer: inout JSONWriter) {
    guard !parts.isEmpty else { return }
    writer.array("derived") {
      if parts.contains(.country) { $0.value("country") }
      if parts.contains(.system) { $0.value("asn") }
    }
  }

  func writeLabels(_ labels: [ByteRange], as name: StaticString, of request: borrowing Request, to writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray()
    for label in labels {
      writer.beginObject()
      writer.member("name", bytes: request.bytes.span.extracting(label.indices))
      writer.endObject()
    }
    writer.endArray()
  }

  /// What AWS recorded of groups that have no entry in our `ruleGroupList`, since their evaluation is open: without it the line would not
  /// evaluate to itself.
  private func writeKeptRecord(_ verdict: borrowing Verdict, of request: borrowing Request, to writer: inout JSONWriter) {
    guard let recorded = request.recorded else { return }
    var written: Set<[UInt8]> = []
    for index in program.rules.indices {
      if let id = program.rules[index].groupID, isWritten(group: index, verdict) { written.insert(Array(id.utf8)) }
    }
    let kept = recorded.groups.filter { !written.contains(request.bytes[$0.id]) }
    guard !kept.isEmpty else { return }
    writer.name("recordedGroups")
    writer.beginArray()
    for group in kept {
      writer.beginObject()
      writer.member("ruleGroupId", bytes: request.bytes.span.extracting(group.id.indices))
      writer.name("terminatingRule")
      if let match = group.terminatingRule { write(match, of: request, to: &writer) } else { writer.null() }
      writer.name("nonTerminatingMatchingRules")
      writer.beginArray()
      for match in group.nonTerminatingRules { write(match, of: request, to: &writer) }
      writer.endArray()
      writer.name("excludedRules")
      writer.beginArray()
      for rule in group.excludedRules {
        writer.beginObject()
        writer.member("ruleId", bytes: request.bytes.span.extracting(rule.indices))
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
    writer.endArray()
    writeLabels(recorded.labels, as: "recordedLabels", of: request, to: &writer)
  }

  private func write(_ match: RecordedMatch, of request: borrowing Request, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("ruleId", bytes: request.bytes.span.extracting(match.ruleID.indices))
    writer.member("action", bytes: request.bytes.span.extracting(match.action.indices))
    if !match.overriddenAction.isEmpty {
      writer.member("overriddenAction", bytes: request.bytes.span.extracting(match.overriddenAction.indices))
    }
    if let response = match.tokenResponse {
      writer.name(request.bytes[match.action] == Array("CHALLENGE".utf8) ? "challengeResponse" : "captchaResponse")
      writer.beginObject()
      writer.member("solveTimestamp", response.solveTimestamp ?? 0)
      if !response.failureReason.isEmpty {
        writer.member("failureReason", bytes: request.bytes.span.extracting(response.failureReason.indices))
      }
      writer.endObject()
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
