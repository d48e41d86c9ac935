/// The closed list of findings about a rule document. Raw values are stable: reports and suppressions name them.
public enum FindingCode: String, CaseIterable, Sendable {
  // The text.
  case syntax = "syntax"
  case duplicateMember = "duplicate_member"
  case unreadableFile = "unreadable_file"
  case notADocument = "not_a_document"

  // Shape: what holds for any member.
  case missingMember = "missing_member"
  case unknownMember = "unknown_member"
  case wrongType = "wrong_type"
  case stringlyTypedScalar = "stringly_typed_scalar"
  case unknownValue = "unknown_value"
  case outOfRange = "out_of_range"
  case wrongLength = "wrong_length"
  case wrongCount = "wrong_count"
  case badCharacters = "bad_characters"
  case exactlyOneMember = "exactly_one_member"
  case duplicateValue = "duplicate_value"
  case ignoredMember = "ignored_member"

  // Templates and plans.
  case openValue = "open_value"
  case badTemplate = "bad_template"
  case unknownParameter = "unknown_parameter"

  // Test files.
  case emptySuite = "empty_suite"
  case badTest = "bad_test"

  // Rules.
  case exactlyOneStatement = "exactly_one_statement"
  case unsupportedStatement = "unsupported_statement"
  case unsupportedAction = "unsupported_action"
  case duplicateRuleName = "duplicate_rule_name"
  case duplicatePriority = "duplicate_priority"
  case actionMissing = "action_missing"
  case actionAndOverride = "action_and_override"
  case overrideOnPlainRule = "override_on_plain_rule"
  case actionOnGroupRule = "action_on_group_rule"
  case labelsOnGroupRule = "labels_on_group_rule"
  case allowOnRateRule = "allow_on_rate_rule"
  case customHandlingInOverride = "custom_handling_in_override"
  case badLabel = "bad_label"
  case namespaceWithoutColon = "namespace_without_colon"

  // Statements.
  case nestedStatement = "nested_statement"
  case groupInGroup = "group_in_group"
  case tooFewStatements = "too_few_statements"
  case nestedTooDeep = "nested_too_deep"
  case badBase64 = "bad_base64"
  case searchStringEncoding = "search_string_encoding"
  case emptySearchString = "empty_search_string"
  case containsWordCharacters = "contains_word_characters"
  case fingerprintMisuse = "fingerprint_misuse"
  case fingerprintTransformed = "fingerprint_transformed"
  case fingerprintLength = "fingerprint_length"
  case missingFallback = "missing_fallback"
  case longArgumentName = "long_argument_name"
  case invalidRegex = "invalid_regex"
  case regexLookaroundUnsupported = "regex_lookaround_unsupported"
  case longRegex = "long_regex"
  case tooManyCountries = "too_many_countries"
  case customKeysMissing = "custom_keys_missing"
  case customKeysUnused = "custom_keys_unused"
  case addressKeyAlone = "address_key_alone"
  case scopeDownMissing = "scope_down_missing"
  case forwardedConfigMissing = "forwarded_config_missing"
  case forwardedConfigUnused = "forwarded_config_unused"

  // Sets.
  case badAddress = "bad_address"
  case repeatedAddress = "repeated_address"
  case hostBitsSet = "host_bits_set"
  case wrongAddressVersion = "wrong_address_version"

  // Settings.
  case badResponseCode = "bad_response_code"
  case reservedHeader = "reserved_header"
  case unknownBodyKey = "unknown_body_key"
  case longResponseBody = "long_response_body"
  case unusualMetricName = "unusual_metric_name"
  case reservedMetricName = "reserved_metric_name"
  case publicSuffix = "public_suffix"
  case notModelled = "not_modelled"
  case responseInspectionScope = "response_inspection_scope"

  // References.
  case unresolvedReference = "unresolved_reference"
  case badReference = "bad_reference"
  case resolvedByName = "resolved_by_name"
  case scopeMismatch = "scope_mismatch"
  case regionMismatch = "region_mismatch"
  case unknownRuleInOverride = "unknown_rule_in_override"
  case overriddenTwice = "overridden_twice"
  case excludedAndOverridden = "excluded_and_overridden"
  case allowOverrideOnRateRule = "allow_override_on_rate_rule"
  case unknownManagedGroup = "unknown_managed_group"
  case noWebACL = "no_web_acl"
  case severalWebACLs = "several_web_acls"
  case duplicateEntity = "duplicate_entity"

