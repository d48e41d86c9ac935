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
    let status: TokenStatus
    if !token.present {
      status = .failed(.missing)
    } else if token.tampered {
      status = .failed(.invalid)
    } else if !accepts(request.bytes[token.domain], of: request) {
      status = .failed(.domainMismatch)
    } else if let solved {
      if let time = request.timestamp {
        // Both timestamps come from outside: the difference must not overflow. TK-1: expired means older than the immunity time.
        let age = (time / 1_000).subtractingReportingOverflow(solved)
        status = !age.overflow && age.partialValue <= program.code[index].immunity ? .valid : .failed(.expired)
      } else {
        status = .unknown
      }
    } else {
      status = .failed(.expired)
    }
    return TokenEvaluation(rule: index, kind: kind, status: status, solveTimestamp: solved)
  }

  /// TK-5: the host's own domain exactly, or a token domain or one of its subdomains. A token without domain is accepted.
  private borrowing func accepts(_ domain: [UInt8], of request: borrowing Request) -> Bool {
    guard !domain.isEmpty else { return true }
    let wanted = String(decoding: domain, as: UTF8.self).lowercased()
    for header in request.headers
    where header.value.knowledge == .known
      && request.bytes.span.extracting(header.name.indices).equalsTrimmedIgnoringCase(Self.hostName)
    {
      let host = String(decoding: request.bytes[header.value.range], as: UTF8.self).lowercased()
      if host == wanted || host.hasPrefix(wanted + ":") { return true }
    }
    return program.tokenDomains.contains { wanted == $0 || wanted.hasSuffix("." + $0) }
  }

  /// What the WAF log recorded of the same rule; nil when nothing.
  private borrowing func recordedToken(for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation? {
    guard let recorded = request.recorded else { return nil }
    let rule = program.rules[index]
    func isNamed(_ range: ByteRange, _ name: String) -> Bool { request.bytes[range] == Array(name.utf8) }
    var response: RecordedTokenResponse?
    if rule.group == nil {
      if isNamed(recorded.terminatingRuleID, rule.name) {
        response = kind == .captcha ? recorded.captchaResponse : recorded.challengeResponse
      }
      for match in recorded.nonTerminatingRules where isNamed(match.ruleID, rule.name) { response = match.tokenResponse ?? response }
    } else {
      for group in recorded.groups {
        for match in group.nonTerminatingRules where isNamed(match.ruleID, rule.name) { response = match.tokenResponse ?? response }
        if let match = group.terminatingRule, isNamed(match.ruleID, rule.name) {
          response = match.tokenResponse ?? (kind == .captcha ? recorded.captchaResponse : recorded.challengeResponse)
        }
      }
    }
    guard let response else { return nil }
    if let failure = TokenFailure(rawValue: String(decoding: request.bytes[response.failureReason], as: UTF8.self)) {
      return TokenEvaluation(rule: index, kind: kind, status: .failed(failure), solveTimestamp: response.solveTimestamp)
    }
    guard let solved = response.solveTimestamp else { return nil }
    return TokenEvaluation(rule: index, kind: kind, status: .valid, solveTimestamp: solved)
  }

  /// Without the token's cookie there is no token; with it nobody but AWS can tell whether it is valid.
  private borrowing func tokenByCookie(for index: Int, _ kind: ActionKind, of request: borrowing Request) -> TokenEvaluation {
    var jar = InspectedCookies()
    var text: [UInt8] = []
    jar.read(request, arena: &text)
    let isPresent = jar.pairs.contains { text[$0.name] == Self.tokenCookieName }
    let status: TokenStatus = isPresent || jar.reason != nil ? .unknown : .failed(.missing)
    return TokenEvaluation(rule: index, kind: kind, status: status, solveTimestamp: nil)
  }
}
