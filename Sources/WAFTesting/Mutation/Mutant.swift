public import WAFModel

/// A web ACL with one small change. Tests that still pass did not notice it.
public struct Mutant: Sendable {
  /// The rule that was changed, as reports name it.
  public var rule: String
  /// What was changed, such as `LOWERCASE dropped`.
  public var change: String
  /// Of what kind the change is.
  public var kind: Kind
  /// The rule or set that was changed.
  public var origin: Origin
  /// The way from there to what was changed.
  public var path: String
  /// The documents with the change.
  public var documents: RuleDocuments

  /// What a change is about.
  public enum Kind: Sendable {
    case wholeRule, action, labels, order, overrides, negation, operand, transformation, position, bound, address
  }
}

extension RuleDocuments {
  /// Every web ACL that differs from this one by one small change of a rule that tests can decide, in order of evaluation.
  ///
  /// Changes that cannot show are left out: a wider block that another block of the set holds, neighbours that cannot match one request or both
  /// count and know nothing of each other's labels, and the action of a group's rule that every reference overrides.
  ///
  /// - Parameter standIns: Managed groups, `Vendor/Name`, whose rules stand in for AWS's and are no concern of the web ACL's tests.
  public func mutants(without standIns: Set<String> = []) -> [Mutant] { changes(.mutation, without: standIns) }

  /// Every web ACL that differs from this one by one small change that may put a mistake right: no rule is left out and no label, and leaves change
  /// in more ways than in `mutants()`.
  func repairs(without standIns: Set<String> = []) -> [Mutant] {
    changes(.repair, without: standIns).filter { $0.kind != .wholeRule && $0.kind != .labels }
  }

  private func changes(_ purpose: RuleMutation.Purpose, without standIns: Set<String>) -> [Mutant] {
    let mutation = RuleMutation(purpose, in: self)
    var mutants: [Mutant] = []
    let order = webACL.rules.indices.sorted { webACL.rules[$0].priority < webACL.rules[$1].priority }
    for index in order {
      let rule = webACL.rules[index]
      mutants += mutation.mutants(of: rule, named: rule.name) { changed in
        var copy = self
        if let changed { copy.webACL.rules[index] = changed } else { copy.webACL.rules.remove(at: index) }
        return copy
      }
    }
    mutants += swaps(in: order)
    let references = groupReferences(without: standIns)
    for group in ruleGroups.indices { mutants += groupMutants(group, references.filter { $0.group == ruleGroups[group].name }, mutation) }
    return mutants + setMutants()
  }

  /// The references to groups whose rules are known and a concern of the tests.
  private func groupReferences(without standIns: Set<String>) -> [GroupReference] {
    webACL.rules.compactMap { rule in
      switch rule.statement {
      case .ruleGroupReference(let reference):
        guard let group = ruleGroup(arn: reference.arn) else { return nil }
        return GroupReference(rule: rule.name, group: group.name, excludedRules: reference.excludedRules, overrides: reference.overrides)
      case .managedRuleGroup(let reference):
        let (vendor, name) = (reference.vendorName, reference.name)
        guard !standIns.contains(vendor + "/" + name), let group = managedRuleGroup(vendor: vendor, name: name) else { return nil }
        return GroupReference(rule: rule.name, group: group.name, excludedRules: reference.excludedRules, overrides: reference.overrides)
      default: return nil
      }
    }
  }

  /// Rules of a group; they are named by the first rule that references it.
  private func groupMutants(_ group: Int, _ references: [GroupReference], _ mutation: RuleMutation) -> [Mutant] {
    guard let first = references.first else { return [] }
    return ruleGroups[group].rules.indices.flatMap { index in
      let rule = ruleGroups[group].rules[index]
      return mutation.mutants(of: rule, named: first.rule + "/" + rule.name) { changed in
        var copy = self
        if let changed { copy.ruleGroups[group].rules[index] = changed } else { copy.ruleGroups[group].rules.remove(at: index) }
        return copy
      }.filter { $0.kind != .action || !references.allSatisfy { $0.overridesAction(of: rule.name) } }
    }
  }

  /// Neighbours in order of evaluation that change places.
  private func swaps(in order: [Int]) -> [Mutant] {
    let exclusion = Exclusion(self)
    return zip(order, order.dropFirst()).compactMap { first, second in
      let (left, right) = (webACL.rules[first], webACL.rules[second])
      guard !left.isIndependent(of: right), !exclusion.exclude(left, right) else { return nil }
      var copy = self
      copy.webACL.rules[first].priority = right.priority
      copy.webACL.rules[second].priority = left.priority
      return Mutant(rule: left.name, change: "evaluated after \(right.name)", kind: .order, origin: left.origin, path: ".Priority", documents: copy)
    }
  }

  /// Each block of a set made twice as wide, unless the set holds the wider one.
  private func setMutants() -> [Mutant] {
    ipSets.indices.flatMap { index in
      let set = ipSets[index]
      return set.addresses.indices.compactMap { position -> Mutant? in
        guard let wider = set.addresses[position].doubled, !set.addresses.contains(where: { $0.holds(wider) }) else { return nil }
        var copy = self
        copy.ipSets[index].addresses[position] = wider
        return Mutant(
          rule: "IP set \(set.name)", change: "\(set.addresses[position]) widened to \(wider)", kind: .address, origin: set.origin,
          path: ".Addresses[\(position)]", documents: copy)
      }
    }
  }
}

extension Rule {
  /// Whether it makes no difference which of two neighbours comes first: both count, and neither looks at labels of the other.
  fileprivate func isIndependent(of other: Rule) -> Bool {
    guard isCounting, other.isCounting else { return false }
    return !statement.looksAtLabels && !other.statement.looksAtLabels
  }

  private var isCounting: Bool {
    if case .action(.count) = action, case .rateBased = statement { return false }
    if case .action(.count) = action { return true }
    return false
  }
}

/// A rule that references a group, customer's or managed.
private struct GroupReference {
  /// Name of the referencing rule.
  var rule: String
  /// Name of the group, as the documents hold it.
  var group: String
  var excludedRules: [String]
  var overrides: [RuleActionOverride]

  /// Whether the rule's own action is never taken.
  func overridesAction(of rule: String) -> Bool {
    excludedRules.contains(rule) || overrides.contains { $0.name == rule }
  }
}

extension Statement {
  /// Whether a label statement is in it.
  var looksAtLabels: Bool {
    if case .labelMatch = self { return true }
    return children.contains { $0.looksAtLabels }
  }
}
