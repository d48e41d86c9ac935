import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// What half-known requests tell and what they do not: the cases that the differential test has found, one by one.
@Suite struct UnknownPartsTests {
  /// A request of which the first bytes of one header are known.
  private func request(header name: String, cutAt text: String) -> Request {
    var request = Request.known(headers: [("host", "shop.example.com")])
    let stored = request.store(Array(name.utf8))
    request.headers.append(Header(name: stored, value: .prefix(request.store(Array(text.utf8)))))
    return request
  }

  private func size(_ field: FieldToMatch, _ comparison: ComparisonOperator, _ size: Int) -> Statement {
    .sizeConstraint(SizeConstraintStatement(inspection: Inspection(field), comparison: comparison, size: size))
  }

  /// Cut before its `=`, an argument may have any name; cut behind it, the name is known and the value begins so.
  @Test(arguments: [("a=1&b", Certainty.possible), ("a=1&b=", Certainty.certain), ("a=1&", Certainty.possible), ("b=1&a", Certainty.certain)])
  func cutQueryArgument(_ query: String, _ expected: Certainty) throws {
    var request = Request.known()
    request.query = .prefix(request.store(Array(query.utf8)))
    #expect(try outcome(size(.singleQueryArgument(name: "b"), .greaterOrEqual, 0), request) == expected)
  }

  /// The same for cookies; blanks before the cut may stand inside the value.
  @Test(arguments: [("a=1; b", Certainty.possible), ("a=1; b=", Certainty.certain), ("a=1;", Certainty.possible), ("b=1; a", Certainty.certain)])
  func cutCookieName(_ cookies: String, _ expected: Certainty) throws {
    let field = FieldToMatch.cookies(NamedItems(pattern: .included(["b"]), scope: .value, oversize: .continue))
    #expect(try outcome(size(field, .greaterOrEqual, 0), request(header: "cookie", cutAt: cookies)) == expected)
  }

  @Test func blankBeforeTheCutMayStandInsideTheCookie() throws {
    let field = FieldToMatch.cookies(NamedItems(pattern: .included(["b"]), scope: .value, oversize: .continue))
    #expect(try outcome(size(field, .equal, 1), request(header: "cookie", cutAt: "b=1 ")) == .possible)
  }

  /// An address behind which a comma is known is known, whatever follows the cut (FW-4).
  @Test(arguments: [
    ("203.0.113.9, 198", Certainty.certain), ("203.0.113.9", Certainty.possible), ("192.0.2.1,", Certainty.no), ("bogus,", Certainty.certain),
  ])
  func cutForwardedHeader(_ addresses: String, _ first: Certainty) throws {
    let set = IPSet(name: "set", isIPv6: false, addresses: [CIDR(address: IPAddress(v4: 0xcb00_7100), prefixLength: 24)])
    let config = ForwardedIPConfig(headerName: "x-forwarded-for", fallback: .match)
    let request = request(header: "x-forwarded-for", cutAt: addresses)
    let expectations: [(ForwardedPosition, Certainty)] = [(.first, first), (.last, .possible), (.any, .possible)]
    for (position, expected) in expectations {
      let statement = Statement.ipSetReference(IPSetReferenceStatement(arn: "set", forwardedIP: config, position: position))
      #expect(try outcome(statement, request, ipSets: [set]) == expected, "\(position)")
    }
  }

  /// RT-3: a missing part of the key decides, also behind an unknown one.
  @Test func missingKeyDecidesOverAnUnknownOne() throws {
    let keys: [CustomKey] = [.ip, .header(name: "x-key", transformations: [.none])]
    let rate = Statement.rateBased(RateBasedStatement(limit: 10, aggregateKeyType: .customKeys, customKeys: keys))
    var request = Request.known()
    request.clientAddress = nil
    #expect(try outcome(rate, request) == .no)
    request.headersComplete = false
    #expect(try outcome(rate, request) == .possible)
  }

