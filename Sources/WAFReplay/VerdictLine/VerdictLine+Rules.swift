internal import WAFBase
internal import WAFEngine
internal import WAFJSON
internal import WAFModel

// Where a match is logged: spec of evaluation, 5.3. Only what is certain is written.
extension VerdictLine {
  /// `ruleGroupList`: every group that was evaluated, also one without a match (LOG-1).
  func writeGroups(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name("ruleGroupList")
    writer.beginArray()
    for index in program.rules.indices {
      guard let groupID = program.rules[index].groupID, isWritten(group: index, verdict) else { continue }
      writer.beginObject()
      writer.member("ruleGroupId", groupID)
      writeMatches(inGroup: index, verdict, to: &writer)
      writer.nullMember("customerConfig")
      writer.endObject()
    }
    writer.endArray()
  }

  /// Whether the line has an entry for the group that rule `index` references: it was certainly evaluated, and its answer is known.
  func isWritten(group index: Int, _ verdict: borrowing Verdict) -> Bool {
    verdict.outcomes[index].reached == .certain && isAnswered(group: index, verdict)
  }

  /// Whether nothing is open inside a managed group. An entry of one says what its rules did, so that who reads the line need not know them.
  private func isAnswered(group: Int, _ verdict: borrowing Verdict) -> Bool {
    guard program.rules[group].kind == .managedRuleGroup else { return true }
    return !verdict.open.contains { $0.rule == group || program.rules[$0.rule].group == group }
  }

  private func writeMatches(inGroup group: Int, _ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    var ending: Int?
    var counting: [Int] = []
    var excluded: [Int] = []
    var index = group + 1
    while index < program.rules.count, program.rules[index].group == group {
      let outcome = verdict.outcomes[index]
      if outcome.endedGroup == .certain {
        ending = index
      } else if outcome.counted == .certain {
        if program.rules[index].isExcluded { excluded.append(index) } else { counting.append(index) }
      }
      index += 1
    }
    writer.name("terminatingRule")
    if let ending { writeMatch(of: ending, verdict, hasDetails: false, to: &writer) } else { writer.null() }
    writer.name("nonTerminatingMatchingRules")
    writer.beginArray()
    for rule in counting { writeMatch(of: rule, verdict, hasDetails: true, to: &writer) }
    writer.endArray()
    writer.name("excludedRules")
    // LOG-4: null where there is none.
    guard !excluded.isEmpty else { return writer.null() }
    writer.beginArray()
    for rule in excluded {
      writer.object {
        $0.member("exclusionType", "EXCLUDED_AS_COUNT")
        $0.member("ruleId", program.rules[rule].name)
      }
    }
    writer.endArray()
  }

  /// `nonTerminatingMatchingRules` of the web ACL itself; a group overridden to Count is a Count of the rule that references it.
  func writeNonTerminating(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name("nonTerminatingMatchingRules")
    writer.beginArray()
    for index in verdict.touched where program.rules[index].group == nil && verdict.outcomes[index].counted == .certain {
      writeMatch(of: index, verdict, hasDetails: true, to: &writer)
    }
    writer.endArray()
  }

  /// - Parameter hasDetails: Whether `ruleMatchDetails` is a list; in `terminatingRule` of a group it is null (LOG-3).
  private func writeMatch(of index: Int, _ verdict: borrowing Verdict, hasDetails: Bool, to writer: inout JSONWriter) {
    let rule = program.rules[index]
    writer.beginObject()
    writer.member("ruleId", rule.name)
    writer.member("action", (rule.effectiveAction?.kind ?? .count).logName)
    if let overridden = rule.overriddenAction { writer.member("overriddenAction", overridden.logName) }
    if hasDetails { writeDetails("ruleMatchDetails", of: index, verdict, to: &writer) } else { writer.nullMember("ruleMatchDetails") }
    for token in verdict.tokens where token.rule == index { writeTokenResponse(token, to: &writer) }
    writer.endObject()
  }

  /// `rateBasedRuleList`: every rate-based rule that was evaluated (evaluation 7.5).
  func writeRates(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name("rateBasedRuleList")
    writer.beginArray()
    for rate in verdict.rates {
      guard let statement = program.rules[rate.rule].rate else { continue }
      writer.beginObject()
      writer.member("rateBasedRuleId", rate.keyMissing ? "NO_EVALUATION_PERFORMED" : program.rules[rate.rule].name)
      writer.member("rateBasedRuleName", program.rules[rate.rule].name)
      writer.member("limitKey", statement.aggregateKeyType.logName)
      if statement.aggregateKeyType == .ip || statement.aggregateKeyType == .forwardedIP, let address = rate.values.first {
        writer.member("limitValue", bytes: verdict.bytes.span.extracting(address.indices))
      }
      writer.member("maxRateAllowed", statement.limit)
      writer.member("evaluationWindowSec", String(statement.evaluationWindow))
      writeCustomValues(rate, statement, verdict, to: &writer)
      writer.endObject()
    }
    writer.endArray()
  }

  private func writeCustomValues(
    _ rate: RateEvaluation, _ statement: RateBasedStatement, _ verdict: borrowing Verdict, to writer: inout JSONWriter
  ) {
    guard !statement.customKeys.isEmpty else { return }
    writer.name("customValues")
    writer.beginArray()
    for (key, range) in zip(statement.customKeys, rate.values) {
      writer.beginObject()
      writer.member("key", key.logName)
      if let name = key.fieldName { writer.member("name", name) }
      let value = protection.rateKey(key, verdict.bytes[range])
      writer.member("value", bytes: value.span.extracting(0..<min(value.count, CustomKey.loggedValueLimit)))
      writer.endObject()
    }
    writer.endArray()
  }
}

extension CustomKey {
  /// Bytes of a value that a log shows.
  fileprivate static let loggedValueLimit = 32

  /// `key` of `customValues`.
  fileprivate var logName: String {
    switch self {
    case .header: "HEADER"
    case .cookie: "COOKIE"
    case .queryArgument: "QUERY_ARGUMENT"
    case .queryString: "QUERY_STRING"
    case .httpMethod: "HTTP_METHOD"
    case .forwardedIP: "FORWARDED_IP"
    case .ip: "IP"
    case .labelNamespace: "LABEL_NAMESPACE"
    case .uriPath: "URI_PATH"
    case .ja3Fingerprint: "JA3_FINGERPRINT"
    case .ja4Fingerprint: "JA4_FINGERPRINT"
    case .asn: "ASN"
    }
  }

  /// `name` of `customValues`: which header, cookie, argument or namespace.
  fileprivate var fieldName: String? {
    switch self {
    case .header(let name, _), .cookie(let name, _), .queryArgument(let name, _), .labelNamespace(let name): name
    case .queryString, .httpMethod, .forwardedIP, .ip, .uriPath, .ja3Fingerprint, .ja4Fingerprint, .asn: nil
    }
  }
}
