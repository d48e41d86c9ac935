import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

// Short forms for building rules and requests in tests.

extension Statement {
  /// Matches every request that has a path.
  static let always = Statement.byteMatch(
    ByteMatchStatement(searchString: Array("/".utf8), inspection: Inspection(.uriPath), positionalConstraint: .startsWith))

  static func bytes(_ text: String, in field: FieldToMatch, _ constraint: PositionalConstraint = .contains) -> Statement {
    .byteMatch(ByteMatchStatement(searchString: Array(text.utf8), inspection: Inspection(field), positionalConstraint: constraint))
  }
}

extension Rule {
  init(_ name: String, _ priority: Int, _ statement: Statement, _ action: RuleAction, labels: [String] = []) {
    self.init(name: name, priority: priority, statement: statement, action: .action(action), path: "$.Rules[\(priority)]")
    self.labels = labels
  }
}

extension Request {
  /// A request that is known in full.
  static func known(
    _ method: String = "GET", _ target: String = "/", headers: [(String, String)] = [("host", "shop.example.com")], body: [UInt8] = [],
    from address: String = "198.51.100.7", at time: Int64? = 1_700_000_000_000, resource: ResourceType = .applicationLoadBalancer
  ) -> Request {
    var request = Request()
    request.timestamp = time
    request.clientAddress = IPAddress(text: address)
    request.method = .known(request.store(Array(method.utf8)))
    request.setTarget(request.store(Array(target.utf8)), fragmentIsKnown: true)
    for (name, value) in headers {
      let name = request.store(Array(name.utf8))
      request.headers.append(Header(name: name, value: .known(request.store(Array(value.utf8)))))
    }
    request.headersComplete = true
    request.headerOrderKnown = true
    request.body = body.isEmpty ? .absent : .known(request.store(body))
    request.ja3 = .absent
    request.ja4 = .absent
    request.resource = resource
    return request
  }
}

/// The verdict of a web ACL on one request.
func verdict(_ webACL: WebACL, _ request: Request, settings: EngineSettings = EngineSettings()) throws -> (Verdict, Program) {
  try verdict(RuleDocuments(webACL: webACL), request, settings: settings)
}

func verdict(_ documents: RuleDocuments, _ request: Request, settings: EngineSettings = EngineSettings()) throws -> (Verdict, Program) {
  let program = try Program(compiling: documents, settings: settings)
  var evaluator = Evaluator(program: program)
  var verdict = Verdict()
  evaluator.evaluate(request, into: &verdict)
  return (verdict, program)
}

/// The outcome of one statement on one request.
func outcome(_ statement: Statement, _ request: Request, ipSets: [IPSet] = [], bodyLimits: [BodyLimit] = []) throws -> Certainty {
  var webACL = WebACL(name: "t", defaultAction: .allow([]), rules: [Rule("r", 0, statement, .count([]))])
  webACL.bodyLimits = bodyLimits
  var documents = RuleDocuments(webACL: webACL)
  documents.ipSets = ipSets
  return try verdict(documents, request).0.outcomes[0].matched
}
