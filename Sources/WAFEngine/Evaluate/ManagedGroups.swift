internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// A match of an inner rule that AWS recorded, with the action that takes effect under the web ACL at hand.
private struct RecordedInnerMatch {
  var name: [UInt8]
  /// Index into `Program.rules`; nil for a rule that the catalogue does not list.
  var rule: Int?
  var action: ActionKind
  /// Whether AWS ended the group here.
  var endedGroup: Bool
}

extension Evaluator {
  /// Evaluates a managed group whose rules are not public: from the record of AWS where there is one, else as unknown (MG-1 c, d).
  mutating func walkOpaqueGroup(
    _ opaque: OpaqueGroup, _ record: RecordedGroup?, _ group: inout GroupWalk, _ reach: inout Certainty, of request: borrowing Request,
    _ walk: inout Walk, _ verdict: inout Verdict
  ) {
    guard let record, let recorded = request.recorded else {
      return walkUnknownRules(from: group.rule + 1, opaque.reason, opaque, &group, &reach, &walk, &verdict)
    }
    addRecordedLabels(recorded, opaque, of: request, reach, &verdict)
    let matches = recordedMatches(record, opaque, group: group.rule, of: request)
    noteReached(upTo: matches.last(where: \.endedGroup), group, reach, &verdict)
    for match in matches {
      let effect = apply(match, group, of: request, reach, &verdict)
      note(effect, match.rule, match.action, &group, &reach, &walk, &verdict)
      if group.end == .certain { return }
    }
    // AWS stopped here and this web ACL does not: what the rules behind would have said is not in the record.
    if let last = matches.last(where: \.endedGroup) {
      let next = (last.rule ?? program.code[group.rule].end - 1) + 1
      walkUnknownRules(from: next, .stoppedEarlier, opaque, &group, &reach, &walk, &verdict)
    }
  }

  /// What AWS recorded of the group; nil where nothing is recorded or records are not to be used.
  borrowing func record(of opaque: OpaqueGroup, in request: borrowing Request) -> RecordedGroup? {
    guard program.settings.managed == .recorded, let recorded = request.recorded else { return nil }
    return recorded.groups.first { isRecord($0, of: opaque, request) }
  }

  /// `ruleGroupId` is `Vendor#Name`, with a version where one is set (LOG-2).
  private borrowing func isRecord(_ record: RecordedGroup, of opaque: OpaqueGroup, _ request: borrowing Request) -> Bool {
    let id = request.bytes[record.id]
    return id == opaque.recordID || id.starts(with: opaque.recordID + [UInt8(ascii: "#")])
  }

  /// What AWS recorded of the group's rules, in the order of the catalogue, with the overrides of this web ACL applied.
  private borrowing func recordedMatches(
    _ record: RecordedGroup, _ opaque: OpaqueGroup, group: Int, of request: borrowing Request
  ) -> [RecordedInnerMatch] {
    var matches: [RecordedInnerMatch] = []
    func add(_ name: [UInt8], configured: ActionKind?, endedGroup: Bool) {
      let rule = (group + 1..<program.code[group].end).first { Array(program.rules[$0].name.utf8) == name }
      let own = configured ?? rule.flatMap { program.rules[$0].overriddenAction ?? program.rules[$0].effectiveAction?.kind } ?? .block
      let action = opaque.overrides.last { $0.name == name }?.action ?? (opaque.excluded.contains(name) ? .count : own)
      matches.append(RecordedInnerMatch(name: name, rule: rule, action: action, endedGroup: endedGroup))
    }
    func configured(_ match: RecordedMatch) -> ActionKind? {
      let text = match.overriddenAction.isEmpty ? match.action : match.overriddenAction
      let name = String(decoding: request.bytes[text], as: UTF8.self)
      return ActionKind.allCases.first { $0.logName == name }
    }
    for match in record.nonTerminatingRules { add(request.bytes[match.ruleID], configured: configured(match), endedGroup: false) }
    for name in record.excludedRules { add(request.bytes[name], configured: nil, endedGroup: false) }
    matches.sort { ($0.rule ?? .max) < ($1.rule ?? .max) }
    if let match = record.terminatingRule { add(request.bytes[match.ruleID], configured: configured(match), endedGroup: true) }
    return matches
  }

  private borrowing func noteReached(upTo last: RecordedInnerMatch?, _ group: GroupWalk, _ reach: Certainty, _ verdict: inout Verdict) {
    let end = last?.rule.map { $0 + 1 } ?? program.code[group.rule].end
    for rule in group.rule + 1..<max(group.rule + 1, end) { verdict.outcomes[rule].reached = min(reach, Certainty(group.gate)) }
  }

  /// Applies a recorded match and returns whether it ends the group.
  private mutating func apply(
    _ match: RecordedInnerMatch, _ group: GroupWalk, of request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict
  ) -> Outcome {
    let reach = min(reach, Certainty(group.gate))
    guard let rule = match.rule else {
      switch match.action {
      case .count: return .miss
      case .allow, .block: return .match
      case .captcha, .challenge: return .undetermined
      }
    }
    return apply(match.action, of: rule, .match, of: request, reach, &verdict).ends
  }

  /// The rules of a group from `first` on, of which nothing is known.
  private mutating func walkUnknownRules(
    from first: Int, _ reason: Reason, _ opaque: OpaqueGroup, _ group: inout GroupWalk, _ reach: inout Certainty, _ walk: inout Walk,
    _ verdict: inout Verdict
  ) {
    if group.doubt == nil { group.doubt = labels.snapshot }
    for rule in first..<max(first, program.code[group.rule].end) {
      let inside = min(reach, Certainty(group.gate))
      verdict.outcomes[rule].reached = inside
      verdict.outcomes[rule].matched = min(inside, .possible)
      verdict.touched.append(rule)
      verdict.open.append(OpenLeaf(rule: rule, path: program.code[group.rule].path, reason: reason))
      let action = program.code[rule].action
      if action == .count {
        verdict.outcomes[rule].counted = .possible
      } else {
        note(.undetermined, rule, action, &group, &reach, &walk, &verdict)
      }
    }
    if !opaque.isCatalogued {
      // Nobody says what its rules do: any action is possible.
      verdict.open.append(OpenLeaf(rule: group.rule, path: program.code[group.rule].path, reason: reason))
      for action in [ActionKind.allow, .block, .captcha, .challenge] {
        note(.undetermined, nil, action, &group, &reach, &walk, &verdict)
      }
    }
    if let namespace = opaque.labelNamespace { labels.allow(namespace: namespace, in: program) }
    if opaque.labelNamespace == nil || opaque.addsTokenLabels { labels.allow(namespace: Array("awswaf:managed:".utf8), in: program) }
  }

  /// Labels of the group, as the record lists them.
  private mutating func addRecordedLabels(
    _ recorded: RecordedDecision, _ opaque: OpaqueGroup, of request: borrowing Request, _ reach: Certainty, _ verdict: inout Verdict
  ) {
    let token = [Array("awswaf:managed:token:".utf8), Array("awswaf:managed:captcha:".utf8)]
    for range in recorded.labels {
      let label = request.bytes[range]
      let isOurs =
        opaque.labelNamespace.map { label.starts(with: $0) } ?? false || opaque.addsTokenLabels && token.contains { label.starts(with: $0) }
      if isOurs { addLabel(text: label, isCertain: true, reach: reach, to: &verdict) }
    }
    if recorded.labelsMayBeCut, let namespace = opaque.labelNamespace { labels.allow(namespace: namespace, in: program) }
  }
}
