internal import WAFEngine
public import WAFModel

/// Which rules of a web ACL may be evaluated earlier without another outcome, whatever the traffic.
public struct RuleOrder {
  /// A rule of the web ACL.
  public struct Entry: Sendable {
    /// Name.
    public var name: String
    /// Rules that are evaluated in its place: 1, or those of the group with the rule that references it.
    public var rules: Int
    /// Whether AWS charges for each request that comes to its group.
    public var isPaid: Bool
  }

  /// In order of evaluation.
  public let entries: [Entry]
  private let subject: LintSubject
  private let flow: LabelFlow
  /// For each entry its place in the order of `LabelFlow`.
  private let places: [Int]

  /// The order of a web ACL.
  public init(_ documents: RuleDocuments) {
    subject = LintSubject(documents)
    flow = LabelFlow(subject)
    var entries: [Entry] = []
    var places: [Int] = []
    var place = 0
    for step in subject.steps {
      places.append(place)
      switch step {
      case .rule(let rule):
        entries.append(Entry(name: rule.name, rules: 1, isPaid: false))
        place += 1
      case .group(let group):
        entries.append(Entry(name: group.reference.name, rules: 1 + group.rules.count, isPaid: Self.paidGroups.contains(group.name)))
        place += 1 + group.rules.count
      }
    }
    self.entries = entries
    self.places = places
  }

  /// Groups that cost a fee for each request that they inspect. Source: AWS WAF pricing, "Bot Control", "Fraud Control", "Anti-DDoS".
  private static let paidGroups: Set<String> = [
    "AWS/AWSManagedRulesBotControlRuleSet", "AWS/AWSManagedRulesATPRuleSet", "AWS/AWSManagedRulesACFPRuleSet", "AWS/AWSManagedRulesAntiDDoSRuleSet",
  ]

  /// Whether a rule may be evaluated right before one that stands before it: it blocks by its statement alone, and what it would pass over blocks or
  /// counts, keeps no count over time, and adds no label that the rule asks for. Then each request ends as before, if by another rule.
  ///
  /// - Parameters:
  ///   - rule: Index into `entries`.
  ///   - earlier: Index of the entry that it would pass over.
  public func mayPass(_ rule: Int, over earlier: Int) -> Bool {
    guard case .rule(let moved) = subject.steps[rule], moved.action == .block, let written = moved.rule, !written.statement.keepsCount else {
      return false
    }
    let passed = places[earlier]..<places[earlier] + entries[earlier].rules
    let asked = flow.questions.filter { $0.order == places[rule] }
    guard !asked.contains(where: { question in flow.producers(for: question).contains { passed.contains($0.order) } }) else { return false }
    switch subject.steps[earlier] {
    case .rule(let rule):
      // A geo statement adds labels whether or not its rule matches; `LabelFlow` knows them.
      return (rule.action == .block || rule.action == .count) && rule.rule.map { !$0.statement.keepsCount } ?? false
    case .group(let group):
      guard group.source != .unknown, !group.rules.isEmpty else { return false }
      return group.rules.allSatisfy { rule in
        (group.override == .count || rule.action == .block || rule.action == .count) && rule.rule.map { !$0.statement.keepsCount } ?? true
      }
    }
  }
}

extension Statement {
  /// Whether what it says depends on the requests before.
  fileprivate var keepsCount: Bool {
    if case .rateBased = self { return true }
    return children.contains(where: \.keepsCount)
  }
}
