extension Rule {
  /// Nil when a member is at fault; the findings name them all. `origin` is that of the rule.
  init?(_ value: JSONValue, at origin: Origin, inGroup isInRuleGroup: Bool) {
    guard let object = value.within(.rule).object() else { return nil }
    object.context.countryCodes = 0
    let name = object.text("Name", length: 1...128, of: .entityName)
    let priority = object.integer("Priority", in: 0...Int.max)
    let statement = object.required("Statement").flatMap { Statement($0, at: .rule(inGroup: isInRuleGroup)) }
    let referencesGroup = object.referencesGroup
    let outcome = object.outcome(referencesGroup: referencesGroup)
    let labels = object.labels(referencesGroup: referencesGroup)
    let captcha = object.immunity("CaptchaConfig", 60...259_200)
    let challenge = object.immunity("ChallengeConfig", 300...259_200)
    let visibility = object.required("VisibilityConfig").flatMap(VisibilityConfig.init)
    object.refuseOtherMembers()
    if object.context.countryCodes > 50 {
      value.within(.geoMatchStatement).report(.tooManyCountries, "expected at most 50 country codes in a rule, found \(object.context.countryCodes)")
      return nil
    }
    guard let name, let priority, let statement, let outcome, let labels, let captcha, let challenge, let visibility else { return nil }
    self.init(name: name, priority: priority, statement: statement, action: outcome)
    self.origin = origin
    self.labels = labels
    captchaImmunity = captcha
    challengeImmunity = challenge
    self.visibility = visibility
  }

  /// `Rules` of a web ACL or rule group: names and priorities are unique (ST-5). Nil when one is at fault.
  static func list(_ list: JSONValue, inGroup isInRuleGroup: Bool) -> [Rule]? {
    guard let elements = list.elements() else { return nil }
    let origin = list.origin
    let rules = elements.enumerated().map { index, element in
      Rule(element, at: Origin(document: origin.document, path: "\(origin.path)[\(index)]"), inGroup: isInRuleGroup)
    }
    list.context.refuseDuplicates(elements, field: .rule)
    let whole = rules.compactMap { $0 }
    return whole.count == elements.count ? whole : nil
  }
}

extension DecodingContext {
  /// Reports names and priorities that an earlier element of the same list has, also where elements are otherwise at fault.
  func refuseDuplicates(_ elements: [JSONValue], field: FindingField) {
    var names: [String: JSONValue] = [:]
    var priorities: [Int64: JSONValue] = [:]
    for element in elements where element.kind == .object {
      let object = JSONObject(element.within(field))
      if let value = object.optional("Name"), value.kind == .string, let name = value.string() {
        if let first = names[name] {
          value.report(.duplicateRuleName, "duplicate name \(quoted(name)), first at line \(document.place(of: first.index).line)")
        } else {
          names[name] = value
        }
      }
      if let value = object.optional("Priority"), let priority = value.plainInteger {
        if let first = priorities[priority] {
          value.report(.duplicatePriority, "duplicate priority \(priority), first at line \(document.place(of: first.index).line)")
        } else {
          priorities[priority] = value
        }
      }
    }
  }
}

extension JSONObject {
  /// Whether the statement of a rule, well-formed or not, is a reference to a group (ST-4).
  fileprivate var referencesGroup: Bool {
    guard let statement = optional("Statement"), statement.kind == .object else { return false }
    let names = JSONObject(statement).names
    return names.contains("RuleGroupReferenceStatement") || names.contains("ManagedRuleGroupStatement")
  }

  /// `Action` or `OverrideAction`: exactly one, by the kind of the statement (ST-4).
  fileprivate func outcome(referencesGroup: Bool) -> RuleOutcomeSetting? {
    let action = optional("Action", field: .ruleAction)
    let override = optional("OverrideAction", field: .overrideAction)
    let decodedAction = action.flatMap(RuleAction.init)
    let decodedOverride = override.flatMap(OverrideAction.init)
    if let action, override != nil {
      action.within(.rule).report(.actionAndOverride, "expected either \(spelling("Action")) or \(spelling("OverrideAction")), found both")
      return nil
    }
    if referencesGroup {
      action?.within(.rule).report(
        .actionOnGroupRule, "a rule that references a group has \(spelling("OverrideAction")), not \(spelling("Action"))")
    } else {
      override?.within(.rule).report(
        .overrideOnPlainRule,
        "only a rule that references a group has \(spelling("OverrideAction")); this one needs \(spelling("Action"))")
    }
    if action == nil, override == nil {
      value.report(
        .actionMissing,
        referencesGroup ? "a rule that references a group needs \(spelling("OverrideAction"))" : "the rule needs \(spelling("Action"))")
    }
    if case .allow = decodedAction, let statement = optional("Statement"), statement.kind == .object,
      JSONObject(statement).names.contains("RateBasedStatement")
    {
      action?.report(.allowOnRateRule, "Allow is no action for a rate-based rule")
      return nil
    }
    return referencesGroup ? decodedOverride.map(RuleOutcomeSetting.override) : decodedAction.map(RuleOutcomeSetting.action)
  }

  /// `RuleLabels`, which a rule that references a group cannot have (ST-6).
  fileprivate func labels(referencesGroup: Bool) -> [String]? {
    let labels = array("RuleLabels", count: 0...Int.max, isRequired: false) { value -> String? in
      guard let label = value.object() else { return nil }
      let name = label.required("Name").flatMap(Label.name)
      label.refuseOtherMembers()
      return name
    }
    guard referencesGroup, let list = optional("RuleLabels") else { return labels }
    list.report(.labelsOnGroupRule, "a rule that references a group cannot have labels")
    return nil
  }

  /// `CaptchaConfig` or `ChallengeConfig`: seconds, `.some(nil)` where not stated (TK-2).
  func immunity(_ name: String, _ range: ClosedRange<Int>) -> Int?? {
    ifPresent(name, field: .challengeConfig) { value -> Int?? in
      guard let config = value.object() else { return .none }
      let seconds = config.ifPresent("ImmunityTimeProperty") { value -> Int? in
        guard let property = value.object() else { return nil }
        let seconds = property.integer("ImmunityTime", in: range)
        property.refuseOtherMembers()
        return seconds
      }
      config.refuseOtherMembers()
      return seconds
    }.map { $0 ?? nil }
  }
}

extension VisibilityConfig {
  /// Names that the service uses itself.
  private static let reservedNames = ["All", "Default_Action"]

  /// `VisibilityConfig` of a rule, web ACL or rule group.
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let name = object.required("MetricName", field: .metricName).flatMap(Self.metricName)
    let sampled = object.bool("SampledRequestsEnabled")
    let metrics = object.bool("CloudWatchMetricsEnabled")
    object.refuseOtherMembers()
    guard let name, let sampled, let metrics else { return nil }
    self.init(metricName: name, sampledRequestsEnabled: sampled, metricsEnabled: metrics)
  }

  /// Outside the model an error, outside the text a warning (capacity-and-quotas.md 2.4).
  private static func metricName(_ value: JSONValue) -> String? {
    guard let name = value.text(length: 1...255, of: .metricName) else { return nil }
    if reservedNames.contains(name) {
      value.report(.reservedMetricName, "\(name) is a metric of the service itself")
      return nil
    }
    let isUsual = name.utf8.count <= 128 && !name.contains { "#:./".contains($0) }
    if !isUsual { value.report(.unusualMetricName, "the guide allows 1 to 128 of A-Z a-z 0-9 - _, found \(quoted(name))") }
    return name
  }
}
