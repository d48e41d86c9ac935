import WAFEngine
import WAFModel
import WAFRequest

/// Managed rule groups (MG-1, MG-2, SD-1).
extension Oracle {
  mutating func evaluateManaged(_ index: Int, _ managed: ManagedRuleGroupStatement, _ walk: inout OracleWalk) {
    let context = OracleContext(oracle: self, request: walk.request, labels: walk.labels, labelPrefix: rules[index].labelPrefix)
    let scope = managed.scopeDown.map {
      context.evaluate($0, at: rules[index].rule.path + ".Statement.ManagedRuleGroupStatement.ScopeDownStatement")
    }
    walk.verdict.open += (scope?.leaves ?? []).map { OracleLeaf(rule: index, path: $0.path, reason: $0.reason) }
    evaluateGroup(index, scopeDown: scope?.outcome, &walk)
  }
}
