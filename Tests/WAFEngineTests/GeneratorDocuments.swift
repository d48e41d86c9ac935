import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// Web ACLs with everything they reference.
extension Generator {
  mutating func documents() -> RuleDocuments {
    let groups = (0..<number(0...2)).map { position in group("g\(position)") }
    var acl = WebACL(name: "shop", defaultAction: chance(0.5) ? .allow([]) : .block(nil))
    acl.arn = chance(0.9) ? "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1" : nil
    acl.labelNamespace = chance(0.1) ? "awswaf:444455556666:webacl:shop:" : nil
    acl.scope = chance(0.2) ? .cloudFront : .regional
    acl.captchaImmunity = chance(0.2) ? 600 : nil
    acl.challengeImmunity = chance(0.2) ? 600 : nil
    acl.tokenDomains = chance(0.4) ? ["example.com"] : []
    acl.bodyLimits = chance(0.2) ? [BodyLimit(resource: "CLOUDFRONT", bytes: 32_768)] : []
    let priorities = Array(0..<40).shuffled(using: &random)
    acl.rules = (0..<number(1...6)).map { position in
      var rule = topLevelRule("r\(position)", groups: groups)
      rule.priority = priorities[position]
      rule.origin = Origin(path: "$.Rules[\(position)]")
      return rule
    }
    if let group = groups.first, chance(0.1) {
      acl.preProcessGroups = [
        FirewallManagerRuleGroup(
          name: "pre", priority: 0, statement: .ruleGroupReference(reference(to: group)), overrideAction: pick(OverrideAction.allCases),
          path: "$.PreProcessFirewallManagerRuleGroups[0]")
      ]
    }
    var documents = RuleDocuments(webACL: acl)
    documents.ruleGroups = groups
    if chance(0.5) {
      var local = group("local")
      local.name = "Acme/Local"
      documents.ruleGroups.append(local)
    }
    managed = acl.rules.compactMap { rule in
      if case .managedRuleGroup(let managed) = rule.statement { return managed }
      return nil
    }
    ruleNames = (acl.rules + documents.ruleGroups.flatMap(\.rules)).map(\.name)
    documents.ipSets = [
      IPSet(name: "v4", isIPv6: false, addresses: [CIDR(address: IPAddress(v4: 0xcb00_7100), prefixLength: 24)]),
      IPSet(
        name: "one", isIPv6: false,
        addresses: [
          CIDR(address: IPAddress(v4: 0xc000_0201), prefixLength: 32), CIDR(address: IPAddress(v4: 0xc633_6400), prefixLength: 23),
        ]),
      IPSet(name: "v6", isIPv6: true, addresses: [CIDR(address: IPAddress(v6: 0x2001_0db8 << 96), prefixLength: 33)]),
      IPSet(name: "none", isIPv6: false, addresses: []),
    ]
    documents.regexPatternSets = [
      RegexPatternSet(name: "first", patterns: ["^/admin", "bot$"]), RegexPatternSet(name: "second", patterns: ["[0-9]+", "(?i)badbot"]),
    ]
    // Some members of some sets are known on deployment only.
    if chance(0.1) { documents.ipSets[1].openValues = ["later"] }
    if chance(0.1) { documents.regexPatternSets[0].openValues = ["later"] }
    return documents
  }

  private mutating func group(_ name: String) -> RuleGroup {
    let priorities = Array(0..<20).shuffled(using: &random)
    let rules = (0..<number(1...4)).map { position in
      var rule = plainRule("\(name)r\(position)")
      rule.priority = priorities[position]
      rule.origin = Origin(path: "$.Rules[\(position)]")
      return rule
    }
    let arn = chance(0.8) ? "arn:aws:wafv2:us-east-1:111122223333:regional/rulegroup/\(name)/1" : nil
    return RuleGroup(name: name, arn: arn, rules: rules)
  }

