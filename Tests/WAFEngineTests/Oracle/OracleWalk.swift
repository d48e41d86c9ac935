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
    labels = OracleLabels(certain: request.labels.map { String(decoding: request.bytes[$0], as: UTF8.self) })
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

  /// A reference to a rule group (section 5).
  ///
  /// - Parameter scopeDown: What the scope-down statement came to; nil where there is none.
  mutating func evaluateGroup(_ index: Int, scopeDown: Outcome?, _ walk: inout OracleWalk) {
    let before = walk.reach
    walk.verdict.outcomes[index].reached = before
    guard scopeDown != .miss else { return }
    let mayBeSkipped = scopeDown == .undetermined
    var reach = before.and(scopeDown ?? .match)
    var labels = walk.labels
    /// Labels of each way to leave the group towards the rule after it.
    var waysOut = mayBeSkipped ? [walk.labels] : []
    var mayEnd = false
    for inner in rules.indices where rules[inner].group == index && reach > .no {
      let step = evaluateRule(inner, reach: reach, labels: labels, &walk)
      walk.verdict.outcomes[inner].endedGroup = reach.and(step.ends)
      if step.ends > .miss, let action = rules[inner].action {
        mayEnd = true
        if rules[index].groupCounts {
          waysOut.append(step.labelsEnding)
          walk.verdict.outcomes[inner].counted = max(walk.verdict.outcomes[inner].counted, reach.and(step.ends))
        } else {
          walk.endings.append(.init(rule: index, inner: inner, action: action))
          walk.verdict.outcomes[inner].terminated = reach.and(step.ends)
        }
      }
      reach = reach.unless(step.ends)
      labels = step.labelsGoingOn
    }
    if reach > .no { waysOut.append(labels) }
    let ended: Certainty = !mayEnd ? .no : reach == .no && !mayBeSkipped ? before : .possible
    walk.verdict.outcomes[index].matched = ended
    if rules[index].groupCounts {
      walk.verdict.outcomes[index].counted = ended
    } else {
      walk.verdict.outcomes[index].terminated = ended
      walk.reach = mayBeSkipped ? min(before, .possible) : reach
    }
    if !waysOut.isEmpty { walk.labels = OracleLabels.common(waysOut) }
  }

  /// One rule that references no group: its statement, its token, its labels.
  mutating func evaluateRule(_ index: Int, reach: Certainty, labels: OracleLabels, _ walk: inout OracleWalk) -> OracleStep {
    let rule = rules[index]
    let context = OracleContext(oracle: self, request: walk.request, labels: labels, labelPrefix: rule.labelPrefix)
    var evaluation: OracleEvaluation
    if case .rateBased(let rate) = rule.rule.statement {
      evaluation = evaluateRate(index, rate, reach: reach, context, &walk)
    } else {
      evaluation = context.evaluate(rule.rule.statement, at: rule.rule.path + ".Statement")
    }
    let matches = evaluation.outcome
    var ends = matches
    var counts = Outcome.miss
    switch rule.action {
    case .allow, .block, nil: break
    case .count: (ends, counts) = (.miss, matches)
    case .captcha, .challenge:
      let token = context.token(for: index)
      if matches > .miss, token.status == .unknown {
        evaluation.leaves.append(OracleEvaluation.Leaf(path: rule.rule.path, reason: .tokenUnknown))
      }
      if reach.and(matches) == .certain { walk.verdict.tokens.append(token) }
      switch token.status {
      case .valid: (ends, counts) = (.miss, matches)
      case .failed: break
      case .unknown: (ends, counts) = (min(matches, .undetermined), min(matches, .undetermined))
      }
    }
    walk.verdict.outcomes[index].reached = reach
    walk.verdict.outcomes[index].matched = reach.and(matches)
    walk.verdict.outcomes[index].counted = reach.and(counts)
    walk.verdict.open += evaluation.leaves.map { OracleLeaf(rule: index, path: $0.path, reason: $0.reason) }

    // Worlds that go on past a rule that ends the evaluation are those in which it did not match (LB-4, LB-7).
    var goingOn = labels.adding(context.geoLabels(of: rule.rule.statement))
    var ending = goingOn
    let own = rule.rule.labels.map { rule.labelPrefix + $0 }
    for label in own { ending.add(label, .match) }
    if counts > .miss {
      for label in own { goingOn.add(label, matches) }
    }
    if reach == .certain {
      let geo = context.geoLabels(of: rule.rule.statement)
      for label in geo.certain + (matches == .match ? own : []) where !walk.verdict.labels.contains(label) { walk.verdict.labels.append(label) }
    }
    return OracleStep(matches: matches, ends: ends, counts: counts, labelsGoingOn: goingOn, labelsEnding: ending)
  }
}
