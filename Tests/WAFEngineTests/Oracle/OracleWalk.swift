import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// How far the evaluation of one request has come.
struct OracleWalk {
  let request: Request
  var verdict: OracleVerdict
  /// Whether evaluation comes to the next rule.
  var reach: Certainty = .certain
  /// Labels in the worlds that come to the next rule.
  var labels: OracleLabels
  /// Everything that may end the web ACL.
  var endings: [Ending] = []

  /// A rule that may end the web ACL, with the outcome.
  struct Ending: Equatable {
    var rule: Int
    var inner: Int?
    var action: ActionKind
  }

  init(request: Request, rules: [OracleRule]) {
    self.request = request
    verdict = OracleVerdict(outcomes: Array(repeating: RuleOutcome(), count: rules.count))
    verdict.addLabels(request.labels.map { String(decoding: request.bytes[$0], as: UTF8.self) })
    labels = OracleLabels(certain: verdict.labels)
  }

  /// The default action, and the sum of it all: determined means one possible ending (rule and action).
  mutating func finish(_ action: DefaultAction) {
    verdict.defaultReached = reach
    if reach > .no {
      let kind: ActionKind = if case .allow = action { .allow } else { .block }
      endings.append(Ending(rule: Verdict.defaultAction, inner: nil, action: kind))
    }
    for ending in endings { verdict.possibleActions.insert(ActionSet(ending.action)) }
    guard let first = endings.first, endings.allSatisfy({ $0.rule == first.rule && $0.action == first.action }) else { return }
    verdict.isDetermined = true
    verdict.terminatingRule = first.rule
    verdict.terminatingInnerRule = endings.count == 1 ? first.inner : nil
  }
}

extension OracleVerdict {
  /// Notes labels that were certainly added; a repetition is ignored (LB-8).
  mutating func addLabels(_ added: [String]) {
    for label in added where !labels.contains(label) { labels.append(label) }
  }
}

/// What one rule came to, in the worlds that reach it.
struct OracleStep {
  /// Whether the statement matches.
  var matches: Outcome
  /// Whether it matches with an action that ends the web ACL or group.
  var ends: Outcome
  /// Whether it matches with an action that lets the evaluation go on.
  var counts: Outcome
  /// Labels of the worlds that go on.
  var labelsGoingOn: OracleLabels
  /// Labels of the worlds that end here.
  var labelsEnding: OracleLabels
}

extension Certainty {
  /// Reached or not, and then `outcome`.
  func and(_ outcome: Outcome) -> Certainty {
    switch outcome {
    case .miss: .no
    case .undetermined: min(self, .possible)
    case .match: self
    }
  }

  /// Certainty of going on past something that ends here when `ends` says so.
  func unless(_ ends: Outcome) -> Certainty { and(ends.negated) }
}

extension Oracle {
  /// A rule of the web ACL itself.
  mutating func evaluateOwnRule(_ index: Int, _ walk: inout OracleWalk) {
    let step = evaluateRule(index, reach: walk.reach, labels: walk.labels, &walk)
    walk.verdict.outcomes[index].terminated = walk.reach.and(step.ends)
    if step.ends > .miss, let action = rules[index].action { walk.endings.append(.init(rule: index, inner: nil, action: action)) }
    walk.reach = walk.reach.unless(step.ends)
    walk.labels = step.labelsGoingOn
  }

  /// A reference to a rule group of the customer (section 5).
  mutating func evaluateGroup(_ index: Int, _ reference: RuleGroupReferenceStatement, _ walk: inout OracleWalk) {
    guard documents.ruleGroup(arn: reference.arn) != nil else {
      return walkGroup(index, scopeDown: .match, OracleGiven.anything(.referenceMissing, prefixes: ["awswaf:managed:"]), &walk)
    }
    walkGroup(index, scopeDown: .match, nil, &walk)
  }

