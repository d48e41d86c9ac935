/// A managed rule group as its vendor publishes it: names, actions and labels, never the patterns.
public struct ManagedRuleGroup: Equatable, Sendable {
  /// Vendor such as `AWS`.
  public var vendor: String
  /// Name such as `AWSManagedRulesCommonRuleSet`.
  public var name: String
  /// Web ACL capacity units.
  public var capacity: Int
  /// Prefix of its labels; it does not follow from the name (MG-3).
  public var labelNamespace: String
  /// The rules, in the order of the published listing, which is taken for the order of evaluation.
  public var rules: [ManagedRule]
}

/// A rule of a managed rule group.
public struct ManagedRule: Equatable, Sendable {
  /// Exact name, as overrides spell it.
  public var name: String
  /// Its own action.
  public var action: ActionKind
  /// Labels it adds, fully qualified.
  public var labels: [String]
}

/// The published AWS managed rule groups.
///
/// Source: AWS WAF Developer Guide, "AWS Managed Rules rule groups list" and the page of each group; spec of managed rule groups.
public enum ManagedRuleGroups {
  /// The group called `name` of `vendor`; nil when it is not listed here.
  public static func find(vendor: String, name: String) -> ManagedRuleGroup? { all.first { $0.vendor == vendor && $0.name == name } }

  /// All listed groups.
  public static let all: [ManagedRuleGroup] = [
    common, adminProtection, knownBadInputs, sqli, linux, unix,
    windows, php, wordPress, amazonIpReputation, anonymousIp, botControl,
    atp, acfp, antiDDoS,
  ]

  /// - Parameter rules: Name, action where it is not Block, and labels after the namespace.
  private static func group(
    _ name: String, _ capacity: Int, _ namespace: String, _ rules: [(name: String, action: ActionKind, labels: [String])]
  ) -> ManagedRuleGroup {
    ManagedRuleGroup(
      vendor: "AWS", name: name, capacity: capacity, labelNamespace: namespace,
      rules: rules.map { ManagedRule(name: $0.name, action: $0.action, labels: $0.labels.map { namespace + $0 }) })
  }

  private static let common = group(
    "AWSManagedRulesCommonRuleSet", 700, "awswaf:managed:aws:core-rule-set:",
    [
      ("NoUserAgent_HEADER", .block, ["NoUserAgent_Header"]),
      ("UserAgent_BadBots_HEADER", .block, ["BadBots_Header"]),
      ("SizeRestrictions_QUERYSTRING", .block, ["SizeRestrictions_QueryString"]),
      ("SizeRestrictions_Cookie_HEADER", .block, ["SizeRestrictions_Cookie_Header"]),
      ("SizeRestrictions_BODY", .block, ["SizeRestrictions_Body"]),
      ("SizeRestrictions_URIPATH", .block, ["SizeRestrictions_URIPath"]),
      ("EC2MetaDataSSRF_BODY", .block, ["EC2MetaDataSSRF_Body"]),
      ("EC2MetaDataSSRF_COOKIE", .block, ["EC2MetaDataSSRF_Cookie"]),
      ("EC2MetaDataSSRF_URIPATH", .block, ["EC2MetaDataSSRF_URIPath"]),
      ("EC2MetaDataSSRF_QUERYARGUMENTS", .block, ["EC2MetaDataSSRF_QueryArguments"]),
      ("GenericLFI_QUERYARGUMENTS", .block, ["GenericLFI_QueryArguments"]),
      ("GenericLFI_URIPATH", .block, ["GenericLFI_URIPath"]),
      ("GenericLFI_BODY", .block, ["GenericLFI_Body"]),
      ("RestrictedExtensions_URIPATH", .block, ["RestrictedExtensions_URIPath"]),
      ("RestrictedExtensions_QUERYARGUMENTS", .block, ["RestrictedExtensions_QueryArguments"]),
      ("GenericRFI_QUERYARGUMENTS", .block, ["GenericRFI_QueryArguments"]),
      ("GenericRFI_BODY", .block, ["GenericRFI_Body"]),
      ("GenericRFI_URIPATH", .block, ["GenericRFI_URIPath"]),
      ("CrossSiteScripting_COOKIE", .block, ["CrossSiteScripting_Cookie"]),
      ("CrossSiteScripting_QUERYARGUMENTS", .block, ["CrossSiteScripting_QueryArguments"]),
      ("CrossSiteScripting_BODY", .block, ["CrossSiteScripting_Body"]),
      ("CrossSiteScripting_URIPATH", .block, ["CrossSiteScripting_URIPath"]),
    ])

