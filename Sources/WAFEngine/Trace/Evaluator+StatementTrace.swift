internal import WAFModel
internal import WAFRequest

/// What a rule finds when evaluation comes to it.
struct RuleSurroundings {
  /// The labels on the request.
  var labels: LabelState
  /// Where labels that the program does not know by number have their text.
  var labelBytes: [UInt8]
  /// What its rate-based statement counts; nil for other rules.
  var rate: (trace: RateTrace, outcome: Outcome)?
}

/// The leaves of one rule that are still to be told, in order of the document.
private struct LeafQueue {
  var leaves: ArraySlice<Leaf>

  /// The next leaf and those that belong to the same statement: a set with open members has two.
  mutating func next() -> [Leaf] {
    guard let first = leaves.popFirst() else { return [] }
    return [first]
  }

  /// The leaf behind that, where it belongs to the statement at `path` too.
  mutating func next(at path: String, in paths: [String]) -> Leaf? {
    guard let next = leaves.first, paths[Int(next.path)] == path else { return nil }
    return leaves.popFirst()
  }
}

extension Evaluator {
  /// Tells what a statement says of the request at hand, with everything in it and no short circuit.
  ///
  /// - Parameter rule: Index of its rule, whose steps hold its leaves.
  mutating func traceStatement(
    of source: Rule, rule: Int, _ documents: RuleDocuments, _ surroundings: RuleSurroundings, _ request: Request
  ) -> StatementTrace? {
    let steps = program.steps[program.code[rule].steps]
    var queue = LeafQueue(leaves: ArraySlice(steps.filter { $0.operation == .leaf }.map { program.leaves[Int($0.operand)] }))
    let path = source.origin.path + ".Statement"
    var trace: StatementTrace
    switch source.statement {
    case .rateBased(let statement):
      trace = StatementTrace(source.statement, path: path + "." + source.statement.wireName)
      if let scope = statement.scopeDown {
        trace.children = [traceStatement(scope, under: trace.path + ".ScopeDownStatement", &queue, documents, surroundings, request)]
      }
      finish(&trace, surroundings.rate)
    case .managedRuleGroup(let statement):
      guard let scope = statement.scopeDown else { return nil }
      trace = traceStatement(
        scope, under: path + "." + source.statement.wireName + ".ScopeDownStatement", &queue, documents, surroundings, request)
    case .ruleGroupReference: return nil
    default: trace = traceStatement(source.statement, under: path, &queue, documents, surroundings, request)
    }
    trace.markNeeded(true)
    return trace
  }

  /// A rate-based statement matches where its scope-down statement does and the limit is exceeded (7.1).
  private borrowing func finish(_ trace: inout StatementTrace, _ rate: (trace: RateTrace, outcome: Outcome)?) {
    guard let rate else { return }
    let scope = trace.children.first?.outcome ?? .match
    trace.rate = rate.trace
    trace.outcome = min(scope, rate.outcome)
    guard trace.outcome == .undetermined else { return }
    if case .unknown(let reason) = rate.trace.state { trace.reason = reason } else if scope == .match { trace.reason = .rateUndetermined }
  }

  private mutating func traceStatement(
    _ statement: Statement, under parent: String, _ queue: inout LeafQueue, _ documents: RuleDocuments, _ surroundings: RuleSurroundings,
    _ request: Request
  ) -> StatementTrace {
    var trace = StatementTrace(statement, path: parent + "." + statement.wireName)
    switch statement {
    case .and(let parts), .or(let parts):
      for (index, part) in parts.enumerated() {
        trace.children.append(
          traceStatement(part, under: trace.path + ".Statements[\(index)]", &queue, documents, surroundings, request))
      }
      let outcomes = trace.children.map(\.outcome)
      if case .and = statement { trace.outcome = outcomes.min() ?? .match } else { trace.outcome = outcomes.max() ?? .miss }
    case .not(let part):
      let child = traceStatement(part, under: trace.path + ".Statement", &queue, documents, surroundings, request)
      trace.outcome = child.outcome.negated
      trace.children = [child]
    default:
      for leaf in queue.next() { traceLeaf(leaf, &trace, documents, surroundings, request) }
      while let leaf = queue.next(at: trace.path, in: program.paths) { traceLeaf(leaf, &trace, documents, surroundings, request) }
    }
    return trace
  }

  /// Tells what a leaf looked at. A statement with several leaves is their disjunction.
  private mutating func traceLeaf(
    _ leaf: Leaf, _ trace: inout StatementTrace, _ documents: RuleDocuments, _ surroundings: RuleSurroundings, _ request: Request
  ) {
    let tested: Tested
    switch leaf.kind {
    case .predicate: tested = test(Int(leaf.index), of: request)
    case .label: tested = Tested(surroundings.labels.outcomes[Int(leaf.index)], .labelUndetermined)
    case .open: tested = Tested(.undetermined, leaf.reason)
    }
    if tested.outcome > trace.outcome {
      trace.outcome = tested.outcome
      trace.reason = tested.outcome == .undetermined ? tested.reason : nil
    }
    switch leaf.kind {
    case .predicate: tracePredicate(program.predicates[Int(leaf.index)], &trace, documents, request)
    case .label: traceLabels(program.labelMatchers[Int(leaf.index)], surroundings, &trace)
    case .open: break
    }
  }

  private mutating func tracePredicate(_ predicate: Predicate, _ trace: inout StatementTrace, _ documents: RuleDocuments, _ request: Request) {
    switch trace.statement {
    case .ipSetReference(let reference): traceAddresses(reference, in: documents.ipSet(arn: reference.arn), request, into: &trace)
    case .geoMatch(let match):
      tracePlace(match.forwardedIP, origin: request.country.map { CountryCode.text($0) }, forwarded: nil, .countryUnknown, request, into: &trace)
    case .asnMatch(let match):
      tracePlace(
        match.forwardedIP, origin: request.asn.map { "\($0)" }, forwarded: request.forwardedASN.map { "\($0)" }, .asnUnknown, request, into: &trace)
    case .regexMatch(let match): traceField(predicate, patterns: [match.pattern], request, into: &trace)
    case .regexPatternSetReference(let reference):
      traceField(predicate, patterns: documents.regexPatternSet(arn: reference.arn)?.patterns ?? [], request, into: &trace)
    default: traceField(predicate, patterns: [], request, into: &trace)
    }
  }

  /// The labels that satisfy a label match, and whether there may be others.
  private borrowing func traceLabels(_ matcher: LabelMatcher, _ surroundings: RuleSurroundings, _ trace: inout StatementTrace) {
    for label in labels(surroundings.labels, surroundings.labelBytes) where matcher.matches(label.text) {
      var value = TracedValue(source: .label, content: .known, bytes: label.text, outcome: label.isCertain ? .match : .undetermined)
      if !label.isCertain { value.reason = .labelUndetermined }
      trace.values.append(value)
    }
    if trace.outcome == .undetermined, trace.values.isEmpty { trace.moreValues = .labelUndetermined }
  }

  /// The labels of a state with their texts.
  borrowing func labels(_ state: LabelState, _ bytes: [UInt8]) -> [TracedLabel] {
    state.entries.map { TracedLabel(text: $0.known >= 0 ? program.literal($0.text) : bytes[$0.text], isCertain: $0.isCertain) }
  }
}
