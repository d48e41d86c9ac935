internal import WAFBase
public import WAFEngine
internal import WAFModel

/// The deciding part of a trace as short lines, for messages that have no room for all of it.
public struct TraceLines {
  private let questions: StatementText
  private let values: ValueText

  /// Lines in which secrets are masked as `redaction` says.
  public init(redaction: Redaction = .standard) {
    questions = StatementText(redaction: redaction)
    values = ValueText(redaction: redaction)
  }

  /// The statements that decided what came of a rule, one a line: `no match: UriPath is "/healthz": "/cart"`.
  ///
  /// All of them are needed for the outcome. Without a statement the line says what the outcome rests on.
  public func deciding(_ rule: RuleTrace) -> [String] {
    let leaves = rule.decidingLeaves
    guard leaves.isEmpty else { return leaves.map(line) }
    switch rule.basis {
    case .record: return ["from what AWS recorded of the request"]
    case .unknown(let reason): return ["not known: \(reason.rawValue)"]
    case .statement, .group: return rule.outcome == .notReached ? ["not reached"] : []
    }
  }

  /// One leaf: its outcome, what it asks and what it saw.
  public func line(_ leaf: StatementTrace) -> String { "\(leaf.outcome.words): \(summary(leaf))" }

  /// The first statement that decided against a rule, such as `UriPath is "/healthz": "/cart"`; nil where no statement did.
  ///
  /// A leaf that matches and stands under a Not begins with `not:`.
  func whyNot(_ rule: RuleTrace) -> (question: String, seen: String)? {
    // A scope-down statement that matches lets the group run: what came of its rules is told there.
    guard let statement = rule.statement, rule.basis != .group || statement.outcome == .miss, let leaf = rule.decidingLeaves.first else { return nil }
    let isNegated = leaf.outcome != statement.outcome && leaf.outcome == statement.outcome.negated
    return ((isNegated ? "not: " : "") + questions.question(leaf.statement), values.summary(of: leaf))
  }

  /// What a leaf asks and what it saw.
  func summary(_ leaf: StatementTrace) -> String {
    let seen = leaf.reason.map { "\(values.summary(of: leaf)) (\($0.rawValue))" } ?? values.summary(of: leaf)
    return "\(questions.question(leaf.statement)): \(seen)"
  }
}

extension Outcome {
  /// As people read it.
  var words: String {
    switch self {
    case .match: "match"
    case .miss: "no match"
    case .undetermined: "open"
    }
  }
}
