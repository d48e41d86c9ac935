extension RuleGroupReferenceStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let overrides = GroupOverrides(object)
    let arn = object.reference(to: .ruleGroup, overrides: overrides?.names ?? [])
    object.refuseOtherMembers()
    guard let arn, let overrides else { return nil }
    self.init(arn: arn, excludedRules: overrides.excluded, overrides: overrides.replaced)
  }
}

extension ManagedRuleGroupStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject, at position: StatementPosition) {
    let vendor = object.text("VendorName", length: 1...128, of: .notBlank)
    let name = object.text("Name", length: 1...128, of: .entityName)
    let version = object.ifPresent("Version") { $0.text(length: 1...64, of: .metricName) }
    let scopeDown = object.ifPresent("ScopeDownStatement", field: .scopeDown) { Statement($0, at: position.nested) }
    let overrides = GroupOverrides(object)
    let hasConfigs = ManagedRuleGroupConfigs.check(object)
    object.refuseOtherMembers()
    guard let vendor, let name, let version, let scopeDown, let overrides, hasConfigs else { return nil }
    var reference = EntityReference(kind: .managedRuleGroup, arn: vendor + "/" + name, value: object.value, overrides: overrides.names)
    reference.isTargeted = ManagedRuleGroupConfigs.isTargeted(object)
    object.context.references.append(reference)
    self.init(
      vendorName: vendor, name: name, version: version, scopeDown: scopeDown, excludedRules: overrides.excluded, overrides: overrides.replaced)
  }
}

/// `ExcludedRules` and `RuleActionOverrides` of a group reference.
struct GroupOverrides {
  var excluded: [String] = []
  var replaced: [RuleActionOverride] = []
  /// Every rule they name, with its place.
  var names: [EntityReference.Override] = []

  /// Nil when an entry is at fault (RG-2 to RG-4).
  init?(_ object: JSONObject) {
    var names: [EntityReference.Override] = []
    let excluded = object.array("ExcludedRules", count: 0...100, field: .excludedRule, isRequired: false) { value -> String? in
      guard let entry = value.object() else { return nil }
      let name = entry.required("Name")
      entry.refuseOtherMembers()
      guard let name, let text = name.text(length: 1...128, of: .entityName) else { return nil }
      names.append(EntityReference.Override(rule: text, value: name.within(object.field), action: nil))
      return text
    }
    let replaced = object.array("RuleActionOverrides", count: 0...100, isRequired: false) { value -> RuleActionOverride? in
      guard let entry = value.object() else { return nil }
      let name = entry.required("Name")
      let action = entry.required("ActionToUse", field: .ruleAction).flatMap(RuleAction.init)
      entry.refuseOtherMembers()
      guard let name, let text = name.text(length: 1...128, of: .entityName) else { return nil }
      if names.contains(where: { $0.rule == text && $0.action != nil }) {
        name.report(.overriddenTwice, "\(quoted(text)) is overridden twice")
        return nil
      }
      guard let action else { return nil }
      if names.contains(where: { $0.rule == text && $0.action == nil }) {
        name.report(.excludedAndOverridden, "\(quoted(text)) is in \(object.spelling("ExcludedRules")) too; the override wins")
      }
      names.append(EntityReference.Override(rule: text, value: name, action: action.kind))
      return RuleActionOverride(name: text, action: action)
    }
    guard let excluded, let replaced else { return nil }
    (self.excluded, self.replaced, self.names) = (excluded, replaced, names)
  }
}
