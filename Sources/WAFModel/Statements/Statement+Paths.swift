extension Statement {
  /// The statements directly inside this one, each with the way to it from the `Statement` object that holds this one, such as
  /// `.AndStatement.Statements[0]`.
  package var placedChildren: [(path: String, statement: Statement)] {
    switch self {
    case .and, .or: children.enumerated().map { (".\(wireName).Statements[\($0.offset)]", $0.element) }
    case .not: children.map { (".\(wireName).Statement", $0) }
    case .rateBased, .managedRuleGroup: children.map { (".\(wireName).ScopeDownStatement", $0) }
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .ruleGroupReference, .ipSetReference, .regexPatternSetReference, .labelMatch,
      .regexMatch, .asnMatch, .open:
      []
    }
  }

  /// The API's name for findings about a statement of this kind.
  package var findingField: FindingField {
    switch self {
    case .byteMatch: .byteMatchStatement
    case .sqliMatch: .sqliMatchStatement
    case .xssMatch: .xssMatchStatement
    case .sizeConstraint: .sizeConstraintStatement
    case .geoMatch: .geoMatchStatement
    case .ruleGroupReference: .ruleGroupReferenceStatement
    case .ipSetReference: .ipSetReferenceStatement
    case .regexPatternSetReference: .regexPatternReferenceStatement
    case .rateBased: .rateBasedStatement
    case .and: .andStatement
    case .or: .orStatement
    case .not: .notStatement
    case .managedRuleGroup: .managedRuleSetStatement
    case .labelMatch: .labelMatchStatement
    case .regexMatch, .asnMatch, .open: .statement
    }
  }
}
