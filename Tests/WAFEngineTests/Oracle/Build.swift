import WAFBase
import WAFModel
import WAFRequest

/// Short spellings of requests and documents for tests.
extension Request {
  /// A request of which everything is known, and nothing is there but a path.
  static func plain(path: String = "/", query: String? = nil, headers: [(String, String)] = [], body: [UInt8]? = nil) -> Request {
    var request = Request()
    request.timestamp = 1_700_000_000_000
    request.clientAddress = IPAddress(v4: 0xc000_0201)
    request.method = request.known("GET")
    request.path = request.known(path)
    request.query = query.map { request.known($0) } ?? .absent
    request.fragment = .absent
    for (name, value) in headers {
      request.headers.append(Header(name: request.store(Array(name.utf8)), value: request.known(value)))
    }
    request.headersComplete = true
    request.headerOrderKnown = true
    request.body = body.map { .known(request.store($0)) } ?? .absent
    request.ja3 = .absent
    request.ja4 = .absent
    request.resource = .applicationLoadBalancer
    return request
  }

  /// A component with this value.
  mutating func known(_ text: String) -> Component { .known(store(Array(text.utf8))) }
}

extension RuleDocuments {
  /// A web ACL `shop` of account 111122223333 that allows what no rule ends.
  static func shop(_ rules: [Rule], groups: [RuleGroup] = [], sets: [IPSet] = []) -> RuleDocuments {
    var acl = WebACL(name: "shop", defaultAction: .allow([]), rules: rules)
    acl.arn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1"
    var documents = RuleDocuments(webACL: acl)
    documents.ruleGroups = groups
    documents.ipSets = sets
    return documents
  }
}

extension RuleAction {
  /// An action of `kind` without custom handling.
  init(_ kind: ActionKind) {
    switch kind {
    case .allow: self = .allow([])
    case .block: self = .block(nil)
    case .count: self = .count([])
    case .captcha: self = .captcha([])
    case .challenge: self = .challenge([])
    }
  }
}

/// Matches every request whose path is known.
let always = Statement.byteMatch(
  ByteMatchStatement(searchString: Array("/".utf8), inspection: Inspection(.uriPath), positionalConstraint: .startsWith))