  /// What the user chose.
  mutating func settings() -> EngineSettings {
    var settings = EngineSettings()
    if chance(0.2) { settings.rateModel = .interval(checkInterval: pick([10_000, 7000])) }
    if chance(0.2) { settings.managed = pick(ManagedPolicy.allCases) }
    if chance(0.2) { settings.tokenPolicy = pick(TokenPolicy.allCases) }
    if chance(0.1) { settings.resource = pick(ResourceType.allCases) }
    return settings
  }

  private mutating func topLevelRule(_ name: String, groups: [RuleGroup]) -> Rule {
    if chance(0.12) {
      return Rule(name: name, priority: 0, statement: .managedRuleGroup(managedGroup()), action: .override(pick(OverrideAction.allCases)))
    }
    guard !groups.isEmpty, chance(0.3) else { return plainRule(name) }
    return Rule(
      name: name, priority: 0, statement: .ruleGroupReference(reference(to: pick(groups))), action: .override(pick(OverrideAction.allCases)))
  }

  /// A reference with any mix of exclusions and overrides (5.1).
  private mutating func reference(to group: RuleGroup) -> RuleGroupReferenceStatement {
    var reference = RuleGroupReferenceStatement(arn: chance(0.02) ? "missing" : group.arn ?? group.name)
    for rule in group.rules {
      if chance(0.2) { reference.excludedRules.append(rule.name) }
      if chance(0.3) {
        var kinds = ActionKind.allCases
        if case .rateBased = rule.statement { kinds.removeAll { $0 == .allow } }
        reference.overrides.append(RuleActionOverride(name: rule.name, action: RuleAction(pick(kinds))))
      }
    }
    return reference
  }

  /// A managed group: of the catalogue, of another vendor, or with a local definition.
  private mutating func managedGroup() -> ManagedRuleGroupStatement {
    let groups = [
      ("AWS", "AWSManagedRulesAdminProtectionRuleSet"), ("AWS", "AWSManagedRulesAnonymousIpList"),
      ("AWS", "AWSManagedRulesBotControlRuleSet"), ("AWS", "AWSManagedRulesLinuxRuleSet"), ("Acme", "Own"), ("Acme", "Local"),
    ]
    let (vendor, name) = pick(groups)
    var managed = ManagedRuleGroupStatement(vendorName: vendor, name: name, version: chance(0.2) ? "Version_1.0" : nil)
    if chance(0.4) { managed.scopeDown = nested(depth: number(0...1)) }
    for rule in Self.rules(of: managed) {
      if chance(0.1) { managed.excludedRules.append(rule) }
      if chance(0.2) { managed.overrides.append(RuleActionOverride(name: rule, action: RuleAction(pick(ActionKind.allCases)))) }
    }
    return managed
  }

  /// Names of rules that a record of the group may hold.
  static func rules(of managed: ManagedRuleGroupStatement) -> [String] {
    ManagedRuleGroups.find(vendor: managed.vendorName, name: managed.name)?.rules.prefix(6).map(\.name) ?? ["own1", "localr0", "localr1"]
  }

  /// A rule that references no group.
  private mutating func plainRule(_ name: String) -> Rule {
    let isRate = chance(0.12)
    let statement = isRate ? Statement.rateBased(rate()) : nested(depth: pick([0, 0, 1, 1, 2, 3]))
    // Mostly Count, so that evaluation often comes to the rules behind.
    var kinds: [ActionKind] = [.count, .count, .count, .block, .captcha, .challenge]
    if !isRate { kinds.append(.allow) }
    var rule = Rule(name: name, priority: 0, statement: statement, action: .action(RuleAction(pick(kinds))))
    if chance(0.5) { rule.labels = list(1...2) { $0.pick(Alphabet.labels) } }
    if chance(0.1) { rule.captchaImmunity = 60 }
    return rule
  }

  // MARK: Statements

  mutating func nested(depth: Int) -> Statement {
    guard depth > 0 else { return leaf() }
    switch number(0...2) {
    case 0: return .and(list(2...3) { $0.nested(depth: depth - 1) })
    case 1: return .or(list(2...3) { $0.nested(depth: depth - 1) })
    default: return .not(nested(depth: depth - 1))
    }
  }

