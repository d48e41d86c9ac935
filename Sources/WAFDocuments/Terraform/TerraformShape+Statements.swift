extension TerraformShape {
  /// The part of the table that is about statements.
  var statementList: [TerraformMember] {
    switch self {
    case .statement:
      [
        .block("AndStatement", .operands), .block("OrStatement", .operands), .block("NotStatement", .operand),
        .block("ByteMatchStatement", .byteMatch),
        .block("SqliMatchStatement", .sqliMatch), .block("XssMatchStatement", .xssMatch), .block("SizeConstraintStatement", .sizeConstraint),
        .block("RegexMatchStatement", .regexMatch), .block("GeoMatchStatement", .geoMatch), .block("AsnMatchStatement", .asnMatch),
        .block("LabelMatchStatement", .labelMatch), .block("IPSetReferenceStatement", .ipSetReference),
        .block("RegexPatternSetReferenceStatement", .regexPatternSetReference), .block("RuleGroupReferenceStatement", .groupReference),
        .block("ManagedRuleGroupStatement", .managedGroup), .block("RateBasedStatement", .rateBased),
      ]
    case .operands: [.blocks("Statements", .statement)]
    case .operand: [.block("Statement", .statement)]
    case .byteMatch: [.other("SearchString", .searchString), .scalar("PositionalConstraint")] + inspection
    case .sqliMatch: [.scalar("SensitivityLevel", [.optional, .computed])] + inspection
    case .xssMatch: inspection
    case .sizeConstraint: [.scalar("ComparisonOperator"), .scalar("Size")] + inspection
    case .regexMatch: [.scalar("RegexString")] + inspection
    case .geoMatch: [.scalars("CountryCodes"), .block("ForwardedIPConfig", .forwardedIP)]
    case .asnMatch: [.scalars("AsnList"), .block("ForwardedIPConfig", .forwardedIP)]
    case .labelMatch: [.scalar("Scope"), .scalar("Key")]
    case .ipSetReference: [.other("ARN", .reference), .block("IPSetForwardedIPConfig", .ipSetForwardedIP)]
    case .regexPatternSetReference: [.other("ARN", .reference)] + inspection
    case .groupReference: [.other("ARN", .reference)] + overrides
    case .managedGroup:
      [
        .scalar("VendorName"), .scalar("Name"), .scalar("Version", [.optional, .computed]), .block("ScopeDownStatement", .statement),
        .blocks("ManagedRuleGroupConfigs", .managedConfig, as: "managed_rule_group_configs"),
      ] + overrides
    case .rateBased:
      [
        .scalar("Limit"), .scalar("EvaluationWindowSec", [.optional, .computed]), .scalar("AggregateKeyType", fallback: "IP"),
        .blocks("CustomKeys", .customKey, or: ["custom_keys"]), .block("ForwardedIPConfig", .forwardedIP), .block("ScopeDownStatement", .statement),
      ]
    case .forwardedIP: [.scalar("HeaderName"), .scalar("FallbackBehavior")]
    case .ipSetForwardedIP: [.scalar("HeaderName"), .scalar("FallbackBehavior"), .scalar("Position")]
    case .actionOverride: [.scalar("Name"), .block("ActionToUse", .action)]
    case .customKey:
      [
        .block("Header", .namedKey), .block("Cookie", .namedKey), .block("QueryArgument", .namedKey), .block("QueryString", .plainKey),
        .block("UriPath", .plainKey), .block("LabelNamespace", .labelNamespace), .block("HTTPMethod", .empty), .block("ForwardedIP", .empty),
        .block("IP", .empty), .block("ASN", .empty), .block("JA3Fingerprint", .fingerprint), .block("JA4Fingerprint", .fingerprint),
      ]
    case .namedKey: [.scalar("Name"), .blocks("TextTransformations", .transformation)]
    case .plainKey: [.blocks("TextTransformations", .transformation)]
    case .labelNamespace: [.scalar("Namespace")]
    case .fieldToMatch:
      [
        .block("Method", .empty), .block("UriPath", .empty), .block("QueryString", .empty), .block("AllQueryArguments", .empty),
        .block("SingleHeader", .named), .block("SingleQueryArgument", .named), .block("Headers", .headers), .block("Cookies", .cookies),
        .block("HeaderOrder", .headerOrder), .block("Body", .body), .block("JsonBody", .jsonBody), .block("JA3Fingerprint", .fingerprint),
        .block("JA4Fingerprint", .fingerprint), .block("UriFragment", .uriFragment),
      ]
    case .transformation: [.scalar("Priority"), .scalar("Type")]
    case .headers: [.block("MatchPattern", .headerPattern), .scalar("MatchScope"), .scalar("OversizeHandling")]
    case .headerPattern: [.block("All", .empty), .scalars("IncludedHeaders"), .scalars("ExcludedHeaders")]
    case .cookies: [.block("MatchPattern", .cookiePattern), .scalar("MatchScope"), .scalar("OversizeHandling")]
    case .cookiePattern: [.block("All", .empty), .scalars("IncludedCookies"), .scalars("ExcludedCookies")]
    case .jsonBody:
      [
        .block("MatchPattern", .jsonPattern), .scalar("MatchScope"), .scalar("InvalidFallbackBehavior", .optional),
        .scalar("OversizeHandling", [.optional, .computed]),
      ]
    case .jsonPattern: [.block("All", .empty), .scalars("IncludedPaths")]
    case .body: [.scalar("OversizeHandling", [.optional, .computed])]
    case .headerOrder: [.scalar("OversizeHandling")]
    case .uriFragment: [.scalar("FallbackBehavior", [.optional, .computed])]
    case .fingerprint: [.scalar("FallbackBehavior")]
    default: managedConfigList
    }
  }

  /// What statements have that look at a component of the request.
  private var inspection: [TerraformMember] { [.block("FieldToMatch", .fieldToMatch), .blocks("TextTransformations", .transformation)] }

  /// What references to groups change in them.
  private var overrides: [TerraformMember] { [.blocks("RuleActionOverrides", .actionOverride), .blocks("ExcludedRules", .named, .lacking)] }

  /// The part of the table that is about settings of managed groups.
  private var managedConfigList: [TerraformMember] {
    switch self {
    case .managedConfig:
      [
        .block("AWSManagedRulesBotControlRuleSet", .botControl), .block("AWSManagedRulesATPRuleSet", .accountTakeover),
        .block("AWSManagedRulesACFPRuleSet", .accountCreation),
        .block("AWSManagedRulesAntiDDoSRuleSet", .antiDDoS, as: "aws_managed_rules_anti_ddos_rule_set"), .scalar("LoginPath", .optional),
        .scalar("PayloadType", [.optional, .computed]), .block("UsernameField", .identifier), .block("PasswordField", .identifier),
      ]
    case .botControl: [.scalar("InspectionLevel"), .scalar("EnableMachineLearning", .computed)]
    case .accountTakeover:
      [
        .scalar("LoginPath"), .block("RequestInspection", .requestInspection), .block("ResponseInspection", .responseInspection),
        .scalar("EnableRegexInPath", .computed),
      ]
    case .accountCreation:
      [
        .scalar("CreationPath"), .scalar("RegistrationPagePath"), .block("RequestInspection", .requestInspection),
        .block("ResponseInspection", .responseInspection), .scalar("EnableRegexInPath", .computed),
      ]
    case .antiDDoS: [.block("ClientSideActionConfig", .clientSideAction), .scalar("SensitivityToBlock", [.optional, .computed])]
    case .clientSideAction: [.block("Challenge", .challenge)]
    case .challenge:
      [.scalar("UsageOfAction"), .scalar("Sensitivity", [.optional, .computed]), .blocks("ExemptUriRegularExpressions", .regex)]
    case .requestInspection:
      [
        .scalar("PayloadType"), .block("UsernameField", .identifier), .block("PasswordField", .identifier), .block("EmailField", .identifier),
        .other("PhoneNumberFields", .identifiers), .other("AddressFields", .identifiers),
      ]
    case .responseInspection:
      [
        .block("StatusCode", .statusCode), .block("Header", .responseHeader), .block("BodyContains", .bodyContains), .block("Json", .responseJSON),
      ]
    case .statusCode: [.scalars("SuccessCodes"), .scalars("FailureCodes")]
    case .responseHeader: [.scalar("Name"), .scalars("SuccessValues"), .scalars("FailureValues")]
    case .bodyContains: [.scalars("SuccessStrings"), .scalars("FailureStrings")]
    case .responseJSON: [.scalar("Identifier"), .scalars("SuccessValues"), .scalars("FailureValues")]
    case .identifier: [.scalar("Identifier")]
    default: []
    }
  }
}
