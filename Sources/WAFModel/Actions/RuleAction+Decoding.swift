extension RuleAction {
  /// `Action` of a rule, or `ActionToUse` of an override.
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    guard let (name, member) = object.action(of: ActionKind.allCases.map(\.rawValue)), let kind = ActionKind(rawValue: name) else { return nil }
    guard let settings = member.object() else { return nil }
    let action: RuleAction?
    switch kind {
    case .allow: action = settings.insertedHeaders().map(RuleAction.allow)
    case .block: action = settings.customResponse().map(RuleAction.block)
    case .count: action = settings.insertedHeaders().map(RuleAction.count)
    case .captcha: action = settings.insertedHeaders().map(RuleAction.captcha)
    case .challenge: action = settings.insertedHeaders().map(RuleAction.challenge)
    }
    settings.refuseOtherMembers()
    guard let action else { return nil }
    self = action
  }
}

extension DefaultAction {
  /// `DefaultAction` of a web ACL (EO-4).
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    guard let (name, member) = object.action(of: ["Allow", "Block"]), let settings = member.object() else { return nil }
    let action = name == "Allow" ? settings.insertedHeaders().map(DefaultAction.allow) : settings.customResponse().map(DefaultAction.block)
    settings.refuseOtherMembers()
    guard let action else { return nil }
    self = action
  }
}

extension OverrideAction {
  /// `OverrideAction` of a rule that references a group.
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    guard let (name, member) = object.action(of: OverrideAction.allCases.map(\.rawValue)), let settings = member.object() else { return nil }
    let handling = settings.optional("CustomRequestHandling")
    handling?.report(.customHandlingInOverride, "an override of a whole group has no custom handling")  // CR-10
    settings.refuseOtherMembers()
    guard handling == nil, let action = OverrideAction(rawValue: name) else { return nil }
    self = action
  }
}

extension JSONObject {
  /// The one action of an object; actions that this model does not know are reported as unsupported (ST-8).
  fileprivate func action(of names: [String]) -> (name: String, value: JSONValue)? {
    let only = onlyMember(of: names, what: "action")
    let unsupported = others(than: names)
    for (name, value) in unsupported {
      value.report(.unsupportedAction, "unsupported action \(quoted(name))", hint: didYouMean(name, names.map(spelling)))
    }
    return unsupported.isEmpty ? only : nil
  }
}
