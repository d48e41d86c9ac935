internal import WAFBase
internal import WAFMatch
internal import WAFModel
internal import WAFRequest

// MARK: - The rules of a web ACL, its groups and those of groups

extension Compiler {
  mutating func add(_ rule: Rule, labelPrefix: [UInt8]) throws(CompileError) {
    context = Context(labelPrefix: labelPrefix, path: rule.origin.path + ".Statement")
    switch rule.statement {
    case .ruleGroupReference(let reference): try addGroup(rule, reference)
    case .managedRuleGroup(let reference): try addManagedGroup(rule, reference, labelPrefix: labelPrefix)
    default:
      guard case .action(let action) = rule.action else { return }
      try addPlain(rule, action: action, bodies: documents.webACL.customResponseBodies)
      program.code[program.code.count - 1].end = program.code.count
    }
  }

  /// Adds a rule that references no group, under the label prefix of `context`.
  private mutating func addPlain(
    _ rule: Rule, action: RuleAction, bodies: [CustomResponseBody], group: Int? = nil, overridden: ActionKind? = nil, isExcluded: Bool = false
  ) throws(CompileError) {
    var info = ProgramRule(name: rule.name, priority: rule.priority, group: group, kind: .regular, effectiveAction: action, path: rule.origin.path)
    info.overriddenAction = overridden
    info.isExcluded = isExcluded
    info.responseBodies = bodies
    var code = RuleCode()
    code.action = action.kind
    code.path = path(context.path + "." + rule.statement.wireName)
    code.captchaImmunity = Int64(rule.captchaImmunity ?? documents.webACL.captchaImmunity ?? 300)
    code.challengeImmunity = Int64(rule.challengeImmunity ?? documents.webACL.challengeImmunity ?? 300)
    for label in rule.labels {
      let number = number(label: context.labelPrefix + Array(label.utf8))
      if !code.labels.contains(number) { code.labels.append(number) }
    }
    code.geoSources = geoSources(of: rule.statement)
    if case .rateBased(let rate) = rule.statement {
      info.kind = .rateBased
      info.rate = rate
      code.rate = program.rates.count
      program.rates.append(rateLimit(rate))
      code.steps = try steps(of: rate.scopeDown, under: "RateBasedStatement")
    } else {
      code.steps = try steps(of: rule.statement)
    }
    program.rules.append(info)
    program.code.append(code)
    program.code[program.code.count - 1].end = program.code.count
  }

  /// Adds the row of a rule that references a group and returns its index.
  private mutating func addReference(_ rule: Rule, _ kind: ProgramRule.Kind, groupID: String, scopeDown: Statement?) throws(CompileError) -> Int {
    var info = ProgramRule(name: rule.name, priority: rule.priority, group: nil, kind: kind, effectiveAction: nil, path: rule.origin.path)
    if case .override(let override) = rule.action { info.groupOverride = override } else { info.groupOverride = OverrideAction.none }
    info.groupID = groupID
    var code = RuleCode()
    code.path = path(context.path + "." + rule.statement.wireName)
    if let scopeDown {
      code.steps = try steps(of: scopeDown, under: rule.statement.wireName)
      code.geoSources = geoSources(of: scopeDown)
    }
    program.rules.append(info)
    program.code.append(code)
    return program.rules.count - 1
  }

  private mutating func addGroup(_ rule: Rule, _ reference: RuleGroupReferenceStatement) throws(CompileError) {
    let index = try addReference(rule, .ruleGroup, groupID: reference.arn, scopeDown: nil)
    if let group = documents.ruleGroup(arn: reference.arn) {
      try addRules(of: group, labelPrefix: group.labelPrefix, to: index, excluded: reference.excludedRules, reference.overrides)
    } else {
      program.code[index].opaque = OpaqueGroup(
        recordID: Array(reference.arn.utf8), labelNamespace: nil, vendorNamespace: Array("awswaf:managed:".utf8), addsTokenLabels: false,
        reason: .referenceMissing, isCatalogued: false, overrides: [], excluded: [])
    }
    program.code[index].end = program.rules.count
  }

  private mutating func addManagedGroup(
    _ rule: Rule, _ reference: ManagedRuleGroupStatement, labelPrefix: [UInt8]
  ) throws(CompileError) {
    let name = reference.vendorName + "#" + reference.name
    let index = try addReference(
      rule, .managedRuleGroup, groupID: reference.version.map { name + "#" + $0 } ?? name, scopeDown: reference.scopeDown)
    let catalogued = ManagedRuleGroups.find(vendor: reference.vendorName, name: reference.name)
    let namespace = catalogued?.labelNamespace
    let local = documents.managedRuleGroup(vendor: reference.vendorName, name: reference.name)
    let definition = local ?? catalogued?.outline
    if let definition {
      let prefix = namespace ?? "awswaf:managed:\(reference.vendorName.lowercased()):\(reference.name):"
      try addRules(of: definition, labelPrefix: prefix, to: index, excluded: reference.excludedRules, reference.overrides)
      // Rules of the catalogue stand in no document.
      if local == nil { for rule in index + 1..<program.code.count { program.code[rule].path = program.code[index].path } }
    }
    if local == nil || program.settings.managed != .local {
      var opaque = OpaqueGroup(
        recordID: Array(name.utf8), labelNamespace: namespace.map { Array($0.utf8) },
        vendorNamespace: Array("awswaf:managed:\(reference.vendorName.lowercased()):".utf8), addsTokenLabels: catalogued?.addsTokenLabels ?? true,
        isCatalogued: definition != nil, overrides: reference.overrides.map { (Array($0.name.utf8), $0.action.kind) },
        excluded: reference.excludedRules.map { Array($0.utf8) })
      opaque.hasDefinition = local != nil && program.settings.managed != .none
      program.code[index].opaque = opaque
    }
    program.code[index].end = program.rules.count
  }

  /// Adds the rules of a group with the overrides of its reference applied (5.1).
  mutating func addRules(
    of group: RuleGroup, labelPrefix: String, to index: Int, excluded: [String], _ overrides: [RuleActionOverride]
  ) throws(CompileError) {
    for rule in group.rules.sorted(by: { $0.priority < $1.priority }) {
      guard case .action(let own) = rule.action else { continue }
      context = Context(labelPrefix: Array(labelPrefix.utf8), path: rule.origin.path + ".Statement")
      if let override = overrides.last(where: { $0.name == rule.name }) {
        // RG-3: an override wins over an exclusion. CR-9: its bodies are those of the web ACL.
        try addPlain(rule, action: override.action, bodies: documents.webACL.customResponseBodies, group: index, overridden: own.kind)
      } else if excluded.contains(rule.name) {
        try addPlain(rule, action: .count([]), bodies: [], group: index, isExcluded: true)
      } else {
        try addPlain(rule, action: own, bodies: group.customResponseBodies, group: index)
      }
    }
  }
}
