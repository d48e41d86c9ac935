extension TerraformShape {
  /// The table of all shapes: what each member of the API is in Terraform.
  var list: [TerraformMember] {
    switch self {
    case .webACL:
      entity + [
        .block("DefaultAction", .action), .blocks("Rules", .rule),
        .other("CustomResponseBodies", .keyedBlocks(.responseBody), as: "custom_response_body"),
        .block("VisibilityConfig", .visibility), .block("CaptchaConfig", .immunity), .block("ChallengeConfig", .immunity), .scalars("TokenDomains"),
        .block("AssociationConfig", .associationConfig), .block("DataProtectionConfig", .dataProtectionConfig),
        .scalar("Capacity", [.computed, .readOnly]), .scalar("LabelNamespace", [.computed, .readOnly]),
        .scalar("ManagedByFirewallManager", [.computed, .readOnly]), .scalar("RetrofittedByFirewallManager", [.computed, .readOnly]),
        .block("OnSourceDDoSProtectionConfig", .onSourceProtection, .lacking, as: "on_source_ddos_protection_config"),
        .block("ApplicationConfig", .applicationConfig, .lacking),
        .blocks("PreProcessFirewallManagerRuleGroups", .firewallManagerGroup, .lacking),
        .blocks("PostProcessFirewallManagerRuleGroups", .firewallManagerGroup, .lacking),
      ]
    case .ruleGroup:
      entity + [
        .scalar("Capacity"), .blocks("Rules", .rule), .other("CustomResponseBodies", .keyedBlocks(.responseBody), as: "custom_response_body"),
        .block("VisibilityConfig", .visibility), .scalar("LabelNamespace", [.computed, .readOnly]),
        .blocks("AvailableLabels", .label, [.computed, .readOnly]), .blocks("ConsumedLabels", .label, [.computed, .readOnly]),
      ]
    case .ipSet: entity + [.scalar("IPAddressVersion"), .scalars("Addresses", mayBeEmpty: true)]
    case .regexPatternSet: entity + [.blocks("RegularExpressionList", .regex, as: "regular_expression")]
    case .regex: [.scalar("RegexString")]
    case .responseBody: [.scalar("ContentType"), .scalar("Content", .harmless)]
    case .visibility:
      [
        .scalar("SampledRequestsEnabled"), .scalar("CloudWatchMetricsEnabled", as: "cloudwatch_metrics_enabled"), .scalar("MetricName", .harmless),
      ]
    case .associationConfig: [.block("RequestBody", .requestBody)]
    case .requestBody:
      [
        .block("CLOUDFRONT", .bodyLimit), .block("API_GATEWAY", .bodyLimit), .block("COGNITO_USER_POOL", .bodyLimit),
        .block("APP_RUNNER_SERVICE", .bodyLimit), .block("VERIFIED_ACCESS_INSTANCE", .bodyLimit),
      ]
    case .bodyLimit: [.scalar("DefaultSizeInspectionLimit")]
    case .dataProtectionConfig: [.blocks("DataProtections", .dataProtection)]
    case .dataProtection:
      [.block("Field", .protectedField), .scalar("Action"), .scalar("ExcludeRuleMatchDetails"), .scalar("ExcludeRateBasedDetails")]
    case .protectedField: [.scalar("FieldType"), .scalars("FieldKeys")]
    case .onSourceProtection: [.scalar("ALBLowReputationMode")]
    case .applicationConfig: [.blocks("Attributes", .applicationAttribute)]
    case .applicationAttribute: [.scalar("Name"), .scalars("Values")]
    case .firewallManagerGroup:
      [
        .scalar("Name"), .scalar("Priority"), .block("FirewallManagerStatement", .statement), .block("OverrideAction", .overrideAction),
        .block("VisibilityConfig", .visibility),
      ]
    case .rule:
      [
        .scalar("Name"), .scalar("Priority"), .block("Statement", .statement), .block("Action", .action), .block("OverrideAction", .overrideAction),
        .blocks("RuleLabels", .label), .block("CaptchaConfig", .immunity), .block("ChallengeConfig", .immunity),
        .block("VisibilityConfig", .visibility),
      ]
    case .label, .named: [.scalar("Name")]
    case .immunity: [.block("ImmunityTimeProperty", .immunityTime)]
    case .immunityTime: [.scalar("ImmunityTime", .optional)]
    case .action:
      [
        .block("Allow", .requestHandling), .block("Block", .blocking), .block("Count", .requestHandling), .block("Captcha", .requestHandling),
        .block("Challenge", .requestHandling),
      ]
    case .overrideAction: [.block("None", .empty), .block("Count", .requestHandling)]
    case .requestHandling: [.block("CustomRequestHandling", .insertedHeaders)]
    case .insertedHeaders: [.blocks("InsertHeaders", .header)]
    case .blocking: [.block("CustomResponse", .customResponse)]
    case .customResponse: [.scalar("ResponseCode"), .scalar("CustomResponseBodyKey", .optional), .blocks("ResponseHeaders", .header)]
    case .header: [.scalar("Name"), .scalar("Value", .harmless)]
    case .empty: []
    default: statementList
    }
  }

  /// What every entity has.
  private var entity: [TerraformMember] {
    [
      .scalar("Name"), .scalar("Scope"), .scalar("Description", [.optional, .harmless]), .scalar("ARN", [.computed, .readOnly]),
      .scalar("Id", [.computed, .readOnly]), .scalar("LockToken", [.computed, .readOnly]),
    ]
  }
}
