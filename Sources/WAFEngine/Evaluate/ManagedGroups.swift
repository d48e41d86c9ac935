internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// A match of an inner rule that AWS recorded, with the action that takes effect under the web ACL at hand.
private struct RecordedInnerMatch {
  var name: [UInt8]
  /// Index into `Program.rules`; nil for a rule that the catalogue does not list.
  var rule: Int?
  /// Nil where neither the record nor the catalogue tells it.
  var action: ActionKind?
  /// Whether AWS ended the group here.
  var endedGroup: Bool
  /// What AWS did.
  var recordedAction: ActionKind?
}

extension Evaluator {
  /// Evaluates a managed group whose rules are not public: from the record of AWS where there is one, else as unknown (MG-1 c, d).
  mutating func walkOpaqueGroup(
    _ opaque: OpaqueGroup, _ record: RecordedGroup?, _ group: inout GroupWalk, _ reach: inout Certainty, of request: borrowing Request,
    _ walk: inout Walk, _ verdict: inout Verdict
  ) {
    guard let record, let recorded = request.recorded else {
      return walkUnknownRules(from: group.rule + 1, except: [], opaque.reason, opaque, of: request, &group, &reach, &walk, &verdict)
    }
    addRecordedLabels(recorded, opaque, of: request, min(reach, Certainty(group.gate)), &verdict)
    let matches = recordedMatches(record, opaque, group: group.rule, of: request)
    let last = matches.last { $0.endedGroup }
    let end = last.map { $0.rule ?? program.code[group.rule].end } ?? program.code[group.rule].end
    var next = group.rule + 1
    for match in matches {
      // The rules up to this one ran and did not match. One that AWS recorded although it stands behind the last shows that AWS has
      // another order, and tells nothing of the rules between.
      let rule = min(match.rule ?? end, end)
      noteReached(next..<max(next, rule), group, reach, &verdict)
      next = max(next, match.rule == nil || rule == end ? rule : rule + 1)
      apply(match, of: request, &group, &reach, &walk, &verdict)
      if group.end == .certain { return }
    }
    if last == nil {
      noteReached(next..<max(next, end), group, reach, &verdict)
    } else {
      // AWS stopped here and this web ACL does not: what the rules behind would have said is not in the record.
      let known = matches.compactMap(\.rule)
      walkUnknownRules(from: end + 1, except: known, .stoppedEarlier, opaque, of: request, &group, &reach, &walk, &verdict)
    }
  }

  /// What AWS recorded of the group; nil where nothing is recorded or records are not to be used.
  borrowing func record(of opaque: OpaqueGroup, in request: borrowing Request) -> RecordedGroup? {
    guard program.settings.managed == .recorded, let recorded = request.recorded else { return nil }
    return recorded.groups.first { isRecord($0.id, of: opaque.recordID, request) }
  }

  /// `ruleGroupId` is `Vendor#Name`, with a version where one is set (LOG-2).
  borrowing func isRecord(_ id: ByteRange, of group: [UInt8], _ request: borrowing Request) -> Bool {
    let id = request.bytes[id]
    return id == group || id.starts(with: group + [UInt8(ascii: "#")])
  }

  /// What AWS recorded of the group's rules, in the order of the catalogue, with the overrides of this web ACL applied.
  private borrowing func recordedMatches(
    _ record: RecordedGroup, _ opaque: OpaqueGroup, group: Int, of request: borrowing Request
  ) -> [RecordedInnerMatch] {
    var matches: [RecordedInnerMatch] = []
    func add(_ name: [UInt8], configured: ActionKind?, recorded: ActionKind?, endedGroup: Bool) {
      let rule = (group + 1..<program.code[group].end).first { Array(program.rules[$0].name.utf8) == name }
      let own = configured ?? rule.flatMap { program.rules[$0].overriddenAction ?? program.rules[$0].effectiveAction?.kind }
      let action = opaque.overrides.last { $0.name == name }?.action ?? (opaque.excluded.contains(name) ? .count : own)
      matches.append(RecordedInnerMatch(name: name, rule: rule, action: action, endedGroup: endedGroup, recordedAction: recorded))
    }
    func kind(_ text: ByteRange) -> ActionKind? {
      let name = String(decoding: request.bytes[text], as: UTF8.self)
      return ActionKind.allCases.first { $0.logName == name }
    }
    func configured(_ match: RecordedMatch) -> ActionKind? { kind(match.overriddenAction.isEmpty ? match.action : match.overriddenAction) }
    for match in record.nonTerminatingRules {
      add(request.bytes[match.ruleID], configured: configured(match), recorded: kind(match.action), endedGroup: false)
    }
    for name in record.excludedRules { add(request.bytes[name], configured: nil, recorded: nil, endedGroup: false) }
    matches.sort { ($0.rule ?? .max) < ($1.rule ?? .max) }
    if let match = record.terminatingRule {
      add(request.bytes[match.ruleID], configured: configured(match), recorded: kind(match.action), endedGroup: true)
    }
    return matches
  }

