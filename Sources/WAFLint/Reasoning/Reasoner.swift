internal import WAFModel

/// What can be said of statements without a request: whether one implies or excludes another, and whether one always or never matches.
///
/// On doubt it says nothing, also when it has looked for long: statements may nest so that there is no end to comparing them.
final class Reasoner {
  let documents: RuleDocuments
  /// Steps that may still be taken for the question at hand, and for all together. A web ACL of a hundred rules takes some thousands.
  private var stepsForQuestion = 0
  private var steps = 500_000
  /// Whether the statements at hand are looked at with the same labels on the request.
  private(set) var hasSameLabels = true

  init(_ documents: RuleDocuments) { self.documents = documents }

  /// Whether every request that `first` matches is matched by `second` too.
  ///
  /// - Parameter hasSameLabels: Whether no label is added between the two. Else a statement over labels says nothing about another.
  func implies(_ first: Statement, _ second: Statement, hasSameLabels: Bool = true) -> Bool {
    begin(hasSameLabels: hasSameLabels)
    return holds(first, second)
  }

  /// Two of the statements that no request matches both, by their positions; nil where there are none.
  func exclusivePair(_ parts: [Statement]) -> (Int, Int)? {
    begin()
    return pair(parts)
  }

  /// Whether a statement matches every request or none.
  func certainty(of statement: Statement) -> StatementCertainty {
    begin()
    return prediction(of: statement)
  }

  private func begin(hasSameLabels: Bool = true) {
    stepsForQuestion = 2_000
    self.hasSameLabels = hasSameLabels
  }

  /// Takes one step; false when there are no more.
  func takesStep() -> Bool {
    guard stepsForQuestion > 0, steps > 0 else { return false }
    stepsForQuestion -= 1
    steps -= 1
    return true
  }
}
