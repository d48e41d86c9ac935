import TestSupport
import Testing
import WAFBase
import WAFLogs
import WAFRequest

/// A line of a log and what it tells: a request, or `blank`, `skipped` or `bad: …`.
struct LineCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// Latin-1: each character up to U+00FF stands for one byte.
  var line: String
  /// Names of the columns in force.
  var fields: String?
  /// Form of a line, for custom formats.
  var template: String?
  /// Where the client comes from.
  var clientSource: String?
  /// Fields that AWS WAF hashed.
  var protected: [String]?
  var result: String?
  var request: RequestSummary?

  var testDescription: String { note }
  var bytes: [UInt8] { line.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

  func layout(_ format: LogFormat) throws -> LineLayout {
    var hashed = ProtectedFields()
    for name in protected ?? [] {
      let isField = hashed.add(name)
      #expect(isField, "\(name)")
    }
    return LineLayout(
      format: format, columns: fields.map { ColumnList(names: $0, of: format) }, template: try template.map { try LineTemplate($0) },
      protected: hashed.isEmpty ? nil : hashed, client: try clientSource.map { try #require(ClientSource($0)) })
  }
}

/// Every file that is a table of lines, with the format it is read in.
struct LineFormatTests {
  @Test(arguments: try Fixture.table("combined_lines.json", of: LineCase.self))
  func combined(_ example: LineCase) throws { try check(example, .combined) }

  @Test(arguments: try Fixture.table("custom_lines.json", of: LineCase.self))
  func custom(_ example: LineCase) throws { try check(example, .custom) }

  @Test(arguments: try Fixture.table("client_sources.json", of: LineCase.self))
  func clientSources(_ example: LineCase) throws { try check(example, .envoy) }

  @Test(arguments: try Fixture.table("alb_lines.json", of: LineCase.self))
  func loadBalancer(_ example: LineCase) throws { try check(example, .alb) }

  @Test(arguments: try Fixture.table("elb_lines.json", of: LineCase.self))
  func classicLoadBalancer(_ example: LineCase) throws { try check(example, .classicELB) }

  @Test(arguments: try Fixture.table("cloudfront_lines.json", of: LineCase.self))
  func cloudFront(_ example: LineCase) throws { try check(example, .cloudFront) }

  @Test(arguments: try Fixture.table("cloudfront_realtime_lines.json", of: LineCase.self))
  func cloudFrontRealTime(_ example: LineCase) throws { try check(example, .cloudFrontRealTime) }

  @Test(arguments: try Fixture.table("s3_lines.json", of: LineCase.self))
  func s3(_ example: LineCase) throws { try check(example, .s3) }

  @Test(arguments: try Fixture.table("iis_lines.json", of: LineCase.self))
  func iis(_ example: LineCase) throws { try check(example, .iis) }

  @Test(arguments: try Fixture.table("w3c_lines.json", of: LineCase.self))
  func w3c(_ example: LineCase) throws { try check(example, .w3c) }

  @Test(arguments: try Fixture.table("waf_lines.json", of: LineCase.self))
  func awsWAF(_ example: LineCase) throws { try check(example, .waf) }

  @Test(arguments: try Fixture.table("request_lines.json", of: LineCase.self))
  func ownRequests(_ example: LineCase) throws { try check(example, .requests) }

  @Test(arguments: try Fixture.table("cloudfront_json_lines.json", of: LineCase.self))
  func cloudFrontJSON(_ example: LineCase) throws { try check(example, .cloudFrontJSON) }

  @Test(arguments: try Fixture.table("api_gateway_lines.json", of: LineCase.self))
  func apiGateway(_ example: LineCase) throws { try check(example, .apiGateway) }

  @Test(arguments: try Fixture.table("lattice_lines.json", of: LineCase.self))
  func lattice(_ example: LineCase) throws { try check(example, .lattice) }

  @Test(arguments: try Fixture.table("envoy_lines.json", of: LineCase.self))
  func envoy(_ example: LineCase) throws { try check(example, .envoy) }

  @Test(arguments: try Fixture.table("http_requests.json", of: LineCase.self))
  func http(_ example: LineCase) throws { try check(example, .http) }

  @Test(arguments: try Fixture.table("har_entries.json", of: LineCase.self))
  func har(_ example: LineCase) throws { try check(example, .har) }

  private func check(_ example: LineCase, _ format: LogFormat) throws {
    var parser = LineParser(layout: try example.layout(format))
    var request = Request()
    let result = parser.parse(example.bytes.span, into: &request)
    #expect(description(result) == (example.result ?? "record"))
    if let expected = example.request { #expect(RequestSummary(request) == expected) }
    // A request that is filled again holds nothing of the one before.
    #expect(parser.parse(example.bytes.span, into: &request) == result)
    if let expected = example.request { #expect(RequestSummary(request) == expected) }
  }

  private func description(_ result: LineResult) -> String {
    switch result {
    case .record: "record"
    case .blank: "blank"
    case .skipped: "skipped"
    case .bad(let reason): "bad: \(reason)"
    }
  }
}
