import TestSupport
import Testing
import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

@testable import WAFLint

/// What is said of statements without a request is true of random requests.
@Test func reasoningHoldsForRandomRequests() throws {
  var random = SplitMix(seed: 11)
  var proven = (implied: 0, excluded: 0, always: 0, never: 0)
  for _ in 0..<1500 {
    let statements = (0..<6).map { _ in random.statement(depth: 2) }
    let documents = RuleDocuments(rules: statements)
    let reasoner = Reasoner(documents)
    let matched = try outcomes(of: documents, (0..<40).map { _ in random.request() })
    for (first, one) in statements.enumerated() {
      switch reasoner.certainty(of: one) {
      case .always:
        proven.always += 1
        #expect(matched.allSatisfy { $0[first] }, "always: \(one)")
      case .never:
        proven.never += 1
        #expect(!matched.contains { $0[first] }, "never: \(one)")
      case .open: break
      }
      for (second, other) in statements.enumerated() where first != second {
        if reasoner.implies(one, other) {
          proven.implied += 1
          #expect(!matched.contains { $0[first] && !$0[second] }, "\(one) implies \(other)")
        }
        if reasoner.exclusivePair([one, other]) != nil {
          proven.excluded += 1
          #expect(!matched.contains { $0[first] && $0[second] }, "\(one) excludes \(other)")
        }
      }
    }
  }
  // A test of nothing would pass.
  #expect(proven.implied > 500 && proven.excluded > 500 && proven.always > 50 && proven.never > 50, "\(proven)")
}

/// A rule that may pass over the one before it does so without another outcome, for random web ACLs with labels and requests.
@Test func orderMayChangeWithoutAnotherOutcome() throws {
  var random = SplitMix(seed: 12)
  var counts = (passed: 0, refused: 0, changed: 0)
  for _ in 0..<150 {
    var documents = RuleDocuments(rules: (0..<5).map { _ in random.statement(depth: 1) })
    for index in documents.webACL.rules.indices {
      documents.webACL.rules[index].action = .action(random.pick([.block(nil), .block(nil), .count([]), .allow([]), .captcha([])]))
      if random.number(below: 3) == 0 { documents.webACL.rules[index].labels = [random.pick(["one", "two"])] }
      if random.number(below: 3) == 0 {
        documents.webACL.rules[index].statement = .labelMatch(LabelMatchStatement(scope: .label, key: random.pick(["one", "two"])))
      }
    }
    let order = RuleOrder(documents)
    #expect(order.entries.map(\.name) == ["r0", "r1", "r2", "r3", "r4"])
    let requests = (0..<40).map { _ in random.request() }
    let before = try actions(of: documents, requests)
    for rule in 1..<5 {
      var moved = documents
      (moved.webACL.rules[rule - 1].priority, moved.webACL.rules[rule].priority) = (rule, rule - 1)
      let isSame = try actions(of: moved, requests) == before
      guard order.mayPass(rule, over: rule - 1) else {
        counts.refused += 1
        if !isSame { counts.changed += 1 }
        continue
      }
      counts.passed += 1
      #expect(isSame, "\(documents.webACL.rules[rule - 1]) before \(documents.webACL.rules[rule])")
    }
  }
  #expect(counts.passed > 100 && counts.refused > 100 && counts.changed > 25, "\(counts)")
}

/// Statements that nest without end do not make the comparison endless, and many questions are not dearer than the whole may be.
@Test(.timeLimit(.minutes(20))) func comparingHasAnEnd() {
  var one = Statement.labelMatch(LabelMatchStatement(scope: .label, key: "a"))
  var other = one
  for level in 0..<60 {
    one = level.isMultiple(of: 2) ? .and([one, one]) : .or([one, one])
    other = level.isMultiple(of: 2) ? .or([other, other]) : .and([other, other])
    // A tree of this depth has more leaves than can be visited; the copies share their memory.
    guard level < 12 else { break }
  }
  let documents = RuleDocuments(webACL: WebACL(name: "a", defaultAction: .block(nil)))
  let reasoner = Reasoner(documents)
  for _ in 0..<1_000 {
    _ = reasoner.implies(one, other)
    _ = reasoner.exclusivePair([one, other])
    _ = reasoner.certainty(of: one)
  }
}

