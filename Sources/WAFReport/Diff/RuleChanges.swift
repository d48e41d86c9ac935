internal import WAFBase
public import WAFModel

/// What changed between two web ACLs, rule by rule and in words, without any traffic.
///
/// Names of ARNs, numbers of priorities and the like do not count: what counts is which rules there are, their order, and what each asks and does.
public struct RuleChanges: Sendable {
  /// One change.
  public struct Change: Equatable, Sendable {
    /// Rule, set or `web ACL`.
    public var subject: String
    /// Of what kind it is.
    public var kind: Kind
    /// What changed, such as `COUNT is now BLOCK`.
    public var text: String
  }

  /// What a change is about; `rawValue` is the word in outputs.
  public enum Kind: String, Sendable {
    case added, removed, moved, action, statement, labels, overrides, set, settings
  }

  /// In the order of the second web ACL's rules, then sets.
  public private(set) var changes: [Change] = []

  private let base: RuleDocuments
  private let head: RuleDocuments
  private let words = StatementText(redaction: .standard)

  /// The changes from `base` to `head`.
  public init(from base: RuleDocuments, to head: RuleDocuments) {
    self.base = base
    self.head = head
    compareSettings()
    compare(base.webACL.rules, head.webACL.rules, group: nil)
    compareGroups()
    compareSets()
  }

  private mutating func add(_ subject: String, _ kind: Kind, _ text: String) { changes.append(Change(subject: subject, kind: kind, text: text)) }

  private func escaped(_ text: String) -> String { SafeText.escape(text, limit: 120) }

  // MARK: Web ACL

  private mutating func compareSettings() {
    let (old, new) = (base.webACL, head.webACL)
    func changed<Value: Equatable>(_ name: String, _ key: KeyPath<WebACL, Value>) -> String? {
      old[keyPath: key] == new[keyPath: key] ? nil : name
    }
    if old.defaultAction != new.defaultAction {
      let (before, after) = (Self.name(old.defaultAction), Self.name(new.defaultAction))
      add("web ACL", .action, before == after ? "the default action answers otherwise" : "the default action is \(after) and was \(before)")
    }
    let settings = [
      changed("token domains", \.tokenDomains), changed("immunity of CAPTCHAs", \.captchaImmunity),
      changed("immunity of challenges", \.challengeImmunity), changed("inspected size of bodies", \.bodyLimits),
      changed("response bodies", \.customResponseBodies), changed("data protection", \.dataProtections),
      changed("first rule groups of Firewall Manager", \.preProcessGroups), changed("last rule groups of Firewall Manager", \.postProcessGroups),
    ].compactMap { $0 }
    if !settings.isEmpty { add("web ACL", .settings, "changed: \(settings.joined(separator: ", "))") }
  }

  private static func name(_ action: DefaultAction) -> String {
    switch action {
    case .allow: "ALLOW"
    case .block: "BLOCK"
    }
  }

  // MARK: Rules

  private mutating func compare(_ old: [Rule], _ new: [Rule], group: String?) {
    func inOrder(_ rules: [Rule]) -> [Rule] { rules.sorted { $0.priority < $1.priority } }
    func full(_ rule: Rule) -> String { (group.map { $0 + "/" } ?? "") + escaped(rule.name) }
    let (old, new) = (inOrder(old), inOrder(new))
    for rule in old where !new.contains(where: { $0.name == rule.name }) {
      add(full(rule), .removed, "it was \(Self.action(of: rule)) if \(sentence(rule.statement, in: base))")
    }
    let moved = Self.moved(old.map(\.name).filter { name in new.contains { $0.name == name } }, new.map(\.name))
    for (index, rule) in new.enumerated() {
      guard let before = old.first(where: { $0.name == rule.name }) else {
        let place = index == 0 ? "first" : "after \(escaped(new[index - 1].name))"
        add(full(rule), .added, "\(place): \(Self.action(of: rule)) if \(sentence(rule.statement, in: head))")
        continue
      }
      if moved.contains(rule.name) { add(full(rule), .moved, index == 0 ? "it comes first" : "it comes after \(escaped(new[index - 1].name))") }
      compare(before, rule, full(rule))
    }
  }

