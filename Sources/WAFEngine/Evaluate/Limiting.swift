internal import WAFBase
internal import WAFModel
internal import WAFRequest

extension Evaluator {
  /// An aggregation key for the request at hand, or a part of one.
  enum KeyPart {
    case value
    /// The request does not have it: it is omitted (RT-3).
    case missing
    case unknown(Reason)
  }

  /// The outcome of rate-based rule `index`, given that evaluation comes to it; counts the request (7.1 … 7.4).
  mutating func limit(_ index: Int, of request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict) -> Outcome {
    let rate = program.code[index].rate
    let scope = run(program.code[index].steps, rule: index, of: request)
    guard scope != .miss else { return .miss }
    if program.rates[rate].isByOrigin { return limitByOrigin(index, of: request, scope, reach, &verdict) }
    let question = RateQuestion(rate: rate, rule: index, counts: min(reach, Certainty(scope)), given: scope)
    // Rehearsed before there is a key: requests of one signature may have any, or none.
    if !program.rates[rate].needsAddressOnly, let answer = rehearsal?.answer(question) { return conclude(answer, of: index) }
    var key: [UInt8] = []
    var values: [ByteRange] = []
    switch aggregate(rate, of: request, verdict, into: &key, &values) {
    case .value: break
    case .missing:
      if question.counts == .certain { verdict.rates.append(RateEvaluation(rule: index, values: [], count: 0, keyMissing: true)) }
      return .miss
    case .unknown(let reason): return unattributed(index, reason)
    }
    guard let time else { return unattributed(index, .timeUnknown) }
    if let answer = rehearsal?.answer(question) { return conclude(answer, of: index) }
    let counted = rateStates[rate].count(key.span, at: time, counts: question.counts, given: scope)
    let ranges = values.map { value in
      let start = verdict.bytes.count
      verdict.bytes.append(contentsOf: key[value.indices])
      return ByteRange(start, verdict.bytes.count)
    }
    return conclude(question, counted, ranges, &verdict)
  }

  /// Puts together the key of rate-based rule `rate` (7.2); `values` become the places of its parts as reports show them.
  mutating func aggregate(
    _ rate: Int, of request: borrowing Request, _ verdict: borrowing Verdict, into key: inout [UInt8], _ values: inout [ByteRange]
  ) -> KeyPart {
    var result = KeyPart.value
    for part in program.rates[rate].keys {
      let start = key.count
      switch append(part, to: &key, of: request, verdict) {
      case .value:
        values.append(ByteRange(start + 2, key.count))
        // The length behind each part keeps the parts of a tuple apart (RK-10).
        let length = key.count - start
        for shift in stride(from: 0, to: 32, by: 8) { key.append(UInt8(truncatingIfNeeded: length >> shift)) }
      case .missing: return .missing
      case .unknown(let reason):
        // A part behind it may be missing, and then the request is omitted whatever this one is.
        if case .value = result { result = .unknown(reason) }
      }
    }
    return result
  }

  /// The same for the most frequent key, the client address alone, which needs no bytes to be put together.
  private mutating func limitByOrigin(
    _ index: Int, of request: borrowing Request, _ scope: Outcome, _ reach: Certainty, _ verdict: inout Verdict
  ) -> Outcome {
    guard let address = request.clientAddress else { return unattributed(index, .clientIPUnknown) }
    guard let time else { return unattributed(index, .timeUnknown) }
    let question = RateQuestion(rate: program.code[index].rate, rule: index, counts: min(reach, Certainty(scope)), given: scope)
    if let answer = rehearsal?.answer(question) { return conclude(answer, of: index) }
    let counted = rateStates[question.rate].count(address, at: time, counts: question.counts, given: scope)
    let start = verdict.bytes.count
    address.append(to: &verdict.bytes)
    return conclude(question, counted, [ByteRange(start, verdict.bytes.count)], &verdict)
  }

