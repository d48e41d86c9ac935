package import WAFModel
package import WAFRequest

// What settings of the model mean for evaluation.

extension WebACL {
  /// Whether it protects CloudFront distributions.
  package var isForCloudFront: Bool { scope == .cloudFront || arn?.contains(":global/webacl/") == true }

  /// Prefix of the labels of its own rules (LB-1, LB-2).
  package var labelPrefix: String { WAFEngine.labelPrefix(stated: labelNamespace, arn: arn, kind: "webacl", name: name) }

  /// Inspected bytes of a body (C.1).
  package func bodyLimit(of resource: ResourceType) -> Int {
    let name: String
    switch resource {
    case .applicationLoadBalancer, .appSync: return 8_192
    case .cloudFront, .amplify: name = "CLOUDFRONT"
    case .apiGateway: name = "API_GATEWAY"
    case .cognito: name = "COGNITO_USER_POOL"
    case .appRunner: name = "APP_RUNNER_SERVICE"
    case .verifiedAccess: name = "VERIFIED_ACCESS_INSTANCE"
    }
    return bodyLimits.first { $0.resource == name }?.bytes ?? 16_384
  }
}

extension RuleGroup {
  /// Prefix of the labels of its rules (LB-1, LB-2).
  package var labelPrefix: String { WAFEngine.labelPrefix(stated: labelNamespace, arn: arn, kind: "rulegroup", name: name) }
}

/// Prefix of labels: as stated, else by the account of the ARN, else by account 000000000000.
private func labelPrefix(stated: String?, arn: String?, kind: String, name: String) -> String {
  if let stated { return stated }
  let parts = arn?.split(separator: ":", omittingEmptySubsequences: false) ?? []
  let account = parts.count > 4 && !parts[4].isEmpty ? String(parts[4]) : "000000000000"
  return "awswaf:\(account):\(kind):\(name):"
}

extension FirewallManagerRuleGroup {
  /// The group reference as an ordinary rule (EO-3).
  package var asRule: Rule {
    var rule = Rule(name: name, priority: priority, statement: statement, action: .override(overrideAction))
    rule.origin = origin
    return rule
  }
}

extension ManagedRuleGroup {
  /// The rules of the group as a definition without statements: names, actions and labels are public, patterns are not.
  var outline: RuleGroup {
    RuleGroup(
      name: name,
      rules: rules.enumerated().map { index, rule in
        Rule(
          name: rule.name, priority: index, statement: .or([]),
          action: .action(rule.action.plain), path: "$")
      })
  }
}

extension ActionKind {
  /// The action of this kind without customisation.
  var plain: RuleAction {
    switch self {
    case .allow: .allow([])
    case .block: .block(nil)
    case .count: .count([])
    case .captcha: .captcha([])
    case .challenge: .challenge([])
    }
  }
}

extension ManagedRuleGroup {
  /// Whether it adds labels about the request's token (TK-9).
  package var addsTokenLabels: Bool {
    ["AWSManagedRulesBotControlRuleSet", "AWSManagedRulesATPRuleSet", "AWSManagedRulesACFPRuleSet", "AWSManagedRulesAntiDDoSRuleSet"].contains(name)
  }
}
