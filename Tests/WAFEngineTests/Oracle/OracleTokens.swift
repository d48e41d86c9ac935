import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// Captcha and challenge tokens (section 8).
extension OracleContext {
  /// How the token of the request fares with the Captcha or Challenge of rule `index`.
  func token(for index: Int, _ kind: ActionKind) -> TokenEvaluation {
    let rule = oracle.rules[index]
    var evaluation = TokenEvaluation(rule: index, kind: kind, status: .unknown, solveTimestamp: nil)
    if let state = request.token {
      evaluation.solveTimestamp = kind == .captcha ? state.captchaSolveTimestamp : state.challengeSolveTimestamp
      evaluation.status = status(of: state, solved: evaluation.solveTimestamp, immunity: immunity(of: rule, kind))
      return evaluation
    }
    switch oracle.settings.tokenPolicy {
    case .assumeValid: evaluation.status = .valid
    case .assumeMissing: evaluation.status = .failed(.missing)
    case .recorded, .cookie: break
    }
    guard evaluation.status == .unknown else { return evaluation }
    if oracle.settings.tokenPolicy == .recorded, let response = recordedResponse(of: rule, kind) {
      let failure = String(decoding: request.bytes[response.failureReason], as: UTF8.self)
      if let known = TokenFailure(rawValue: failure) { evaluation.status = .failed(known) }
      if failure.isEmpty, response.solveTimestamp != nil { evaluation.status = .valid }
      if evaluation.status != .unknown {
        evaluation.solveTimestamp = response.solveTimestamp
        return evaluation
      }
    }
    // TK-6, policy `cookie`: no cookie, no token.
    let (cookies, further, _) = inspectedCookies
    if further == nil, !cookies.contains(where: { $0.name == Array("aws-waf-token".utf8) }) { evaluation.status = .failed(.missing) }
    return evaluation
  }

  /// TK-2, in seconds.
  private func immunity(of rule: OracleRule, _ kind: ActionKind) -> Int {
    let acl = oracle.documents.webACL
    return (kind == .captcha ? rule.rule.captchaImmunity ?? acl.captchaImmunity : rule.rule.challengeImmunity ?? acl.challengeImmunity) ?? 300
  }

  /// TK-1 in the order of TK-4.
  private func status(of state: TokenState, solved: Int64?, immunity: Int) -> TokenStatus {
    guard state.present else { return .failed(.missing) }
    if state.tampered { return .failed(.invalid) }
    switch acceptsDomain(of: state) {
    case .miss: return .failed(.domainMismatch)
    case .undetermined: return .unknown
    case .match: break
    }
    guard let solved else { return .failed(.expired) }
    guard let now = request.timestamp else { return .unknown }
    return now / 1000 - solved <= Int64(immunity) ? .valid : .failed(.expired)
  }

  /// TK-5.
  private func acceptsDomain(of state: TokenState) -> Outcome {
    let domain = String(decoding: request.bytes[state.domain], as: UTF8.self).lowercased()
    guard !domain.isEmpty else { return .match }
    for accepted in oracle.documents.webACL.tokenDomains.map({ $0.lowercased() }) where domain == accepted || domain.hasSuffix("." + accepted) {
      return .match
    }
    let hosts = request.headers.filter { isHeader(request.bytes[$0.name], "host") }.map { value($0.value, .headerNotInLog) }
    let names = hosts.filter { $0.knowledge == .known }.map { Self.withoutPort(String(decoding: $0.bytes, as: UTF8.self).lowercased()) }
    if names.contains(domain) { return .match }
    return reasonForFurther(header: "host") == nil && names.count == hosts.count ? .miss : .undetermined
  }

  private static func withoutPort(_ host: String) -> String {
    guard let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) else { return host }
    return String(host[..<colon])
  }

  /// What AWS recorded for the same rule (TK-6, policy `recorded`).
  private func recordedResponse(of rule: OracleRule, _ kind: ActionKind) -> RecordedTokenResponse? {
    guard let recorded = request.recorded else { return nil }
    func text(_ range: ByteRange) -> String { String(decoding: request.bytes[range], as: UTF8.self) }
    func isSame(_ match: RecordedMatch) -> Bool { text(match.ruleID) == rule.rule.name && text(match.action) == kind.logName }
    let atTop = kind == .captcha ? recorded.captchaResponse : recorded.challengeResponse
    guard let group = rule.group else {
      if let response = recorded.nonTerminatingRules.first(where: isSame)?.tokenResponse { return response }
      return text(recorded.terminatingRuleID) == rule.rule.name && text(recorded.action) == kind.logName ? atTop : nil
    }
    let id: String
    switch oracle.rules[group].rule.statement {
    case .ruleGroupReference(let reference): id = reference.arn
    case .managedRuleGroup(let managed): id = managed.vendorName + "#" + managed.name
    default: return nil
    }
    guard let record = recorded.groups.first(where: { text($0.id) == id || text($0.id).hasPrefix(id + "#") }) else { return nil }
    if let response = record.nonTerminatingRules.first(where: isSame)?.tokenResponse { return response }
    guard let last = record.terminatingRule, isSame(last) else { return nil }
    return last.tokenResponse ?? (text(recorded.terminatingRuleID) == oracle.rules[group].rule.name ? atTop : nil)
  }
}