  /// Notes a request that belongs to an unknown instance.
  private mutating func unattributed(_ index: Int, _ reason: Reason) -> Outcome {
    rateStates[program.code[index].rate].addUnattributed()
    openLeaves.append(OpenLeaf(rule: index, path: program.code[index].path, reason: reason))
    return .undetermined
  }

  private mutating func conclude(_ answer: RehearsedAnswer, of index: Int) -> Outcome {
    guard let reason = answer.reason else { return note(answer.outcome, of: index) }
    openLeaves.append(OpenLeaf(rule: index, path: program.code[index].path, reason: reason))
    return .undetermined
  }

  private mutating func conclude(
    _ question: RateQuestion, _ counted: (outcome: Outcome, count: Int), _ values: [ByteRange], _ verdict: inout Verdict
  ) -> Outcome {
    if question.counts == .certain {
      verdict.rates.append(RateEvaluation(rule: question.rule, values: values, count: counted.count, keyMissing: false))
    }
    return note(counted.outcome, of: question.rule)
  }

  /// Notes why a rule stays open although its scope-down statement is decided.
  private mutating func note(_ outcome: Outcome, of index: Int) -> Outcome {
    if outcome == .undetermined, openLeaves.isEmpty {
      openLeaves.append(OpenLeaf(rule: index, path: program.code[index].path, reason: .rateUndetermined))
    }
    return outcome
  }

  /// Counts a request of which only the client address, with its `KeyHash`, and the time are left. Both are known where a plan asks.
  mutating func count(_ question: RateQuestion, of address: IPAddress?, hash: UInt64, at time: Int64?) -> (outcome: Outcome, count: Int) {
    let time = time ?? .min
    if let address, program.rates[question.rate].isByOrigin {
      return rateStates[question.rate].count(address, hash: hash, at: time, counts: question.counts, given: question.given)
    }
    let none: [UInt8] = []
    return rateStates[question.rate].count(none.span, at: time, counts: question.counts, given: question.given)
  }

  /// Counts a request by a key of other parts of it, none of which is a label.
  ///
  /// - Returns: The answer to the question; and, where the request has a key, its parts as reports show them and the number of requests.
  mutating func count(_ question: RateQuestion, of request: borrowing Request, at time: Int64?) -> (RehearsedAnswer, count: Int, key: [UInt8]?) {
    forgetRequest()
    var key: [UInt8] = []
    var values: [ByteRange] = []
    switch aggregate(question.rate, of: request, Verdict(), into: &key, &values) {
    case .value: break
    case .missing: return (RehearsedAnswer(outcome: .miss), 0, nil)
    case .unknown(let reason): return (RehearsedAnswer(outcome: .undetermined, reason: reason), 0, nil)
    }
    guard let time else { return (RehearsedAnswer(outcome: .undetermined, reason: .timeUnknown), 0, nil) }
    let counted = rateStates[question.rate].count(key.span, at: time, counts: question.counts, given: question.given)
    return (RehearsedAnswer(outcome: counted.outcome), counted.count, RateEvaluation.text(of: values, in: key))
  }

  /// Appends one part of the key: two bytes of tag, then its value.
  private mutating func append(_ part: RateKeyPart, to key: inout [UInt8], of request: borrowing Request, _ verdict: borrowing Verdict) -> KeyPart {
    switch part {
    case .origin:
      guard let address = request.clientAddress else { return .unknown(.clientIPUnknown) }
      return append(address, to: &key)
    case .forwarded(let header):
      return appendForwarded(header, to: &key, of: request)
    case .values(let node, let chain):
      return appendValues(node, chain, to: &key, of: request)
    case .fingerprint(let node, let fallback):
      let field = inspect(node, of: request)
      if let value = field.values.first.map({ values[$0] }) {
        guard value.content == .known else { return .unknown(value.reason) }
        return appendText(request.bytes[value.range], tag: "v", to: &key)
      }
      // RK-5: the marker *no fingerprint* takes the place of a fingerprint.
      return fallback == .match ? appendText([], tag: "-", to: &key) : .missing
    case .labels(let matcher):
      return appendLabels(matcher, to: &key, verdict)
    case .system(let header):
      if header >= 0 {
        let addresses = ForwardedAddresses(program.forwarded[header], in: program, of: request)
        switch addresses.presenceOfFirst {
        case .absent: return .missing
        case .unknown(let reason): return .unknown(reason)
        case .present: break
        }
        if addresses.first == nil { return appendInvalid(program.forwarded[header].fallback, to: &key) }
      }
      guard let system = header >= 0 ? request.forwardedASN : request.asn else { return .unknown(.asnUnknown) }
      return appendText(Array(String(system).utf8), tag: "n", to: &key)
    }
  }

