internal import WAFEngine
internal import WAFJSON
internal import WAFModel
internal import WAFRequest

/// The JSON Schema of test files, by which editors complete and check them. Tests hold it against the reader, key by key.
public enum SuiteSchema {
  /// The schema, with a line feed at its end.
  ///
  /// Source: JSON Schema, draft 2020-12.
  public static var json: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
      writer.member("title", "Unit tests of an AWS WAF rule set (*.wafcast.yaml)")
      suite.write(to: &writer)
      writer.object("$defs") { writer in
        for object in objects {
          writer.name(object.name)
          writer.object { object.write(to: &$0) }
        }
      }
    }
    writer.endLine()
    return writer.bytes
  }

  private static let actions = SchemaValue.oneOf(ActionKind.allCases.filter { $0 != .count }.map(\.logName))
  private static let resource = SchemaKey(
    "resource", .oneOf(ResourceType.allCases.map(\.logName)),
    "The protected resource, which decides how much of a body is inspected. CF for scope CLOUDFRONT and else ALB, unless given.")
  private static let request = SchemaValue.anyOf([.string, .object("request")])

  /// The file itself.
  static let suite = SchemaObject(
    name: "suite",
    keys: [
      SchemaKey(
        "acl", .scalars, isRequired: true,
        "The web ACL: a file in any dialect or a folder, or several of them. Paths are relative to this file."),
      SchemaKey("acl_name", .string, "The web ACL of this name, where the documents hold several."),
      SchemaKey("parameters", .map(.scalar), "Values of template parameters, exports and pseudo parameters, by name."),
      SchemaKey("ip_sets", .map(.scalars), "IP sets in place of those of the documents, by name or ARN: a file, or a list of CIDRs."),
      SchemaKey(
        "regex_sets", .map(.scalars), "Regex pattern sets in place of those of the documents, by name or ARN: a file, or a list of patterns."),
      SchemaKey("rule_groups", .map(.string), "Rule groups by name or ARN, or Vendor/Name for a managed one: a file."),
      resource,
      SchemaKey(
        "managed", .oneOf(ManagedPolicy.allCases.map(\.rawValue)),
        "How managed rule groups are answered: by what a log recorded, by local definitions, or not at all. recorded unless given."),
      SchemaKey("defaults", .object("defaults"), "What all requests have unless they say otherwise."),
      SchemaKey("tests", .list(.object("test"), atLeast: 1), isRequired: true, "The tests."),
      SchemaKey("acl_expect", .object("acl_expect"), "What the web ACL and the tests as a whole have to be; the exit code is 3 where they are not."),
    ])

  /// What a request consists of, spelled out; `defaults` may give any of it.
  private static let parts =
    [
      SchemaKey("method", .string, "The method; GET unless given."),
      SchemaKey("uri", .string, "Path and query as on the wire; / unless given."),
      SchemaKey("host", .string, "The host header; localhost unless given."),
      SchemaKey("headers", .map(.scalars), "Headers by name, each with a value or a list of values. There are no others."),
      SchemaKey("body", .anyOf([.scalar, .object("body")]), "The body; empty unless given."),
      SchemaKey("http_version", .scalar, "HTTP/1.1 unless given."),
    ] + beside

  /// What may be said of a request in any form.
  private static let beside = [
    SchemaKey("from", .string, "Address of the client; unknown unless given."),
    SchemaKey("country", .string, "Country of the client, two capital letters; unknown unless given."),
    SchemaKey("asn", .integer(0...4_294_967_295), "Autonomous system of the client; unknown unless given."),
    SchemaKey("forwarded_asn", .integer(0...4_294_967_295), "Autonomous system of the first forwarded address; unknown unless given."),
    SchemaKey("ja3", .scalar, "JA3 fingerprint; empty for a client without one, unknown unless given."),
    SchemaKey("ja4", .scalar, "JA4 fingerprint; empty for a client without one, unknown unless given."),
    SchemaKey("token", .object("token"), "Token of CAPTCHA and challenge; unknown unless given."),
    SchemaKey("labels", .scalars, "Labels before the first rule, in full."),
    resource,
  ]

  /// All other objects.
  static let objects: [SchemaObject] = [
    SchemaObject(
      name: "defaults",
      keys: [
        SchemaKey("request", .object("defaultRequest"), "Parts of a request that is spelled out, as a request has them."),
        SchemaKey("clock", .string, "Time of the first request of each test, such as 2026-03-01T12:00:00Z; 2026-01-01T00:00:00Z unless given."),
      ]),
    SchemaObject(name: "defaultRequest", keys: parts),
    SchemaObject(
      name: "test",
      keys: [
        SchemaKey("name", .scalar, isRequired: true, "Its name, unique in the file; with ${…} of the matrix, or their values are put behind it."),
        SchemaKey("kind", .oneOf(TestCase.Kind.allCases.map(\.rawValue)), "What its requests are: feeds rates of detection and of false alarms."),
        SchemaKey("tags", .scalars, "Words by which --tags picks tests."),
        SchemaKey("xfail", .string, "Why it is known to fail. It may, and is a failure once it passes."),
        SchemaKey("skip", .string, "Why it is not run."),
        SchemaKey("only", .flag, "While any test has it, only tests with it run."),
        SchemaKey("snapshot", .flag, "Compare whole verdicts with those that --update stored beside this file."),
        SchemaKey("matrix", .map(.list(.scalar, atLeast: 1)), "Values by name: the test runs for each combination, with ${name} replaced."),
        SchemaKey("request", request, "METHOD /path?query, or the parts of a request, or one of raw, curl, har and log."),
        SchemaKey("expect", .object("expect"), "What has to come of the request."),
        SchemaKey("sequence", .list(.object("step"), atLeast: 1), "Several requests in order of time, for rate-based rules, in place of request."),
      ]),
    SchemaObject(
      name: "step",
      keys: [
        SchemaKey("request", request, isRequired: true, "The request."),
        SchemaKey("expect", .object("expect"), "What has to come of each sending of it."),
        SchemaKey("repeat", .integer(1...1_000_000), "How often it is sent; once unless given."),
        SchemaKey("every", .string, "Time from one sending to the next, such as 500ms, 1s or 1m30s."),
        SchemaKey("at", .string, "When it is first sent: +10m after the last request, 10m after the first one, or a time."),
        SchemaKey("from", .string, "Address of the client, in place of the request's."),
      ]),
    SchemaObject(
      name: "request",
      keys: parts + [
        SchemaKey("raw", .string, "HTTP/1.1 as on the wire; line feeds will do."),
        SchemaKey("curl", .string, "A curl command."),
        SchemaKey("har", .scalar, "FILE#ENTRY: an entry of a HAR file, counted from 0."),
        SchemaKey("log", .scalar, "FILE, or FILE#NUMBER: a record of a log of any format, counted from 1, with what it recorded."),
      ]),
    SchemaObject(
      name: "body",
      keys: [
        SchemaKey("base64", .string, "The bytes in Base64."),
        SchemaKey("file", .string, "A file with the bytes."),
        SchemaKey("size", .integer(0...(16 << 20)), "So many bytes of fill."),
        SchemaKey("fill", .scalar, "What is repeated up to size; A unless given."),
      ]),
    SchemaObject(
      name: "token",
      keys: [
        SchemaKey("present", .flag, "Whether the request has a token; true unless given."),
        SchemaKey("tampered", .flag, "Whether it was altered; false unless given."),
        SchemaKey("domain", .string, "The domain that it was issued for."),
        SchemaKey("challengeSolveTimestamp", .integer(0...Int.max / 1000), "When a challenge was solved, in seconds since 1970."),
        SchemaKey("captchaSolveTimestamp", .integer(0...Int.max / 1000), "When a CAPTCHA was solved, in seconds since 1970."),
      ]),
    SchemaObject(
      name: "expect",
      keys: [
        SchemaKey("action", actions, "The action, certain."),
        SchemaKey("not_action", actions, "An action that must not be possible."),
        SchemaKey("rule", .scalar, "The rule that ends the evaluation: a name, referencing-rule/rule, or Default_Action."),
        SchemaKey("counted", .scalars, "Rules that match and count; others may too."),
        SchemaKey(
          "labels", .object("labels"), "Labels on the request after the last rule; those of the web ACL may be written without their prefix."),
        SchemaKey("response", .object("response"), "The response that the web ACL sends itself."),
        SchemaKey("inserted_headers", .map(.scalar), "Headers that the origin gets, by name."),
        SchemaKey("determined", .flag, "Whether action and rule are certain."),
      ]),
    SchemaObject(
      name: "labels",
      keys: [
        SchemaKey("contain", .scalars, "Labels that have to be there."),
        SchemaKey("absent", .scalars, "Labels that must not be there, nor be possible."),
        SchemaKey("exact", .scalars, "All labels, in any order."),
      ]),
    SchemaObject(
      name: "response",
      keys: [
        SchemaKey("status", .integer(100...599), "The status code."),
        SchemaKey("headers", .map(.scalar), "Headers by name; there may be others."),
        SchemaKey("body", .string, "The body."),
      ]),
    SchemaObject(
      name: "acl_expect",
      keys: [
        SchemaKey("wcu", .object("at_most"), "Capacity units of the web ACL."),
        SchemaKey("rules_covered", .object("at_least"), "Rules, in hundredths, that some test matches and some test does not."),
        SchemaKey("leaves_covered", .object("at_least"), "The same of statement leaves."),
      ]),
    SchemaObject(name: "at_most", keys: [SchemaKey("at_most", .integer(0...1_000_000), isRequired: true, "The limit.")]),
    SchemaObject(name: "at_least", keys: [SchemaKey("at_least", .integer(0...100), isRequired: true, "The limit.")]),
  ]
}
