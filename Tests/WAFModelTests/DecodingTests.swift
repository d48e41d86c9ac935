import TestSupport
import Testing
import WAFBase
import WAFDocuments
import WAFModel

private let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":true,"CloudWatchMetricsEnabled":false,"MetricName":"m"}"#

private func load(_ text: String, _ options: DecodingOptions = DecodingOptions()) throws -> RuleDocuments {
  let loaded = DocumentLoader(LoadingOptions(decoding: options)).load(texts: [(name: "acl.json", bytes: Array(text.utf8))])
  return try #require(loaded.documents, "\(loaded.findings.kept.map(\.description))")
}

/// The statement of a web ACL's only rule.
private func statement(_ text: String, _ options: DecodingOptions = DecodingOptions()) throws -> Statement {
  try #require(
    try load("[{\"Name\":\"r\",\"Priority\":0,\"Action\":{\"Block\":{}},\(visibility),\"Statement\":\(text)}]", options).webACL.rules.first
  ).statement
}

@Test func transformationsAreSortedByPriority() throws {
  let decoded = try statement(
    #"""
    {"XssMatchStatement":{"FieldToMatch":{"Body":{}},"TextTransformations":[{"Priority":7,"Type":"LOWERCASE"},{"Priority":2,"Type":"URL_DECODE"}]}}
    """#)
  #expect(decoded == .xssMatch(XssMatchStatement(inspection: Inspection(.body(.continue), [.urlDecode, .lowercase]))))
}

@Test(arguments: TextTransformation.allCases)
func everyTransformation(_ transformation: TextTransformation) throws {
  let decoded = try statement(
    #"""
    {"XssMatchStatement":{"FieldToMatch":{"UriPath":{}},"TextTransformations":[{"Priority":0,"Type":"\#(transformation.rawValue)"}]}}
    """#)
  #expect(decoded == .xssMatch(XssMatchStatement(inspection: Inspection(.uriPath, [transformation]))))
}

/// How a document's search strings are read (IN-5).
@Test(arguments: [
  ("L2FkbWlu", SearchStringEncoding.auto, "/admin"), ("L2FkbWlu", .plain, "L2FkbWlu"), ("L2FkbWlu", .base64, "/admin"), ("test", .auto, "test"),
  ("/admin", .auto, "/admin"), ("w6k=", .auto, "\u{e9}"),
])
func searchStrings(_ written: String, _ encoding: SearchStringEncoding, _ expected: String) throws {
  let text =
    #"""
    {"ByteMatchStatement":{"SearchString":"\#(written)","FieldToMatch":{"Method":{}},"TextTransformations":[{"Priority":0,"Type":"NONE"}],
    "PositionalConstraint":"CONTAINS"}}
    """#
  guard case .byteMatch(let match) = try statement(text, DecodingOptions(searchString: encoding)) else {
    Issue.record("no byte match")
    return
  }
  #expect(match.searchString == Array(expected.utf8))
}

@Test func bundlesAreAlwaysBase64() throws {
  let rule =
    #"""
    {"Name":"r","Priority":0,"Action":{"Block":{}},\#(visibility),"Statement":{"ByteMatchStatement":{"SearchString":"test",
    "FieldToMatch":{"Method":{}},"TextTransformations":[{"Priority":0,"Type":"NONE"}],"PositionalConstraint":"CONTAINS"}}}
    """#
  let bundle = #"{"WebACL":{"Name":"a","DefaultAction":{"Allow":{}},\#(visibility),"Rules":[\#(rule)]},"IPSets":[]}"#
  guard case .byteMatch(let match) = try load(bundle, DecodingOptions(searchString: .plain)).webACL.rules.first?.statement else {
    Issue.record("no byte match")
    return
  }
  #expect(match.searchString == [0xb5, 0xeb, 0x2d])
}

@Test func rateBasedStatement() throws {
  let decoded = try statement(
    #"""
    {"RateBasedStatement":{"Limit":"500","AggregateKeyType":"CUSTOM_KEYS","CustomKeys":[{"IP":{}},{"Header":{"Name":"x-api-key",
    "TextTransformations":[{"Priority":0,"Type":"NONE"}]}}],"ScopeDownStatement":{"GeoMatchStatement":{"CountryCodes":["JP"]}}}}
    """#)
  #expect(
    decoded
      == .rateBased(
        RateBasedStatement(
          limit: 500, evaluationWindow: 300, aggregateKeyType: .customKeys,
          customKeys: [.ip, .header(name: "x-api-key", transformations: [.none])], scopeDown: .geoMatch(GeoMatchStatement(countryCodes: ["JP"])))))
}

@Test func ruleAndWebACL() throws {
  let document = try load(
    #"""
    {"WebACL":{"Name":"shop","ARN":"arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/x","DefaultAction":{"Block":{"CustomResponse":
    {"ResponseCode":403,"CustomResponseBodyKey":"no","ResponseHeaders":[{"Name":"a","Value":"b"}]}}},\#(visibility),"Capacity":12,
    "CustomResponseBodies":{"no":{"ContentType":"TEXT_HTML","Content":"<p>"}},"CaptchaConfig":{"ImmunityTimeProperty":{"ImmunityTime":60}},
    "AssociationConfig":{"RequestBody":{"CLOUDFRONT":{"DefaultSizeInspectionLimit":"KB_32"}}},"Rules":[
    {"Name":"late","Priority":9,"Action":{"Count":{"CustomRequestHandling":{"InsertHeaders":[{"Name":"n","Value":"v"}]}}},\#(visibility),
     "RuleLabels":[{"Name":"a:b"},{"Name":"c"}],"ChallengeConfig":{"ImmunityTimeProperty":{"ImmunityTime":300}},
     "Statement":{"NotStatement":{"Statement":{"AsnMatchStatement":{"AsnList":[0,4294967295]}}}}},
    {"Name":"early","Priority":1,"OverrideAction":{"Count":{}},\#(visibility),"Statement":{"ManagedRuleGroupStatement":{"VendorName":"AWS",
     "Name":"AWSManagedRulesSQLiRuleSet","Version":"Version_1.0","ExcludedRules":[{"Name":"SQLi_BODY"}],
     "RuleActionOverrides":[{"Name":"SQLi_COOKIE","ActionToUse":{"Captcha":{}}}]}}}]},"LockToken":"t"}
    """#)
  let acl = document.webACL
  #expect(acl.scope == .cloudFront && acl.declaredCapacity == 12 && acl.captchaImmunity == 60 && acl.challengeImmunity == nil)
  #expect(acl.origin.path == "$.WebACL" && acl.bodyLimits == [BodyLimit(resource: "CLOUDFRONT", bytes: 32_768)])
  #expect(acl.defaultAction == .block(CustomResponse(responseCode: 403, bodyKey: "no", headers: [CustomHeader(name: "a", value: "b")])))
  #expect(acl.customResponseBodies == [CustomResponseBody(key: "no", contentType: "TEXT_HTML", content: "<p>")])
  // Document order is kept; evaluation sorts.
  #expect(acl.rules.map(\.name) == ["late", "early"])
  let late = acl.rules[0]
  #expect(late.origin.path == "$.WebACL.Rules[0]" && late.priority == 9 && late.labels == ["a:b", "c"] && late.challengeImmunity == 300)
  #expect(late.action == .action(.count([CustomHeader(name: "n", value: "v")])))
  #expect(late.statement == .not(.asnMatch(AsnMatchStatement(asnList: [0, 4_294_967_295]))))
  #expect(late.visibility == VisibilityConfig(metricName: "m", sampledRequestsEnabled: true, metricsEnabled: false))
  #expect(acl.rules[1].action == .override(.count))
  #expect(
    acl.rules[1].statement
      == .managedRuleGroup(
        ManagedRuleGroupStatement(
          vendorName: "AWS", name: "AWSManagedRulesSQLiRuleSet", version: "Version_1.0", excludedRules: ["SQLi_BODY"],
          overrides: [RuleActionOverride(name: "SQLi_COOKIE", action: .captcha([]))])))
}

@Test func countryCodesAreWhole() {
  #expect(CountryCodes.all.count == 250)
  #expect(Set(CountryCodes.all).count == 250)
  #expect(CountryCodes.all.contains("XK") && !CountryCodes.all.contains("XX"))
}

/// Any change to a document gives findings or a meaning, never a trap (P1).
@Test func damagedDocumentsNeverTrap() {
  let text = Array(
    #"""
    {"WebACL":{"Name":"a","DefaultAction":{"Allow":{}},\#(visibility),"Rules":[{"Name":"r","Priority":0,"Action":{"Block":{}},\#(visibility),
    "Statement":{"AndStatement":{"Statements":[{"RegexMatchStatement":{"RegexString":"a{2,3}[b-c]","FieldToMatch":{"JsonBody":{"MatchPattern":
    {"IncludedPaths":["/a/b"]},"MatchScope":"ALL"}},"TextTransformations":[{"Priority":0,"Type":"NONE"}]}},{"LabelMatchStatement":{"Scope":
    "NAMESPACE","Key":"a:b"}}]}}}]},"IPSets":[{"Name":"s","IPAddressVersion":"IPV6","Addresses":["2001:db8::/32"]}]}
    """#.utf8)
  let values: [UInt8] = [0x00, 0x22, 0x2c, 0x30, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x80, 0xff]
  for position in text.indices {
    for value in [values[position % values.count], values[(position + 5) % values.count]] {
      var damaged = text
      damaged[position] = value
      let loaded = DocumentLoader().load(texts: [(name: "a.json", bytes: damaged)])
      #expect((loaded.documents == nil) == loaded.findings.hasErrors)
    }
    let cut = DocumentLoader().load(texts: [(name: "a.json", bytes: Array(text[..<position]))])
    #expect(cut.findings.hasErrors)
  }
}