  private mutating func leaf() -> Statement {
    switch number(0...19) {
    case 0...5: chance(0.03) ? .open(OpenStatement(wireName: "ByteMatchStatement", values: ["later"])) : byteMatch()
    case 6...8:
      .sizeConstraint(
        SizeConstraintStatement(
          inspection: inspection(), comparison: pick(ComparisonOperator.allCases),
          size: pick([0, 0, 1, 1, 3, 5, 9, 20, 8191, 8192, 8193, 20_000])))
    case 9...10: .regexMatch(RegexMatchStatement(pattern: pick(Self.patterns), inspection: inspection()))
    case 11:
      .regexPatternSetReference(
        RegexPatternSetReferenceStatement(arn: pick(["first", "second", "first", "second", "missing"]), inspection: inspection()))
    case 12...13:
      .ipSetReference(
        IPSetReferenceStatement(
          arn: chance(0.03) ? "missing" : pick(["v4", "one", "v6", "none"]), forwardedIP: forwardedIP(0.6),
          position: pick(ForwardedPosition.allCases)))
    case 14: .geoMatch(GeoMatchStatement(countryCodes: [pick(Alphabet.countries)], forwardedIP: forwardedIP(0.4)))
    case 15: .asnMatch(AsnMatchStatement(asnList: [pick([64496, 64497, 0])], forwardedIP: forwardedIP(0.4)))
    case 16: .xssMatch(XssMatchStatement(inspection: inspection()))
    case 17: .sqliMatch(SqliMatchStatement(inspection: inspection(), sensitivityLevel: pick(SensitivityLevel.allCases)))
    default: label()
    }
  }

  static let patterns = ["admin", "^/", "^a$", "bot", "[0-9]", "(?i)BADBOT", "\\bbot\\b", "x\\z", "a.b", "^[^=]*$", "(a|b)=[12]"]

  private mutating func byteMatch() -> Statement {
    var constraint = pick(PositionalConstraint.allCases)
    var field = field()
    var text = pick(Alphabet.words + ["/", "/admin", "=", "%41", "a=1", "t13d"])
    if constraint == .containsWord { text = pick(["a", "admin", "bot", "1"]) }
    if chance(0.1) {
      field = chance(0.5) ? .ja3Fingerprint(pick(FallbackBehavior.allCases)) : .ja4Fingerprint(pick(FallbackBehavior.allCases))
      constraint = .exactly
      text = pick(["t13d", "773906"])
    }
    if text.isEmpty { constraint = .exactly }
    return .byteMatch(
      ByteMatchStatement(searchString: Array(text.utf8), inspection: Inspection(field, chain()), positionalConstraint: constraint))
  }

  private mutating func label() -> Statement {
    if chance(0.4) {
      return .labelMatch(
        LabelMatchStatement(
          scope: .namespace,
          key: pick([
            "ns:", "other:", "awswaf:clientip:geo:", "awswaf:clientip:geo:country:", "awswaf:111122223333:rulegroup:g0:", "awswaf:forwardedip:",
            "awswaf:managed:", "awswaf:managed:aws:admin-protection:", "awswaf:clientip:geo:region:US-", "awswaf:managed:token:",
          ])))
    }
    let qualified = [
      "awswaf:clientip:geo:country:JP", "awswaf:forwardedip:geo:country:XX", "awswaf:111122223333:rulegroup:g0:a",
      "awswaf:111122223333:webacl:shop:ns:a", "awswaf:managed:aws:bot-control:bot:verified", "awswaf:managed:token:accepted",
      "awswaf:clientip:geo:region:US-OR", "awswaf:managed:acme:own:seen",
    ]
    return .labelMatch(LabelMatchStatement(scope: .label, key: chance(0.7) ? pick(Alphabet.labels) : pick(qualified)))
  }

  private mutating func forwardedIP(_ probability: Double) -> ForwardedIPConfig? {
    chance(probability)
      ? ForwardedIPConfig(headerName: pick(["X-Forwarded-For", "x-forwarded-for"]), fallback: pick(FallbackBehavior.allCases)) : nil
  }