  /// The rules of a group, one after the other, and the group's override (5.2).
  ///
  /// - Parameters:
  ///   - scopeDown: What the scope-down statement came to; `.match` where there is none.
  ///   - given: What is known of the rules of a group whose statements are not; nil where the statements are there.
  mutating func walkGroup(_ index: Int, scopeDown: Outcome, _ given: OracleGiven?, _ walk: inout OracleWalk) {
    guard scopeDown > .miss else { return }
    let before = walk.reach
    var reach = before.and(scopeDown)
    var labels = walk.labels.adding(given?.labels ?? OracleLabels())
    var leaving = LeavingGroup(skippedWith: scopeDown == .undetermined ? walk.labels : nil)
    var ended = Certainty.no
    walk.verdict.outcomes[index].reached = reach
    if reach == .certain { walk.verdict.addLabels(given?.labels.certain ?? []) }
    for inner in given?.rules ?? ownRules(of: index) where reach > .no {
      let step = evaluateInner(inner, in: index, reach: reach, labels: labels.adding(inner.labels), &walk)
      if step.ends > .miss, let action = inner.action {
        ended = max(ended, step.ends == .match ? .certain : .possible)
        if rules[index].groupCounts {
          leaving.add(step)
        } else {
          walk.endings.append(.init(rule: index, inner: inner.index, action: action))
        }
      }
      if let rule = inner.index {
        walk.verdict.outcomes[rule].endedGroup = reach.and(step.ends)
        if rules[index].groupCounts {
          walk.verdict.outcomes[rule].counted = max(walk.verdict.outcomes[rule].counted, reach.and(step.ends))
        } else {
          walk.verdict.outcomes[rule].terminated = reach.and(step.ends)
        }
      }
      reach = reach.unless(step.ends)
      labels = step.labelsGoingOn
    }
    ended = scopeDown == .match ? ended : min(ended, .possible)
    walk.verdict.outcomes[index].matched = min(before, ended)
    if rules[index].groupCounts {
      walk.verdict.outcomes[index].counted = min(before, ended)
    } else {
      walk.verdict.outcomes[index].terminated = min(before, ended)
      walk.reach = ended == .certain ? .no : ended == .possible ? min(before, .possible) : before
    }
    walk.labels = leaving.labelsBehind(reach > .no ? labels : nil)
  }

  private func ownRules(of group: Int) -> [OracleGiven.Inner] {
    rules.indices.filter { rules[$0].group == group }.map { OracleGiven.Inner(index: $0, action: rules[$0].action) }
  }

  private mutating func evaluateInner(
    _ inner: OracleGiven.Inner, in group: Int, reach: Certainty, labels: OracleLabels, _ walk: inout OracleWalk
  ) -> OracleStep {
    guard let rule = inner.index else {
      // A rule nobody knows, with an action that somebody knows.
      let path = rules[group].rule.origin.path + ".Statement." + rules[group].rule.statement.wireName
      if let reason = inner.reason, inner.showsReason { walk.verdict.open.append(OracleLeaf(rule: group, path: path, reason: reason)) }
      let outcome = inner.outcome ?? .undetermined
      var ends = outcome
      if inner.action == .count { ends = .miss }
      // Of its token only the record tells.
      let isTold = inner.endedAsRecorded && settings.tokenPolicy == .recorded
      if !isTold, inner.action == .captcha || inner.action == .challenge { ends = min(outcome, .undetermined) }
      return OracleStep(matches: outcome, ends: ends, counts: .miss, labelsGoingOn: labels, labelsEnding: labels)
    }
    guard let outcome = inner.outcome else { return evaluateRule(rule, reach: reach, labels: labels, &walk) }
    let path = rules[group].rule.origin.path + ".Statement." + rules[group].rule.statement.wireName
    let leaves = inner.reason.map { [OracleEvaluation.Leaf(path: path, reason: $0)] } ?? []
    let evaluation = OracleEvaluation(outcome: outcome, leaves: leaves)
    return apply(
      inner.action, rule, evaluation, at: rules[rule].statementPath ?? path, reach: reach, labels: labels, geo: OracleLabels(), &walk)
  }

