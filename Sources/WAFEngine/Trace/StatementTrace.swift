public import WAFModel

/// What came of one statement of a rule.
public struct StatementTrace: Sendable {
  /// The statement as the document has it.
  public var statement: Statement
  /// Its `$.` path, such as `$.Rules[3].Statement.NotStatement`.
  public var path: String
  /// What it says of the request, whatever the statements around it say.
  public var outcome: Outcome
  /// Why it is undetermined; nil where it is not, or where a statement in it tells.
  public var reason: Reason?
  /// Whether the outcome of the rule needed it: what stands behind the first miss of an And or the first match of an Or is not needed.
  public var isNeeded = true
  /// The statements in it: of And, Or and Not, and the scope-down statement of a rate-based one.
  public var children: [StatementTrace] = []
  /// What a leaf looked at, in order.
  public var values: [TracedValue] = []
  /// Why there may be more values than `values`; nil where all are known.
  public var moreValues: Reason?
  /// What decided a leaf instead of its values.
  public var shortcut: Shortcut?
  /// The count of a rate-based statement.
  public var rate: RateTrace?

  /// What decides instead of values.
  public enum Shortcut: Equatable, Sendable {
    /// The component is larger than what is inspected, and `OversizeHandling` says what that means.
    case oversize
    /// The component is missing or malformed, and `FallbackBehavior` or `InvalidFallbackBehavior` says what that means.
    case fallback
  }

  init(_ statement: Statement, path: String, outcome: Outcome = .miss) {
    self.statement = statement
    self.path = path
    self.outcome = outcome
  }

  /// The leaves that decided this outcome: all of them are needed for it, and no others are.
  public var decidingLeaves: [StatementTrace] {
    switch statement {
    case .not: return children.first?.decidingLeaves ?? []
    case .and, .or:
      let isOne = outcome != .undetermined && (outcome == .match) == isDisjunction
      let deciding = children.filter { $0.outcome == outcome }
      return (isOne ? Array(deciding.prefix(1)) : deciding).flatMap(\.decidingLeaves)
    case .rateBased:
      guard let scope = children.first, scope.outcome != .match else { return [self] }
      return scope.decidingLeaves
    default: return [self]
    }
  }

  private var isDisjunction: Bool { if case .or = statement { true } else { false } }

  /// Marks what the outcome does not need.
  mutating func markNeeded(_ isNeeded: Bool) {
    self.isNeeded = isNeeded
    var goesOn = isNeeded
    for index in children.indices {
      children[index].markNeeded(goesOn)
      switch statement {
      case .and: if children[index].outcome == .miss { goesOn = false }
      case .or: if children[index].outcome == .match { goesOn = false }
      default: break
      }
    }
  }
}
