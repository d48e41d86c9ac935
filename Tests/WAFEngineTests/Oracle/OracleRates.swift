import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// What one aggregation instance has counted: a timestamp a request, never dropped.
struct OracleWindow {
  var key: [OracleKeyPart]
  /// Of requests that certainly count.
  var certain: [Int64] = []
  /// Of requests that may count, the certain ones included.
  var possible: [Int64] = []
}

/// One value of an aggregation key (RK-10).
enum OracleKeyPart: Equatable {
  case bytes([UInt8])
  case address(IPAddress)
  case number(UInt32)
  /// An invalid address or a missing fingerprint that is counted all the same (RK-5, RK-6).
  case marker
}

/// The aggregation key of a request, or why there is none.
enum OracleKey {
  /// A component is missing: the request is omitted (RT-3).
  case missing
  case unknown(Reason)
  case parts([OracleKeyPart])

  /// One key after the other: a missing one decides, then an unknown one.
  static func joined(_ keys: [OracleKey]) -> OracleKey {
    var parts: [OracleKeyPart] = []
    var reason: Reason?
    for key in keys {
      switch key {
      case .missing: return .missing
      case .unknown(let why): reason = reason ?? why
      case .parts(let more): parts += more
      }
    }
    return reason.map { .unknown($0) } ?? .parts(parts)
  }
}

extension Oracle {
  /// A rate-based rule in the worlds that reach it (section 7, RM-5).
  mutating func evaluateRate(
    _ index: Int, _ rate: RateBasedStatement, reach: Certainty, _ context: OracleContext, _ walk: inout OracleWalk
  ) -> OracleEvaluation {
    let path = rules[index].rule.origin.path + ".Statement.RateBasedStatement"
    let scope = rate.scopeDown.map { context.evaluate($0, at: path + ".ScopeDownStatement") } ?? OracleEvaluation(outcome: .match)
    guard scope.outcome > .miss else { return scope }
    let parts: [OracleKeyPart]
    switch context.key(of: rate) {
    case .missing:
      if reach.and(scope.outcome) == .certain { walk.verdict.rates.append(OracleRate(rule: index, count: 0, keyMissing: true)) }
      return OracleEvaluation(outcome: .miss)
    case .unknown(let reason):
      return OracleEvaluation(outcome: .undetermined, leaves: scope.leaves + [.init(path: path, reason: reason)])
    case .parts(let known): parts = known
    }
    guard walk.request.timestamp != nil else {
      return OracleEvaluation(outcome: .undetermined, leaves: scope.leaves + [.init(path: path, reason: .timeUnknown)])
    }
    let countsCertainly = reach.and(scope.outcome) == .certain
    var windows = self.windows[index] ?? []
    let position = windows.firstIndex { $0.key == parts } ?? windows.count
    if position == windows.count { windows.append(OracleWindow(key: parts)) }

    // Given that evaluation comes here, the request itself counts: in the exact model at once, in the interval model from the next check on.
    let itself = settings.rateModel == .exact ? 1 : 0
    let certain = count(windows[position].certain, rate) + itself
    let possible = count(windows[position].possible, rate) + itself
    windows[position].possible.append(newest)
    if countsCertainly { windows[position].certain.append(newest) }
    self.windows[index] = windows
    if countsCertainly { walk.verdict.rates.append(OracleRate(rule: index, count: certain, keyMissing: false)) }

    if certain > rate.limit { return scope }
    guard possible > rate.limit else { return OracleEvaluation(outcome: .miss) }
    let byCount = scope.leaves.isEmpty ? [OracleEvaluation.Leaf(path: path, reason: .rateUndetermined)] : []
    return OracleEvaluation(outcome: .undetermined, leaves: scope.leaves + byCount)
  }

  /// How many of `times` a look at the newest time counts (7.4).
  private func count(_ times: [Int64], _ rate: RateBasedStatement) -> Int {
    let window = Int64(rate.evaluationWindow) * 1000
    switch settings.rateModel {
    case .exact: return times.count { $0 > newest - window }
    case .interval(let checkInterval):
      let check = newest - newest % checkInterval
      return times.count { $0 > check - window && $0 < check }
    }
  }
}

