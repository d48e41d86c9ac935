import TestSupport
import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

struct ByteMatchCase: Decodable, Sendable {
  var value: String
  var search: String
  var constraint: PositionalConstraint
  var match: Bool
}

struct ForwardedCase: Decodable, Sendable {
  var header: String?
  var position: ForwardedPosition
  var fallback: FallbackBehavior
  var match: Bool
}

struct LabelCase: Decodable, Sendable {
  var scope: LabelScope
  var key: String
  var label: String
  var match: Bool
}

struct OversizeCase: Decodable, Sendable {
  var note: String
  var resource: String
  var kilobytes: Int?
  var length: Int
  var at: Int?
  var field: String
  var oversize: OversizeHandling
  var test: String
  var match: Bool
}

struct RateCase: Decodable, Sendable {
  var `case`: String
  var model: String
  var times: [Int64]?
  var every: Int64?
  var count: Int?
  var matched: [Int]?
  var matchedFrom: Int?
}

extension PositionalConstraint: Decodable {}
extension ForwardedPosition: Decodable {}
extension FallbackBehavior: Decodable {}
extension LabelScope: Decodable {}
extension OversizeHandling: Decodable {}

@Suite("statements.md, tables through the engine")
struct StatementTableTests {
  @Test("the tables have all their rows: BM-3 11 x 5, 6.1 11 x 6, section 12 18, C.3 9 + 3, 7.4 9")
  func counts() throws {
    #expect(try Fixture.table("byte_match.json", of: ByteMatchCase.self).count == 55)
    #expect(try Fixture.table("forwarded_ip.json", of: ForwardedCase.self).count == 66)
    #expect(try Fixture.table("label_match.json", of: LabelCase.self).count == 18)
    #expect(try Fixture.table("oversize.json", of: OversizeCase.self).count == 12)
    #expect(try Fixture.table("rate_timelines.json", of: RateCase.self).count == 9)
  }

  @Test("BM-3", arguments: try Fixture.table("byte_match.json", of: ByteMatchCase.self))
  func byteMatch(_ example: ByteMatchCase) throws {
    var request = Request.known()
    let name = request.store(Array("x-value".utf8))
    request.headers.append(Header(name: name, value: .known(request.store(try bytes(hex: example.value)))))
    let statement = Statement.bytes(example.search, in: .singleHeader(name: "X-Value"), example.constraint)
    #expect(try outcome(statement, request) == (example.match ? .certain : .no))
    #expect(try outcome(.not(statement), request) == (example.match ? .no : .certain))
  }

  @Test("FW-1 … FW-7", arguments: try Fixture.table("forwarded_ip.json", of: ForwardedCase.self))
  func forwarded(_ example: ForwardedCase) throws {
    let set = IPSet(name: "s", arn: "s", isIPv6: false, addresses: [CIDR(address: IPAddress(v4: 0xcb00_7100), prefixLength: 24)])
    let statement = Statement.ipSetReference(
      IPSetReferenceStatement(
        arn: "s", forwardedIP: ForwardedIPConfig(headerName: "X-Forwarded-For", fallback: example.fallback), position: example.position))
    // The origin is in the set, and never consulted.
    let request = Request.known(headers: example.header.map { [("x-forwarded-for", $0)] } ?? [], from: "203.0.113.1")
    #expect(try outcome(statement, request, ipSets: [set]) == (example.match ? .certain : .no))
    #expect(try outcome(.not(statement), request, ipSets: [set]) == (example.match ? .no : .certain))
  }

  @Test("LM-1 … LM-5", arguments: try Fixture.table("label_match.json", of: LabelCase.self))
  func label(_ example: LabelCase) throws {
    var request = Request.known()
    request.labels = [request.store(Array(example.label.utf8))]
    let statement = Statement.labelMatch(LabelMatchStatement(scope: example.scope, key: example.key))
    var webACL = WebACL(name: "shop", defaultAction: .allow([]), rules: [Rule("r", 0, statement, .count([]))])
    webACL.arn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/a1"
    let (verdict, _) = try verdict(webACL, request)
    #expect(verdict.outcomes[0].matched == (example.match ? .certain : .no))
  }

  @Test("OV-1 … OV-8", arguments: try Fixture.table("oversize.json", of: OversizeCase.self))
  func oversize(_ example: OversizeCase) throws {
    let resource = try #require(ResourceType(logName: example.resource))
    var body = [UInt8](repeating: UInt8(ascii: "a"), count: example.length)
    var field = FieldToMatch.body(example.oversize)
    if example.field == "JsonBody" {
      body = Array("[\"".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: example.length - 4) + Array("\"]".utf8)
      field = .jsonBody(JSONBodySettings(scope: .all, invalidFallback: .match, oversize: example.oversize))
    }
    if let at = example.at { body[at] = UInt8(ascii: "x") }
    let statement: Statement
    switch example.test {
    case "contains": statement = .bytes("x", in: field)
    default:
      let parts = example.test.split(separator: " ")
      let comparison = try #require(ComparisonOperator(rawValue: String(parts[0])))
      statement = .sizeConstraint(
        SizeConstraintStatement(inspection: Inspection(field), comparison: comparison, size: try #require(Int(parts[1]))))
    }
    let limits = example.kilobytes.map { [BodyLimit(resource: "CLOUDFRONT", bytes: $0 * 1_024)] } ?? []
    let request = Request.known("POST", body: body, resource: resource)
    #expect(try outcome(statement, request, bodyLimits: limits) == (example.match ? .certain : .no))
  }

  @Test("RE-A … RE-G, RI-A, RI-B", arguments: try Fixture.table("rate_timelines.json", of: RateCase.self))
  func rate(_ example: RateCase) throws {
    let times = try example.times ?? (0..<Int64(#require(example.count))).map { $0 * (example.every ?? 0) }
    let expected = example.matched ?? Array((example.matchedFrom ?? times.count)..<times.count)
    let rate = RateBasedStatement(limit: 10, evaluationWindow: 60, aggregateKeyType: .ip)
    let webACL = WebACL(name: "w", defaultAction: .allow([]), rules: [Rule("rate", 0, .rateBased(rate), .block(nil))])
    var settings = EngineSettings()
    if example.model == "interval" { settings.rateModel = .interval(checkInterval: 10_000) }
    var evaluator = Evaluator(program: try Program(compiling: RuleDocuments(webACL: webACL), settings: settings))
    var verdict = Verdict()
    var matched: [Int] = []
    for (index, time) in times.enumerated() {
      evaluator.evaluate(.known(at: time), into: &verdict)
      if verdict.outcomes[0].matched == .certain { matched.append(index) }
      #expect(verdict.isDetermined)
    }
    #expect(matched == expected)
  }
}
