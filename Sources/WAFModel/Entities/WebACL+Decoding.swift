extension WebACL {
  /// A web ACL as the API answers it, or as a create or update request has it. Nil when a member is at fault; the findings name them all.
  package init?(_ value: JSONValue) {
    guard let object = value.within(.webACL).object() else { return nil }
    let entity = object.beginEntity()
    let name = object.text("Name", length: 1...128, of: .entityName)
    let bodies = CustomResponseBody.all(of: object)
    let defaultAction = object.required("DefaultAction", field: .defaultAction).flatMap(DefaultAction.init)
    let rules = object.ifPresent("Rules") { Rule.list($0, inGroup: false) }
    let before = FirewallManagerRuleGroup.list(object, "PreProcessFirewallManagerRuleGroups")
    let after = FirewallManagerRuleGroup.list(object, "PostProcessFirewallManagerRuleGroups")
    let scope = object.ifPresent("Scope", field: .scopeValue) { $0.enumeration(Scope.self) }
    let captcha = object.immunity("CaptchaConfig", 60...259_200)
    let challenge = object.immunity("ChallengeConfig", 300...259_200)
    let domains = object.tokenDomains()
    let limits = BodyLimit.list(object)
    let namespace = object.ifPresent("LabelNamespace") { $0.labelNamespace() }
    let protections = DataProtection.list(object)
    let capacity = object.ifPresent("Capacity") { $0.integer(in: 0...Int.max) }
    let visibility = object.required("VisibilityConfig").flatMap(VisibilityConfig.init)
    object.checkSettingsWithoutEffect()
    object.ignore("ManagedByFirewallManager", "RetrofittedByFirewallManager")
    object.refuseOtherMembers()
    object.checkHeaderQuotas()
    let declaredScope = (scope ?? nil) ?? entity?.arn.flatMap(ARNParts.init)?.scope
    object.context.webACLScope = declaredScope
    if declaredScope == .regional {
      for inspection in value.context.responseInspections {
        inspection.report(.responseInspectionScope, "only a web ACL for CloudFront can inspect responses")
      }
    }
    guard let entity, let name, let bodies, let defaultAction, let rules, let before, let after, scope != nil, let captcha, let challenge,
      let domains,
      let limits, let namespace, let protections, let capacity, let visibility
    else { return nil }
    self.init(name: name, defaultAction: defaultAction, rules: rules ?? [])
    origin = value.origin
    arn = entity.arn
    self.scope = declaredScope
    preProcessGroups = before
    postProcessGroups = after
    customResponseBodies = bodies
    captchaImmunity = captcha
    challengeImmunity = challenge
    tokenDomains = domains
    bodyLimits = limits
    labelNamespace = namespace
    dataProtections = protections
    declaredCapacity = capacity
    self.visibility = visibility
    Totals.check(self, at: value.within(.entityLimit))
  }
}

extension WebACL {
  /// A web ACL that allows what its rules do not end, around a bare list of rules or a single rule (IN-6). Nil when a rule is at fault.
  package init?(bareRules value: JSONValue, name: String) {
    let isList = value.kind == .array
    guard let rules = isList ? Rule.list(value, inGroup: false) : Rule(value, at: value.origin, inGroup: false).map({ [$0] }) else { return nil }
    self.init(name: name, defaultAction: .allow([]), rules: rules)
    origin.document = value.context.number
    Totals.check(self, at: value.within(.entityLimit))
  }
}

extension RuleGroup {
  /// A customer rule group, or a local definition of a managed one. Nil when a member is at fault; the findings name them all.
  package init?(_ value: JSONValue) {
    guard let object = value.within(.ruleGroup).object() else { return nil }
    let entity = object.beginEntity()
    let name = object.text("Name", length: 1...128, of: .entityName)
    let bodies = CustomResponseBody.all(of: object)
    let rules = object.ifPresent("Rules") { Rule.list($0, inGroup: true) }
    let scope = object.ifPresent("Scope", field: .scopeValue) { $0.enumeration(Scope.self) }
    let capacity = object.ifPresent("Capacity") { $0.integer(in: 1...Int.max) }
    let namespace = object.ifPresent("LabelNamespace") { $0.labelNamespace() }
    let visibility = object.required("VisibilityConfig").flatMap(VisibilityConfig.init)
    object.ignore("AvailableLabels", "ConsumedLabels")
    object.refuseOtherMembers()
    object.checkHeaderQuotas()
    guard let entity, let name, let bodies, let rules, scope != nil, let capacity, let namespace, let visibility else { return nil }
    self.init(name: name, arn: entity.arn, rules: rules ?? [], capacity: capacity, labelNamespace: namespace)
    origin = value.origin
    customResponseBodies = bodies
    self.visibility = visibility
    Totals.check(self, at: value.within(.entityLimit))
    checkCapacity(at: value)
  }
}

