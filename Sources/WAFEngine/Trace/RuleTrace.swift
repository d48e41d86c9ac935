public import WAFModel

/// What came of one rule, and why.
public struct RuleTrace: Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// Where it is written; nil for a managed rule that no document holds.
  public var origin: Origin?
  /// What came of it.
  public var outcome: RuleTraceOutcome
  /// What its outcome rests on.
  public var basis: Basis
  /// Its statement; for a managed group the scope-down statement. Nil where there is none or where it was not looked at.
  public var statement: StatementTrace?
  /// The action that its own definition has; nil for a rule that references a group.
  public var ownAction: ActionKind?
  /// Labels on the request when evaluation came to it.
  public var labelsBefore: [TracedLabel] = []
  /// Labels that it added, in order of addition, also those that no later rule could see.
  public var labelsAdded: [TracedLabel] = []
  /// How the token fared; nil unless the rule is Captcha or Challenge and certainly matched.
  public var token: TokenEvaluation?
  /// Whether its statement was looked at although evaluation had stopped before it.
  public var isBehindStop = false

  /// What an outcome rests on.
  public enum Basis: Equatable, Sendable {
    /// The rule's own statement.
    case statement
    /// The rules of the group that it references.
    case group
    /// What AWS recorded of the same request.
    case record
    /// Nothing: the rule is not public.
    case unknown(Reason)
  }

  /// The statements that decided its outcome, in order: all of them are needed for it, and no others are.
  public var decidingLeaves: [StatementTrace] { statement?.decidingLeaves ?? [] }
}

/// A label in a trace.
public struct TracedLabel: Equatable, Sendable {
  /// Fully qualified text.
  public var text: [UInt8]
  /// Whether it is certainly there, given that evaluation comes to this point.
  public var isCertain: Bool
}