  private static let adminProtection = group(
    "AWSManagedRulesAdminProtectionRuleSet", 100, "awswaf:managed:aws:admin-protection:",
    [
      ("AdminProtection_URIPATH", .block, ["AdminProtection_URIPath"])
    ])

  private static let knownBadInputs = group(
    "AWSManagedRulesKnownBadInputsRuleSet", 200, "awswaf:managed:aws:known-bad-inputs:",
    [
      ("JavaDeserializationRCE_HEADER", .block, ["JavaDeserializationRCE_Header"]),
      ("JavaDeserializationRCE_BODY", .block, ["JavaDeserializationRCE_Body"]),
      ("JavaDeserializationRCE_URIPATH", .block, ["JavaDeserializationRCE_URIPath"]),
      ("JavaDeserializationRCE_QUERYSTRING", .block, ["JavaDeserializationRCE_QueryString"]),
      ("Host_localhost_HEADER", .block, ["Host_Localhost_Header"]),
      ("PROPFIND_METHOD", .block, ["Propfind_Method"]),
      ("ExploitablePaths_URIPATH", .block, ["ExploitablePaths_URIPath"]),
      ("Log4JRCE_HEADER", .block, ["Log4JRCE_Header"]),
      ("Log4JRCE_QUERYSTRING", .block, ["Log4JRCE_QueryString"]),
      ("Log4JRCE_BODY", .block, ["Log4JRCE_Body"]),
      ("Log4JRCE_URIPATH", .block, ["Log4JRCE_URIPath"]),
      ("ReactJSRCE_BODY", .block, ["ReactJSRCE_Body"]),
    ])

  private static let sqli = group(
    "AWSManagedRulesSQLiRuleSet", 200, "awswaf:managed:aws:sql-database:",
    [
      ("SQLi_QUERYARGUMENTS", .block, ["SQLi_QueryArguments"]),
      ("SQLiExtendedPatterns_QUERYARGUMENTS", .block, ["SQLiExtendedPatterns_QueryArguments"]),
      ("SQLi_BODY", .block, ["SQLi_Body"]),
      ("SQLiExtendedPatterns_BODY", .block, ["SQLiExtendedPatterns_Body"]),
      ("SQLiExtendedPatterns_HEADER", .block, ["SQLiExtendedPatterns_Header"]),
      ("SQLiExtendedPatterns_URIPATH", .block, ["SQLiExtendedPatterns_UriPath"]),
      ("SQLi_COOKIE", .block, ["SQLi_Cookie"]),
      ("SQLi_URIPATH", .block, ["SQLi_URIPath"]),
    ])

  private static let linux = group(
    "AWSManagedRulesLinuxRuleSet", 200, "awswaf:managed:aws:linux-os:",
    [
      ("LFI_URIPATH", .block, ["LFI_URIPath"]),
      ("LFI_QUERYSTRING", .block, ["LFI_QueryString"]),
      ("LFI_HEADER", .block, ["LFI_Header"]),
    ])

  private static let unix = group(
    "AWSManagedRulesUnixRuleSet", 100, "awswaf:managed:aws:posix-os:",
    [
      ("UNIXShellCommandsVariables_QUERYSTRING", .block, ["UNIXShellCommandsVariables_QueryString"]),
      ("UNIXShellCommandsVariables_BODY", .block, ["UNIXShellCommandsVariables_Body"]),
      ("UNIXShellCommandsVariables_HEADER", .block, ["UNIXShellCommandsVariables_Header"]),
    ])

