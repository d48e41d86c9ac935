internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// How the token of the request fares with Captcha or Challenge rule `index` (TK-1 … TK-6).
  borrowing func tokenStatus(for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation {
    if let token = request.token { return evaluate(token, for: index, kind, of: request) }
    switch program.settings.tokenPolicy {
    case .assumeValid: return TokenEvaluation(rule: index, kind: kind, status: .valid, solveTimestamp: nil)
    case .assumeMissing: return TokenEvaluation(rule: index, kind: kind, status: .failed(.missing), solveTimestamp: nil)
    case .recorded: return recordedToken(for: index, kind, of: request) ?? tokenByCookie(for: index, kind, of: request)
    case .cookie: return tokenByCookie(for: index, kind, of: request)
    }
  }

  /// TK-4: missing, invalid, domain, expired, in this order.
  private borrowing func evaluate(_ token: TokenState, for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation {
    let solved = kind == .captcha ? token.captchaSolveTimestamp : token.challengeSolveTimestamp
    let immunity = kind == .captcha ? program.code[index].captchaImmunity : program.code[index].challengeImmunity
    let status: TokenStatus
    if !token.present {
      status = .failed(.missing)
    } else if token.tampered {
      status = .failed(.invalid)
    } else if accepts(request.bytes[token.domain], of: request) == .miss {
      status = .failed(.domainMismatch)
    } else if accepts(request.bytes[token.domain], of: request) == .undetermined {
      status = .unknown
    } else if let solved {
      if let time = request.timestamp {
        // Both timestamps come from outside: the difference must not overflow. TK-1: expired means older than the immunity time.
        let age = (time / 1_000).subtractingReportingOverflow(solved)
        status = !age.overflow && age.partialValue <= immunity ? .valid : .failed(.expired)
      } else {
        status = .unknown
      }
    } else {
      status = .failed(.expired)
    }
    return TokenEvaluation(rule: index, kind: kind, status: status, solveTimestamp: solved)
  }

  /// TK-5: the host's own domain exactly, or a token domain or one of its subdomains. A token without domain is accepted.
  private borrowing func accepts(_ domain: [UInt8], of request: borrowing Request) -> Outcome {
    guard !domain.isEmpty else { return .match }
    let wanted = String(decoding: domain, as: UTF8.self).lowercased()
    if program.tokenDomains.contains(where: { wanted == $0 || wanted.hasSuffix("." + $0) }) { return .match }
    var isListed = false
    var isUnknown = false
    for header in request.headers where request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(Self.hostName) {
      isListed = true
      guard header.value.knowledge == .known else {
        isUnknown = true
        continue
      }
      let host = String(decoding: request.bytes[header.value.range], as: UTF8.self).lowercased()
      if host == wanted || host.hasPrefix(wanted + ":") { return .match }
    }
    return isUnknown || !isListed && !request.lacksHeader(Self.hostName) ? .undetermined : .miss
  }

  /// What the WAF log recorded of the same rule; nil when nothing.
  private borrowing func recordedToken(for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation? {
    guard let recorded = request.recorded else { return nil }
    let rule = program.rules[index]
    func isNamed(_ range: ByteRange, _ name: String) -> Bool { request.bytes[range] == Array(name.utf8) }
    func isSame(_ match: RecordedMatch) -> Bool { isNamed(match.ruleID, rule.name) && isNamed(match.action, kind.logName) }
    // The top-level member belongs to the rule that decided, and only if it decided with this action.
    func atTop(_ name: String) -> RecordedTokenResponse? {
      guard isNamed(recorded.terminatingRuleID, name), isNamed(recorded.action, kind.logName) else { return nil }
      return kind == .captcha ? recorded.captchaResponse : recorded.challengeResponse
    }
    var response: RecordedTokenResponse?
    if let group = rule.group {
      let id = program.code[group].opaque?.recordID ?? program.rules[group].groupID.map { Array($0.utf8) } ?? []
      let record = recorded.groups.first { isRecord($0.id, of: id, request) }
      if let match = record?.nonTerminatingRules.first(where: isSame) { response = match.tokenResponse }
      if response == nil, let match = record?.terminatingRule, isSame(match) {
        response = match.tokenResponse ?? atTop(program.rules[group].name)
      }
    } else {
      response = recorded.nonTerminatingRules.first(where: isSame)?.tokenResponse ?? atTop(rule.name)
    }
    guard let response else { return nil }
    if let failure = TokenFailure(rawValue: String(decoding: request.bytes[response.failureReason], as: UTF8.self)) {
      return TokenEvaluation(rule: index, kind: kind, status: .failed(failure), solveTimestamp: response.solveTimestamp)
    }
    guard response.failureReason.isEmpty, let solved = response.solveTimestamp else { return nil }
    return TokenEvaluation(rule: index, kind: kind, status: .valid, solveTimestamp: solved)
  }

  /// Without the token's cookie there is no token; with it nobody but AWS can tell whether it is valid.
  borrowing func tokenByCookie(for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation {
    var jar = InspectedCookies()
    var text: [UInt8] = []
    jar.read(request, arena: &text)
    let isPresent = jar.pairs.contains { text[$0.name] == Self.tokenCookieName }
    let status: TokenStatus = isPresent || jar.reason != nil ? .unknown : .failed(.missing)
    return TokenEvaluation(rule: index, kind: kind, status: status, solveTimestamp: nil)
  }
}
