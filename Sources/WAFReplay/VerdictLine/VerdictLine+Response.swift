internal import WAFEngine
internal import WAFJSON
internal import WAFModel

// What the origin and the client get to see: spec of evaluation, sections 2 and 8.
extension VerdictLine {
  /// `requestHeadersInserted`: null without any, `[]` where nothing is forwarded (CR-5).
  func writeInsertedHeaders(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name("requestHeadersInserted")
    guard verdict.isDetermined, let action = verdict.action else { return writer.null() }
    let headers = action == .allow ? insertedHeaders(verdict) : []
    guard action != .allow || !headers.isEmpty else { return writer.null() }
    writer.beginArray()
    for header in headers {
      writer.object {
        $0.member("name", "x-amzn-waf-" + header.name)
        $0.member("value", header.value)
      }
    }
    writer.endArray()
  }

  /// Headers of the rules that matched, in order; of equal names the last one (CR-3).
  private func insertedHeaders(_ verdict: borrowing Verdict) -> [CustomHeader] {
    var headers: [CustomHeader] = []
    for index in verdict.touched {
      let outcome = verdict.outcomes[index]
      // GO-2: the Allow of a group that is overridden to Count inserts nothing.
      let isCancelled = outcome.endedGroup != .no && outcome.terminated != .certain
      guard outcome.terminated == .certain || (outcome.counted == .certain && !isCancelled) else { continue }
      headers += program.rules[index].effectiveAction?.insertedHeaders ?? []
    }
    if verdict.terminatingRule == Verdict.defaultAction, case .allow(let handling) = program.defaultAction { headers += handling }
    return headers.enumerated().filter { position, header in
      !headers[(position + 1)...].contains { $0.name.lowercased() == header.name.lowercased() }
    }.map(\.element)
  }

  /// `responseCodeSent`: nil where the request is forwarded or the standard 403 is sent.
  func responseCode(of verdict: borrowing Verdict) -> Int? {
    guard verdict.isDetermined else { return nil }
    switch verdict.action {
    case .captcha, .challenge: return verdict.action?.tokenResponseCode
    case .block: break
    case .allow, .count, nil: return nil
    }
    if verdict.terminatingRule == Verdict.defaultAction {
      if case .block(let response) = program.defaultAction { return response?.responseCode }
      return nil
    }
    guard case .block(let response) = program.rules[verdict.terminatingInnerRule ?? verdict.terminatingRule].effectiveAction else { return nil }
    return response?.responseCode
  }

  /// Top-level `captchaResponse` and `challengeResponse`: the last application of each (TK-7), unless a group's Count cancelled it (TK-8).
  func writeTokenResponses(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    for kind in [ActionKind.captcha, .challenge] {
      var last: TokenEvaluation?
      for token in verdict.tokens where token.kind == kind {
        let outcome = verdict.outcomes[token.rule]
        if outcome.terminated == .certain || outcome.endedGroup == .no { last = token }
      }
      if let last { writeTokenResponse(last, to: &writer) }
    }
  }

  /// The member `captchaResponse` or `challengeResponse`; nothing where the validity is unknown.
  func writeTokenResponse(_ token: TokenEvaluation, to writer: inout JSONWriter) {
    if token.status == .unknown { return }
    writer.object(token.kind == .captcha ? "captchaResponse" : "challengeResponse") {
      if case .failed(let failure) = token.status {
        $0.member("responseCode", token.kind.tokenResponseCode)
        $0.member("solveTimestamp", 0)
        $0.member("failureReason", failure.rawValue)
      } else {
        $0.member("responseCode", 0)
        $0.member("solveTimestamp", token.solveTimestamp ?? 0)
      }
    }
  }
}

extension ActionKind {
  /// HTTP status of the puzzle or of the challenge; nil for actions without one of their own.
  fileprivate var tokenResponseCode: Int? {
    switch self {
    case .captcha: 405
    case .challenge: 202
    case .allow, .block, .count: nil
    }
  }
}