extension FirewallManagerRuleGroup {
  /// The groups that Firewall Manager puts before or after the rules (EO-3).
  fileprivate static func list(_ object: JSONObject, _ name: String) -> [FirewallManagerRuleGroup]? {
    let groups = object.array(name, count: 0...Int.max, field: .ruleGroup, isRequired: false, FirewallManagerRuleGroup.init)
    if let list = object.optional(name, field: .ruleGroup), list.kind == .array {
      object.context.refuseDuplicates(list.elements() ?? [], field: .ruleGroup)
    }
    return groups
  }

  private init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let name = object.text("Name", length: 1...128, of: .entityName)
    let priority = object.integer("Priority", in: 0...Int.max)
    let statement = object.required("FirewallManagerStatement", field: .statement).flatMap(Self.statement)
    let override = object.required("OverrideAction", field: .overrideAction).flatMap(OverrideAction.init)
    let visibility = object.required("VisibilityConfig").flatMap(VisibilityConfig.init)
    object.refuseOtherMembers()
    guard let name, let priority, let statement, let override, visibility != nil else { return nil }
    self.init(name: name, priority: priority, statement: statement, overrideAction: override)
    origin = value.origin
  }

  private static func statement(_ value: JSONValue) -> Statement? {
    guard let statement = Statement(value, at: .rule(inGroup: false)) else { return nil }
    switch statement {
    case .ruleGroupReference, .managedRuleGroup: return statement
    default:
      value.report(.unsupportedStatement, "Firewall Manager puts rule groups here, found \(statement.wireName)")
      return nil
    }
  }
}

extension JSONObject {
  /// Members that all entities have. Starts what is counted for each entity.
  func beginEntity() -> (arn: String?, description: String?)? {
    (context.responseBodyKeys, context.requestHeaders, context.responseHeaders) = ([], 0, 0)
    let arn = ifPresent("ARN") { $0.text(length: 20...2048) }
    let description = ifPresent("Description") { value -> String? in
      guard let text = value.string() else { return nil }
      // The API answers an empty text where there is none.
      guard !text.isEmpty else { return text }
      return value.hasLength(text, 1...256) && AllowedCharacters.description.check(text, at: value) ? text : nil
    }
    ignore("Id", "LockToken")
    let areTagsRight = checkTags()
    guard let arn, let description, areTagsRight else { return nil }
    return (arn, description)
  }

  /// `Tags` of a create request, which mean nothing to us. Those that a template leaves open cannot be checked.
  private func checkTags() -> Bool {
    guard let list = optional("Tags"), !context.document.hasOpenValues(in: list.index) else { return true }
    let tags = array("Tags", count: 0...50) { value -> Bool? in
      guard let tag = value.object() else { return nil }
      let key = tag.text("Key", length: 1...128)
      // A number is a text to a template.
      let value = tag.required("Value")
      let isRight = value.map { $0.kind != .string || $0.text(length: 0...256) != nil }
      tag.refuseOtherMembers()
      return key != nil && isRight == true ? true : nil
    }
    return tags != nil
  }

  /// Headers of all rules of an entity together: adjustable quotas (capacity-and-quotas.md 2.1).
  fileprivate func checkHeaderQuotas() {
    for (count, what) in [(context.requestHeaders, "custom request headers"), (context.responseHeaders, "custom response headers")] where count > 100
    {
      value.within(.entityLimit).report(.quotaExceeded, "the default quota is 100 \(what), found \(count)")
    }
  }

  /// `TokenDomains` (TK-5).
  fileprivate func tokenDomains() -> [String]? {
    let domains = array("TokenDomains", count: 0...Int.max, field: .tokenDomain, isRequired: false) { value -> String? in
      guard let domain = value.text(length: 1...253, of: .tokenDomain) else { return nil }
      if !domain.contains(".") { value.report(.publicSuffix, "\(quoted(domain)) looks like a public suffix") }
      return domain
    }
    if let domains, domains.count > 10 {
      optional("TokenDomains", field: .tokenDomain)?.report(.quotaExceeded, "the default quota is 10 token domains, found \(domains.count)")
    }
    return domains
  }

