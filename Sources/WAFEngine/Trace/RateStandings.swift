internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// How a request stands with one rate-based rule, whether or not evaluation comes to it.
struct RateStanding {
  /// Values of the aggregation key; nil where there is none.
  var key: [[UInt8]]?
  /// Why there is none; nil where a part of it is missing.
  var reason: Reason?
  /// The outcome where the scope-down statement matches.
  var outcome: Outcome
  /// Requests that certainly count in the window, this one included.
  var count = 0
}

extension Evaluator {
  /// How `request` stands with rate-based rule `index`, with the labels at hand; counts nothing.
  ///
  /// - Parameter verdict: Where labels that the program does not know by number have their text.
  mutating func standing(ofRule index: Int, _ request: Request, _ verdict: Verdict) -> RateStanding {
    let rate = program.code[index].rate
    var key: [UInt8] = []
    var values: [ByteRange] = []
    switch aggregate(rate, of: request, verdict, into: &key, &values) {
    case .value: break
    case .missing: return RateStanding(outcome: .miss)
    case .unknown(let reason): return RateStanding(reason: reason, outcome: .undetermined)
    }
    var standing = RateStanding(key: values.map { key[$0] }, outcome: .undetermined)
    guard let time else {
      standing.reason = .timeUnknown
      return standing
    }
    let counted =
      if program.rates[rate].isByOrigin, let address = request.clientAddress {
        rateStates[rate].count(address, at: time, counts: .no, given: .match)
      } else {
        rateStates[rate].count(key.span, at: time, counts: .no, given: .match)
      }
    standing.outcome = counted.outcome
    standing.count = counted.count
    return standing
  }

  /// The standings with all rate-based rules before the request is counted, by rule. Those with labels in their keys depend on the walk and are left out.
  mutating func standings(_ request: Request) -> [Int: RateStanding] {
    forgetRequest()
    var standings: [Int: RateStanding] = [:]
    for index in program.rules.indices {
      let rate = program.code[index].rate
      if rate >= 0, !program.rates[rate].hasLabels { standings[index] = standing(ofRule: index, request, Verdict()) }
    }
    return standings
  }

  /// What a trace tells of a rate-based rule.
  ///
  /// - Parameter verdict: What came of the rule, if evaluation came to it.
  borrowing func trace(_ standing: RateStanding, ofRule index: Int, _ verdict: Verdict) -> (trace: RateTrace, outcome: Outcome)? {
    guard let statement = program.rules[index].rate else { return nil }
    let isReached = verdict.outcomes[index].reached != .no
    var trace = RateTrace(limit: statement.limit, window: statement.evaluationWindow, key: standing.key, state: .keyMissing)
    if let counted = verdict.rates.first(where: { $0.rule == index }), !counted.keyMissing {
      trace.state = .counted(counted.count)
    } else if let reason = standing.reason {
      trace.state = .unknown(reason)
    } else if standing.key != nil {
      trace.state = isReached ? .counted(standing.count) : .notCounted(standing.count)
    }
    return (trace, standing.outcome)
  }
}
