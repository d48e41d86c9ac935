public import WAFModel

/// How the evaluation of one request went: every rule, every statement, every value.
///
///     trace ─ rules ─┬─ statement ─ children ─ … ─ values ─ steps       what each leaf looked at, before and after each transformation
///                    ├─ labels before it, labels that it adds
///                    └─ basis: its statement, the record of AWS, or nothing
///
/// The verdict is the one that `Evaluator.evaluate` gives. Statements are told in full, also those that the outcome did not need.
public struct Trace: Sendable {
  /// What the web ACL does with the request.
  public var verdict: Verdict
  /// One a rule, in the order of `Program.rules`.
  public var rules: [RuleTrace]
  /// What answers to the open questions would change; empty where the verdict is determined.
  public var decisions: [OpenDecision]
  /// The verdict if nothing that is open matched; nil where the verdict is determined.
  public var ifNothingMatched: Consequence?
  /// Whether statements behind the stop were looked at too.
  public var isFull: Bool
}

/// What came of a rule.
public enum RuleTraceOutcome: String, CaseIterable, Sendable {
  case match
  case noMatch = "no-match"
  /// It may have matched, or it may not have been reached.
  case undetermined
  case notReached = "not-reached"
}

/// The end of an evaluation under some assumption.
public struct Consequence: Equatable, Sendable {
  /// Every final outcome that is possible then.
  public var actions: ActionSet
  /// The rule of the web ACL that decides, or `Verdict.defaultAction`; nil where that stays open.
  public var rule: Int?
  /// The rule of its group; nil where no rule of a group decides.
  public var innerRule: Int?

  init(_ verdict: borrowing Verdict) {
    actions = verdict.possibleActions
    rule = verdict.isDetermined ? verdict.terminatingRule : nil
    innerRule = verdict.isDetermined ? verdict.terminatingInnerRule : nil
  }

  /// The one possible action; nil when several are.
  public var action: ActionKind? { actions.kinds.count == 1 ? actions.kinds[0] : nil }
}

/// A question that the verdict waits for, and what its two answers lead to.
public struct OpenDecision: Sendable {
  /// The leaves of the trace that ask it, first the one that was met first.
  public var leaves: [OpenLeaf]
  /// Why it is open.
  public var reason: Reason
  /// The verdict if the statement matched, or the token was valid; nil where that cannot be tried, as for managed rules.
  public var ifMatch: Consequence?
  /// The verdict if it did not match; nil where that cannot be tried, or follows: a rule that gets no valid token ends the evaluation.
  public var ifMiss: Consequence?

  init(leaves: [OpenLeaf], reason: Reason) {
    self.leaves = leaves
    self.reason = reason
  }
}
