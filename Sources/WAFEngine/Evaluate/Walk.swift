internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// How far evaluation of one request has come.
struct Walk {
  /// Whether evaluation comes to the rule at hand. Possible once an earlier rule may have ended it.
  var reach = Certainty.certain
  /// The rule of the web ACL and the action of the first possible end; a second one that differs makes the verdict undetermined.
  var end: (rule: Int, inner: Int?, action: ActionKind)?
  /// Whether ends that differ in rule or action are possible.
  var isAmbiguous = false
  /// Whether ends that differ in the inner rule of the group are possible.
  var isInnerAmbiguous = false

  mutating func mayEnd(rule: Int, inner: Int?, action: ActionKind) {
    guard let end else { return end = (rule, inner, action) }
    if end.rule != rule || end.action != action { isAmbiguous = true }
    if end.inner != inner { isInnerAmbiguous = true }
  }
}

/// How one group of rules goes, while the walk is in it.
struct GroupWalk {
  /// Index of the referencing rule.
  var rule: Int
  /// The group's scope-down statement; `.match` without one.
  var gate: Outcome
  /// Whether the group has ended: certainly, given that it was entered, or possibly.
  var end = Certainty.no
  /// Labels as of the moment from which on the group may not have been running any more; nil while it certainly was.
  var doubt: LabelState.Snapshot?
}

extension Evaluator {
  /// Evaluates all rules in order (EO-1, EO-4) and finishes the verdict.
  mutating func walkRules(of request: borrowing Request, _ walk: inout Walk, _ verdict: inout Verdict) {
    var index = 0
    while index < program.rules.count {
      if program.rules[index].groupOverride != nil {
        if walkGroup(index, of: request, &walk, &verdict) { return finish(walk, &verdict) }
      } else if walkRule(index, of: request, &walk, &verdict) {
        return finish(walk, &verdict)
      }
      index = program.code[index].end
    }
    verdict.defaultReached = walk.reach
    let action: ActionKind = if case .allow = program.defaultAction { .allow } else { .block }
    verdict.possibleActions.insert(ActionSet(action))
    walk.mayEnd(rule: Verdict.defaultAction, inner: nil, action: action)
    finish(walk, &verdict)
  }

  private borrowing func finish(_ walk: Walk, _ verdict: inout Verdict) {
    verdict.isDetermined = !walk.isAmbiguous
    guard let end = walk.end, !walk.isAmbiguous else { return }
    verdict.terminatingRule = end.rule
    verdict.terminatingInnerRule = walk.isInnerAmbiguous ? nil : end.inner
  }

  // MARK: Rules of the web ACL

  /// Evaluates rule `index` of the web ACL itself. Returns whether the web ACL has ended.
  private mutating func walkRule(_ index: Int, of request: borrowing Request, _ walk: inout Walk, _ verdict: inout Verdict) -> Bool {
    let effect = evaluateRule(index, gate: .match, of: request, walk.reach, &verdict)
    guard effect.ends != .miss else { return false }
    let action = program.code[index].action
    verdict.possibleActions.insert(ActionSet(action))
    walk.mayEnd(rule: index, inner: nil, action: action)
    if effect.ends == .match { return true }
    walk.reach = .possible
    return false
  }

  /// What a rule does, given that evaluation comes to it.
  struct Effect {
    /// It ends what it stands in.
    var ends: Outcome
    /// It matches and does not end it.
    var counts: Outcome

    static let none = Effect(ends: .miss, counts: .miss)
  }

  /// Evaluates rule `index` and notes its outcome, labels and open leaves.
  ///
  /// - Parameters:
  ///   - gate: Outcome of the scope-down statement of the group around it.
  ///   - reach: Whether evaluation comes to the rule, the gate aside.
  private mutating func evaluateRule(
    _ index: Int, gate: Outcome, of request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict
  ) -> Effect {
    if !openLeaves.isEmpty { openLeaves.removeAll(keepingCapacity: true) }
    if watch != nil { watch?.note(labels, before: index) }
    let reach = min(reach, Certainty(gate))
    verdict.outcomes[index].reached = reach
    // Members one by one: a copy of the whole would retain its arrays for every rule and request.
    let outcome =
      program.code[index].rate >= 0
      ? limit(index, of: request, reach, &verdict)
      : run(program.code[index].steps, rule: index, of: request)
    addGeoLabels(of: index, request, reach, &verdict)
    guard outcome != .miss else { return .none }
    if outcome == .undetermined { verdict.open.append(contentsOf: openLeaves) }
    return apply(program.code[index].action, of: index, outcome, of: request, reach, &verdict)
  }