  private borrowing func append(_ address: IPAddress, to key: inout [UInt8]) -> KeyPart {
    key.append(contentsOf: [UInt8(ascii: "a"), UInt8(ascii: ":")])
    address.append(to: &key)
    return .value
  }

  private borrowing func appendText(_ text: [UInt8], tag: Character, to key: inout [UInt8]) -> KeyPart {
    key.append(tag.asciiValue ?? 0)
    key.append(UInt8(ascii: ":"))
    key.append(contentsOf: text)
    return .value
  }

  /// RK-6: all requests whose forwarded address is invalid share one instance, or are omitted.
  private borrowing func appendInvalid(_ fallback: FallbackBehavior, to key: inout [UInt8]) -> KeyPart {
    fallback == .match ? appendText(Array("INVALID".utf8), tag: "!", to: &key) : .missing
  }

  private borrowing func appendForwarded(_ header: Int, to key: inout [UInt8], of request: borrowing Request) -> KeyPart {
    let forwarded = program.forwarded[header]
    let addresses = ForwardedAddresses(forwarded, in: program, of: request)
    switch addresses.presenceOfFirst {
    case .absent: return .missing
    case .unknown(let reason): return .unknown(reason)
    case .present: break
    }
    guard let first = addresses.first else { return appendInvalid(forwarded.fallback, to: &key) }
    return append(first, to: &key)
  }

  private mutating func appendValues(_ node: Int, _ chain: [TextTransformation], to key: inout [UInt8], of request: borrowing Request) -> KeyPart {
    let field = inspect(node, of: request)
    var joined: [UInt8] = []
    for (position, index) in field.values.enumerated() {
      let value = values[index]
      guard value.content == .known else { return .unknown(value.reason) }
      if position > 0 { joined.append(UInt8(ascii: ",")) }
      joined.append(contentsOf: value.isInArena ? arena[value.range] : request.bytes[value.range])
    }
    if field.floor == .undetermined { return .unknown(field.reason) }
    guard !field.values.isEmpty else { return .missing }
    for transformation in chain {
      scratch.removeAll()
      if transformation.apply(joined.span, to: &scratch) { joined = scratch.bytes }
    }
    return appendText(joined, tag: "v", to: &key)
  }

  /// RK-4: the labels under a namespace, sorted, joined with commas.
  private borrowing func appendLabels(_ matcher: Int, to key: inout [UInt8], _ verdict: borrowing Verdict) -> KeyPart {
    let wanted = program.labelMatchers[matcher]
    let prefix = (wanted.context ?? []) + wanted.key
    var found: [[UInt8]] = []
    for entry in labels.entries {
      let text = entry.known >= 0 ? program.literal(entry.text) : verdict.bytes[entry.text]
      guard text.starts(with: prefix) else { continue }
      if !entry.isCertain { return .unknown(.labelUndetermined) }
      found.append(text)
    }
    if labels.mayHoldMore(under: prefix) { return .unknown(.labelUndetermined) }
    guard !found.isEmpty else { return .missing }
    found.sort { $0.lexicographicallyPrecedes($1) }
    return appendText(Array(found.joined(separator: [UInt8(ascii: ",")])), tag: "l", to: &key)
  }
}
