internal import WAFModel
public import WAFRequest

extension Evaluator {
  /// Evaluates `request` as `evaluate` does, counts it likewise, and tells how it went.
  ///
  /// - Parameters:
  ///   - sources: The rules of the documents that the program was compiled from.
  ///   - isFull: Whether statements behind the stop are looked at too, as if everything before had only counted.
  public mutating func explain(_ request: Request, by sources: RuleSources, isFull: Bool = false) -> Trace {
    time = advance(to: request.timestamp)
    var standings = standings(request)
    watch = LabelWatch(rules: program.rules.count)
    var verdict = Verdict()
    walk(request, into: &verdict)
    let states = watch?.states ?? []
    watch = nil
    let labelsAtEnd = labels
    addLabelStandings(&standings, states, request, verdict)
    var trace = Trace(verdict: verdict, rules: [], decisions: [], ifNothingMatched: nil, isFull: isFull)
    for (index, source) in sources.rules.enumerated() where index < program.rules.count {
      var rule = RuleTrace(rule: index, origin: source.isPublic ? source.rule.origin : nil, outcome: .notReached, basis: .statement)
      rule.basis = basis(ofRule: index, verdict, request)
      rule.ownAction = source.rule.ownAction
      if let state = states[index] {
        // Evaluation comes to a group whose scope-down statement does not match, though not into it.
        rule.outcome = .noMatch
        rule.labelsBefore = labels(state, verdict.bytes)
        let next = states[(index + 1)...].lazy.compactMap(\.self).first ?? labelsAtEnd
        rule.labelsAdded = labelsAdded(byRule: index, from: state, to: next, verdict)
        let rate = standings[index].flatMap { self.trace($0, ofRule: index, verdict) }
        let surroundings = RuleSurroundings(labels: state, labelBytes: verdict.bytes, rate: rate)
        if source.isPublic { rule.statement = traceStatement(of: source.rule, rule: index, sources.documents, surroundings, request) }
      } else {
        rule.labelsAdded = ownLabels(ofRule: index, verdict)
      }
      if verdict.outcomes[index].reached != .no { rule.outcome = RuleTraceOutcome(verdict.outcomes[index].matched) }
      rule.token = token(ofRule: index, verdict, request)
      trace.rules.append(rule)
    }
    if isFull { lookBehindStop(&trace, sources, standings, request) }
    if !verdict.isDetermined { decide(&trace, standings, request) }
    return trace
  }

  private borrowing func basis(ofRule index: Int, _ verdict: Verdict, _ request: Request) -> RuleTrace.Basis {
    guard let group = program.rules[index].group else { return program.rules[index].groupID == nil ? .statement : .group }
    guard let opaque = program.code[group].opaque else { return .statement }
    let isRecorded = record(of: opaque, in: request) != nil
    guard isRecorded || !opaque.hasDefinition else { return .statement }
    // In a group that AWS left before this web ACL does, the record tells of some rules only.
    let path = program.code[group].path
    if let leaf = verdict.open.first(where: { $0.rule == index && $0.path == path }) { return .unknown(leaf.reason) }
    return isRecorded ? .record : .unknown(opaque.reason)
  }

  /// The token where a rule that asks for it matched or may have matched.
  private borrowing func token(ofRule index: Int, _ verdict: Verdict, _ request: Request) -> TokenEvaluation? {
    guard verdict.outcomes[index].matched != .no else { return nil }
    if let known = verdict.tokens.first(where: { $0.rule == index }) { return known }
    switch program.code[index].action {
    case .captcha, .challenge: return tokenStatus(for: index, program.code[index].action, of: request)
    case .allow, .block, .count: return nil
    }
  }

  /// The labels that a rule added: what the next rule finds and it did not, and its own where nothing came behind it.
  private borrowing func labelsAdded(byRule index: Int, from before: LabelState, to after: LabelState, _ verdict: Verdict) -> [TracedLabel] {
    let old = labels(before, verdict.bytes)
    func isNew(_ label: TracedLabel) -> Bool { !old.contains { $0.text == label.text && ($0.isCertain || !label.isCertain) } }
    var added = labels(after, verdict.bytes).filter(isNew)
    for label in ownLabels(ofRule: index, verdict) where isNew(label) && !added.contains(where: { $0.text == label.text }) { added.append(label) }
    return added
  }

  /// The labels of a rule's own definition, where it matched or may have matched.
  private borrowing func ownLabels(ofRule index: Int, _ verdict: Verdict) -> [TracedLabel] {
    guard verdict.outcomes[index].matched != .no else { return [] }
    let isCertain = verdict.outcomes[index].matched == .certain
    return program.code[index].labels.map { TracedLabel(text: program.literal(program.labels[$0].text), isCertain: isCertain) }
  }

  /// Adds the standings with rate-based rules that have labels in their keys, by the labels that these rules found.
  private mutating func addLabelStandings(_ standings: inout [Int: RateStanding], _ states: [LabelState?], _ request: Request, _ verdict: Verdict) {
    let atEnd = labels
    defer { labels = atEnd }
    for index in program.rules.indices where program.code[index].rate >= 0 && standings[index] == nil {
      guard let state = states[index] else { continue }
      labels = state
      var standing = standing(ofRule: index, request, verdict)
      // The request is in the window already: what it came to is in the verdict.
      switch (verdict.outcomes[index].reached, verdict.outcomes[index].matched) {
      case (_, .no): if standing.outcome != .undetermined || standing.reason == nil { standing.outcome = .miss }
      case (.certain, .certain): standing.outcome = .match
      default: if standing.outcome == .miss { standing.outcome = .undetermined }
      }
      standings[index] = standing
    }
  }
}

extension RuleTraceOutcome {
  /// What came of a rule that was reached and matched to this degree.
  fileprivate init(_ matched: Certainty) {
    switch matched {
    case .no: self = .noMatch
    case .possible: self = .undetermined
    case .certain: self = .match
    }
  }
}