  private borrowing func noteReached(_ rules: Range<Int>, _ group: GroupWalk, _ reach: Certainty, _ verdict: inout Verdict) {
    for rule in rules { verdict.outcomes[rule].reached = min(reach, Certainty(group.gate)) }
  }

  /// Applies a recorded match and notes whether it ends the group.
  private mutating func apply(
    _ match: RecordedInnerMatch, of request: borrowing Request, _ group: inout GroupWalk, _ reach: inout Certainty, _ walk: inout Walk,
    _ verdict: inout Verdict
  ) {
    guard let action = match.action else { return noteAnyAction(.managedNotRecorded, &group, &reach, &walk, &verdict) }
    var ends: Outcome
    if let rule = match.rule {
      let inside = min(reach, Certainty(group.gate))
      verdict.outcomes[rule].reached = inside
      ends = apply(action, of: rule, .match, of: request, inside, &verdict).ends
    } else {
      // No row stands for a rule that is not listed; of its token only the record tells.
      ends = .match
      if action == .count { ends = .miss }
      if action == .captcha || action == .challenge {
        let isAsRecorded = match.endedGroup && match.recordedAction == action && program.settings.tokenPolicy == .recorded
        ends = isAsRecorded ? .match : .undetermined
      }
    }
    note(ends, match.rule, action, &group, &reach, &walk, &verdict)
  }

  /// The rules of a group from `first` on, of which nothing is known.
  private mutating func walkUnknownRules(
    from first: Int, except known: [Int], _ reason: Reason, _ opaque: OpaqueGroup, of request: borrowing Request, _ group: inout GroupWalk,
    _ reach: inout Certainty, _ walk: inout Walk, _ verdict: inout Verdict
  ) {
    if group.doubt == nil { group.doubt = labels.snapshot }
    for rule in first..<max(first, program.code[group.rule].end) where !known.contains(rule) {
      let inside = min(reach, Certainty(group.gate))
      verdict.outcomes[rule].reached = inside
      verdict.open.append(OpenLeaf(rule: rule, path: program.code[group.rule].path, reason: reason))
      let action = program.code[rule].action
      let effect = apply(action, of: rule, .undetermined, of: request, inside, &verdict)
      note(effect.ends, rule, action, &group, &reach, &walk, &verdict)
    }
    if !opaque.isCatalogued { noteAnyAction(reason, &group, &reach, &walk, &verdict) }
    if let namespace = opaque.labelNamespace { labels.allow(namespace: namespace, in: program) }
    if opaque.labelNamespace == nil || opaque.addsTokenLabels { labels.allow(namespace: Array("awswaf:managed:".utf8), in: program) }
  }

  /// A rule of the group may match, and nobody says what it does then: any action is possible.
  private mutating func noteAnyAction(
    _ reason: Reason, _ group: inout GroupWalk, _ reach: inout Certainty, _ walk: inout Walk, _ verdict: inout Verdict
  ) {
    verdict.open.append(OpenLeaf(rule: group.rule, path: program.code[group.rule].path, reason: reason))
    for action in [ActionKind.allow, .block, .captcha, .challenge] {
      note(.undetermined, nil, action, &group, &reach, &walk, &verdict)
    }
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
      if !isOurs, opaque.labelNamespace == nil, label.starts(with: opaque.vendorNamespace) {
        addLabel(text: label, isCertain: false, reach: reach, to: &verdict)
      }
    }
    if recorded.labelsMayBeCut, let namespace = opaque.labelNamespace { labels.allow(namespace: namespace, in: program) }
  }
}
