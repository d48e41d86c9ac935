import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// The slow, obvious evaluator: a walk over the model as it is written, with strings for labels, arrays for rate windows and a naive loop
/// for every test. It shares no code with the engine but the vocabulary of `Verdict` and `EngineSettings` and the text transformations, so
/// that the two can be compared (DESIGN.md, decision 7).
struct Oracle {
  /// The web ACL and what it references.
  let documents: RuleDocuments
  /// What the user chose.
  let settings: EngineSettings
  /// Every rule in order of evaluation; a rule that references a group is followed by the rules of the group.
  let rules: [OracleRule]
  /// One list of windows a rate-based rule, by position in `rules` (RT-6).
  var windows: [Int: [OracleWindow]] = [:]
  /// Newest time seen: an older request is taken at this time (RM-1).
  var newest = Int64.min

  init(_ documents: RuleDocuments, settings: EngineSettings = EngineSettings()) {
    self.documents = documents
    self.settings = settings
    rules = OracleRule.all(of: documents)
  }

  /// What the web ACL does with `request`. Requests have to come in order: the rate windows remember them.
  mutating func evaluate(_ request: Request) -> OracleVerdict {
    if let time = request.timestamp { newest = max(newest, time) }
    var walk = OracleWalk(request: request, rules: rules)
    for index in rules.indices where rules[index].group == nil && walk.reach > .no {
      switch rules[index].rule.statement {
      case .ruleGroupReference(let reference): evaluateGroup(index, reference, &walk)
      case .managedRuleGroup(let managed): evaluateManaged(index, managed, &walk)
      default: evaluateOwnRule(index, &walk)
      }
    }
    walk.finish(documents.webACL.defaultAction)
    return walk.verdict
  }
}

/// A rule and the place where it runs.
struct OracleRule {
  var rule: Rule
  /// Position of the rule that references the group this rule belongs to.
  var group: Int?
  /// Prefix of the rule's own labels (LB-1).
  var labelPrefix: String
  /// The action in effect (5.1); nil for a rule that references a group.
  var action: ActionKind?
  /// Whether a group's result is overridden to Count; false for other rules.
  var groupCounts = false

  /// Place of its statement; nil for a rule that stands in no document.
  var statementPath: String? { rule.statement == .or([]) ? nil : rule.origin.path + ".Statement." + rule.statement.wireName }

  /// All rules in order of evaluation (EO-1, EO-3).
  static func all(of documents: RuleDocuments) -> [OracleRule] {
    let acl = documents.webACL
    let own = acl.labelNamespace ?? prefix(kind: "webacl", name: acl.name, arn: acl.arn)
    func rule(_ group: FirewallManagerRuleGroup) -> Rule {
      Rule(name: group.name, priority: group.priority, statement: group.statement, action: .override(group.overrideAction), path: group.origin.path)
    }
    let pre = acl.preProcessGroups.map(rule).sorted { $0.priority < $1.priority }
    let post = acl.postProcessGroups.map(rule).sorted { $0.priority < $1.priority }
    var all: [OracleRule] = []
    for rule in pre + acl.rules.sorted(by: { $0.priority < $1.priority }) + post {
      all.append(OracleRule(rule: rule, group: nil, labelPrefix: own, action: rule.actionKind, groupCounts: rule.action == .override(.count)))
      let position = all.count - 1
      switch rule.statement {
      case .ruleGroupReference(let reference):
        guard let group = documents.ruleGroup(arn: reference.arn) else { continue }
        let prefix = group.labelNamespace ?? prefix(kind: "rulegroup", name: group.name, arn: group.arn)
        for inner in group.rules.sorted(by: { $0.priority < $1.priority }) {
          let action = effectiveAction(of: inner.name, inner.actionKind, reference.excludedRules, reference.overrides)
          all.append(OracleRule(rule: inner, group: position, labelPrefix: prefix, action: action))
        }
      case .managedRuleGroup(let managed):
        let listed = ManagedRuleGroups.find(vendor: managed.vendorName, name: managed.name)
        let prefix = listed?.labelNamespace ?? "awswaf:managed:\(managed.vendorName.lowercased()):\(managed.name):"
        for inner in documents.localDefinition(of: managed) ?? listed?.rules.map(placeholder) ?? [] {
          let action = effectiveAction(of: inner.name, inner.actionKind, managed.excludedRules, managed.overrides)
          all.append(OracleRule(rule: inner, group: position, labelPrefix: prefix, action: action))
        }
      default: continue
      }
    }
    return all
  }

  /// 5.1: an override, else an exclusion, else the rule's own action.
  static func effectiveAction(of name: String, _ own: ActionKind?, _ excluded: [String], _ overrides: [RuleActionOverride]) -> ActionKind? {
    overrides.first { $0.name == name }?.action.kind ?? (excluded.contains(name) ? .count : own)
  }

  /// A managed rule as its vendor publishes it: without a statement.
  private static func placeholder(_ rule: ManagedRule) -> Rule {
    Rule(name: rule.name, priority: 0, statement: .or([]), action: .action(RuleAction(rule.action)))
  }

  /// `awswaf:<account>:<kind>:<name>:`, the account taken from the ARN (LB-2).
  private static func prefix(kind: String, name: String, arn: String?) -> String {
    let parts = (arn ?? "").split(separator: ":", omittingEmptySubsequences: false)
    return "awswaf:\(parts.count > 5 ? String(parts[4]) : "000000000000"):\(kind):\(name):"
  }
}

extension RuleDocuments {
  /// The rules of a local definition of `managed`, called `Vendor/Name` (MG-1 a), in order.
  func localDefinition(of managed: ManagedRuleGroupStatement) -> [Rule]? {
    ruleGroups.first { $0.name == managed.vendorName + "/" + managed.name }?.rules.sorted { $0.priority < $1.priority }
  }
}

extension Rule {
  fileprivate var actionKind: ActionKind? {
    if case .action(let action) = action { return action.kind }
    return nil
  }
}

/// What the oracle says about one request; the facts of `Verdict`, with texts in place of positions.
struct OracleVerdict: Equatable {
  var possibleActions: ActionSet = []
  var isDetermined = false
  /// Position in the rules, or `Verdict.defaultAction`. Nil unless determined.
  var terminatingRule: Int?
  var terminatingInnerRule: Int?
  var defaultReached: Certainty = .no
  var outcomes: [RuleOutcome]
  var open: [OracleLeaf] = []
  var labels: [String] = []
  var rates: [OracleRate] = []
  var tokens: [TokenEvaluation] = []
}

/// A leaf that left its rule open.
struct OracleLeaf: Equatable {
  var rule: Int
  var path: String
  var reason: Reason
}

/// A rate-based rule that was certainly evaluated.
struct OracleRate: Equatable {
  var rule: Int
  var count: Int
  var keyMissing: Bool
}
