/// Where a statement stands; decides what may stand there (NE-1 to NE-6).
struct StatementPosition {
  /// Levels from the rule, which is 1.
  var depth: Int
  /// Whether the rule belongs to a rule group.
  var isInRuleGroup: Bool

  /// The statement of a rule itself.
  static func rule(inGroup isInRuleGroup: Bool) -> StatementPosition { StatementPosition(depth: 1, isInRuleGroup: isInRuleGroup) }

  /// Inside another statement.
  var nested: StatementPosition { StatementPosition(depth: depth + 1, isInRuleGroup: isInRuleGroup) }

  var isNested: Bool { depth > 1 }

  /// Levels that are accepted (NE-6).
  static let depthLimit = 64
}

extension Statement {
  /// Names of the members of the API's `Statement` object (ST-2).
  static let wireNames = [
    "ByteMatchStatement", "SqliMatchStatement", "XssMatchStatement", "SizeConstraintStatement", "GeoMatchStatement", "RuleGroupReferenceStatement",
    "IPSetReferenceStatement", "RegexPatternSetReferenceStatement", "RateBasedStatement", "AndStatement", "OrStatement", "NotStatement",
    "ManagedRuleGroupStatement", "LabelMatchStatement", "RegexMatchStatement", "AsnMatchStatement",
  ]

  /// Nil when a member is at fault. Every member is read all the same, so that one run reports all faults.
  init?(_ value: JSONValue, at position: StatementPosition) {
    guard position.depth <= StatementPosition.depthLimit else {
      value.within(.statement).report(.nestedTooDeep, "more than \(StatementPosition.depthLimit) levels of statements")
      return nil
    }
    guard let object = value.within(.statement).object() else { return nil }
    let only = object.onlyMember(of: Self.wireNames, .exactlyOneStatement, what: "statement")
    let unsupported = object.others(than: Self.wireNames)
    for (name, value) in unsupported {
      value.report(.unsupportedStatement, "unsupported statement \(quoted(name))", hint: didYouMean(name, Self.wireNames.map(object.spelling)))
    }
    guard let (name, member) = only, unsupported.isEmpty else { return nil }
    if Self.canBeOpen(name), value.context.document.hasOpenValues(in: member.index) {
      self = .open(OpenStatement(wireName: name, values: member.reportOpenValues()))
    } else if let statement = Self.decode(name, member, at: position) {
      self = statement
    } else {
      return nil
    }
  }

  /// Whether a statement of this kind may hold values that are open: it is undetermined then. What holds statements is read all the same. A
  /// `GeoMatchStatement` adds labels whatever it lists, and a group decides what other rules do: they have to be known.
  private static func canBeOpen(_ name: String) -> Bool {
    switch name {
    case "AndStatement", "OrStatement", "NotStatement", "GeoMatchStatement", "RateBasedStatement", "RuleGroupReferenceStatement",
      "ManagedRuleGroupStatement":
      false
    default: true
    }
  }