  // MARK: Components

  private mutating func inspection() -> Inspection { Inspection(field(), chain()) }

  /// Mostly chains that keep prefixes, since those have the more delicate rules.
  private mutating func chain() -> [TextTransformation] {
    let gentle: [TextTransformation] = [.none, .lowercase, .removeNulls, .replaceNulls]
    if chance(0.6) { return [.none] }
    return list(1...2) { $0.pick($0.chance(0.7) ? gentle : TextTransformation.allCases) }
  }

  private mutating func field() -> FieldToMatch {
    switch number(0...19) {
    case 0: .method
    case 1...3: .uriPath
    case 4...5: .queryString
    case 6...7: .singleQueryArgument(name: pick(Alphabet.argumentNames))
    case 8: .allQueryArguments
    case 9...11: .singleHeader(name: pick(Alphabet.headerNames + ["x-a", "user-agent"]))
    case 12...13: .headers(namedItems(Alphabet.headerNames))
    case 14: .cookies(namedItems(Alphabet.cookieNames))
    case 15: .headerOrder(pick(OversizeHandling.allCases))
    case 16...17: .body(pick(OversizeHandling.allCases))
    case 18: .jsonBody(jsonSettings())
    default: .uriFragment(pick(FallbackBehavior.allCases))
    }
  }

  private mutating func namedItems(_ names: [String]) -> NamedItems {
    let pattern: NamePattern =
      switch number(0...2) {
      case 0: .all
      case 1: .included(list(1...2) { $0.pick(names) })
      default: .excluded(list(1...2) { $0.pick(names) })
      }
    return NamedItems(pattern: pattern, scope: pick(MatchScope.allCases), oversize: pick(OversizeHandling.allCases))
  }

  private mutating func jsonSettings() -> JSONBodySettings {
    JSONBodySettings(
      includedPaths: chance(0.4) ? nil : list(1...2) { $0.pick(["/a", "/b/0", "/b", "/", "/a/c", "/m~1n"]) },
      scope: pick(MatchScope.allCases), invalidFallback: pick([nil, .match, .noMatch, .evaluateAsString]),
      oversize: pick(OversizeHandling.allCases))
  }

  // MARK: Rates

  private mutating func rate() -> RateBasedStatement {
    var rate = RateBasedStatement(limit: 10, evaluationWindow: 60, aggregateKeyType: pick(AggregateKeyType.allCases))
    let forwarded = ForwardedIPConfig(headerName: "X-Forwarded-For", fallback: pick(FallbackBehavior.allCases))
    switch rate.aggregateKeyType {
    case .ip: break
    case .forwardedIP: rate.forwardedIP = forwarded
    case .constant: rate.scopeDown = nested(depth: number(0...1))
    case .customKeys:
      rate.customKeys = list(1...2) { $0.customKey() }
      if rate.customKeys.contains(.forwardedIP) || chance(0.3) { rate.forwardedIP = forwarded }
      if rate.customKeys.allSatisfy({ $0 == .ip || $0 == .forwardedIP }) { rate.customKeys.append(.httpMethod) }
    }
    if chance(0.4) { rate.scopeDown = nested(depth: number(0...1)) }
    return rate
  }

  private mutating func customKey() -> CustomKey {
    switch number(0...11) {
    case 0: .header(name: pick(Alphabet.headerNames), transformations: chain())
    case 1: .cookie(name: pick(Alphabet.cookieNames), transformations: chain())
    case 2: .queryArgument(name: pick(Alphabet.argumentNames), transformations: chain())
    case 3: .queryString(transformations: chain())
    case 4: .httpMethod
    case 5: .forwardedIP
    case 6: .ip
    case 7: .labelNamespace(pick(["ns:", "other:", "awswaf:clientip:geo:country:"]))
    case 8: .uriPath(transformations: chain())
    case 9: .ja3Fingerprint(pick(FallbackBehavior.allCases))
    case 10: .ja4Fingerprint(pick(FallbackBehavior.allCases))
    default: .asn
    }
  }
}
