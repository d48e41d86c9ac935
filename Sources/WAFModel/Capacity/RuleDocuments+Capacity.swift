extension RuleDocuments {
  /// What the web ACL costs (capacity-and-quotas.md 1.4); the total of `capacityTree`, without its parts.
  public var capacity: Capacity {
    let groups = webACL.preProcessGroups + webACL.postProcessGroups
    let statements = webACL.rules.map(\.statement) + groups.map(\.statement)
    return statements.map { $0.capacity(in: self) }.sum + webACL.rules.labelCapacity
  }

  /// What a rule of the web ACL or of a group costs, its labels aside.
  public func capacity(of rule: Rule) -> Capacity { rule.statement.capacity(in: self) }
}

extension RuleGroup {
  /// What its rules cost; it has to stay within `Capacity` (WC-8).
  public var consumption: Capacity { rules.map { $0.statement.capacity(in: nil) }.sum + rules.labelCapacity }

  /// What a web ACL pays that refers to it: what it reserves, used or not. Where that is not stated, what it uses at least.
  var capacityToPay: Capacity { capacity.map { Capacity($0) } ?? Capacity(consumption.units, isLowerBound: true) }
}

extension [Rule] {
  /// Labels that the rules define, each time they do.
  var labelCount: Int { reduce(0) { $0 + $1.labels.count } }

  /// One unit for every five labels of a web ACL or group together, rounded up (WC-6).
  var labelCapacity: Capacity { Capacity((labelCount + 4) / 5) }
}
