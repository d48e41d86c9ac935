/// The outcomes that a statement can have, over all requests of a kind.
struct OutcomeSet: OptionSet {
  var rawValue: UInt8

  static let miss = OutcomeSet(.miss)
  static let undetermined = OutcomeSet(.undetermined)
  static let match = OutcomeSet(.match)
  /// Of a test whose answer is known for some requests at least.
  static let decided: OutcomeSet = [.miss, .match]

  init(rawValue: UInt8) { self.rawValue = rawValue }
  init(_ outcome: Outcome) { rawValue = 1 << outcome.rawValue }

  /// The members in Kleene's order.
  var outcomes: [Outcome] { [.miss, .undetermined, .match].filter { contains(OutcomeSet($0)) } }

  /// What comes of two statements of which each may have any of its outcomes.
  func combined(with other: OutcomeSet, by combine: (Outcome, Outcome) -> Outcome) -> OutcomeSet {
    var result: OutcomeSet = []
    for left in outcomes { for right in other.outcomes { result.insert(OutcomeSet(combine(left, right))) } }
    return result
  }

  /// Kleene's negation of each.
  var negated: OutcomeSet { outcomes.reduce(into: []) { $0.insert(OutcomeSet($1.negated)) } }
}
