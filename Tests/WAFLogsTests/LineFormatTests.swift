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
  var result: String?
  var request: RequestSummary?

  var testDescription: String { note }
  var bytes: [UInt8] { line.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}

/// Every file that is a table of lines, with the format it is read in.
struct LineFormatTests {
  @Test(arguments: try Fixture.table("combined_lines.json", of: LineCase.self))
  func combined(_ example: LineCase) { check(example, .combined) }

  @Test(arguments: try Fixture.table("alb_lines.json", of: LineCase.self))
  func loadBalancer(_ example: LineCase) { check(example, .alb) }

  @Test(arguments: try Fixture.table("waf_lines.json", of: LineCase.self))
  func awsWAF(_ example: LineCase) { check(example, .waf) }

  @Test(arguments: try Fixture.table("request_lines.json", of: LineCase.self))
  func ownRequests(_ example: LineCase) { check(example, .requests) }

  @Test(arguments: try Fixture.table("cloudfront_json_lines.json", of: LineCase.self))
  func cloudFrontJSON(_ example: LineCase) { check(example, .cloudFrontJSON) }

  @Test(arguments: try Fixture.table("api_gateway_lines.json", of: LineCase.self))
  func apiGateway(_ example: LineCase) { check(example, .apiGateway) }

  @Test(arguments: try Fixture.table("lattice_lines.json", of: LineCase.self))
  func lattice(_ example: LineCase) { check(example, .lattice) }

  @Test(arguments: try Fixture.table("envoy_lines.json", of: LineCase.self))
  func envoy(_ example: LineCase) { check(example, .envoy) }

  private func check(_ example: LineCase, _ format: LogFormat) {
    var parser = LineParser(format: format)
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
