internal import WAFEngine
internal import WAFModel

/// Which rules add the labels that others ask for, in order of evaluation.
struct LabelFlow {
  /// A question for labels: a `LabelMatchStatement`, or a `LabelNamespace` key of a rate-based rule.
  struct Question {
    /// The rule that asks.
    var rule: Rule
    /// The way from the rule to the key.
    var path: String
    var key: String
    var matcher: LabelMatcher
    /// Place of its rule in the order of evaluation.
    var order: Int
  }

  /// A rule that adds labels.
  struct Producer {
    /// Name of the rule, as reports have it.
    var rule: String
    var order: Int
    /// Fully qualified; nil where any label under `namespace` may be added.
    var label: String?
    var namespace: String
    /// Whether the request is at an end where the label is added, so that no later rule sees it.
    var endsRequest: Bool
  }

  private(set) var questions: [Question] = []
  private(set) var producers: [Producer] = []
  /// Rules looked at so far.
  private var order = 0

  init(_ subject: LintSubject) {
    let prefix = subject.documents.webACL.labelPrefix
    for step in subject.steps {
      switch step {
      case .rule(let rule): add(rule, prefix, named: rule.name, endsRequest: rule.action.alwaysEnds)
      case .group(let group): add(group, prefix)
      }
    }
  }

  /// The rules that may add a label that `question` asks for.
  func producers(for question: Question) -> [Producer] {
    producers.filter { producer in
      if let label = producer.label { return question.matcher.matches(Array(label.utf8)) }
      return question.matcher.couldMatch(namespace: Array(producer.namespace.utf8))
    }
  }

  private mutating func add(_ rule: EffectiveRule, _ prefix: String, named name: String, endsRequest: Bool) {
    for label in rule.labels { producers.append(Producer(rule: name, order: order, label: label, namespace: "", endsRequest: endsRequest)) }
    if let written = rule.rule { add(written, prefix, named: name) }
    order += 1
  }

  /// What a rule asks for, and the labels of its geo statements, which every request gets (GM-5, GM-6).
  private mutating func add(_ rule: Rule, _ prefix: String, named name: String) {
    let context = Array(prefix.utf8)
    for placed in PlacedStatement.all(of: rule) {
      switch placed.statement {
      case .labelMatch(let match):
        let matcher = LabelMatcher(scope: match.scope, key: match.key, context: context)
        questions.append(
          Question(rule: rule, path: placed.path + ".LabelMatchStatement.Key", key: match.key, matcher: matcher, order: order))
      case .geoMatch(let match):
        let source = match.forwardedIP == nil ? "clientip" : "forwardedip"
        addNamespace("awswaf:\(source):geo:", named: name, order: order)
      case .rateBased(let rate):
        for (index, key) in rate.customKeys.enumerated() {
          guard case .labelNamespace(let namespace) = key else { continue }
          let matcher = LabelMatcher(scope: .namespace, key: namespace, context: context)
          let path = "\(placed.path).RateBasedStatement.CustomKeys[\(index)].LabelNamespace.Namespace"
          questions.append(Question(rule: rule, path: path, key: namespace, matcher: matcher, order: order))
        }
      default: break
      }
    }
  }

  private mutating func add(_ group: EffectiveGroup, _ prefix: String) {
    let reference = group.reference
    add(reference, prefix, named: reference.name)
    order += 1
    for rule in group.rules {
      let endsRequest = group.override == .none && rule.action.alwaysEnds
      add(rule, group.labelPrefix ?? prefix, named: reference.name + "/" + rule.name, endsRequest: endsRequest)
    }
    if case .managedRuleGroup(let statement) = reference.statement {
      addManaged(statement, group)
    } else if group.source == .unknown, case .ruleGroupReference(let statement) = reference.statement {
      let parts = ARNParts(statement.arn)
      addNamespace(parts.map { "awswaf:\($0.account):rulegroup:\($0.name):" } ?? "awswaf:", named: reference.name, order: order - 1)
    }
  }

  /// Labels of a managed group beside those of its rules: of its token handling, and what nobody lists.
  private mutating func addManaged(_ statement: ManagedRuleGroupStatement, _ group: EffectiveGroup) {
    let name = group.reference.name
    let known = ManagedRuleGroups.find(vendor: statement.vendorName, name: statement.name)
    if known?.addsTokenLabels ?? true {
      addNamespace(group.labelPrefix ?? "awswaf:managed:\(statement.vendorName.lowercased()):", named: name, order: order - 1)
      addNamespace("awswaf:managed:token:", named: name, order: order - 1)
      addNamespace("awswaf:managed:captcha:", named: name, order: order - 1)
    }
  }

  private mutating func addNamespace(_ namespace: String, named name: String, order: Int) {
    producers.append(Producer(rule: name, order: order, label: nil, namespace: namespace, endsRequest: false))
  }
}

extension ActionKind {
  /// Whether a match always ends the evaluation. CAPTCHA and challenge let those pass who have a token.
  var alwaysEnds: Bool {
    switch self {
    case .allow, .block: true
    case .count, .captcha, .challenge: false
    }
  }
}

extension LabelFlow {
  /// Whether a label that is asked for can be there.
  enum Answer: Equatable {
    /// An earlier rule may have added it.
    case added
    /// Only by this rule, which does not come before the question; or by the rule that asks.
    case addedLater(rule: String, isSame: Bool)
    /// Only by rules that end the request, such as this one.
    case addedAtEnd(rule: String)
    /// Nothing adds it.
    case never
  }

  /// The questions and whether each can be answered. A rule group that is referenced twice asks twice; one answer is enough.
  var answers: [(question: Question, answer: Answer)] {
    var result: [(question: Question, answer: Answer)] = []
    for question in questions {
      let answer = answer(to: question)
      let place = Place(question)
      if let known = result.firstIndex(where: { Place($0.question) == place }) {
        if answer == .added { result[known].answer = .added }
      } else {
        result.append((question, answer))
      }
    }
    return result
  }

  /// Where a question is written.
  private struct Place: Equatable {
    var document: Int?
    var path: String

    init(_ question: Question) {
      document = question.rule.origin.document
      path = question.rule.origin.path + question.path
    }
  }

  private func answer(to question: Question) -> Answer {
    let candidates = producers(for: question)
    let lasting = candidates.filter { !$0.endsRequest }
    if lasting.contains(where: { $0.order < question.order }) { return .added }
    if let later = lasting.first { return .addedLater(rule: later.rule, isSame: later.order == question.order) }
    return candidates.first.map { .addedAtEnd(rule: $0.rule) } ?? .never
  }
}
