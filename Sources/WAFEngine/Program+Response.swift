public import WAFModel

// What the origin and the client get to see: spec of evaluation, sections 2 and 8.
extension Program {
  /// Headers that the origin gets, of the rules that matched, in order, without the prefix that the service adds; of equal names the last one
  /// (CR-3). Meaningful where the request is certainly forwarded.
  public func insertedHeaders(of verdict: borrowing Verdict) -> [CustomHeader] {
    var headers: [CustomHeader] = []
    for index in verdict.touched {
      let outcome = verdict.outcomes[index]
      // GO-2: the Allow of a group that is overridden to Count inserts nothing.
      let isCancelled = outcome.endedGroup != .no && outcome.terminated != .certain
      guard outcome.terminated == .certain || (outcome.counted == .certain && !isCancelled) else { continue }
      headers += rules[index].effectiveAction?.insertedHeaders ?? []
    }
    if verdict.terminatingRule == Verdict.defaultAction, case .allow(let handling) = defaultAction { headers += handling }
    return headers.enumerated().filter { position, header in
      !headers[(position + 1)...].contains { $0.name.lowercased() == header.name.lowercased() }
    }.map(\.element)
  }

  /// The response that the web ACL sends itself. Nil where the request is forwarded, or where the verdict is not certain.
  public func response(of verdict: borrowing Verdict) -> Response? {
    guard verdict.isDetermined, let action = verdict.action else { return nil }
    switch action {
    case .captcha, .challenge: return Response(status: action == .captcha ? 405 : 202)
    case .allow, .count: return nil
    case .block: break
    }
    var response: CustomResponse?
    var bodies = defaultResponseBodies
    if verdict.terminatingRule == Verdict.defaultAction {
      if case .block(let custom) = defaultAction { response = custom }
    } else {
      let rule = rules[verdict.terminatingInnerRule ?? verdict.terminatingRule]
      if case .block(let custom) = rule.effectiveAction { response = custom }
      bodies = rule.responseBodies
    }
    guard let response else { return Response(status: 403, isStandardBlock: true) }
    let body = response.bodyKey.flatMap { key in bodies.first { $0.key == key } }
    return Response(status: response.responseCode, headers: response.headers, body: body)
  }

  /// A response that is sent instead of forwarding the request.
  public struct Response: Equatable, Sendable {
    /// Status code.
    public var status: Int
    /// Whether it is the service's own page for a Block without custom response.
    public var isStandardBlock = false
    /// Headers of a custom response.
    public var headers: [CustomHeader] = []
    /// Body of a custom response.
    public var body: CustomResponseBody?
  }
}
