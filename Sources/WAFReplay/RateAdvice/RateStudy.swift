public import WAFEngine
public import WAFModel

/// A web ACL with probes: rate-based rules that count as the ones under study do, for each window, and never match.
///
///     block-scanners                    block-scanners
///     limit-login  100 in 300 s  ─▶     limit-login scope      what its scope-down statement matches, Count
///                                       limit-login 60         the same statement, 60 s, a limit that nobody reaches, Count
///                                       limit-login 120 … 600
///                                       limit-login
///
/// A rate-based rule counts a request before it acts on it, and what stands before a rule does not depend on it: so the probes count what the
/// rule would count with any limit, and one pass gives the answer for all limits.
public struct RateStudy: Sendable {
  /// The web ACL with its probes.
  public let program: Program
  /// The rules under study, in order of evaluation.
  public let subjects: [RateSubject]

  /// Which rules are studied.
  public enum Choice: Sendable {
    /// Every rate-based rule.
    case all
    /// One rule.
    case rule(RuleNames.Entry)
    /// A rule that the web ACL does not have yet: behind all of its own, or before them.
    case new(RateBasedStatement, isFirst: Bool)
  }

  /// The windows that the service offers, in seconds.
  public static let windows = [60, 120, 300, 600]
  /// What a rule that does not exist yet is called.
  public static let newName = "new-rule"

  /// Puts the probes into a web ACL and compiles it.
  public init(_ documents: RuleDocuments, _ choice: Choice, settings: EngineSettings) throws(CompileError) {
    var documents = documents
    let wanted: String? = if case .rule(let entry) = choice { entry.name } else { nil }
    if case .new(let statement, let isFirst) = choice {
      let rule = Rule(name: Self.newName, priority: 0, statement: .rateBased(statement), action: .action(.count([])))
      let (own, new) = (Self.ordered(documents.webACL.rules), Self.probes(of: rule))
      documents.webACL.rules = Self.numbered(isFirst ? new + own : own + new)
    } else {
      documents.webACL.rules = Self.withProbes(documents.webACL.rules, wanted)
      for index in documents.ruleGroups.indices { documents.ruleGroups[index].rules = Self.withProbes(documents.ruleGroups[index].rules, wanted) }
    }
    program = try Program(compiling: documents, settings: settings)
    var subjects = RateSubject.all(in: program)
    if case .rule(let entry) = choice { subjects.removeAll { $0.name != entry.displayName } }
    self.subjects = subjects
  }

  private static func withProbes(_ rules: [Rule], _ wanted: String?) -> [Rule] {
    guard rules.contains(where: { isStudied($0, wanted) }) else { return rules }
    return numbered(ordered(rules).flatMap { isStudied($0, wanted) ? probes(of: $0) + [$0] : [$0] })
  }

  private static func isStudied(_ rule: Rule, _ wanted: String?) -> Bool {
    guard case .rateBased = rule.statement else { return false }
    return wanted == nil || wanted == rule.name
  }

  private static func ordered(_ rules: [Rule]) -> [Rule] { rules.sorted { $0.priority < $1.priority } }

  private static func numbered(_ rules: [Rule]) -> [Rule] {
    rules.enumerated().map { index, rule in
      var rule = rule
      rule.priority = index
      return rule
    }
  }

  private static func probes(of rule: Rule) -> [Rule] {
    guard case .rateBased(let statement) = rule.statement else { return [] }
    func probe(_ suffix: String, _ statement: Statement) -> Rule {
      var probe = rule
      probe.name = RateSubject.probeName(rule.name, suffix)
      probe.statement = statement
      probe.action = .action(.count([]))
      probe.labels = []
      return probe
    }
    let scope = statement.scopeDown.map { [probe(RateSubject.scopeSuffix, $0)] } ?? []
    return scope
      + windows.map { window in
        var counting = statement
        (counting.evaluationWindow, counting.limit) = (window, .max)
        return probe(String(window), .rateBased(counting))
      }
  }
}

/// A rate-based rule under study, and the rows of its probes.
public struct RateSubject: Sendable {
  /// Its name as in reports.
  public let name: String
  /// Index of the rule itself in the rules of the program; nil for a rule that does not exist yet.
  public let rule: Int?
  /// What it counts, with its own limit and window.
  public let statement: RateBasedStatement
  /// Indices of its probes, one a window of `RateStudy.windows`.
  public let probes: Range<Int>
  /// Index of the rule that matches what its scope-down statement does; nil where it has none.
  public let scope: Int?
  /// The limits that are tried.
  public let ladder: LimitLadder

  // A blank is not allowed in the name of a rule: no rule of a document has the name of a probe.
  fileprivate static let scopeSuffix = "scope"
  fileprivate static func probeName(_ rule: String, _ suffix: String) -> String { "\(rule) \(suffix)" }

  fileprivate static func all(in program: Program) -> [RateSubject] {
    let rules = program.rules
    return rules.indices.compactMap { index in
      guard rules[index].kind == .rateBased, let first = RateStudy.windows.first, var statement = rules[index].rate else { return nil }
      guard let name = rules[index].name.split(separator: " ").first.map(String.init), rules[index].name == probeName(name, String(first)) else {
        return nil
      }
      let end = index + RateStudy.windows.count
      let isKnown = end < rules.count && rules[end].name == name && rules[end].rate != nil
      if isKnown, let own = rules[end].rate { statement = own }
      let group = rules[index].group.map { rules[$0].name + "/" } ?? ""
      let hasScope = index > 0 && rules[index - 1].name == probeName(name, scopeSuffix)
      return RateSubject(
        name: group + name, rule: isKnown ? end : nil, statement: statement, probes: index..<end, scope: hasScope ? index - 1 : nil,
        ladder: LimitLadder(including: isKnown ? statement.limit : nil))
    }
  }
}
