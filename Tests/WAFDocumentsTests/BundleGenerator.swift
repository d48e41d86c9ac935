import TestSupport
import WAFJSON

/// Makes bundles of API answers that use every member the API has, so that what a dialect forgets is found.
final class BundleGenerator {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// A web ACL with its sets and a group, as one value.
  func bundle() -> DocumentValue {
    let isGlobal = chance(30)
    let sets = [ipSet("office", isIPv6: false, isGlobal), ipSet("office-v6", isIPv6: true, isGlobal)]
    let patterns = [patternSet("probes", isGlobal)]
    let group = ruleGroup("own-checks", isGlobal)
    let webACL = self.webACL(isGlobal)
    return object([
      "WebACL": webACL, "IPSets": array(sets), "RegexPatternSets": array(patterns), "RuleGroups": array([group]),
    ])
  }

  // MARK: Values

  private func object(_ members: KeyValuePairs<String, DocumentValue?>) -> DocumentValue {
    DocumentValue(.object(members.compactMap { name, value in value.map { .init(name, $0) } }), node: 0)
  }
  private func array(_ elements: [DocumentValue]) -> DocumentValue { DocumentValue(.array(elements), node: 0) }
  private func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }
  private func number(_ number: Int) -> DocumentValue { DocumentValue(.number(String(number)), node: 0) }
  private func flag(_ flag: Bool) -> DocumentValue { DocumentValue(.bool(flag), node: 0) }
  private var empty: DocumentValue { object([:]) }

  private func chance(_ percent: Int) -> Bool { random.number(below: 100) < percent }
  private func maybe(_ value: @autoclosure () -> DocumentValue) -> DocumentValue? { chance(50) ? value() : nil }
  private func anyOf(_ texts: String...) -> DocumentValue { text(random.pick(texts)) }
  private func list(_ range: ClosedRange<Int>, _ make: (BundleGenerator) -> DocumentValue) -> DocumentValue {
    array((0..<(range.lowerBound + random.number(below: range.count))).map { _ in make(self) })
  }

  // MARK: Entities

  private func arn(_ kind: String, _ name: String, _ isGlobal: Bool) -> DocumentValue {
    text("arn:aws:wafv2:\(isGlobal ? "us-east-1" : "eu-west-1"):000000000000:\(isGlobal ? "global" : "regional")/\(kind)/\(name)/1a2b-\(name)")
  }

  private func ipSet(_ name: String, isIPv6: Bool, _ isGlobal: Bool) -> DocumentValue {
    let blocks = isIPv6 ? ["2001:db8::/32", "2001:db8:1::/48", "::1/128"] : ["192.0.2.0/24", "203.0.113.9/32", "10.0.0.0/8"]
    return object([
      "Name": text(name), "Id": text("1a2b-\(name)"), "ARN": arn("ipset", name, isGlobal), "Description": maybe(text("Office addresses")),
      "IPAddressVersion": text(isIPv6 ? "IPV6" : "IPV4"), "Addresses": array(blocks.prefix(random.number(below: 4)).map(text)),
    ])
  }

  private func patternSet(_ name: String, _ isGlobal: Bool) -> DocumentValue {
    let patterns = ["^/admin(/|$)", #"\.(bak|old)$"#, "(?i)union\\s+select", "a\"b\\\\c"]
    return object([
      "Name": text(name), "Id": text("1a2b-\(name)"), "ARN": arn("regexpatternset", name, isGlobal), "Description": maybe(text("Probes")),
      "RegularExpressionList": array(patterns.prefix(1 + random.number(below: 4)).map { object(["RegexString": text($0)]) }),
    ])
  }

  private func ruleGroup(_ name: String, _ isGlobal: Bool) -> DocumentValue {
    object([
      "Name": text(name), "Id": text("1a2b-\(name)"), "Capacity": number(500), "ARN": arn("rulegroup", name, isGlobal),
      "Description": maybe(text("Own checks")),
      "Rules": array((0..<3).map { rule("inner-\($0)", $0, statement(depth: 2, isGlobal), isGlobal) }), "VisibilityConfig": visibility(name),
      "LabelNamespace": text("awswaf:000000000000:rulegroup:\(name):"), "CustomResponseBodies": responseBodies(),
    ])
  }

  private func webACL(_ isGlobal: Bool) -> DocumentValue {
    var rules: [DocumentValue] = []
    for index in 0..<(4 + random.number(below: 5)) {
      switch random.number(below: 5) {
      case 0: rules.append(groupRule("rule-\(index)", index * 10, groupReference(isGlobal)))
      case 1: rules.append(groupRule("rule-\(index)", index * 10, managedGroup(isGlobal)))
      case 2: rules.append(rule("rule-\(index)", index * 10, object(["RateBasedStatement": rate(isGlobal)]), isGlobal, isRate: true))
      default: rules.append(rule("rule-\(index)", index * 10, statement(depth: 3, isGlobal), isGlobal))
      }
    }
    return object([
      "Name": text("generated"), "Id": text("1a2b-generated"), "ARN": arn("webacl", "generated", isGlobal),
      "DefaultAction": chance(50) ? object(["Allow": allow()]) : object(["Block": block()]), "Description": maybe(text("Made by a test")),
      "Rules": array(rules), "VisibilityConfig": visibility("generated"), "Capacity": number(900),
      "LabelNamespace": text("awswaf:000000000000:webacl:generated:"), "CustomResponseBodies": responseBodies(),
      "CaptchaConfig": maybe(immunity()), "ChallengeConfig": maybe(immunity()),
      "TokenDomains": maybe(array([text("example.com"), text("shop.example.org")])),
      "AssociationConfig": maybe(
        object([
          "RequestBody": object([
            (isGlobal ? "CLOUDFRONT" : "API_GATEWAY"): object(["DefaultSizeInspectionLimit": anyOf("KB_16", "KB_32", "KB_48", "KB_64")])
          ])
        ])), "DataProtectionConfig": maybe(object(["DataProtections": list(1...3) { $0.dataProtection() }])),
      "ApplicationConfig": nil,
    ])
  }

  private func dataProtection() -> DocumentValue {
    let type = random.pick(["SINGLE_HEADER", "SINGLE_COOKIE", "SINGLE_QUERY_ARGUMENT", "QUERY_STRING", "BODY"])
    return object([
      "Field": object(["FieldType": text(type), "FieldKeys": type.hasPrefix("SINGLE") ? array([text("session"), text("x-key")]) : nil]),
      "Action": anyOf("SUBSTITUTION", "HASH"), "ExcludeRuleMatchDetails": maybe(flag(true)), "ExcludeRateBasedDetails": maybe(flag(false)),
    ])
  }

  // MARK: Rules

  private func rule(
    _ name: String, _ priority: Int, _ statement: DocumentValue, _ isGlobal: Bool, isRate: Bool = false
  ) -> DocumentValue {
    object([
      "Name": text(name), "Priority": number(priority), "Statement": statement, "Action": action(allowed: !isRate),
      "RuleLabels": maybe(array([object(["Name": text("team:\(name)")]), object(["Name": text("seen")])])),
      "CaptchaConfig": maybe(immunity()), "ChallengeConfig": maybe(immunity()), "VisibilityConfig": visibility(name),
    ])
  }

  private func groupRule(_ name: String, _ priority: Int, _ statement: DocumentValue) -> DocumentValue {
    object([
      "Name": text(name), "Priority": number(priority), "Statement": statement,
      "OverrideAction": object([random.pick(["None", "Count"]): empty]), "VisibilityConfig": visibility(name),
    ])
  }

  private func visibility(_ name: String) -> DocumentValue {
    object(["SampledRequestsEnabled": flag(chance(50)), "CloudWatchMetricsEnabled": flag(chance(50)), "MetricName": text(name)])
  }

  private func immunity() -> DocumentValue {
    object(["ImmunityTimeProperty": object(["ImmunityTime": number(300 + random.number(below: 900))])])
  }

  private func responseBodies() -> DocumentValue {
    object([
      "denied": object(["ContentType": anyOf("TEXT_PLAIN", "TEXT_HTML", "APPLICATION_JSON"), "Content": text("{\"no\": \"because\"}\n")]),
      "Page-2": object(["ContentType": text("TEXT_HTML"), "Content": text("<p>é</p>")]),
    ])
  }

  private func headers(_ name: String) -> DocumentValue {
    array([object(["Name": text(name), "Value": text("a value; with signs")]), object(["Name": text("x-second"), "Value": text("2")])])
  }

  private func handling() -> DocumentValue { object(["CustomRequestHandling": maybe(object(["InsertHeaders": headers("x-inserted")]))]) }
  private func allow() -> DocumentValue { handling() }
  private func block() -> DocumentValue {
    object([
      "CustomResponse": maybe(
        object([
          "ResponseCode": number(random.pick([403, 429, 503])), "CustomResponseBodyKey": maybe(text("denied")),
          "ResponseHeaders": maybe(headers("x-why")),
        ]))
    ])
  }

  private func action(allowed: Bool) -> DocumentValue {
    switch random.number(below: allowed ? 5 : 4) {
    case 0: object(["Block": block()])
    case 1: object(["Count": handling()])
    case 2: object(["Captcha": handling()])
    case 3: object(["Challenge": handling()])
    default: object(["Allow": allow()])
    }
  }

  // MARK: Groups

  private func overrides(_ names: [String]) -> (excluded: DocumentValue?, replaced: DocumentValue?) {
    let excluded = chance(30) ? array([object(["Name": text(names[0])])]) : nil
    let replaced = chance(60) ? array([object(["Name": text(names[1]), "ActionToUse": action(allowed: true)])]) : nil
    return (excluded, replaced)
  }

  private func groupReference(_ isGlobal: Bool) -> DocumentValue {
    let (excluded, replaced) = overrides(["inner-0", "inner-1"])
    return object([
      "RuleGroupReferenceStatement": object([
        "ARN": arn("rulegroup", "own-checks", isGlobal), "ExcludedRules": excluded, "RuleActionOverrides": replaced,
      ])
    ])
  }

  private func managedGroup(_ isGlobal: Bool) -> DocumentValue {
    let names = ["SizeRestrictions_BODY", "NoUserAgent_HEADER"]
    let (excluded, replaced) = overrides(names)
    var name = "AWSManagedRulesCommonRuleSet"
    var config: DocumentValue?
    switch random.number(below: 5) {
    case 0:
      name = "AWSManagedRulesBotControlRuleSet"
      config = object([
        name: object(["InspectionLevel": anyOf("COMMON", "TARGETED"), "EnableMachineLearning": maybe(flag(false))])
      ])
    case 1:
      name = "AWSManagedRulesATPRuleSet"
      config = object([
        name: object([
          "LoginPath": text("/login"), "RequestInspection": maybe(inspection(isSignUp: false)),
          "ResponseInspection": isGlobal ? maybe(responseInspection()) : nil, "EnableRegexInPath": maybe(flag(true)),
        ])
      ])
    case 2:
      name = "AWSManagedRulesACFPRuleSet"
      config = object([
        name: object([
          "CreationPath": text("/signup"), "RegistrationPagePath": text("/signup/page"), "RequestInspection": inspection(isSignUp: true),
          "ResponseInspection": isGlobal ? maybe(responseInspection()) : nil, "EnableRegexInPath": maybe(flag(true)),
        ])
      ])
    case 3:
      name = "AWSManagedRulesAntiDDoSRuleSet"
      config = object([
        name: object([
          "ClientSideActionConfig": object([
            "Challenge": object([
              "UsageOfAction": anyOf("ENABLED", "DISABLED"), "Sensitivity": maybe(anyOf("LOW", "MEDIUM", "HIGH")),
              "ExemptUriRegularExpressions": maybe(array([object(["RegexString": text("^/api/")])])),
            ])
          ]), "SensitivityToBlock": maybe(anyOf("LOW", "HIGH")),
        ])
      ])
    default: break
    }
    return object([
      "ManagedRuleGroupStatement": object([
        "VendorName": text("AWS"), "Name": text(name), "Version": maybe(text("Version_1.0")),
        "ScopeDownStatement": maybe(statement(depth: 2, isGlobal)), "ExcludedRules": config == nil ? excluded : nil,
        "ManagedRuleGroupConfigs": config.map { array([$0]) }, "RuleActionOverrides": config == nil ? replaced : nil,
      ])
    ])
  }

  private func inspection(isSignUp: Bool) -> DocumentValue {
    func field(_ name: String) -> DocumentValue { object(["Identifier": text(name)]) }
    return object([
      "PayloadType": anyOf("JSON", "FORM_ENCODED"), "UsernameField": field("/user"), "PasswordField": field("/password"),
      "EmailField": isSignUp ? field("/mail") : nil, "PhoneNumberFields": isSignUp ? array([field("/phone"), field("/mobile")]) : nil,
      "AddressFields": isSignUp ? array([field("/street")]) : nil,
    ])
  }

  private func responseInspection() -> DocumentValue {
    switch random.number(below: 4) {
    case 0: object(["StatusCode": object(["SuccessCodes": array([number(200), number(204)]), "FailureCodes": array([number(403)])])])
    case 1: object(["Header": object(["Name": text("x-login"), "SuccessValues": array([text("ok")]), "FailureValues": array([text("no")])])])
    case 2: object(["BodyContains": object(["SuccessStrings": array([text("welcome")]), "FailureStrings": array([text("wrong")])])])
    default: object(["Json": object(["Identifier": text("/ok"), "SuccessValues": array([text("true")]), "FailureValues": array([text("false")])])])
    }
  }

  // MARK: Statements

  private func statement(depth: Int, _ isGlobal: Bool) -> DocumentValue {
    if depth > 1, chance(50) {
      switch random.number(below: 3) {
      case 0: return object(["AndStatement": object(["Statements": list(2...3) { $0.statement(depth: depth - 1, isGlobal) }])])
      case 1: return object(["OrStatement": object(["Statements": list(2...3) { $0.statement(depth: depth - 1, isGlobal) }])])
      default: return object(["NotStatement": object(["Statement": statement(depth: depth - 1, isGlobal)])])
      }
    }
    switch random.number(below: 10) {
    case 0: return object(["SqliMatchStatement": inspected(["SensitivityLevel": maybe(anyOf("LOW", "HIGH"))])])
    case 1: return object(["XssMatchStatement": inspected([:])])
    case 2:
      let size = random.pick([0, 100, 8192, 21_474_836_480])
      return object([
        "SizeConstraintStatement": inspected(["ComparisonOperator": anyOf("EQ", "NE", "LE", "LT", "GE", "GT"), "Size": number(size)])
      ])
    case 3: return object(["GeoMatchStatement": object(["CountryCodes": array([text("NO"), text("JP")]), "ForwardedIPConfig": maybe(forwarded())])])
    case 4:
      let arn = self.arn("ipset", random.pick(["office", "office-v6"]), isGlobal)
      var config = forwarded().members ?? []
      config.append(.init("Position", anyOf("FIRST", "LAST", "ANY")))
      return object([
        "IPSetReferenceStatement": object(["ARN": arn, "IPSetForwardedIPConfig": maybe(DocumentValue(.object(config), node: 0))])
      ])
    case 5: return object(["RegexPatternSetReferenceStatement": inspected(["ARN": arn("regexpatternset", "probes", isGlobal)])])
    case 6: return object(["LabelMatchStatement": object(["Scope": text("LABEL"), "Key": anyOf("seen", "team:rule-1")])])
    case 7: return object(["RegexMatchStatement": inspected(["RegexString": anyOf("^/x", "a+b", #"\d{3}"#)])])
    case 8:
      return object([
        "AsnMatchStatement": object(["AsnList": array([number(64_496), number(0)]), "ForwardedIPConfig": maybe(forwarded())])
      ])
    default:
      if chance(10) { return object(["LabelMatchStatement": object(["Scope": text("NAMESPACE"), "Key": text("team:")])]) }
      if chance(15) { return fingerprintMatch() }
      return object([
        "ByteMatchStatement": inspected([
          "SearchString": searchString(), "PositionalConstraint": anyOf("EXACTLY", "STARTS_WITH", "ENDS_WITH", "CONTAINS"),
        ])
      ])
    }
  }

  /// Text, text that looks like something else, and bytes that are no text; in Base64.
  private func searchString() -> DocumentValue {
    anyOf("L2FkbWlu", "dGVzdA==", "MTIz", "dHJ1ZQ==", "bm8=", "w6k=", "AP/+gA==", "ICJhOiBiIyA=", "JHtYfQ==")
  }

  private func fingerprintMatch() -> DocumentValue {
    object([
      "ByteMatchStatement": object([
        "SearchString": text("ZDQxZDhjZDk4ZjAwYjIwNGU5ODAwOTk4ZWNmODQyN2U="),
        "FieldToMatch": object(["JA3Fingerprint": object(["FallbackBehavior": anyOf("MATCH", "NO_MATCH")])]),
        "TextTransformations": array([object(["Priority": number(0), "Type": text("NONE")])]), "PositionalConstraint": text("EXACTLY"),
      ])
    ])
  }

  private func forwarded() -> DocumentValue {
    object(["HeaderName": text("X-Forwarded-For"), "FallbackBehavior": anyOf("MATCH", "NO_MATCH")])
  }

  private func inspected(_ members: KeyValuePairs<String, DocumentValue?>) -> DocumentValue {
    var all = object(members).members ?? []
    all.append(.init("FieldToMatch", field()))
    all.append(.init("TextTransformations", transformations()))
    return DocumentValue(.object(all), node: 0)
  }

  private func transformations() -> DocumentValue {
    let types = ["NONE", "LOWERCASE", "URL_DECODE", "HTML_ENTITY_DECODE", "COMPRESS_WHITE_SPACE", "BASE64_DECODE", "NORMALIZE_PATH_WIN", "MD5"]
    return array((0...random.number(below: 3)).map { object(["Priority": number($0 * 2), "Type": text(random.pick(types))]) })
  }

  private func field() -> DocumentValue {
    let oversize = anyOf("CONTINUE", "MATCH", "NO_MATCH")
    let scope = anyOf("ALL", "KEY", "VALUE")
    switch random.number(below: 12) {
    case 0: return object(["Method": empty])
    case 1: return object(["UriPath": empty])
    case 2: return object(["QueryString": empty])
    case 3: return object(["UriFragment": object(["FallbackBehavior": anyOf("MATCH", "NO_MATCH")])])
    case 4: return object(["SingleHeader": object(["Name": anyOf("user-agent", "Host")])])
    case 5: return object(["SingleQueryArgument": object(["Name": text("id")])])
    case 6: return object(["AllQueryArguments": empty])
    case 7: return object(["Headers": object(["MatchPattern": pattern("Headers"), "MatchScope": scope, "OversizeHandling": oversize])])
    case 8: return object(["Cookies": object(["MatchPattern": pattern("Cookies"), "MatchScope": scope, "OversizeHandling": oversize])])
    case 9: return object(["HeaderOrder": object(["OversizeHandling": oversize])])
    case 10: return object(["Body": object(["OversizeHandling": maybe(oversize)])])
    default:
      let match = chance(50) ? object(["All": empty]) : object(["IncludedPaths": array([text("/user/name"), text("/items/0")])])
      return object([
        "JsonBody": object([
          "MatchPattern": match, "MatchScope": scope, "InvalidFallbackBehavior": maybe(anyOf("MATCH", "NO_MATCH", "EVALUATE_AS_STRING")),
          "OversizeHandling": maybe(oversize),
        ])
      ])
    }
  }

  private func pattern(_ names: String) -> DocumentValue {
    switch random.number(below: 3) {
    case 0: object(["All": empty])
    case 1: object(["Included\(names)": array([text("a"), text("x-b")])])
    default: object(["Excluded\(names)": array([text("session")])])
    }
  }

  private func rate(_ isGlobal: Bool) -> DocumentValue {
    let type = random.pick(["IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"])
    var keys: DocumentValue?
    var needsForwarded = type == "FORWARDED_IP"
    if type == "CUSTOM_KEYS" {
      let list = customKeys()
      needsForwarded = list.contains { $0["ForwardedIP"] != nil }
      keys = array(list)
    }
    let scopeDown = type == "CONSTANT" || chance(50) ? statement(depth: 2, isGlobal) : nil
    return object([
      "Limit": number(random.pick([10, 100, 2_000_000_000])), "EvaluationWindowSec": maybe(number(random.pick([60, 120, 300, 600]))),
      "AggregateKeyType": text(type), "CustomKeys": keys, "ForwardedIPConfig": needsForwarded ? forwarded() : nil, "ScopeDownStatement": scopeDown,
    ])
  }

  /// Two to five of the twelve keys; addresses never stand alone.
  private func customKeys() -> [DocumentValue] {
    func named(_ name: String) -> DocumentValue { object(["Name": text(name), "TextTransformations": transformations()]) }
    let fallback = object(["FallbackBehavior": anyOf("MATCH", "NO_MATCH")])
    var keys = [
      object(["Header": named("x-api-key")]), object(["Cookie": named("session")]), object(["QueryArgument": named("id")]),
      object(["QueryString": object(["TextTransformations": transformations()])]), object(["HTTPMethod": empty]), object(["IP": empty]),
      object(["LabelNamespace": object(["Namespace": text("team:")])]), object(["UriPath": object(["TextTransformations": transformations()])]),
      object(["JA3Fingerprint": fallback]), object(["JA4Fingerprint": fallback]), object(["ASN": empty]), object(["ForwardedIP": empty]),
    ]
    keys.shuffle(using: &random)
    return Array(keys.prefix(2 + random.number(below: 4)))
  }
}
