import Foundation
import Testing

/// Secrets in requests get into no report of any command. Verdict lines are requests themselves, and hold what was sent.
@Suite struct SecretsTests {
  private static let secrets = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "planted-session-value", "planted-api-key-value", "planted-access-token", "planted.person@",
    "AKIAIOSFODNN7EXAMPLE", "planted-password", "cGxhbnRlZDpiYXNpYw", "0123456789abcdef0123456789abcdef",
  ]

  /// A log of AWS WAF in which each secret stands where secrets stand, and where they should not: paths, user agents, keys of rates.
  private static func log() -> String {
    (0..<40).map { index -> String in
      let path = ["/upload/\(secrets[0])", "/reset/planted.person@example.com", "/k/AKIAIOSFODNN7EXAMPLE", "/s/0123456789abcdef0123456789abcdef"][
        index % 4]
      let query = "access_token=planted-access-token&email=planted.person@example.com&password=planted-password&n=\(index)"
      let headers = [
        ("host", "shop.example.com"), ("user-agent", index % 2 == 0 ? "App/1 planted.person@example.com" : "App/2 token=planted-access-token"),
        ("cookie", "session=planted-session-value; theme=light"), ("x-api-key", "planted-api-key-value"),
        ("authorization", index % 2 == 0 ? "Bearer \(secrets[0])" : "Basic cGxhbnRlZDpiYXNpYw"),
        ("referer", "https://shop.example.com/?token=planted-access-token"),
      ].map { #"{"name":"\#($0.0)","value":"\#($0.1)"}"# }.joined(separator: ",")
      return
        #"{"timestamp":\#(1_772_496_000_000 + index * 1_000),"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/other/1","#
        + #""terminatingRuleId":"Default_Action","terminatingRuleType":"REGULAR","action":"ALLOW","httpSourceName":"ALB","httpRequest":{"clientIp":"203.0.113.\#(index % 9)","#
        + #""country":"DE","headers":[\#(headers)],"uri":"\#(path)","args":"\#(query)","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"r\#(index)"}}"#
    }.joined(separator: "\n") + "\n"
  }

  /// Rules that match by what holds secrets, and rates by keys that are some.
  private static let webACL = """
    {"Name": "secrets", "DefaultAction": {"Allow": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"}, "Rules": [
    {"Name": "count-upload", "Priority": 0, "Action": {"Count": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"ByteMatchStatement": {"SearchString": "/upload", "FieldToMatch": {"UriPath": {}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}], "PositionalConstraint": "STARTS_WITH"}}},
    {"Name": "count-arguments", "Priority": 1, "Action": {"Count": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"SizeConstraintStatement": {"Size": 5, "ComparisonOperator": "GT", "FieldToMatch": {"AllQueryArguments": {}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}},
    {"Name": "count-cookies", "Priority": 2, "Action": {"Count": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"SizeConstraintStatement": {"Size": 5, "ComparisonOperator": "GT", "FieldToMatch": {"Cookies": {"MatchPattern": {"All": {}}, "MatchScope": "VALUE", "OversizeHandling": "CONTINUE"}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}},
    {"Name": "rate-by-key", "Priority": 3, "Action": {"Block": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"RateBasedStatement": {"Limit": 10, "EvaluationWindowSec": 60, "AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": [
       {"Header": {"Name": "x-api-key", "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}, {"UriPath": {"TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}]}}},
    {"Name": "rate-by-session", "Priority": 4, "Action": {"Block": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"RateBasedStatement": {"Limit": 10, "EvaluationWindowSec": 60, "AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": [
       {"Cookie": {"Name": "session", "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}, {"QueryArgument": {"Name": "access_token", "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}]}}},
    {"Name": "block-keys", "Priority": 5, "Action": {"Block": {}}, "VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"},
     "Statement": {"ByteMatchStatement": {"SearchString": "/k/", "FieldToMatch": {"UriPath": {}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}], "PositionalConstraint": "STARTS_WITH"}}}
    ]}
    """

  private static let suite = """
    acl: acl.json
    tests:
      - name: fails, and says why
        request: { log: one.json }
        expect: { action: CAPTCHA }
    """

  /// What is run, and the files that it writes; its standard output and error are looked at too.
  private static let runs: [(arguments: [String], files: [String])] = [
    (
      [
        "replay", "--acl", "acl.json", "-o", "text", "-o", "json=r.json", "-o", "html=r.html", "-o", "markdown=r.md", "-o", "csv=r.csv", "-o",
        "sqlite=r.db",
        "--metrics", "log.jsonl",
      ], ["r.json", "r.html", "r.md", "r.csv", "r.db"]
    ),
    (
      [
        "diff", "--base", "acl.json", "--head", "acl.json", "--set-action", "count-arguments=block", "-o", "text", "-o", "json=d.json", "-o",
        "html=d.html",
        "-o", "markdown=d.md", "-o", "github=d.txt", "-o", "csv=d.csv", "-o", "sqlite=d.db", "log.jsonl",
      ], ["d.json", "d.html", "d.md", "d.txt", "d.csv", "d.db"]
    ),
    (["advise", "promote", "--acl", "acl.json", "-o", "text", "-o", "json=p.json", "log.jsonl"], ["p.json"]),
    (["advise", "rate", "--acl", "acl.json", "-o", "text", "-o", "json=a.json", "log.jsonl"], ["a.json"]),
    (["advise", "rate", "--acl", "acl.json", "--key", "header:x-api-key", "-o", "text", "-o", "json=k.json", "log.jsonl"], ["k.json"]),
    (["advise", "dead", "--acl", "acl.json", "-o", "text", "-o", "json=e.json", "log.jsonl"], ["e.json"]),
    (["explain", "--acl", "acl.json", "--full", "one.json"], []),
    (["explain", "--acl", "acl.json", "--line", "2", "log.jsonl"], []),
    (["test", "suite.wafcast.yaml"], []),
    (
      ["test", "suite.wafcast.yaml", "-o", "junit=t.xml", "-o", "github=t.txt", "-o", "sarif=t.sarif", "-o", "tap=t.tap", "-o", "json=t.json"],
      ["t.xml", "t.txt", "t.sarif", "t.tap", "t.json"]
    ),
    (["test", "--generate", "log.jsonl", "--acl", "acl.json"], []),
    (["check", "--acl", "acl.json"], []),
  ]

  @Test("What is masked is there: without masking it is shown")
  func secretsAreShownOnDemand() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [("acl.json", Self.webACL), ("log.jsonl", Self.log())] {
      try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
    }
    for form in ["json", "text", "html", "csv"] {
      let report = try ProgramRun(["replay", "--acl", "acl.json", "--redact", "off", "-o", form, "log.jsonl"], in: folder.url).stdout
      #expect(Self.secrets.count { report.contains($0) } >= 3, "\(form)")
    }
  }

  @Test(arguments: runs.indices)
  func noReportHoldsASecret(index: Int) throws {
    let run = Self.runs[index]
    let folder = try TemporaryFolder()
    let log = Self.log()
    let first = String(log.prefix { $0 != "\n" }) + "\n"
    for (name, text) in [("acl.json", Self.webACL), ("log.jsonl", log), ("one.json", first), ("suite.wafcast.yaml", Self.suite)] {
      try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
    }
    // The log itself holds all of them.
    for secret in Self.secrets { #expect(log.contains(secret)) }
    let result = try ProgramRun(run.arguments, in: folder.url)
    #expect(result.exit <= 1, "\(result.stderr)")
    var outputs = [("standard output", Data(result.stdout.utf8)), ("standard error", Data(result.stderr.utf8))]
    for file in run.files { outputs.append((file, try Data(contentsOf: folder.url.appendingPathComponent(file)))) }
    #expect(outputs.reduce(0) { $0 + $1.1.count } > 40)
    for (name, bytes) in outputs {
      for secret in Self.secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(run.arguments[0]) \(name): \(secret)") }
    }
  }
}
