internal import WAFModel

// The parts of rules as examples need them.

extension ExampleJSON {
  /// A rule. `name` is its metric too.
  static func rule(
    _ name: String, _ action: ActionKind, priority: Int = 0, labels: [String] = [], _ statement: ExampleJSON
  ) -> ExampleJSON {
    rule(name, priority, ("Action", .object([(action.rawValue, .object([]))])), labels: labels, statement)
  }

  /// A rule that references a group.
  static func reference(_ name: String, _ override: OverrideAction, priority: Int = 0, _ statement: ExampleJSON) -> ExampleJSON {
    rule(name, priority, ("OverrideAction", .object([(override.rawValue, .object([]))])), labels: [], statement)
  }

  private static func rule(
    _ name: String, _ priority: Int, _ action: (String, ExampleJSON), labels: [String], _ statement: ExampleJSON
  ) -> ExampleJSON {
    var members: [(String, ExampleJSON)] = [("Name", .string(name)), ("Priority", .number(priority)), ("Statement", statement), action]
    if !labels.isEmpty { members.append(("RuleLabels", .array(labels.map { .object([("Name", .string($0))]) }))) }
    return .object(members + [("VisibilityConfig", .visibility(name))])
  }

  /// `VisibilityConfig` with everything on.
  static func visibility(_ name: String) -> ExampleJSON {
    .object([("SampledRequestsEnabled", .flag(true)), ("CloudWatchMetricsEnabled", .flag(true)), ("MetricName", .string(name))])
  }
}

// MARK: - Statements

extension ExampleJSON {
  /// A `ByteMatchStatement`.
  static func bytes(
    _ text: String, _ constraint: PositionalConstraint, in field: ExampleJSON, _ transformations: TextTransformation...
  ) -> ExampleJSON {
    statement(
      "ByteMatchStatement",
      [("SearchString", .string(text)), ("PositionalConstraint", .string(constraint.rawValue))] + inspection(field, transformations))
  }

  /// A `RegexMatchStatement`.
  static func regex(_ pattern: String, in field: ExampleJSON, _ transformations: TextTransformation...) -> ExampleJSON {
    statement("RegexMatchStatement", [("RegexString", .string(pattern))] + inspection(field, transformations))
  }

  /// A `SizeConstraintStatement`.
  static func size(_ comparison: ComparisonOperator, _ size: Int, in field: ExampleJSON) -> ExampleJSON {
    statement("SizeConstraintStatement", [("ComparisonOperator", .string(comparison.rawValue)), ("Size", .number(size))] + inspection(field, []))
  }

  /// A `SqliMatchStatement`.
  static func sqli(in field: ExampleJSON, _ transformations: TextTransformation...) -> ExampleJSON {
    statement("SqliMatchStatement", inspection(field, transformations))
  }

  /// An `IPSetReferenceStatement`, of the origin or of a position in `X-Forwarded-For`.
  static func ipSet(_ name: String, forwarded position: ForwardedPosition? = nil) -> ExampleJSON {
    var members: [(String, ExampleJSON)] = [("ARN", .string(name))]
    if let position {
      members.append(
        (
          "IPSetForwardedIPConfig",
          .object([("HeaderName", "X-Forwarded-For"), ("FallbackBehavior", "NO_MATCH"), ("Position", .string(position.rawValue))])
        ))
    }
    return statement("IPSetReferenceStatement", members)
  }

  /// A `GeoMatchStatement`.
  static func geo(_ countries: String...) -> ExampleJSON {
    statement("GeoMatchStatement", [("CountryCodes", .array(countries.map(ExampleJSON.string)))])
  }

  /// A `LabelMatchStatement`.
  static func label(_ key: String, scope: LabelScope = .label) -> ExampleJSON {
    statement("LabelMatchStatement", [("Scope", .string(scope.rawValue)), ("Key", .string(key))])
  }

  /// An `AndStatement`, `OrStatement` or `NotStatement`.
  static func and(_ parts: ExampleJSON...) -> ExampleJSON { statement("AndStatement", [("Statements", .array(parts))]) }
  static func or(_ parts: ExampleJSON...) -> ExampleJSON { statement("OrStatement", [("Statements", .array(parts))]) }
  static func not(_ part: ExampleJSON) -> ExampleJSON { statement("NotStatement", [("Statement", part)]) }

  /// A `RateBasedStatement` by address.
  static func rate(_ limit: Int, seconds: Int = 300, scopeDown: ExampleJSON? = nil) -> ExampleJSON {
    let settings: [(String, ExampleJSON)] = [
      ("Limit", .number(limit)), ("EvaluationWindowSec", .number(seconds)), ("AggregateKeyType", "IP"),
    ]
    return statement("RateBasedStatement", settings + (scopeDown.map { [("ScopeDownStatement", $0)] } ?? []))
  }

  /// A `ManagedRuleGroupStatement` of AWS, by what follows `AWSManagedRules` in its name.
  static func ruleGroupOfAWS(
    _ name: String, excluded: [String] = [], overrides: [(String, ActionKind)] = [], scopeDown: ExampleJSON? = nil
  ) -> ExampleJSON {
    let members: [(String, ExampleJSON)] = [("VendorName", "AWS"), ("Name", .string("AWSManagedRules" + name))]
    return statement(
      "ManagedRuleGroupStatement", members + group(excluded, overrides) + (scopeDown.map { [("ScopeDownStatement", $0)] } ?? []))
  }

  /// A `RuleGroupReferenceStatement`.
  static func ruleGroup(_ name: String, excluded: [String] = [], overrides: [(String, ActionKind)] = []) -> ExampleJSON {
    statement("RuleGroupReferenceStatement", [("ARN", .string(name))] + group(excluded, overrides))
  }

  private static func group(_ excluded: [String], _ overrides: [(String, ActionKind)]) -> [(String, ExampleJSON)] {
    var members: [(String, ExampleJSON)] = []
    if !excluded.isEmpty { members.append(("ExcludedRules", .array(excluded.map { .object([("Name", .string($0))]) }))) }
    if !overrides.isEmpty {
      let entries = overrides.map { rule, action in
        ExampleJSON.object([("Name", .string(rule)), ("ActionToUse", .object([(action.rawValue, .object([]))]))])
      }
      members.append(("RuleActionOverrides", .array(entries)))
    }
    return members
  }

  private static func statement(_ name: String, _ members: [(String, ExampleJSON)]) -> ExampleJSON { .object([(name, .object(members))]) }

  private static func inspection(_ field: ExampleJSON, _ transformations: [TextTransformation]) -> [(String, ExampleJSON)] {
    let used = transformations.isEmpty ? [TextTransformation.none] : transformations
    let list = used.enumerated().map { index, transformation in
      ExampleJSON.object([("Priority", .number(index)), ("Type", .string(transformation.rawValue))])
    }
    return [("FieldToMatch", field), ("TextTransformations", .array(list))]
  }
}

// MARK: - Components

extension ExampleJSON {
  static let uriPath = component("UriPath")
  static let queryString = component("QueryString")
  static let allArguments = component("AllQueryArguments")
  static let method = component("Method")

  /// `SingleHeader`.
  static func header(_ name: String) -> ExampleJSON { component("SingleHeader", [("Name", .string(name))]) }

  /// `Body`.
  static func body(_ oversize: OversizeHandling) -> ExampleJSON { component("Body", [("OversizeHandling", .string(oversize.rawValue))]) }

  private static func component(_ name: String, _ settings: [(String, ExampleJSON)] = []) -> ExampleJSON {
    .object([(name, .object(settings))])
  }
}
