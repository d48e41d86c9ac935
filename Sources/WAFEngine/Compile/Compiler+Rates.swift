internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

// MARK: - Rate-based statements

extension Compiler {
  mutating func rateLimit(_ rate: RateBasedStatement) -> RateLimit {
    let header = rate.forwardedIP.map { number(forwarded: $0) } ?? -1
    var keys: [RateKeyPart] = []
    switch rate.aggregateKeyType {
    case .constant: break
    case .ip: keys = [.origin]
    case .forwardedIP: keys = [.forwarded(header: header)]
    case .customKeys: for key in rate.customKeys { keys.append(part(key, header: header)) }
    }
    return RateLimit(limit: rate.limit, window: Int64(rate.evaluationWindow) * 1_000, keys: keys)
  }

  mutating func part(_ key: CustomKey, header: Int) -> RateKeyPart {
    switch key {
    case .header(let name, let chain):
      .values(node: number(Inspection(.singleHeader(name: name), [])), chain: chain)
    case .cookie(let name, let chain):
      .values(node: number(node: InspectionNode(field: Int32(number(cookie: name)), parent: -1, transformation: .none)), chain: chain)
    case .queryArgument(let name, let chain):
      .values(node: number(Inspection(.singleQueryArgument(name: name), [])), chain: chain)
    case .queryString(let chain): .values(node: number(Inspection(.queryString, [])), chain: chain)
    case .uriPath(let chain): .values(node: number(Inspection(.uriPath, [])), chain: chain)
    case .httpMethod: .values(node: number(Inspection(.method, [])), chain: [])
    case .forwardedIP: .forwarded(header: header)
    case .ip: .origin
    case .asn: .system(header: header)
    case .labelNamespace(let namespace):
      .labels(matcher: number(matcher: LabelMatcher(scope: .namespace, key: namespace, context: context.labelPrefix)))
    case .ja3Fingerprint(let fallback): .fingerprint(node: number(Inspection(.ja3Fingerprint(fallback), [])), fallback: fallback)
    case .ja4Fingerprint(let fallback): .fingerprint(node: number(Inspection(.ja4Fingerprint(fallback), [])), fallback: fallback)
    }
  }
}