extension RuleDocuments {
  /// A web ACL whose rules count what the statements match.
  fileprivate init(rules statements: [Statement]) {
    let rules = statements.enumerated().map { Rule(name: "r\($0.offset)", priority: $0.offset, statement: $0.element, action: .action(.count([]))) }
    self.init(webACL: WebACL(name: "a", defaultAction: .allow([]), rules: rules))
    ipSets = [
      IPSet(name: "low", isIPv6: false, addresses: [CIDR("0.0.0.0/1")]), IPSet(name: "high", isIPv6: false, addresses: [CIDR("128.0.0.0/1")]),
      IPSet(name: "some", isIPv6: false, addresses: [CIDR("192.0.2.0/24"), CIDR("198.51.100.0/24")]),
      IPSet(name: "few", isIPv6: false, addresses: [CIDR("192.0.2.0/25"), CIDR("192.0.2.128/25")]),
      IPSet(name: "all6", isIPv6: true, addresses: [CIDR("::/1"), CIDR("8000::/1")]),
      IPSet(name: "some6", isIPv6: true, addresses: [CIDR("2001:db8::/32")]), IPSet(name: "empty", isIPv6: false, addresses: []),
    ]
  }
}

extension CIDR {
  fileprivate init(_ text: String) {
    do { try self.init(text: text) } catch { fatalError("\(text) is no block") }
  }
}

/// For each request which rules matched.
private func outcomes(of documents: RuleDocuments, _ requests: [Request]) throws -> [[Bool]] {
  var evaluator = Evaluator(program: try Program(compiling: documents))
  return requests.map { request in
    var verdict = Verdict()
    evaluator.evaluate(request, into: &verdict)
    return verdict.outcomes.map { $0.matched == .certain }
  }
}

/// What becomes of requests.
private func actions(of documents: RuleDocuments, _ requests: [Request]) throws -> [ActionSet] {
  var evaluator = Evaluator(program: try Program(compiling: documents))
  return requests.map { request in
    var verdict = Verdict()
    evaluator.evaluate(request, into: &verdict)
    return verdict.possibleActions
  }
}

extension SplitMix {
  private static let texts = ["/", "/a", "/ab", "/a/b", "a", "b", "GET", "POST", "", "?", "A", "//", "ab"]

  fileprivate mutating func statement(depth: Int) -> Statement {
    if depth > 0, number(below: 2) == 0 {
      switch number(below: 5) {
      case 0, 1: return .not(statement(depth: depth - 1))
      case 2: return .and([statement(depth: depth - 1), statement(depth: depth - 1)])
      default: return .or([statement(depth: depth - 1), statement(depth: depth - 1)])
      }
    }
    let field = pick([FieldToMatch.uriPath, .uriPath, .method, .queryString, .singleHeader(name: "x")])
    let inspection = Inspection(field, [pick([.none, .none, .none, .lowercase, .normalizePath, .urlDecode])])
    switch number(below: 10) {
    case 0:
      return .sizeConstraint(SizeConstraintStatement(inspection: inspection, comparison: pick(ComparisonOperator.allCases), size: number(below: 5)))
    case 1: return .geoMatch(GeoMatchStatement(countryCodes: pick([["JP"], ["JP", "KR"], ["US"]])))
    case 2, 3:
      return .ipSetReference(IPSetReferenceStatement(arn: pick(["low", "high", "some", "few", "all6", "some6", "empty"])))
    case 4: return .regexMatch(RegexMatchStatement(pattern: pick([".*", "^/", "^/.*", "A", "(A|b)", "^a$", "a?$"]), inspection: inspection))
    case 5: return .asnMatch(AsnMatchStatement(asnList: pick([[1], [1, 2], [3]])))
    default:
      let constraint = pick([PositionalConstraint.exactly, .startsWith, .endsWith, .contains])
      return .byteMatch(
        ByteMatchStatement(searchString: Array(pick(Self.texts).utf8), inspection: inspection, positionalConstraint: constraint))
    }
  }

  fileprivate mutating func request() -> Request {
    var request = Request()
    request.clientAddress = IPAddress(text: pick(["192.0.2.7", "192.0.2.200", "198.51.100.1", "10.0.0.1", "2001:db8::1", "fe80::1"]))
    request.country = pick([Country.jp, Country.kr, Country.us])
    request.asn = pick([1, 2, 3, 4])
    request.method = .known(request.store(Array(pick(["GET", "POST", "PUT", "a"]).utf8)))
    let path = "/" + (0..<number(below: 4)).map { _ in pick(["a", "b", "/", "A", "%41", ".."]) }.joined()
    request.path = .known(request.store(Array(path.utf8)))
    let query = (0..<number(below: 3)).map { _ in pick(["a", "b", "?", "A", "%41"]) }.joined()
    request.query = query.isEmpty ? .absent : .known(request.store(Array(query.utf8)))
    for _ in 0..<number(below: 3) {
      let name = request.store(Array("x".utf8))
      request.headers.append(Header(name: name, value: .known(request.store(Array(pick(Self.texts).utf8)))))
    }
    request.headersComplete = true
    return request
  }
}

/// Countries as requests hold them.
private enum Country {
  static let jp = UInt16(0x4a50)
  static let kr = UInt16(0x4b52)
  static let us = UInt16(0x5553)
}