  /// Settings that change nothing offline: their shape is checked and that they have no effect is said (evaluation.md section 9).
  fileprivate func checkSettingsWithoutEffect() {
    if let value = optional("OnSourceDDoSProtectionConfig", field: .lowReputationMode), let config = value.object() {
      let mode = config.enumeration("ALBLowReputationMode", LowReputationMode.self)
      config.refuseOtherMembers()
      if mode != nil { value.report(.notModelled, "low-reputation rate limiting is not modelled") }
    }
    if let value = optional("ApplicationConfig"), let config = value.object() {
      _ = config.array("Attributes", count: 1...10) { value -> Bool? in
        guard let attribute = value.object() else { return nil }
        _ = attribute.text("Name", length: 1...64)
        _ = attribute.array("Values", count: 1...50) { $0.text(length: 1...64) }
        attribute.refuseOtherMembers()
        return true
      }
      config.refuseOtherMembers()
    }
  }
}

private enum LowReputationMode: String, CaseIterable {
  case activeUnderDDoS = "ACTIVE_UNDER_DDOS"
  case alwaysOn = "ALWAYS_ON"
}

extension JSONValue {
  /// A prefix of labels, which ends with a colon.
  fileprivate func labelNamespace() -> String? {
    guard let namespace = text(length: 1...1024, of: .label) else { return nil }
    guard namespace.hasSuffix(":") else {
      report(.badLabel, "a namespace ends with ':'")
      return nil
    }
    return namespace
  }
}

extension BodyLimit {
  private static let resources = ["CLOUDFRONT", "API_GATEWAY", "COGNITO_USER_POOL", "APP_RUNNER_SERVICE", "VERIFIED_ACCESS_INSTANCE"]

  /// `AssociationConfig.RequestBody` (C.1).
  fileprivate static func list(_ object: JSONObject) -> [BodyLimit]? {
    guard let value = object.optional("AssociationConfig", field: .associatedResourceType) else { return [] }
    guard let config = value.object() else { return nil }
    let body = config.ifPresent("RequestBody") { $0.object() }
    config.refuseOtherMembers()
    guard let body else { return nil }
    guard let body else { return [] }
    var limits: [BodyLimit?] = []
    for resource in resources {
      guard let entry = body.optional(resource) else { continue }
      let settings = entry.object()
      let size = settings?.enumeration("DefaultSizeInspectionLimit", Size.self)
      settings?.refuseOtherMembers()
      limits.append(size.map { BodyLimit(resource: resource, bytes: $0.bytes) })
    }
    body.refuseOtherMembers()
    let whole = limits.compactMap { $0 }
    return whole.count == limits.count ? whole : nil
  }

  private enum Size: String, CaseIterable {
    case kb16 = "KB_16"
    case kb32 = "KB_32"
    case kb48 = "KB_48"
    case kb64 = "KB_64"

    var bytes: Int {
      switch self {
      case .kb16: 16_384
      case .kb32: 32_768
      case .kb48: 49_152
      case .kb64: 65_536
      }
    }
  }
}

extension DataProtection {
  /// `DataProtectionConfig.DataProtections` (DP-1).
  fileprivate static func list(_ object: JSONObject) -> [DataProtection]? {
    guard let value = object.optional("DataProtectionConfig", field: .dataProtectionConfig) else { return [] }
    guard let config = value.object() else { return nil }
    let protections = config.array("DataProtections", count: 1...26, DataProtection.init)
    config.refuseOtherMembers()
    return protections
  }

  private enum FieldType: String, CaseIterable {
    case header = "SINGLE_HEADER"
    case cookie = "SINGLE_COOKIE"
    case argument = "SINGLE_QUERY_ARGUMENT"
    case queryString = "QUERY_STRING"
    case body = "BODY"
  }

  private enum Action: String, CaseIterable {
    case substitution = "SUBSTITUTION"
    case hash = "HASH"
  }

  private init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let field = object.required("Field").flatMap { value -> (FieldType, [String])? in
      guard let field = value.object() else { return nil }
      let type = field.enumeration("FieldType", FieldType.self)
      let keys = field.array("FieldKeys", count: 0...100, isRequired: false) { $0.text(length: 1...64, of: .notBlank) }
      field.refuseOtherMembers()
      guard let type, let keys else { return nil }
      return (type, keys)
    }
    let action = object.enumeration("Action", Action.self)
    let excludesMatches = object.ifPresent("ExcludeRuleMatchDetails") { $0.bool() }
    let excludesRates = object.ifPresent("ExcludeRateBasedDetails") { $0.bool() }
    object.refuseOtherMembers()
    guard let field, let action, let excludesMatches, let excludesRates else { return nil }
    self.init(
      fieldType: field.0.rawValue, keys: field.1, hashes: action == .hash, excludesMatchDetails: excludesMatches ?? false,
      excludesRateDetails: excludesRates ?? false)
  }
}
