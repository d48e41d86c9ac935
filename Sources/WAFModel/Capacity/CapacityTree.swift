/// What a part of a web ACL costs, with the parts that make up the sum.
public struct CapacityTree: Equatable, Sendable {
  /// What a node of the tree stands for.
  public enum Kind: String, Sendable {
    case webACL, ruleGroup, rule, statement
    /// Something that a statement costs beside its base price, such as `+10 LOWERCASE`.
    case surcharge
    /// The labels that the rules of a web ACL or group add (WC-6).
    case labels
  }

  /// What it stands for.
  public let kind: Kind
  /// Name of the entity or rule, of the statement's member in the API, or of the surcharge.
  public let name: String
  /// What tells it from others of its name, such as `CONTAINS Body`; text from the document, not made inert. Nil where there is nothing to add.
  public let detail: String?
  /// Its price without that of `parts`: the base price of a statement.
  public let own: Capacity
  /// Surcharges first, then statements inside it in the order of the document.
  public let parts: [CapacityTree]
  /// Its price together with that of `parts`.
  public let total: Capacity
  /// The entity or rule that it belongs to.
  public let origin: Origin
  /// The way from `origin` to what it stands for, such as `.Statement.NotStatement`.
  public let path: String

  init(
    _ kind: Kind, _ name: String, detail: String? = nil, own: Capacity = Capacity(0), parts: [CapacityTree] = [], origin: Origin, path: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.detail = detail
    self.own = own
    self.parts = parts
    total = parts.map(\.total).reduce(own, +)
    self.origin = origin
    self.path = path
  }
}

extension RuleDocuments {
  /// What the web ACL costs, part by part (capacity-and-quotas.md 1.4). Actions, overrides and settings are free (WC-9).
  public var capacityTree: CapacityTree {
    let rules = webACL.rules.map { capacityTree(of: $0) }
    let before = webACL.preProcessGroups.map(capacityTree)
    let after = webACL.postProcessGroups.map(capacityTree)
    return CapacityTree(.webACL, webACL.name, parts: before + rules + after + labels(of: webACL.rules, webACL.origin), origin: webACL.origin)
  }

  /// What the rules of a group cost, part by part. A web ACL that refers to it pays its `Capacity` instead (WC-8).
  public func capacityTree(of group: RuleGroup) -> CapacityTree {
    CapacityTree(
      .ruleGroup, group.name, parts: group.rules.map { capacityTree(of: $0) } + labels(of: group.rules, group.origin), origin: group.origin)
  }

  /// What a rule costs, part by part.
  public func capacityTree(of rule: Rule) -> CapacityTree {
    CapacityTree(.rule, rule.name, parts: [tree(of: rule.statement, rule.origin, ".Statement")], origin: rule.origin)
  }

  private func capacityTree(of group: FirewallManagerRuleGroup) -> CapacityTree {
    CapacityTree(.rule, group.name, parts: [tree(of: group.statement, group.origin, ".FirewallManagerStatement")], origin: group.origin)
  }

  private func tree(of statement: Statement, _ origin: Origin, _ path: String) -> CapacityTree {
    let inner = path + "." + statement.wireName
    let surcharges = statement.surcharges.map { CapacityTree(.surcharge, $0.name, own: Capacity($0.units), origin: origin, path: inner) }
    let children = zip(statement.children, statement.childPaths).map { tree(of: $0, origin, inner + $1) }
    return CapacityTree(
      .statement, statement.wireName, detail: statement.capacityDetail, own: statement.basePrice(in: self), parts: surcharges + children,
      origin: origin, path: inner)
  }

  private func labels(of rules: [Rule], _ origin: Origin) -> [CapacityTree] {
    let count = rules.labelCount
    guard count > 0 else { return [] }
    return [CapacityTree(.labels, "RuleLabels", detail: "1 for every 5 of \(count)", own: rules.labelCapacity, origin: origin)]
  }
}

extension Statement {
  /// The ways from the statement to its children, in their order.
  fileprivate var childPaths: [String] {
    switch self {
    case .and(let statements), .or(let statements): statements.indices.map { ".Statements[\($0)]" }
    case .not: [".Statement"]
    case .rateBased, .managedRuleGroup: [".ScopeDownStatement"]
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .ruleGroupReference, .ipSetReference, .regexPatternSetReference, .labelMatch,
      .regexMatch, .asnMatch, .open:
      []
    }
  }

  /// What its price depends on, and what it is about.
  fileprivate var capacityDetail: String? {
    switch self {
    case .byteMatch(let statement): statement.positionalConstraint.rawValue + " " + statement.inspection.fieldToMatch.shownName
    case .sqliMatch(let statement): statement.sensitivityLevel.rawValue + " " + statement.inspection.fieldToMatch.shownName
    case .regexPatternSetReference(let statement): name(statement.arn) + " " + statement.inspection.fieldToMatch.shownName
    case .ipSetReference(let statement): name(statement.arn)
    case .ruleGroupReference(let statement): name(statement.arn)
    case .managedRuleGroup(let statement): statement.vendorName + "/" + statement.name
    case .labelMatch(let statement): statement.key
    case .rateBased(let statement): statement.aggregateKeyType.rawValue
    case .open(let statement): statement.values.joined(separator: " ")
    case .xssMatch, .sizeConstraint, .regexMatch: inspection?.fieldToMatch.shownName
    case .geoMatch, .asnMatch, .and, .or, .not: nil
    }
  }

  /// Name of the entity of an ARN.
  private func name(_ arn: String) -> String { ARNParts(arn)?.name ?? arn }
}

extension FieldToMatch {
  /// Wire name, and the name of the header or argument where there is one.
  fileprivate var shownName: String {
    switch self {
    case .singleHeader(let name), .singleQueryArgument(let name): wireName + " " + name
    default: wireName
    }
  }
}