  /// One rule that references no group.
  private mutating func evaluateRule(_ index: Int, reach: Certainty, labels: OracleLabels, _ walk: inout OracleWalk) -> OracleStep {
    let rule = rules[index].rule
    let context = OracleContext(oracle: self, request: walk.request, labels: labels, labelPrefix: rules[index].labelPrefix)
    let evaluation: OracleEvaluation
    if case .rateBased(let rate) = rule.statement {
      evaluation = evaluateRate(index, rate, reach: reach, context, &walk)
    } else {
      evaluation = context.evaluate(rule.statement, at: rule.origin.path + ".Statement")
    }
    return apply(
      rules[index].action, index, evaluation, at: rules[index].statementPath ?? "", reach: reach, labels: labels,
      geo: context.geoLabels(of: rule.statement), &walk)
  }

  /// What a rule does with what its statement came to: its token, its labels.
  ///
  /// - Parameters:
  ///   - path: Place of the statement.
  ///   - geo: Labels that its geo statements add in any case.
  private func apply(
    _ action: ActionKind?, _ index: Int, _ evaluation: OracleEvaluation, at path: String, reach: Certainty, labels: OracleLabels,
    geo: OracleLabels, _ walk: inout OracleWalk
  ) -> OracleStep {
    let rule = rules[index]
    let matches = evaluation.outcome
    var leaves = evaluation.leaves
    var ends = matches
    var counts = Outcome.miss
    switch action {
    case .allow, .block, nil: break
    case .count: (ends, counts) = (.miss, matches)
    case .captcha, .challenge:
      guard matches > .miss, let action else { break }
      let context = OracleContext(oracle: self, request: walk.request, labels: labels, labelPrefix: rule.labelPrefix)
      let token = context.token(for: index, action)
      if reach.and(matches) == .certain { walk.verdict.tokens.append(token) }
      switch token.status {
      case .valid: (ends, counts) = (.miss, matches)
      case .failed: break
      case .unknown:
        (ends, counts) = (min(matches, .undetermined), min(matches, .undetermined))
        leaves.append(OracleEvaluation.Leaf(path: path, reason: .tokenUnknown))
      }
    }
    walk.verdict.outcomes[index].reached = reach
    walk.verdict.outcomes[index].matched = reach.and(matches)
    walk.verdict.outcomes[index].counted = reach.and(counts)
    walk.verdict.open += leaves.map { OracleLeaf(rule: index, path: $0.path, reason: $0.reason) }

    // Worlds that go on past a rule that ends the evaluation are those in which it did not match (LB-4, LB-7).
    let own = rule.rule.labels.map { rule.labelPrefix + $0 }
    var goingOn = labels.adding(geo)
    var ending = goingOn
    for label in own { ending.add(label, .match) }
    if counts > .miss {
      for label in own { goingOn.add(label, matches) }
    }
    if reach == .certain { walk.verdict.addLabels(geo.certain + (matches == .match ? own : [])) }
    return OracleStep(matches: matches, ends: ends, counts: counts, labelsGoingOn: goingOn, labelsEnding: ending)
  }
}

/// The ways out of a group that lead to the rule behind it, as far as labels tell them apart.
private struct LeavingGroup {
  private var ways: [OracleLabels] = []
  /// Labels that are certain on every way; nil while there is no doubt whether the group still runs. Labels that are added after the
  /// doubt are merely possible.
  private var certain: [String]?

  /// - Parameter labels: Labels before the group; nil unless the group may be skipped.
  init(skippedWith labels: OracleLabels?) {
    guard let labels else { return }
    ways = [labels]
    certain = labels.certain
  }

  /// A rule may end the group here, and evaluation goes on behind it all the same.
  mutating func add(_ step: OracleStep) {
    ways.append(step.labelsEnding)
    guard certain == nil, step.ends != .match else { return }
    certain = step.labelsEnding.certain.filter { step.labelsGoingOn.certain.contains($0) }
  }

  /// Labels behind the group.
  ///
  /// - Parameter last: Labels behind its last rule; nil when evaluation certainly does not come to its end.
  func labelsBehind(_ last: OracleLabels?) -> OracleLabels {
    let all = ways + (last.map { [$0] } ?? [])
    guard var state = all.first else { return OracleLabels() }
    for way in all.dropFirst() {
      state.possible += way.certain + way.possible
      state.possiblePrefixes += way.possiblePrefixes
    }
    if let certain {
      state.possible += state.certain
      state.certain = certain
    }
    return state
  }
}