  /// What rule `index` does with an outcome other than `.miss`: notes it and adds its labels.
  mutating func apply(
    _ action: ActionKind, of index: Int, _ outcome: Outcome, of request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict
  ) -> Effect {
    var effect = Effect(ends: outcome, counts: .miss)
    switch action {
    case .allow, .block: break
    case .count: effect = Effect(ends: .miss, counts: outcome)
    case .captcha, .challenge:
      let token = tokenStatus(for: index, action, of: request)
      switch token.status {
      case .valid: effect = Effect(ends: .miss, counts: outcome)
      case .failed: break
      case .unknown:
        effect = Effect(ends: .undetermined, counts: .undetermined)
        verdict.open.append(OpenLeaf(rule: index, path: program.code[index].path, reason: .tokenUnknown))
      }
      if outcome == .match, reach == .certain { verdict.tokens.append(token) }
    }
    verdict.touched.append(index)
    verdict.outcomes[index].matched = min(reach, Certainty(outcome))
    verdict.outcomes[index].counted = min(reach, Certainty(effect.counts))
    if program.rules[index].group == nil { verdict.outcomes[index].terminated = min(reach, Certainty(effect.ends)) }
    // Where the rule ends the web ACL nothing follows that could see its labels. Where it ends a group that is overridden to
    // Count they stay (GO-2), but the rules behind it in the group run only where it did not match.
    if effect.counts == .miss, effect.ends == .undetermined, !endsAll(index) {
      labelsBehindGroup += program.code[index].labels
    } else {
      let isSeen = effect.counts != .miss || !endsAll(index)
      addLabels(of: index, isCertain: outcome == .match, isSeen: isSeen, reach, &verdict)
    }
    return effect
  }

  // MARK: Rule groups

  /// Evaluates the group that rule `index` references (5.2). Returns whether the web ACL has ended.
  private mutating func walkGroup(_ index: Int, of request: borrowing Request, _ walk: inout Walk, _ verdict: inout Verdict) -> Bool {
    let code = program.code[index]
    openLeaves.removeAll(keepingCapacity: true)
    if watch != nil { watch?.note(labels, before: index) }
    let gate = run(code.steps, rule: index, of: request)
    addGeoLabels(of: index, request, walk.reach, &verdict)
    guard gate != .miss else { return false }
    verdict.open.append(contentsOf: openLeaves)
    let outerReach = walk.reach
    labelsBehindGroup.removeAll(keepingCapacity: true)
    verdict.outcomes[index].reached = min(outerReach, Certainty(gate))
    var group = GroupWalk(rule: index, gate: gate, doubt: gate == .match ? nil : labels.snapshot)
    var reach = outerReach
    let record = code.opaque.flatMap { self.record(of: $0, in: request) }
    if let opaque = code.opaque, record != nil || !opaque.hasDefinition {
      walkOpaqueGroup(opaque, record, &group, &reach, of: request, &walk, &verdict)
    } else {
      var inner = index + 1
      while inner < code.end, group.end != .certain {
        let effect = evaluateRule(inner, gate: gate, of: request, reach, &verdict)
        note(effect.ends, inner, program.code[inner].action, &group, &reach, &walk, &verdict)
        inner += 1
      }
    }
    return leave(group, outerReach, &walk, &verdict)
  }

  /// Notes that inner rule `inner` ends its group with `action`, to the degree of `ends`.
  mutating func note(
    _ ends: Outcome, _ inner: Int?, _ action: ActionKind, _ group: inout GroupWalk, _ reach: inout Certainty, _ walk: inout Walk,
    _ verdict: inout Verdict
  ) {
    guard ends != .miss else { return }
    let isFinal = program.rules[group.rule].groupOverride == OverrideAction.none
    if let inner {
      verdict.outcomes[inner].endedGroup = min(reach, Certainty(group.gate), Certainty(ends))
      if isFinal { verdict.outcomes[inner].terminated = verdict.outcomes[inner].endedGroup }
    }
    if isFinal {
      verdict.possibleActions.insert(ActionSet(action))
      walk.mayEnd(rule: group.rule, inner: inner, action: action)
    } else {
      // GO-2: the result becomes a Count of the referencing rule; what follows the group runs in any case.
      if let inner { verdict.outcomes[inner].counted = verdict.outcomes[inner].endedGroup }
      if ends != .match, group.doubt == nil { group.doubt = labels.snapshot }
    }
    group.end = max(group.end, Certainty(ends))
    if ends != .match { reach = .possible }
  }

