import WAF

/// A web ACL whose rules together look at every field, with every transformation, by every kind of statement that needs no other entity.
enum FuzzedWebACL {
  /// The web ACL as it is loaded.
  static let documents: RuleDocuments = {
    let loaded = DocumentLoader().load(texts: [(name: "acl.json", bytes: Array(text.utf8))])
    guard let documents = loaded.documents else { preconditionFailure("\(loaded.findings.kept)") }
    return documents
  }()

  /// It compiled.
  static let program: Program = {
    do {
      return try Program(compiling: documents)
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  private static let fields = [
    #"{"Method": {}}"#, #"{"UriPath": {}}"#, #"{"QueryString": {}}"#, #"{"SingleHeader": {"Name": "referer"}}"#,
    #"{"SingleQueryArgument": {"Name": "id"}}"#, #"{"AllQueryArguments": {}}"#, #"{"Body": {"OversizeHandling": "CONTINUE"}}"#,
    #"{"JsonBody": {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "InvalidFallbackBehavior": "EVALUATE_AS_STRING", "OversizeHandling": "MATCH"}}"#,
    #"{"Cookies": {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "OversizeHandling": "NO_MATCH"}}"#,
    #"{"Headers": {"MatchPattern": {"All": {}}, "MatchScope": "VALUE", "OversizeHandling": "CONTINUE"}}"#,
    #"{"HeaderOrder": {"OversizeHandling": "CONTINUE"}}"#, #"{"UriFragment": {"FallbackBehavior": "MATCH"}}"#,
  ]

  private static let transformations = [
    "NONE", "COMPRESS_WHITE_SPACE", "HTML_ENTITY_DECODE", "LOWERCASE", "CMD_LINE", "URL_DECODE", "BASE64_DECODE", "HEX_DECODE", "MD5",
    "REPLACE_COMMENTS", "ESCAPE_SEQ_DECODE", "SQL_HEX_DECODE", "CSS_DECODE", "JS_DECODE", "NORMALIZE_PATH", "NORMALIZE_PATH_WIN",
    "REMOVE_NULLS", "REPLACE_NULLS", "BASE64_DECODE_EXT", "URL_DECODE_UNI", "UTF8_TO_UNICODE",
  ]

  /// One Count rule for each field and transformation, the kinds of statements in turn; then the statements without a field.
  private static var text: String {
    var statements = fields.indices.flatMap { field in
      transformations.indices.map { chain in statement(field + chain, fields[field], transformations[chain]) }
    }
    statements += [
      #"{"ByteMatchStatement": {"SearchString": "e7d705a3286e19ea42f587b344ee6865", "PositionalConstraint": "EXACTLY", "FieldToMatch": "#
        + #"{"JA3Fingerprint": {"FallbackBehavior": "NO_MATCH"}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}"#,
      #"{"GeoMatchStatement": {"CountryCodes": ["FR", "US"]}}"#, #"{"AsnMatchStatement": {"AsnList": [64496]}}"#,
      #"{"NotStatement": {"Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": "fuzz:5"}}}}"#,
    ]
    let rules = statements.indices.map { number in
      #"{"Name": "rule-\#(number)", "Priority": \#(number), "Action": {"Count": {}}, "RuleLabels": [{"Name": "fuzz:\#(number)"}], "#
        + #""Statement": \#(statements[number]), \#(metrics)}"#
    }
    return #"{"Name": "fuzz", "DefaultAction": {"Allow": {}}, \#(metrics), "Rules": [\#(rules.joined(separator: ", "))]}"#
  }

  private static let metrics = #""VisibilityConfig": {"SampledRequestsEnabled": false, "CloudWatchMetricsEnabled": false, "MetricName": "fuzz"}"#

  private static func statement(_ number: Int, _ field: String, _ transformation: String) -> String {
    let look = #""FieldToMatch": \#(field), "TextTransformations": [{"Priority": 0, "Type": "\#(transformation)"}]"#
    switch number % 5 {
    case 0: return #"{"ByteMatchStatement": {"SearchString": "a b", "PositionalConstraint": "CONTAINS", \#(look)}}"#
    case 1: return #"{"RegexMatchStatement": {"RegexString": "^a.*b$|[0-9]{3}", \#(look)}}"#
    case 2: return #"{"SqliMatchStatement": {"SensitivityLevel": "HIGH", \#(look)}}"#
    case 3: return #"{"XssMatchStatement": {\#(look)}}"#
    default: return #"{"SizeConstraintStatement": {"ComparisonOperator": "GT", "Size": 40, \#(look)}}"#
    }
  }
}