  /// The fewest rules that have to move to turn one order into the other: all but the longest part that keeps its order.
  private static func moved(_ old: [String], _ new: [String]) -> Set<String> {
    let places = Dictionary(old.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let common = new.filter { places[$0] != nil }
    // lengths[i]: the longest part that ends with common[i], and before[i] the name before it there.
    var lengths = Array(repeating: 1, count: common.count)
    var before = Array(repeating: -1, count: common.count)
    for index in common.indices {
      for earlier in 0..<index where places[common[earlier], default: 0] < places[common[index], default: 0] && lengths[earlier] >= lengths[index] {
        lengths[index] = lengths[earlier] + 1
        before[index] = earlier
      }
    }
    var kept: Set<String> = []
    var index = lengths.indices.max { lengths[$0] < lengths[$1] } ?? -1
    while index >= 0 {
      kept.insert(common[index])
      index = before[index]
    }
    return Set(common).subtracting(kept)
  }

  private mutating func compare(_ old: Rule, _ new: Rule, _ name: String) {
    let (before, after) = (Self.action(of: old), Self.action(of: new))
    if before != after {
      add(name, .action, "\(before) is now \(after)")
    } else if old.action != new.action {
      add(name, .action, "\(after) answers or inserts otherwise")
    }
    if old.captchaImmunity != new.captchaImmunity || old.challengeImmunity != new.challengeImmunity {
      add(name, .settings, "its immunity time changed")
    }
    let (gained, lost) = (new.labels.filter { !old.labels.contains($0) }, old.labels.filter { !new.labels.contains($0) })
    if !gained.isEmpty || !lost.isEmpty {
      let parts = [gained.isEmpty ? nil : "adds \(list(gained))", lost.isEmpty ? nil : "no longer adds \(list(lost))"].compactMap { $0 }
      add(name, .labels, parts.joined(separator: ", "))
    }
    compare(old.statement, new.statement, name)
  }

  private func list(_ texts: [String]) -> String { texts.map { escaped($0) }.joined(separator: ", ") }

  private static func action(of rule: Rule) -> String {
    switch rule.action {
    case .action(let action): action.kind.rawValue.uppercased()
    case .override(.count): "COUNT (whole group)"
    case .override(.none): "the group's actions"
    }
  }

  // MARK: Statements

  private mutating func compare(_ old: Statement, _ new: Statement, _ name: String) {
    switch (old, new) {
    case (.and(let before), .and(let after)), (.or(let before), .or(let after)): compare(before, after, name)
    case (.not(let before), .not(let after)): compare(before, after, name)
    case (.rateBased(let before), .rateBased(let after)):
      var (one, other) = (before, after)
      (one.scopeDown, other.scopeDown) = (nil, nil)
      if one != other { add(name, .statement, "\(words.question(old)) is now \(words.question(new))") }
      compareScopes(before.scopeDown, after.scopeDown, name)
    case (.managedRuleGroup(let before), .managedRuleGroup(let after)):
      if (before.vendorName, before.name) != (after.vendorName, after.name) {
        add(name, .statement, "\(words.question(old)) is now \(words.question(new))")
      } else if before.version != after.version {
        add(name, .statement, "version \(before.version.map { escaped($0) } ?? "default") is now \(after.version.map { escaped($0) } ?? "default")")
      }
      compareOverrides((before.excludedRules, before.overrides), (after.excludedRules, after.overrides), name)
      compareScopes(before.scopeDown, after.scopeDown, name)
    case (.ruleGroupReference(let before), .ruleGroupReference(let after)):
      compareOverrides((before.excludedRules, before.overrides), (after.excludedRules, after.overrides), name)
      let (one, other) = (base.ruleGroup(arn: before.arn)?.name ?? before.arn, head.ruleGroup(arn: after.arn)?.name ?? after.arn)
      if one != other { add(name, .statement, "rule group \(escaped(one)) is now \(escaped(other))") }
    default:
      guard !isSame(old, new) else { return }
      add(name, .statement, "\(sentence(old, in: base)) is now \(sentence(new, in: head))")
    }
  }

  private mutating func compareScopes(_ old: Statement?, _ new: Statement?, _ name: String) {
    switch (old, new) {
    case (nil, nil): break
    case (let old?, let new?): compare(old, new, name)
    case (nil, let new?): add(name, .statement, "only where \(sentence(new, in: head))")
    case (let old?, nil): add(name, .statement, "no longer only where \(sentence(old, in: base))")
    }
  }

  /// Operands: equal ones are paired, whatever their order; then those that are left, one by one where they are as many.
  private mutating func compare(_ old: [Statement], _ new: [Statement], _ name: String) {
    var before = old
    var after: [Statement] = []
    for part in new {
      if let same = before.firstIndex(where: { isSame($0, part) }) { before.remove(at: same) } else { after.append(part) }
    }
    if before.count == after.count {
      for (one, other) in zip(before, after) { compare(one, other, name) }
    } else {
      for part in before { add(name, .statement, "no longer: \(sentence(part, in: base))") }
      for part in after { add(name, .statement, "new: \(sentence(part, in: head))") }
    }
  }

  private mutating func compareOverrides(
    _ old: (excluded: [String], overrides: [RuleActionOverride]), _ new: (excluded: [String], overrides: [RuleActionOverride]), _ name: String
  ) {
    // An excluded rule is one that counts (OA-1).
    func settings(_ side: (excluded: [String], overrides: [RuleActionOverride])) -> [String: RuleAction] {
      var settings = Dictionary(side.excluded.map { ($0, RuleAction.count([])) }, uniquingKeysWith: { $1 })
      for override in side.overrides { settings[override.name] = override.action }
      return settings
    }
    let (before, after) = (settings(old), settings(new))
    for rule in Set(before.keys).union(after.keys).sorted() where before[rule] != after[rule] {
      func text(_ action: RuleAction?) -> String { action.map { $0.kind.rawValue.uppercased() } ?? "its own action" }
      let (one, other) = (text(before[rule]), text(after[rule]))
      add("\(name)/\(escaped(rule))", .overrides, one == other ? "\(other) answers or inserts otherwise" : "\(one) is now \(other)")
    }
  }

  /// Whether two statements ask the same, where sets of one name count as one: what changed in a set is told of the set.
  private func isSame(_ old: Statement, _ new: Statement) -> Bool { named(old, in: base) == named(new, in: head) }

  /// The statement with the names of sets in place of their ARNs.
  private func named(_ statement: Statement, in documents: RuleDocuments) -> Statement {
    switch statement {
    case .and(let parts): return .and(parts.map { named($0, in: documents) })
    case .or(let parts): return .or(parts.map { named($0, in: documents) })
    case .not(let part): return .not(named(part, in: documents))
    case .ipSetReference(var reference):
      reference.arn = documents.ipSet(arn: reference.arn)?.name ?? reference.arn
      return .ipSetReference(reference)
    case .regexPatternSetReference(var reference):
      reference.arn = documents.regexPatternSet(arn: reference.arn)?.name ?? reference.arn
      return .regexPatternSetReference(reference)
    default: return statement
    }
  }

  /// A statement as a clause: `UriPath starts with "/admin" and not label trust:office`.
  private func sentence(_ statement: Statement, in documents: RuleDocuments) -> String {
    func joined(_ parts: [Statement], _ word: String) -> String {
      parts.map { part in
        let text = sentence(part, in: documents)
        return part.children.count > 1 ? "(\(text))" : text
      }.joined(separator: " \(word) ")
    }
    switch statement {
    case .and(let parts): return joined(parts, "and")
    case .or(let parts): return joined(parts, "or")
    case .not(let part): return "not " + (part.children.count > 1 ? "(\(sentence(part, in: documents)))" : sentence(part, in: documents))
    case .rateBased(let rate):
      return words.question(statement) + (rate.scopeDown.map { ", where \(sentence($0, in: documents))" } ?? "")
    case .managedRuleGroup(let group):
      return words.question(statement) + (group.scopeDown.map { ", where \(sentence($0, in: documents))" } ?? "")
    default:
      let chain = (statement.inspection?.transformations ?? []).filter { $0 != .none }.map(\.rawValue)
      return words.question(statement) + (chain.isEmpty ? "" : " after \(chain.joined(separator: ", "))")
    }
  }

  // MARK: Groups and sets

  private mutating func compareGroups() {
    for group in head.ruleGroups {
      guard let before = base.ruleGroups.first(where: { $0.name == group.name }) else { continue }
      compare(before.rules, group.rules, group: "group " + escaped(group.name))
      if before.customResponseBodies != group.customResponseBodies { add("group " + escaped(group.name), .settings, "changed: response bodies") }
    }
  }

  private mutating func compareSets() {
    for set in head.ipSets {
      guard let before = base.ipSets.first(where: { $0.name == set.name }) else { continue }
      compareMembers(of: "IP set " + escaped(set.name), before.addresses.map { "\($0)" }, set.addresses.map { "\($0)" })
    }
    for set in head.regexPatternSets {
      guard let before = base.regexPatternSets.first(where: { $0.name == set.name }) else { continue }
      compareMembers(of: "regex set " + escaped(set.name), before.patterns, set.patterns)
    }
  }

  private mutating func compareMembers(of name: String, _ old: [String], _ new: [String]) {
    let (before, after) = (Set(old), Set(new))
    for (word, members) in [("added", after.subtracting(before)), ("removed", before.subtracting(after))] where !members.isEmpty {
      let shown = members.sorted().prefix(Self.membersShown)
      let rest = members.count - shown.count
      add(name, .set, "\(word) \(list(Array(shown)))" + (rest > 0 ? " and \(Figures.number(rest)) more" : ""))
    }
  }

  private static let membersShown = 8
}