  /// Turns the group's result into one of the referencing rule. Returns whether the web ACL has ended.
  private mutating func leave(_ group: GroupWalk, _ outerReach: Certainty, _ walk: inout Walk, _ verdict: inout Verdict) -> Bool {
    if let doubt = group.doubt {
      let isFinal = program.rules[group.rule].groupOverride == OverrideAction.none
      if isFinal, group.end == .certain { labels.restore(doubt) } else { labels.weaken(since: doubt) }
    }
    for label in labelsBehindGroup { _ = labels.add(known: label, isCertain: false, in: program) }
    let end = min(group.end, Certainty(group.gate))
    guard end != .no else { return false }
    let degree = min(outerReach, end)
    verdict.touched.append(group.rule)
    verdict.outcomes[group.rule].matched = degree
    guard program.rules[group.rule].groupOverride == OverrideAction.none else {
      verdict.outcomes[group.rule].counted = degree
      return false
    }
    verdict.outcomes[group.rule].terminated = degree
    if end == .certain { return true }
    walk.reach = .possible
    return false
  }

  // MARK: Labels

  /// Whether a rule that ends what it stands in ends the web ACL.
  private borrowing func endsAll(_ index: Int) -> Bool {
    guard let group = program.rules[index].group else { return true }
    return program.rules[group].groupOverride == OverrideAction.none
  }

  /// Adds the labels of rule `index`; those that no later rule can see go to the verdict only.
  private mutating func addLabels(of index: Int, isCertain: Bool, isSeen: Bool, _ reach: Certainty, _ verdict: inout Verdict) {
    for label in program.code[index].labels {
      let isNew = isSeen ? labels.add(known: label, isCertain: isCertain, in: program) : !labels.isCertain(known: label)
      if isNew, isCertain, reach == .certain { append(program.literal(program.labels[label].text), to: &verdict) }
    }
  }

  /// Adds a label that is no label of a rule of the program, or not known to be one.
  mutating func addLabel(text: [UInt8], isCertain: Bool, reach: Certainty, to verdict: inout Verdict) {
    if let known = program.labels.firstIndex(where: { program.literal($0.text) == text }) {
      if labels.add(known: known, isCertain: isCertain, in: program), isCertain, reach == .certain { append(text, to: &verdict) }
      return
    }
    for entry in labels.entries.indices where labels.entries[entry].known < 0 && verdict.bytes[labels.entries[entry].text] == text {
      guard isCertain, !labels.entries[entry].isCertain else { return }
      labels.makeCertain(entry, text: text, in: program)
      if reach == .certain { verdict.labels.append(labels.entries[entry].text) }
      return
    }
    let range = ByteRange(verdict.bytes.count, verdict.bytes.count + text.count)
    verdict.bytes.append(contentsOf: text)
    labels.add(text: text, at: range, isCertain: isCertain, in: program)
    if isCertain, reach == .certain { verdict.labels.append(range) }
  }

  private borrowing func append(_ label: [UInt8], to verdict: inout Verdict) {
    verdict.labels.append(ByteRange(verdict.bytes.count, verdict.bytes.count + label.count))
    verdict.bytes.append(contentsOf: label)
  }

  /// Adds the labels of the geo statements of a rule, whatever came of the rule (GM-5 … GM-7).
  private mutating func addGeoLabels(of index: Int, _ request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict) {
    for source in program.code[index].geoSources {
      let place = source < 0 ? "awswaf:clientip:geo:" : "awswaf:forwardedip:geo:"
      var country = source < 0 ? request.country : nil
      if source >= 0 {
        let addresses = ForwardedAddresses(program.forwarded[source], in: program, of: request)
        switch addresses.presenceOfFirst {
        case .absent: continue
        case .unknown: break
        case .present: if addresses.first == nil { country = CountryCode.unknown }
        }
      }
      guard let country else {
        labels.allow(namespace: Array((place + "country:").utf8), in: program)
        labels.allow(namespace: Array((place + "region:").utf8), in: program)
        continue
      }
      let code = CountryCode.text(country)
      addLabel(text: Array((place + "country:" + code).utf8), isCertain: true, reach: reach, to: &verdict)
      if country == CountryCode.unknown {
        addLabel(text: Array((place + "region:XX-XX").utf8), isCertain: true, reach: reach, to: &verdict)
      } else {
        // No log tells the region.
        labels.allow(namespace: Array((place + "region:" + code + "-").utf8), in: program)
      }
    }
  }
}

extension Certainty {
  /// How certain something is that holds when a statement has this outcome.
  init(_ outcome: Outcome) {
    switch outcome {
    case .miss: self = .no
    case .undetermined: self = .possible
    case .match: self = .certain
    }
  }
}

/// Two-letter codes of countries, packed as in `Request.country`.
enum CountryCode {
  /// `XX`: a country that is not known to AWS either (GM-4).
  static let unknown = UInt16(0x5858)

  /// The packed form of `text`; nil unless it has two bytes.
  static func packed(_ text: String) -> UInt16? {
    let bytes = Array(text.utf8)
    return bytes.count == 2 ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : nil
  }

  /// Two letters.
  static func text(_ code: UInt16) -> String { String(decoding: [UInt8(code >> 8), UInt8(code & 0xff)], as: UTF8.self) }
}
