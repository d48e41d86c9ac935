internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFModel
public import WAFReplay

extension RateReport {
  /// The report for programs, indented, with a line feed at its end.
  ///
  /// `rules[]`: `name`; `action`, `limit`, `window` of the rule itself, null for one that does not exist yet; `key`, its `AggregateKeyType`; `counted`
  /// records, an interval where something is unknown; `unattributed`, records without a known key or time, by `reasons`; `healthy.elsewhere`, whether
  /// clients are judged by their other requests too; `curves[]`, one a window: `keys`; `approximate` where there were more than are kept; `knee`, null
  /// where nothing stands out; `points[]`, for each `limit` the `keys` and `requests` over it, and the `healthyClients` and `healthyRequests` among
  /// them; `top[]`, the busiest keys, with `ofLimit` in thousandths of the limit and `limited` records in the rule's own window; `nearest`, the busiest
  /// key within the limit.
  public func json(_ advice: RateAdvice, _ result: ReplayResult) -> [UInt8] {
    let common = JSONReport(program: program, header: header, redaction: redaction)
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      common.writeHead(result, to: &writer)
      writer.member("approximateClients", advice.hasMoreClients)
      writer.array("rules") { writer in
        for rule in advice.rules { writer.object { write(rule, common, to: &$0) } }
      }
      common.writeFaults(result, to: &writer)
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ rule: RateRuleAdvice, _ common: JSONReport, to writer: inout JSONWriter) {
    let statement = rule.subject.statement
    let isKnown = rule.subject.rule != nil
    writer.member("name", rule.subject.name)
    writer.member("action", rule.subject.rule.flatMap { program.rules[$0].effectiveAction?.kind.logName })
    writer.member("limit", isKnown ? statement.limit : nil)
    writer.member("window", isKnown ? statement.evaluationWindow : nil)
    writer.member("key", statement.aggregateKeyType.rawValue)
    writer.name("counted")
    common.write(rule.counted, to: &writer)
    writer.member("unattributed", rule.unattributed)
    writer.object("reasons") { writer in
      for (reason, records) in rule.reasons.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        writer.name(reason.rawValue)
        writer.value(records)
      }
    }
    writer.object("healthy") {
      $0.member("elsewhere", rule.judgesElsewhere)
      $0.member("definition", definition(elsewhere: rule.judgesElsewhere))
    }
    writer.array("curves") { writer in
      for curve in rule.curves { writer.object { write(curve, of: rule, to: &$0) } }
    }
  }

  private func write(_ curve: RateCurve, of rule: RateRuleAdvice, to writer: inout JSONWriter) {
    let statement = rule.subject.statement
    writer.member("window", curve.window)
    writer.member("keys", curve.keys)
    if curve.hasMoreKeys { writer.member("approximate", true) }
    writer.member("unknownClients", curve.unknownClients)
    if let knee = curve.knee {
      writer.object("knee") {
        $0.member("limit", knee.limit)
        $0.member("lower", knee.lower)
        $0.member("upper", knee.upper)
        $0.member("keysAbove", knee.keysAbove)
        $0.member("healthyAbove", curve.healthyAboveKnee)
      }
    } else {
      writer.nullMember("knee")
    }
    writer.member("reason", reason(curve, of: rule))
    writer.array("points") { writer in
      for point in curve.points.prefix(through: { $0.requests == 0 }) {
        writer.object {
          $0.member("limit", point.limit)
          $0.member("keys", point.keys)
          $0.member("requests", point.requests)
          $0.member("healthyClients", point.healthyClients)
          $0.member("healthyRequests", point.healthyRequests)
        }
      }
    }
    writer.array("top") { writer in for key in curve.top { writer.object { write(key, of: statement, to: &$0) } } }
    if let nearest = curve.nearest {
      writer.object("nearest") { write(nearest, of: statement, to: &$0) }
    } else {
      writer.nullMember("nearest")
    }
  }

  private func write(_ key: RateCurve.Key, of statement: RateBasedStatement, to writer: inout JSONWriter) {
    writer.member("key", statement.aggregateKeyType == .constant ? "" : shown(key.key, of: statement))
    writer.member("peak", key.peak)
    if let limited = key.limited {
      writer.member("ofLimit", key.peak.multipliedReportingOverflow(by: 1_000).overflow ? nil : key.peak * 1_000 / max(statement.limit, 1))
      writer.member("limited", limited)
    }
    guard let client = key.client else { return }
    writer.object("client") {
      $0.member("requests", client.requests)
      $0.member("blocked", client.blocked)
      $0.member("counted", client.counted)
      $0.member("healthy", key.isHealthy)
    }
  }
}

extension Array {
  /// The elements up to and with the first that satisfies `isLast`.
  fileprivate func prefix(through isLast: (Element) -> Bool) -> ArraySlice<Element> {
    guard let last = firstIndex(where: isLast) else { return self[...] }
    return self[...last]
  }
}