  private static let windows = group(
    "AWSManagedRulesWindowsRuleSet", 200, "awswaf:managed:aws:windows-os:",
    [
      ("WindowsShellCommands_COOKIE", .block, ["WindowsShellCommands_Cookie"]),
      ("WindowsShellCommands_HEADER", .block, ["WindowsShellCommands_Header"]),
      ("WindowsShellCommands_QUERYARGUMENTS", .block, ["WindowsShellCommands_QueryArguments"]),
      ("WindowsShellCommands_QUERYSTRING", .block, ["WindowsShellCommands_QueryString"]),
      ("WindowsShellCommands_URIPATH", .block, ["WindowsShellCommands_UriPath"]),
      ("WindowsShellCommands_BODY", .block, ["WindowsShellCommands_Body"]),
      ("PowerShellCommands_COOKIE", .block, ["PowerShellCommands_Cookie"]),
      ("PowerShellCommands_QUERYARGUMENTS", .block, ["PowerShellCommands_QueryArguments"]),
      ("PowerShellCommands_BODY", .block, ["PowerShellCommands_Body"]),
    ])

  private static let php = group(
    "AWSManagedRulesPHPRuleSet", 100, "awswaf:managed:aws:php-app:",
    [
      ("PHPHighRiskMethodsVariables_HEADER", .block, ["PHPHighRiskMethodsVariables_Header"]),
      ("PHPHighRiskMethodsVariables_QUERYSTRING", .block, ["PHPHighRiskMethodsVariables_QueryString"]),
      ("PHPHighRiskMethodsVariables_BODY", .block, ["PHPHighRiskMethodsVariables_Body"]),
      ("PHPHighRiskMethodsVariables_URIPATH", .block, ["PHPHighRiskMethodsVariables_URIPath"]),
    ])

  private static let wordPress = group(
    "AWSManagedRulesWordPressRuleSet", 100, "awswaf:managed:aws:wordpress-app:",
    [
      ("WordPressExploitableCommands_QUERYSTRING", .block, ["WordPressExploitableCommands_QUERYSTRING"]),
      ("WordPressExploitablePaths_URIPATH", .block, ["WordPressExploitablePaths_URIPATH"]),
    ])

  private static let amazonIpReputation = group(
    "AWSManagedRulesAmazonIpReputationList", 25, "awswaf:managed:aws:amazon-ip-list:",
    [
      ("AWSManagedIPReputationList", .block, ["AWSManagedIPReputationList"]),
      ("AWSManagedReconnaissanceList", .block, ["AWSManagedReconnaissanceList"]),
      ("AWSManagedIPDDoSList", .count, ["AWSManagedIPDDoSList"]),
    ])

  private static let anonymousIp = group(
    "AWSManagedRulesAnonymousIpList", 50, "awswaf:managed:aws:anonymous-ip-list:",
    [
      ("AnonymousIPList", .block, ["AnonymousIPList"]),
      ("HostingProviderIPList", .block, ["HostingProviderIPList"]),
    ])

