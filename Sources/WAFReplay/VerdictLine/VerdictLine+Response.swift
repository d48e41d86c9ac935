internal import WAFEngine
internal import WAFJSON
internal import WAFModel

// What the origin and the client get to see: spec of evaluation, sections 2 and 8.
extension VerdictLine {
  /// `requestHeadersInserted`: null without any, `[]` where nothing is forwarded (CR-5).
  func writeInsertedHeaders(_ verdict: borrowing Verdict, to writer: inout JSONWriter) {
    writer.name("requestHeadersInserted")
    guard verdict.isDetermined, let action = verdict.action else { return writer.null() }
    let headers = action == .allow ? program.insertedHeaders(of: verdict) : []
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
