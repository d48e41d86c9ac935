internal import WAFBase
public import WAFModel

/// The rules of a web ACL by the names that reports give them: `rule`, or `referencing-rule/rule` for a rule of a group.
public struct RuleNames: Sendable {
  /// A rule by its name.
  public struct Entry: Equatable, Sendable {
    /// Name of the rule that references its group; nil for rules of the web ACL itself.
    public var group: String?
    /// Name of the rule.
    public var name: String

    /// As in reports.
    public var displayName: String { group.map { $0 + "/" + name } ?? name }
  }

  /// All rules, those of groups behind the rule that references them.
  public private(set) var entries: [Entry] = []
  /// Rules that reference a managed group whose rules nobody lists.
  private var openGroups: Set<String> = []

  /// The rules of `documents`.
  public init(_ documents: RuleDocuments) {
    let webACL = documents.webACL
    for rule in webACL.preProcessGroups.map(\.asRule) + webACL.rules + webACL.postProcessGroups.map(\.asRule) {
      entries.append(Entry(group: nil, name: rule.name))
      if let names = documents.innerRules(of: rule.statement) {
        entries += names.map { Entry(group: rule.name, name: $0) }
      } else {
        openGroups.insert(rule.name)
      }
    }
  }

  /// The rule that `text` names: by its name in reports, or by the bare name of a rule that only one group has.
  public func find(_ text: String) throws(RuleNameError) -> Entry {
    if let exact = entries.first(where: { $0.displayName == text }) { return exact }
    let bare = entries.filter { $0.name == text }
    if bare.count > 1 { throw RuleNameError(name: text, problem: .ambiguous(bare.map(\.displayName))) }
    if let only = bare.first { return only }
    if let slash = text.firstIndex(of: "/"), openGroups.contains(String(text[..<slash])) {
      return Entry(group: String(text[..<slash]), name: String(text[text.index(after: slash)...]))
    }
    throw RuleNameError(name: text, problem: .unknown(nearest: nearest(to: text)))
  }

  /// The names that were probably meant, nearest first.
  private func nearest(to text: String) -> [String] {
    var candidates = entries.map(\.displayName) + entries.filter { $0.group != nil }.map(\.name)
    var found: [String] = []
    while found.count < Self.suggestions, let name = Spelling.nearest(to: text, in: candidates) {
      found.append(name)
      candidates.removeAll { $0 == name }
    }
    return found
  }

  private static let suggestions = 3
}

/// A name that is none of a rule.
public struct RuleNameError: Error, Equatable, CustomStringConvertible {
  /// The name.
  public var name: String
  /// What is wrong with it.
  public var problem: Problem

  /// What is wrong with a name.
  public enum Problem: Equatable, Sendable {
    case unknown(nearest: [String])
    case ambiguous([String])
  }

  /// A name and what is wrong with it.
  public init(name: String, problem: Problem) {
    self.name = name
    self.problem = problem
  }

  /// One line for people.
  public var description: String {
    switch problem {
    case .unknown(let nearest):
      let hint = nearest.isEmpty ? "" : " (did you mean \(nearest.joined(separator: " or "))?)"
      return "no rule is called \"\(SafeText.escape(name, limit: 200))\"\(hint)"
    case .ambiguous(let names): return "several rules are called \"\(name)\": \(names.joined(separator: ", "))"
    }
  }
}

extension RuleDocuments {
  /// Names of the rules of the group that a statement references: none for other statements, nil where nobody lists them.
  fileprivate func innerRules(of statement: Statement) -> [String]? {
    switch statement {
    case .ruleGroupReference(let reference): return ruleGroup(arn: reference.arn)?.rules.map(\.name)
    case .managedRuleGroup(let reference):
      if let local = managedRuleGroup(vendor: reference.vendorName, name: reference.name) { return local.rules.map(\.name) }
      return ManagedRuleGroups.find(vendor: reference.vendorName, name: reference.name)?.rules.map(\.name)
    default: return []
    }
  }
}

extension Program {
  /// The index of a rule; nil where the web ACL was compiled from other documents.
  public func index(of entry: RuleNames.Entry) -> Int? {
    rules.indices.first { rules[$0].name == entry.name && rules[$0].group.map { rules[$0].name } == entry.group }
  }
}
