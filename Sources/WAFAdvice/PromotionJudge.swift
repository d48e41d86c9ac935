internal import WAFBase
internal import WAFDocuments
internal import WAFLint
internal import WAFReplay

/// Comes from who would be stopped to what to do.
struct PromotionJudge {
  let counted: CountedRule
  let matched: Bounds
  let reached: Bounds
  /// Whether the web ACL admits the change.
  let wasTried: Bool
  let transitions: Transitions
  /// The newly stopped clients with what they are taken for.
  let clients: [(client: Hits.Client, kind: ClientKind)]
  let signals: Signals

  /// The verdict without an exception, and the paths to try as one, best first.
  func verdict() -> (promotion: Promotion, exceptions: [PathPrefix]) {
    let newly = transitions.newlyStopped
    var promotion = Promotion(
      counted: counted, reached: reached, matched: matched, transitions: transitions, signals: signals, verdict: .keep, confidence: confidence,
      reasons: [])
    let welcome = signals.count(welcome: true), unwelcome = signals.count(welcome: false), unclear = signals.count(welcome: nil)
    var exceptions: [PathPrefix] = []
    if !counted.readers.isEmpty { promotion.reasons.append(.labelsFor(counted.readers)) }
    if !wasTried {
      promotion.reasons.append(.notTried)
      promotion.confidence = .low
    } else if matched.high == 0 {
      promotion.reasons.append(.neverMatched(reached: reached))
      promotion.confidence = .low
    } else if newly.high == 0 {
      promotion.reasons.append(.changesNothing)
      promotion.verdict = .promote
      promotion.confidence = matched.low >= Priors.manyRequests.value ? .medium : .low
    } else if newly.low == 0 {
      promotion.reasons.append(.undetermined)
      promotion.confidence = .low
    } else if welcome.records * 1_000 > newly.low * Priors.promoteWelcome.value {
      promotion.reasons.append(.stopsWelcome(clients: welcome.clients, records: welcome.records))
      if unwelcome.records > 0 { promotion.reasons.append(.stopsUnwelcome(clients: unwelcome.clients, records: unwelcome.records)) }
      promotion.confidence = min(confidence, Self.confidence(inWelcome: welcome.clients))
      exceptions = PathExceptions(clients, paths: transitions.hits?.paths ?? []).best()
    } else if (unclear.records + signals.unlisted) * 100 > newly.low * Priors.unclearPercent.value {
      promotion.reasons.append(.unclear(clients: unclear.clients, records: unclear.records + signals.unlisted))
      promotion.confidence = .low
    } else {
      promotion.reasons.append(.stopsUnwelcome(clients: unwelcome.clients, records: unwelcome.records))
      if welcome.clients > 0 { promotion.reasons.append(.stopsWelcome(clients: welcome.clients, records: welcome.records)) }
      promotion.verdict = .promote
    }
    // It works by its label already: to let it act would end the evaluation before the rules that ask for it.
    if !counted.readers.isEmpty, promotion.verdict == .promote {
      promotion.verdict = .keep
      promotion.confidence = .medium
    }
    if let loosened = transitions.changes[.newAllow]?.records, loosened.high > 0 { promotion.reasons.append(.loosensRates(loosened)) }
    return (promotion, counted.readers.isEmpty ? exceptions : [])
  }

  private var confidence: Promotion.Confidence {
    let newly = transitions.newlyStopped
    if newly.low < Priors.fewRequests.value || (newly.high - newly.low) * 100 > newly.high * Priors.openPercent.value { return .low }
    return newly.low >= Priors.manyRequests.value && signals.clients >= 3 ? .high : .medium
  }

  /// That nobody knows a wrongly stopped client better than by several of them.
  private static func confidence(inWelcome clients: Int) -> Promotion.Confidence { clients >= 10 ? .high : clients >= 3 ? .medium : .low }
}

extension PathPrefix {
  /// As reports show it.
  var shown: Promotion.PathText { Promotion.PathText(text: SafeText.escape(text, limit: 80), isWhole: isWhole) }
}
