import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// What is known of the rules of a group whose statements are not public (MG-1 c, d).
struct OracleGiven {
  /// One rule of the group, in order of evaluation.
  struct Inner {
    /// Position in the rules; nil for a rule that is not listed.
    var index: Int?
    var action: ActionKind?
    /// Whether it matches; nil where its statement has to be evaluated.
    var outcome: Outcome?
    /// Why that is unknown.
    var reason: Reason?
    /// Whether the reason is to be noted.
    var showsReason = true
    /// Whether AWS ended the group here by the same action.
    var endedAsRecorded = false
    /// Labels that may be there from here on.
    var labels = OracleLabels()

    /// No rule, only labels.
    static func labels(_ labels: OracleLabels) -> Inner {
      Inner(index: nil, action: .count, outcome: .miss, reason: nil, labels: labels)
    }
  }
  var rules: [Inner] = []
  /// Labels that the group adds.
  var labels = OracleLabels()

  /// A group of which nothing is known: any action is possible.
  static func anything(_ reason: Reason, prefixes: [String]) -> OracleGiven {
    let kinds: [ActionKind] = [.allow, .block, .captcha, .challenge]
    return OracleGiven(
      rules: kinds.map { Inner(index: nil, action: $0, outcome: .undetermined, reason: reason, showsReason: $0 == .allow) }
        + [.labels(OracleLabels(possiblePrefixes: prefixes))])
  }
}

extension Oracle {
  /// A reference to a managed rule group: from the record, else from a local definition, else unknown (MG-1, MG-2, SD-1, SD-2).
  mutating func evaluateManaged(_ index: Int, _ managed: ManagedRuleGroupStatement, _ walk: inout OracleWalk) {
    var scope = OracleEvaluation(outcome: .match)
    if let statement = managed.scopeDown {
      let context = OracleContext(oracle: self, request: walk.request, labels: walk.labels, labelPrefix: rules[index].labelPrefix)
      scope = context.evaluate(statement, at: rules[index].rule.origin.path + ".Statement.ManagedRuleGroupStatement.ScopeDownStatement")
      let geo = context.geoLabels(of: statement)
      walk.labels = walk.labels.adding(geo)
      if walk.reach == .certain { walk.verdict.addLabels(geo.certain) }
    }
    walk.verdict.open += scope.leaves.map { OracleLeaf(rule: index, path: $0.path, reason: $0.reason) }
    if settings.managed == .recorded, let given = recorded(index, managed, walk.request) {
      walkGroup(index, scopeDown: scope.outcome, given, &walk)
    } else if settings.managed != .none, documents.localDefinition(of: managed) != nil {
      walkGroup(index, scopeDown: scope.outcome, nil, &walk)
    } else {
      walkGroup(index, scopeDown: scope.outcome, OracleGiven(rules: unknown(index, managed, .managedNotRecorded) { _ in true }), &walk)
    }
  }

  /// The rules of which nothing is known.
  private func unknown(
    _ index: Int, _ managed: ManagedRuleGroupStatement, _ reason: Reason, _ isUnknown: (Int) -> Bool
  ) -> [OracleGiven.Inner] {
    let own = rules.indices.filter { rules[$0].group == index }
    var unknown = own.filter(isUnknown).map {
      OracleGiven.Inner(index: $0, action: rules[$0].action, outcome: .undetermined, reason: reason)
    }
    if own.isEmpty { unknown += OracleGiven.anything(reason, prefixes: []).rules }
    return unknown + [.labels(OracleLabels(possiblePrefixes: labelPrefixes(managed)))]
  }

  /// Where labels of a group may begin.
  private func labelPrefixes(_ managed: ManagedRuleGroupStatement) -> [String] {
    guard let listed = ManagedRuleGroups.find(vendor: managed.vendorName, name: managed.name) else { return ["awswaf:managed:"] }
    // TK-9
    let token = ["BotControl", "ATP", "ACFP", "AntiDDoS"].contains { managed.name == "AWSManagedRules\($0)RuleSet" }
    return [listed.labelNamespace] + (token ? ["awswaf:managed:"] : [])
  }

  /// What AWS recorded of the group, with the overrides of this web ACL; nil when it recorded nothing.
  private func recorded(_ index: Int, _ managed: ManagedRuleGroupStatement, _ request: Request) -> OracleGiven? {
    func text(_ range: ByteRange) -> String { String(decoding: request.bytes[range], as: UTF8.self) }
    let id = managed.vendorName + "#" + managed.name
    guard let record = request.recorded?.groups.first(where: { text($0.id) == id || text($0.id).hasPrefix(id + "#") }) else { return nil }

    func inner(_ name: String, _ own: ActionKind?) -> OracleGiven.Inner {
      let listed = rules.indices.first { rules[$0].group == index && rules[$0].rule.name == name }
      let action = OracleRule.effectiveAction(of: name, own, managed.excludedRules, managed.overrides)
      return OracleGiven.Inner(index: listed, action: action ?? listed.flatMap { rules[$0].action }, outcome: .match)
    }
    func own(_ match: RecordedMatch) -> ActionKind? {
      let name = text(match.overriddenAction.isEmpty ? match.action : match.overriddenAction)
      return ActionKind.allCases.first { $0.logName == name }
    }
    var matches = record.nonTerminatingRules.map { inner(text($0.ruleID), own($0)) } + record.excludedRules.map { inner(text($0), nil) }
    let last = record.terminatingRule.map { match in
      var last = inner(text(match.ruleID), own(match))
      last.endedAsRecorded = last.action != nil && last.action?.logName == text(match.action)
      return last
    }
    var given = OracleGiven()
    for rule in rules.indices where rules[rule].group == index && rule < last?.index ?? Int.max {
      let match = matches.first { $0.index == rule }
      matches.removeAll { $0.index == rule }
      given.rules.append(match ?? .init(index: rule, action: rules[rule].action, outcome: .miss))
    }
    given.rules += matches
    if let last {
      // AWS stopped here. Where this web ACL does not, nobody knows what the rules behind would have said.
      let known = given.rules.compactMap(\.index)
      given.rules += [last] + unknown(index, managed, .stoppedEarlier) { $0 > last.index ?? Int.max && !known.contains($0) }
    }
    // An action that nobody tells may be any.
    given.rules = given.rules.flatMap { $0.action == nil ? OracleGiven.anything(.managedNotRecorded, prefixes: []).rules : [$0] }
    let prefixes = labelPrefixes(managed).filter { $0 != "awswaf:managed:" }
    let token = labelPrefixes(managed).contains("awswaf:managed:") ? ["awswaf:managed:token:", "awswaf:managed:captcha:"] : []
    let labels = request.recorded?.labels.map(text) ?? []
    for label in labels where (prefixes + token).contains(where: label.hasPrefix) { given.labels.add(label, .match) }
    // Of a group that is not listed nobody knows the label prefix beyond its vendor.
    let vendor = "awswaf:managed:\(managed.vendorName.lowercased()):"
    for label in labels where prefixes.isEmpty && label.hasPrefix(vendor) { given.labels.add(label, .undetermined) }
    if request.recorded?.labelsMayBeCut == true { given.labels.possiblePrefixes += prefixes }
    return given
  }
}