  // Totals that an account may exceed or that only cost: errors of `check`, warnings elsewhere (capacity-and-quotas.md 2.2).
  case tooManyReferences = "too_many_references"
  case tooManyRateRules = "too_many_rate_rules"
  case tooManyAddresses = "too_many_addresses"
  case responseBodiesTooLarge = "response_bodies_too_large"
  case capacityExceeded = "capacity_exceeded"
  case groupCapacityExceeded = "group_capacity_exceeded"

  // What the web ACL costs (capacity-and-quotas.md 1.4).
  case capacityOverBasicPrice = "capacity_over_basic_price"
  case declaredCapacityDiffers = "declared_capacity_differs"

  // Adjustable account quotas: always warnings (2.1).
  case quotaExceeded = "quota_exceeded"

  // Lists of findings that are not wanted.
  case badSuppression = "bad_suppression"
  case unusedSuppression = "unused_suppression"

  // What AWS WAF accepts and its author hardly meant (lint): conditions that match nothing, or everything.
  case uppercaseAfterLowercase = "uppercase_after_lowercase"
  case searchStringNeverMatches = "search_string_never_matches"
  case encodedAfterDecode = "encoded_after_decode"
  case lowercaseMethod = "lowercase_method"
  case regexNeverMatches = "regex_never_matches"
  case conditionNeverMatches = "condition_never_matches"
  case conditionAlwaysMatches = "condition_always_matches"
  case sizeBeyondInspection = "size_beyond_inspection"
  case uninspectedBody = "uninspected_body"

  // Regular expressions.
  case regexNestedRepeats = "regex_nested_repeats"
  case regexUnanchored = "regex_unanchored"
  case regexUnescapedDot = "regex_unescaped_dot"
  case regexIsLiteral = "regex_is_literal"

  // Rules among others.
  case spoofableAllow = "spoofable_allow"
  case labelWithoutProducer = "label_without_producer"
  case labelBeforeProducer = "label_before_producer"
  case unreachableRule = "unreachable_rule"
  case shadowedRule = "shadowed_rule"
  case duplicateRule = "duplicate_rule"
  case countWithoutEffect = "count_without_effect"
  case missingBaseline = "missing_baseline"

  // Groups, rates and sets.
  case groupCountStopsEarly = "group_count_stops_early"
  case excludedRules = "excluded_rules"
  case scopeDownExemption = "scope_down_exemption"
  case rateCountsEverything = "rate_counts_everything"
  case rateLimitUnreachable = "rate_limit_unreachable"
  case subsumedAddress = "subsumed_address"
  case secretInSearchString = "secret_in_search_string"

  /// Whether it is a total of an account, which `check` takes as an error.
  public var isTotal: Bool {
    switch self {
    case .tooManyReferences, .tooManyRateRules, .tooManyAddresses, .responseBodiesTooLarge, .capacityExceeded, .groupCapacityExceeded: true
    default: false
    }
  }

  /// Severity where nothing else is said.
  public var severity: Severity {
    switch self {
    case .repeatedAddress, .stringlyTypedScalar, .ignoredMember, .namespaceWithoutColon, .searchStringEncoding, .forwardedConfigUnused, .notModelled,
      .notADocument, .resolvedByName, .capacityOverBasicPrice, .encodedAfterDecode, .uninspectedBody, .regexIsLiteral, .duplicateRule,
      .countWithoutEffect, .missingBaseline, .groupCountStopsEarly, .excludedRules, .rateCountsEverything, .subsumedAddress:
      .note
    case .emptySearchString, .fingerprintTransformed, .fingerprintLength, .missingFallback, .longArgumentName, .unusualMetricName, .publicSuffix,
      .regionMismatch, .excludedAndOverridden, .unknownManagedGroup, .tooManyReferences, .tooManyRateRules, .tooManyAddresses,
      .responseBodiesTooLarge, .capacityExceeded, .groupCapacityExceeded, .declaredCapacityDiffers, .quotaExceeded, .unusedSuppression,
      .uppercaseAfterLowercase, .searchStringNeverMatches, .lowercaseMethod, .regexNeverMatches, .conditionNeverMatches, .conditionAlwaysMatches,
      .sizeBeyondInspection, .regexNestedRepeats, .regexUnanchored, .regexUnescapedDot, .spoofableAllow, .labelWithoutProducer,
      .labelBeforeProducer, .unreachableRule, .shadowedRule, .scopeDownExemption, .rateLimitUnreachable, .secretInSearchString:
      .warning
    default: .error
    }
  }
}