extension OracleContext {
  /// The aggregation instance of the request (7.2).
  func key(of rate: RateBasedStatement) -> OracleKey {
    switch rate.aggregateKeyType {
    case .ip: origin
    case .forwardedIP: forwardedKey(rate.forwardedIP)
    case .constant: .parts([])
    case .customKeys: .joined(rate.customKeys.map { key(of: $0, rate.forwardedIP) })
    }
  }

  private func key(of key: CustomKey, _ forwarded: ForwardedIPConfig?) -> OracleKey {
    switch key {
    case .header(let name, let chain):
      // RK-2: all of them, joined before transformation.
      let header = extract(.singleHeader(name: name))
      return joined(header.list, further: header.further, chain)
    case .cookie(let name, let chain):
      let (list, further, _) = inspectedCookies
      return joined(list.filter { $0.name == Array(name.utf8) }.map(\.value), further: further, chain)
    case .queryArgument(let name, let chain):
      let arguments = extract(.singleQueryArgument(name: name))
      return joined(arguments.list, further: arguments.further, chain)
    case .queryString(let chain): return single(.queryString, chain)
    case .uriPath(let chain): return single(.uriPath, chain)
    case .httpMethod: return single(.method, [])
    case .ip: return origin
    case .forwardedIP: return forwardedKey(forwarded)
    case .labelNamespace(let namespace): return labelKey(namespace)
    case .asn: return asnKey(forwarded)
    case .ja3Fingerprint(let fallback): return fingerprint(.ja3Fingerprint(fallback), fallback)
    case .ja4Fingerprint(let fallback): return fingerprint(.ja4Fingerprint(fallback), fallback)
    }
  }

  private func joined(_ values: [OracleValue], further: Reason?, _ chain: [TextTransformation]) -> OracleKey {
    if let open = values.first(where: { $0.knowledge != .known }) { return .unknown(open.reason) }
    if let further { return .unknown(further) }
    guard !values.isEmpty else { return .missing }
    let whole = Array(values.map(\.bytes).joined(separator: [UInt8(ascii: ",")]))
    return .parts([.bytes(chain.reduce(whole) { OracleTransformation.apply($1, to: $0) })])
  }

  private func single(_ field: FieldToMatch, _ chain: [TextTransformation]) -> OracleKey {
    let extraction = extract(field)
    return joined(extraction.list, further: extraction.further, chain)
  }

  private var origin: OracleKey {
    request.clientAddress.map { .parts([.address($0)]) } ?? .unknown(.clientIPUnknown)
  }

  /// RK-6.
  private func forwardedKey(_ config: ForwardedIPConfig?) -> OracleKey {
    guard let config else { return .missing }
    switch firstForwarded(config.headerName) {
    case .absent: return .missing
    case .address(let address): return .parts([.address(address)])
    case .invalid: return config.fallback == .match ? .parts([.marker]) : .missing
    case .unknown(let reason): return .unknown(reason)
    }
  }

  /// RK-4: the labels under the namespace, sorted.
  private func labelKey(_ namespace: String) -> OracleKey {
    let beginning = namespace.hasPrefix("awswaf:") ? namespace : labelPrefix + namespace
    func isUnder(_ label: String) -> Bool { label.hasPrefix(beginning) }
    let certain = labels.certain.filter(isUnder)
    let mayBeMore =
      labels.possible.contains { isUnder($0) && !certain.contains($0) }
      || labels.possiblePrefixes.contains { beginning.hasPrefix($0) || $0.hasPrefix(beginning) }
    if mayBeMore { return .unknown(.labelUndetermined) }
    return certain.isEmpty ? .missing : .parts([.bytes(Array(certain.sorted().joined(separator: ",").utf8))])
  }

  private func asnKey(_ config: ForwardedIPConfig?) -> OracleKey {
    guard let config else { return request.asn.map { .parts([.number($0)]) } ?? .unknown(.asnUnknown) }
    switch firstForwarded(config.headerName) {
    case .absent: return .missing
    case .address: return request.forwardedASN.map { .parts([.number($0)]) } ?? .unknown(.asnUnknown)
    case .invalid: return config.fallback == .match ? .parts([.marker]) : .missing
    case .unknown(let reason): return .unknown(reason)
    }
  }

  /// RK-5.
  private func fingerprint(_ field: FieldToMatch, _ fallback: FallbackBehavior) -> OracleKey {
    switch extract(field).content {
    case .fallback: fallback == .match ? .parts([.marker]) : .missing
    case .values(let values, let further): joined(values, further: further, [])
    }
  }
}