  private static let botControl = group(
    "AWSManagedRulesBotControlRuleSet", 50, "awswaf:managed:aws:bot-control:",
    [
      ("CategoryAdvertising", .block, ["bot:category:advertising"]),
      ("CategoryArchiver", .block, ["bot:category:archiver"]),
      ("CategoryContentFetcher", .block, ["bot:category:content_fetcher"]),
      ("CategoryEmailClient", .block, ["bot:category:email_client"]),
      ("CategoryHttpLibrary", .block, ["bot:category:http_library"]),
      ("CategoryLinkChecker", .block, ["bot:category:link_checker"]),
      ("CategoryMiscellaneous", .block, ["bot:category:miscellaneous"]),
      ("CategoryMonitoring", .block, ["bot:category:monitoring"]),
      ("CategoryPagePreview", .block, ["bot:category:page_preview"]),
      ("CategoryScrapingFramework", .block, ["bot:category:scraping_framework"]),
      ("CategorySearchEngine", .block, ["bot:category:search_engine"]),
      ("CategorySecurity", .block, ["bot:category:security"]),
      ("CategorySeo", .block, ["bot:category:seo"]),
      ("CategorySocialMedia", .block, ["bot:category:social_media"]),
      ("CategoryWebhooks", .block, ["bot:category:webhooks"]),
      ("CategoryAI", .block, ["bot:category:ai", "CategoryAI"]),
      ("SignalAutomatedBrowser", .block, ["signal:automated_browser"]),
      ("SignalKnownBotDataCenter", .block, ["signal:known_bot_data_center"]),
      ("SignalNonBrowserUserAgent", .block, ["signal:non_browser_user_agent"]),
      ("TGT_VolumetricIpTokenAbsent", .challenge, ["targeted:aggregate:volumetric:ip:token_absent"]),
      ("TGT_TokenAbsent", .count, ["TGT_TokenAbsent"]),
      ("TGT_VolumetricSession", .captcha, ["targeted:aggregate:volumetric:session:high"]),
      ("TGT_VolumetricSessionMaximum", .block, ["targeted:aggregate:volumetric:session:maximum"]),
      ("TGT_SignalAutomatedBrowser", .captcha, ["targeted:signal:automated_browser"]),
      ("TGT_SignalBrowserAutomationExtension", .captcha, ["targeted:signal:browser_automation_extension"]),
      ("TGT_SignalBrowserInconsistency", .captcha, ["targeted:signal:browser_inconsistency"]),
      ("TGT_ML_CoordinatedActivityLow", .challenge, ["targeted:aggregate:coordinated_activity:low"]),
      ("TGT_ML_CoordinatedActivityMedium", .captcha, ["targeted:aggregate:coordinated_activity:medium"]),
      ("TGT_ML_CoordinatedActivityHigh", .captcha, ["targeted:aggregate:coordinated_activity:high"]),
      ("TGT_TokenReuseIpLow", .count, ["targeted:aggregate:volumetric:session:token_reuse:ip:low"]),
      ("TGT_TokenReuseIpMedium", .captcha, ["targeted:aggregate:volumetric:session:token_reuse:ip:medium"]),
      ("TGT_TokenReuseIpHigh", .block, ["targeted:aggregate:volumetric:session:token_reuse:ip:high"]),
      ("TGT_TokenReuseCountryLow", .count, ["targeted:aggregate:volumetric:session:token_reuse:country:low"]),
      ("TGT_TokenReuseCountryMedium", .captcha, ["targeted:aggregate:volumetric:session:token_reuse:country:medium"]),
      ("TGT_TokenReuseCountryHigh", .block, ["targeted:aggregate:volumetric:session:token_reuse:country:high"]),
      ("TGT_TokenReuseAsnLow", .count, ["targeted:aggregate:volumetric:session:token_reuse:asn:low"]),
      ("TGT_TokenReuseAsnMedium", .captcha, ["targeted:aggregate:volumetric:session:token_reuse:asn:medium"]),
      ("TGT_TokenReuseAsnHigh", .block, ["targeted:aggregate:volumetric:session:token_reuse:asn:high"]),
    ])