  /// The statement of one wire name.
  private static func decode(_ name: String, _ value: JSONValue, at position: StatementPosition) -> Statement? {
    switch name {
    case "ByteMatchStatement": return value.object(.byteMatchStatement).flatMap(ByteMatchStatement.init).map(byteMatch)
    case "SqliMatchStatement": return value.object(.sqliMatchStatement).flatMap(SqliMatchStatement.init).map(sqliMatch)
    case "XssMatchStatement": return value.object(.xssMatchStatement).flatMap(XssMatchStatement.init).map(xssMatch)
    case "SizeConstraintStatement": return value.object(.sizeConstraintStatement).flatMap(SizeConstraintStatement.init).map(sizeConstraint)
    case "GeoMatchStatement": return value.object(.geoMatchStatement).flatMap(GeoMatchStatement.init).map(geoMatch)
    case "AsnMatchStatement": return value.object(.statement).flatMap(AsnMatchStatement.init).map(asnMatch)
    case "IPSetReferenceStatement": return value.object(.ipSetReferenceStatement).flatMap(IPSetReferenceStatement.init).map(ipSetReference)
    case "RegexPatternSetReferenceStatement":
      return value.object(.regexPatternReferenceStatement).flatMap(RegexPatternSetReferenceStatement.init).map(regexPatternSetReference)
    case "RegexMatchStatement": return value.object(.statement).flatMap(RegexMatchStatement.init).map(regexMatch)
    case "LabelMatchStatement": return value.object(.labelMatchStatement).flatMap(LabelMatchStatement.init).map(labelMatch)
    case "AndStatement": return value.object(.andStatement).flatMap { operands($0, at: position) }.map(and)
    case "OrStatement": return value.object(.orStatement).flatMap { operands($0, at: position) }.map(or)
    case "NotStatement": return value.object(.notStatement).flatMap { operand($0, at: position) }.map(not)
    case "RateBasedStatement":
      let statement = value.object(.rateBasedStatement).flatMap { RateBasedStatement($0, at: position) }
      return isWholeRule(name, value, at: position) ? statement.map(rateBased) : nil
    case "RuleGroupReferenceStatement":
      let statement = value.object(.ruleGroupReferenceStatement).flatMap(RuleGroupReferenceStatement.init)
      return isWholeRule(name, value, at: position) ? statement.map(ruleGroupReference) : nil
    case "ManagedRuleGroupStatement":
      let statement = value.object(.managedRuleSetStatement).flatMap { ManagedRuleGroupStatement($0, at: position) }
      return isWholeRule(name, value, at: position) ? statement.map(managedRuleGroup) : nil
    default: return nil  // `onlyMember` gives no other name.
    }
  }

  /// Whether a statement that must be the whole statement of a rule is one (NE-1, NE-2).
  private static func isWholeRule(_ name: String, _ value: JSONValue, at position: StatementPosition) -> Bool {
    if position.isNested {
      value.report(.nestedStatement, "\(value.spelling(name)) may only be the whole statement of a rule")
      return false
    }
    if position.isInRuleGroup, name != "RateBasedStatement" {
      value.report(.groupInGroup, "a rule group cannot hold \(value.spelling(name))")
      return false
    }
    return true
  }

  /// The operands of `AndStatement` and `OrStatement`: two or more (NE-4).
  private static func operands(_ object: JSONObject, at position: StatementPosition) -> [Statement]? {
    let list = object.required("Statements")
    object.refuseOtherMembers()
    guard let list, let elements = list.elements() else { return nil }
    let isEnough = list.hasCount(elements.count, 2...Int.max, of: "statements", .tooFewStatements)
    let statements = elements.map { Statement($0, at: position.nested) }
    let whole = statements.compactMap { $0 }
    return isEnough && whole.count == statements.count ? whole : nil
  }

  /// The operand of `NotStatement` (NE-5).
  private static func operand(_ object: JSONObject, at position: StatementPosition) -> Statement? {
    let statement = object.required("Statement").flatMap { Statement($0, at: position.nested) }
    object.refuseOtherMembers()
    return statement
  }
}

extension Statement {
  /// The statements directly inside this one, in order: operands, or the scope-down statement.
  public var children: [Statement] {
    switch self {
    case .and(let statements), .or(let statements): statements
    case .not(let statement): [statement]
    case .rateBased(let statement): statement.scopeDown.map { [$0] } ?? []
    case .managedRuleGroup(let statement): statement.scopeDown.map { [$0] } ?? []
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .ruleGroupReference, .ipSetReference, .regexPatternSetReference, .labelMatch,
      .regexMatch, .asnMatch, .open:
      []
    }
  }
}

extension JSONValue {
  /// The value as an object that belongs to `field`.
  func object(_ field: FindingField) -> JSONObject? { within(field).object() }
}
