public import WAFEngine
public import WAFModel

/// A rule that counts and could act: by its own action, or by an override.
public struct CountedRule: Equatable, Sendable {
  /// What would make it act.
  public var change: ActionChange
  /// Why it counts.
  public var cause: Cause
  /// Names of the rules that ask for a label that it adds, in order of evaluation: it has its effect through them already.
  public var readers: [String]
  /// A label that it alone adds, fully qualified; nil for none.
  public var label: String?

  /// Why a rule counts.
  public enum Cause: String, Equatable, Sendable {
    /// Its own action is Count.
    case ownAction = "own-action"
    /// The rule that references its group overrides it, or excludes it.
    case ruleOverride = "rule-override"
    /// It references a group, whose result is overridden.
    case groupOverride = "group-override"
  }

  /// A rule that counts.
  public init(change: ActionChange, cause: Cause, readers: [String], label: String?) {
    (self.change, self.cause, self.readers, self.label) = (change, cause, readers, label)
  }

  /// Name of the rule in reports.
  public var name: String { change.rule }
}

extension Lint {
  /// The rules of a web ACL that only count, in order of evaluation. A rule that would allow is none of them, nor is one of a managed group that
  /// counts as AWS made it.
  public static func countedRules(in documents: RuleDocuments) -> [CountedRule] {
    let subject = LintSubject(documents)
    let flow = LabelFlow(subject)
    var counted: [CountedRule] = []
    func add(_ name: String, _ setting: ActionChange.Setting, _ cause: CountedRule.Cause, _ labels: [String]) {
      let texts = labels.map { Array($0.utf8) }
      var readers: [String] = []
      for question in flow.questions where texts.contains(where: { question.matcher.matches($0) }) && !readers.contains(question.rule.name) {
        readers.append(question.rule.name)
      }
      let label = labels.first { label in flow.producers.count { $0.label == label } == 1 }
      counted.append(CountedRule(change: ActionChange(rule: name, setting: setting), cause: cause, readers: readers, label: label))
    }
    for step in subject.steps {
      switch step {
      case .rule(let rule): if rule.action == .count { add(rule.name, .action(.block), .ownAction, rule.labels) }
      case .group(let group):
        guard group.override == .none else {
          add(group.reference.name, .noOverride, .groupOverride, group.rules.flatMap(\.labels))
          continue
        }
        for rule in group.rules where rule.action == .count {
          let name = group.reference.name + "/" + rule.name
          if rule.configured == .count {
            if group.source == .document, rule.override == nil { add(name, .action(.block), .ownAction, rule.labels) }
          } else if rule.configured != .allow {
            add(name, .action(rule.configured), .ruleOverride, rule.labels)
          }
        }
      }
    }
    return counted
  }
}