  /// A body that is there has a byte at least, and one that is not matches nothing (A.2, EV-1).
  @Test func unknownBodyIsNeverEmpty() throws {
    var request = Request.known()
    request.body = .unknown(size: 0...100)
    #expect(try outcome(size(.body(.continue), .equal, 0), request) == .no)
    #expect(try outcome(size(.body(.continue), .greaterOrEqual, 0), request) == .possible)
    #expect(try outcome(size(.body(.continue), .greater, 100), request) == .no)
    request.body = .prefix(.empty)
    #expect(try outcome(size(.body(.continue), .equal, 0), request) == .no)
    #expect(try outcome(size(.body(.continue), .greaterOrEqual, 1), request) == .certain)
  }

  /// TK-5: a host that is not known refuses no token.
  @Test(arguments: [true, false]) func tokenOfAnUnknownHost(_ headersComplete: Bool) throws {
    var request = Request.known(headers: [])
    request.headersComplete = headersComplete
    request.token = TokenState(
      present: true, tampered: false, domain: request.store(Array("shop.example.com".utf8)), challengeSolveTimestamp: nil,
      captchaSolveTimestamp: 1_700_000_000)
    let webACL = WebACL(name: "t", defaultAction: .allow([]), rules: [Rule("r", 0, .always, .captcha([]))])
    let (result, _) = try verdict(webACL, request)
    let status: TokenStatus = headersComplete ? .failed(.domainMismatch) : .unknown
    let possible: ActionSet = headersComplete ? .captcha : [.allow, .captcha]
    #expect(result.tokens.map(\.status) == [status])
    #expect(result.possibleActions == possible)
  }

  /// A label of a rule that may have ended its group is not there for the rules behind it in the group, and may be behind the group.
  @Test func labelOfARuleThatMayHaveEndedItsGroup() throws {
    let open = Statement.bytes("x", in: .body(.continue))
    let seen = Statement.labelMatch(LabelMatchStatement(scope: .label, key: "awswaf:000000000000:rulegroup:g:seen"))
    let group = RuleGroup(
      name: "g", rules: [Rule("ends", 0, open, .block(nil), labels: ["seen"]), Rule("inside", 1, seen, .count([]))])
    let reference = Rule(
      name: "group", priority: 0, statement: .ruleGroupReference(RuleGroupReferenceStatement(arn: "g")), action: .override(.count))
    var documents = RuleDocuments(
      webACL: WebACL(name: "t", defaultAction: .allow([]), rules: [reference, Rule("behind", 1, seen, .count([]))]))
    documents.ruleGroups = [group]
    var request = Request.known()
    request.body = .unknown
    let (result, _) = try verdict(documents, request)
    let expected: [Certainty] = [.possible, .possible, .no, .possible]
    #expect(result.outcomes.map(\.matched) == expected)
  }

  /// MG-1 d: a rule that AWS counted and the web ACL under test blocks ends the group: the rules behind it are not reached.
  @Test func recordReachesNoFurtherThanTheWebACL() throws {
    let name = "AWSManagedRulesAnonymousIpList"
    let managed = ManagedRuleGroupStatement(vendorName: "AWS", name: name)
    let rule = Rule(name: "m", priority: 0, statement: .managedRuleGroup(managed), action: .override(.none))
    var request = Request.known()
    var group = RecordedGroup()
    group.id = request.store(Array("AWS#\(name)".utf8))
    group.nonTerminatingRules = [
      RecordedMatch(
        ruleID: request.store(Array("AnonymousIPList".utf8)), action: request.store(Array("COUNT".utf8)),
        overriddenAction: request.store(Array("BLOCK".utf8)))
    ]
    var recorded = RecordedDecision()
    recorded.groups = [group]
    request.recorded = recorded
    let (result, _) = try verdict(WebACL(name: "t", defaultAction: .allow([]), rules: [rule]), request)
    let reached: [Certainty] = [.certain, .certain, .no]
    #expect(result.possibleActions == .block && result.terminatingInnerRule == 1)
    #expect(result.outcomes.map(\.reached) == reached)
  }

  /// LB-8: a label named twice is one label.
  @Test func labelNamedTwice() throws {
    let rule = Rule("r", 0, .always, .block(nil), labels: ["a", "a"])
    let (result, _) = try verdict(WebACL(name: "t", defaultAction: .allow([]), rules: [rule]), .known())
    #expect(result.labels.count == 1)
  }
}