  private static let atp = group(
    "AWSManagedRulesATPRuleSet", 50, "awswaf:managed:aws:atp:",
    [
      ("UnsupportedCognitoIDP", .block, ["unsupported:cognito_idp", "UnsupportedCognitoIDP"]),
      ("VolumetricIpHigh", .block, ["aggregate:volumetric:ip:high", "VolumetricIpHigh"]),
      ("VolumetricSession", .block, ["aggregate:volumetric:session", "VolumetricSession"]),
      ("AttributeCompromisedCredentials", .block, ["aggregate:attribute:compromised_credentials", "AttributeCompromisedCredentials"]),
      ("AttributeUsernameTraversal", .block, ["aggregate:attribute:username_traversal", "AttributeUsernameTraversal"]),
      ("AttributePasswordTraversal", .block, ["aggregate:attribute:password_traversal", "AttributePasswordTraversal"]),
      ("AttributeLongSession", .block, ["aggregate:attribute:long_session", "AttributeLongSession"]),
      ("TokenRejected", .block, []),
      ("SignalMissingCredential", .block, ["signal:missing_credential", "SignalMissingCredential"]),
      (
        "VolumetricIpFailedLoginResponseHigh", .block,
        ["aggregate:volumetric:ip:failed_login_response:high", "VolumetricIpFailedLoginResponseHigh"]
      ),
      (
        "VolumetricSessionFailedLoginResponseHigh", .block,
        ["aggregate:volumetric:session:failed_login_response:high", "VolumetricSessionFailedLoginResponseHigh"]
      ),
    ])

  private static let acfp = group(
    "AWSManagedRulesACFPRuleSet", 50, "awswaf:managed:aws:acfp:",
    [
      ("UnsupportedCognitoIDP", .block, ["unsupported:cognito_idp", "UnsupportedCognitoIDP"]),
      ("AllRequests", .challenge, []),
      ("RiskScoreHigh", .block, ["risk_score:high", "RiskScoreHigh"]),
      ("SignalCredentialCompromised", .block, ["signal:credential_compromised", "SignalCredentialCompromised"]),
      ("SignalClientHumanInteractivityAbsentLow", .captcha, []),
      ("AutomatedBrowser", .block, ["signal:automated_browser", "AutomatedBrowser"]),
      ("BrowserInconsistency", .captcha, ["signal:browser_inconsistency", "BrowserInconsistency"]),
      ("VolumetricIpHigh", .captcha, ["aggregate:volumetric:ip:creation:high", "VolumetricIpHigh"]),
      ("VolumetricSessionHigh", .block, ["aggregate:volumetric:session:creation:high", "VolumetricSessionHigh"]),
      (
        "AttributeUsernameTraversalHigh", .block,
        ["aggregate:attribute:username_traversal:creation:high", "AttributeUsernameTraversalHigh"]
      ),
      ("VolumetricPhoneNumberHigh", .block, ["aggregate:volumetric:phone_number:high", "VolumetricPhoneNumberHigh"]),
      ("VolumetricAddressHigh", .block, ["aggregate:volumetric:address:high", "VolumetricAddressHigh"]),
      (
        "VolumetricAddressLow", .captcha,
        ["aggregate:volumetric:address:low", "aggregate:volumetric:address:medium", "VolumetricAddressMedium", "VolumetricAddressLow"]
      ),
      (
        "VolumetricIPSuccessfulResponse", .block,
        ["aggregate:volumetric:ip:successful_creation_response:high", "VolumetricIPSuccessfulResponse"]
      ),
      (
        "VolumetricSessionSuccessfulResponse", .block,
        ["aggregate:volumetric:session:successful_creation_response:low", "VolumetricSessionSuccessfulResponse"]
      ),
      ("VolumetricSessionTokenReuseIp", .block, ["aggregate:volumetric:session:creation:token_reuse:ip", "VolumetricSessionTokenReuseIp"]),
    ])

  private static let antiDDoS = group(
    "AWSManagedRulesAntiDDoSRuleSet", 50, "awswaf:managed:aws:anti-ddos:",
    [
      ("ChallengeAllDuringEvent", .challenge, ["ChallengeAllDuringEvent"]),
      ("ChallengeDDoSRequests", .challenge, ["ChallengeDDoSRequests"]),
      ("DDoSRequests", .block, ["DDoSRequests"]),
    ])
}
