internal import WAFBase
public import WAFModel

/// What if a rule had another action: `RULE=ACTION`.
public struct ActionChange: Equatable, Sendable {
  /// Name of the rule, as `RuleNames` finds it.
  public var rule: String
  /// Its action.
  public var setting: Setting

  /// An action, or the override of a group's result.
  public enum Setting: Equatable, Sendable {
    case action(ActionKind)
    /// Of a rule that references a group: its result stands.
    case noOverride
  }

  /// A change.
  public init(rule: String, setting: Setting) {
    self.rule = rule
    self.setting = setting
  }

  /// What `text` spells, such as `block-admin=count`; nil for any other text.
  public init?(_ text: String) {
    guard let mark = text.lastIndex(of: "="), mark > text.startIndex else { return nil }
    rule = String(text[..<mark])
    let name = text[text.index(after: mark)...].lowercased()
    if name == "none" {
      setting = .noOverride
    } else if let kind = ActionKind.allCases.first(where: { $0.rawValue.lowercased() == name }) {
      setting = .action(kind)
    } else {
      return nil
    }
  }

  /// What `setting` may be spelled as.
  public static let settingNames = ActionKind.allCases.map { $0.rawValue.lowercased() } + ["none"]

  /// The word for `setting`.
  public var settingName: String {
    switch setting {
    case .action(let kind): kind.rawValue.lowercased()
    case .noOverride: "none"
    }
  }
}

/// A change that the web ACL does not admit.
public enum ActionChangeError: Error, Equatable, CustomStringConvertible {
  case name(RuleNameError)
  /// The change, and why it cannot be.
  case refused(ActionChange, String)

  /// One line for people.
  public var description: String {
    switch self {
    case .name(let error): error.description
    case .refused(let change, let reason): "\(SafeText.escape(change.rule))=\(change.settingName): \(reason)"
    }
  }
}

extension RuleDocuments {
  /// The documents as if they had been edited, one change after the other.
  ///
  /// A rule of a group is changed by an override in the rule that references it, since that is what the owner of the web ACL can do.
  public func applying(_ changes: [ActionChange]) throws(ActionChangeError) -> RuleDocuments {
    guard !changes.isEmpty else { return self }
    let names = RuleNames(self)
    var changed = self
    for change in changes {
      let entry: RuleNames.Entry
      do { entry = try names.find(change.rule) } catch { throw .name(error) }
      try changed.webACL.apply(change, to: entry)
    }
    return changed
  }
}

extension WebACL {
  fileprivate mutating func apply(_ change: ActionChange, to entry: RuleNames.Entry) throws(ActionChangeError) {
    let name = entry.group ?? entry.name
    if let index = rules.firstIndex(where: { $0.name == name }) { return try rules[index].apply(change, to: entry) }
    for groups in [\WebACL.preProcessGroups, \WebACL.postProcessGroups] {
      guard let index = self[keyPath: groups].firstIndex(where: { $0.name == name }) else { continue }
      var rule = self[keyPath: groups][index].asRule
      try rule.apply(change, to: entry)
      self[keyPath: groups][index].statement = rule.statement
      if case .override(let override) = rule.action { self[keyPath: groups][index].overrideAction = override }
      return
    }
  }
}

extension Rule {
  fileprivate mutating func apply(_ change: ActionChange, to entry: RuleNames.Entry) throws(ActionChangeError) {
    if entry.group != nil {
      guard case .action(let kind) = change.setting else { throw .refused(change, "only a rule that references a group takes none") }
      return statement.override(entry.name, with: kind)
    }
    switch (action, change.setting) {
    case (.override, .action(.count)): action = .override(.count)
    case (.override, .noOverride): action = .override(OverrideAction.none)
    case (.override, .action): throw .refused(change, "a rule that references a group takes count or none")
    case (.action, .noOverride): throw .refused(change, "only a rule that references a group takes none")
    case (.action(let own), .action(let kind)):
      if kind == .allow, case .rateBased = statement { throw .refused(change, "Allow is no action for a rate-based rule") }
      // Headers and responses of the action that it has already stay.
      if own.kind != kind { action = .action(kind.plain) }
    }
  }
}

extension Statement {
  fileprivate mutating func override(_ rule: String, with kind: ActionKind) {
    switch self {
    case .ruleGroupReference(var reference):
      reference.overrides.override(rule, with: kind)
      self = .ruleGroupReference(reference)
    case .managedRuleGroup(var reference):
      reference.overrides.override(rule, with: kind)
      self = .managedRuleGroup(reference)
    default: break
    }
  }
}

extension [RuleActionOverride] {
  fileprivate mutating func override(_ rule: String, with kind: ActionKind) {
    if last(where: { $0.name == rule })?.action.kind == kind { return }
    removeAll { $0.name == rule }
    append(RuleActionOverride(name: rule, action: kind.plain))
  }
}
