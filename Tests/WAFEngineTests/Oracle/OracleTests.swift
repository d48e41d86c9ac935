import TestSupport
import Testing
import WAFBase
import WAFEngine
import WAFModel
import WAFRequest

/// The oracle against the tables of the specification: it has to be right before anything is compared with it.
@Suite struct OracleTests {
  // MARK: Groups and overrides (evaluation.md, appendix A)

  struct OverrideCase: Decodable, Sendable {
    let row: Int
    let configured, override, effective, token, group: String
    let topLevelCount: Bool
    let result: String
  }

  @Test func overrideTableIsWhole() throws {
    #expect(try Fixture.table("override_table.json", of: OverrideCase.self).count == 94)
  }

  /// Rule `r` of a group with a label, a rule `next` behind it in the group, a Block rule `last` behind the group.
  @Test(arguments: try Fixture.table("override_table.json", of: OverrideCase.self))
  func overrides(_ example: OverrideCase) throws {
    let configured = try #require(ActionKind(rawValue: example.configured))
    var inner = Rule(name: "r", priority: 1, statement: always, action: .action(RuleAction(configured)))
    inner.labels = ["seen"]
    let next = Rule(name: "next", priority: 2, statement: always, action: .action(.count([])))
    var reference = RuleGroupReferenceStatement(arn: "group")
    if example.override == "EXCL" { reference.excludedRules = ["r"] }
    if example.override.hasPrefix("RAO:") {
      let kind = try #require(ActionKind(rawValue: String(example.override.dropFirst(4))))
      reference.overrides = [RuleActionOverride(name: "r", action: RuleAction(kind))]
    }
    let group = Rule(
      name: "g", priority: 1, statement: .ruleGroupReference(reference), action: .override(example.group == "Count" ? .count : .none))
    let last = Rule(name: "last", priority: 2, statement: always, action: .action(.block(nil)))
    var request = Request.plain()
    if example.token == "valid" {
      request.token = TokenState(
        present: true, tampered: false, domain: .empty, challengeSolveTimestamp: 1_700_000_000, captchaSolveTimestamp: 1_700_000_000)
    }
    var oracle = Oracle(.shop([group, last], groups: [RuleGroup(name: "group", rules: [inner, next])]))
    let verdict = oracle.evaluate(request)

    #expect(verdict.isDetermined)
    #expect(verdict.labels == ["awswaf:000000000000:rulegroup:group:seen"])
    try #require(verdict.outcomes.count == 4)
    let (g, r, behind, outside) = (verdict.outcomes[0], verdict.outcomes[1], verdict.outcomes[2], verdict.outcomes[3])
    #expect(g.reached == .certain && r.matched == .certain)
    switch example.result {
    case "continue in group":
      #expect(r.counted == .certain && r.endedGroup == .no && behind.matched == .certain && outside.terminated == .certain)
      #expect(g.matched == .no && verdict.terminatingRule == 3 && verdict.possibleActions == .block)
    case "continue after group":
      #expect(r.endedGroup == .certain && r.terminated == .no && behind.reached == .no && outside.terminated == .certain)
      #expect((g.counted == .certain) == example.topLevelCount && verdict.terminatingRule == 3)
    default:
      let kind = try #require(ActionKind(rawValue: example.result.capitalized))
      #expect(r.terminated == .certain && g.terminated == .certain && behind.reached == .no && outside.reached == .no)
      #expect(verdict.terminatingRule == 0 && verdict.terminatingInnerRule == 1 && verdict.possibleActions == ActionSet(kind))
    }
  }

  // MARK: Statements

  struct ByteMatchCase: Decodable, Sendable {
    let note, value, search: String
    let exactly, startsWith, endsWith, contains, containsWord: Bool
  }

  @Test(arguments: try Fixture.table("byte_match.json", of: ByteMatchCase.self))
  func byteMatch(_ example: ByteMatchCase) throws {
    let expected: [(PositionalConstraint, Bool)] = [
      (.exactly, example.exactly), (.startsWith, example.startsWith), (.endsWith, example.endsWith), (.contains, example.contains),
      (.containsWord, example.containsWord),
    ]
    for (constraint, answer) in expected {
      #expect(OracleTest.holds(try bytes(hex: example.value), try bytes(hex: example.search), constraint) == answer, "\(constraint)")
    }
  }

  struct ForwardedCase: Decodable, Sendable {
    let value: String?
    let first, last, anyMatch, anyNoMatch: String
  }

  @Test(arguments: try Fixture.table("forwarded_addresses.json", of: ForwardedCase.self), FallbackBehavior.allCases)
  func forwardedAddresses(_ example: ForwardedCase, _ fallback: FallbackBehavior) {
    let set = IPSet(
      name: "set", isIPv6: false, addresses: [CIDR(address: IPAddress(v4: 0xcb00_7100), prefixLength: 24)])
    let context = OracleContext(
      oracle: Oracle(.shop([], sets: [set])), request: .plain(headers: example.value.map { [("x-forwarded-for", $0)] } ?? []),
      labels: OracleLabels(), labelPrefix: "")
    let any = fallback == .match ? example.anyMatch : example.anyNoMatch
    for (position, answer) in [(ForwardedPosition.first, example.first), (.last, example.last), (.any, any)] {
      let statement = IPSetReferenceStatement(
        arn: "set", forwardedIP: ForwardedIPConfig(headerName: "X-Forwarded-For", fallback: fallback), position: position)
      let outcome = context.evaluate(.ipSetReference(statement), at: "$").outcome
      #expect(outcome == Outcome(answer == "yes" || (answer == "fallback" && fallback == .match)), "\(position)")
    }
  }

  struct LabelCase: Decodable, Sendable {
    let scope, key, label: String
    let match: Bool
  }

  @Test(arguments: try Fixture.table("label_match.json", of: LabelCase.self))
  func labels(_ example: LabelCase) throws {
    let scope = try #require(LabelScope(rawValue: example.scope))
    let prefix = "awswaf:111122223333:webacl:shop:"
    #expect(OracleLabels.matches(example.label, scope: scope, key: example.key, prefix: prefix) == example.match)
  }

  // MARK: Components

  struct QueryCase: Decodable, Sendable {
    let query: String
    let name: String?
    let values: [String]
  }

  @Test(arguments: try Fixture.table("query_arguments.json", of: QueryCase.self))
  func queryArguments(_ example: QueryCase) throws {
    let context = OracleContext(
      oracle: Oracle(.shop([])), request: .plain(query: example.query), labels: OracleLabels(), labelPrefix: "")
    let field = example.name.map { FieldToMatch.singleQueryArgument(name: $0) } ?? .allQueryArguments
    guard case .values(let values, nil) = context.extract(field).content else {
      Issue.record("no values")
      return
    }
    #expect(values.map(\.bytes) == (try example.values.map { try bytes(hex: $0) }))
  }

  struct JSONCase: Decodable, Sendable {
    let body: String
    let paths: [String]?
    let scope: String
    let elements: [String]
    let failure: Int?
  }

  @Test(arguments: try Fixture.table("json_body.json", of: JSONCase.self))
  func jsonBody(_ example: JSONCase) throws {
    let scope = try #require(MatchScope(rawValue: example.scope))
    let document = OracleJSON(Array(example.body.utf8))
    #expect(document.failure == example.failure)
    let selected = document.elements.filter { $0.isSelected(by: example.paths, scope) }
    #expect(selected.map { String(decoding: $0.bytes, as: UTF8.self) } == example.elements)
  }

  struct OversizeCase: Decodable, Sendable {
    let resource: String
    let limit: Int?
    let length: Int
    /// Where an `x` stands in the body; none if null.
    let x: Int?
    let handling, test: String
    let size: Int?
    let match: Bool
  }

  @Test(arguments: try Fixture.table("oversize_bodies.json", of: OversizeCase.self))
  func oversizeBodies(_ example: OversizeCase) throws {
    var body = [UInt8](repeating: UInt8(ascii: "a"), count: example.length)
    if let position = example.x { body[position] = UInt8(ascii: "x") }
    var request = Request.plain(body: body)
    request.resource = ResourceType(logName: example.resource)
    let handling = try #require(OversizeHandling(rawValue: example.handling))
    let inspection = Inspection(.body(handling))
    let statement: Statement =
      switch ComparisonOperator(rawValue: example.test) {
      case let comparison?: .sizeConstraint(SizeConstraintStatement(inspection: inspection, comparison: comparison, size: example.size ?? 0))
      case nil: .byteMatch(ByteMatchStatement(searchString: [UInt8(ascii: "x")], inspection: inspection, positionalConstraint: .contains))
      }
    var documents = RuleDocuments.shop([])
    documents.webACL.bodyLimits = example.limit.map { [BodyLimit(resource: "CLOUDFRONT", bytes: $0)] } ?? []
    let context = OracleContext(oracle: Oracle(documents), request: request, labels: OracleLabels(), labelPrefix: "")
    #expect(context.evaluate(statement, at: "$").outcome == Outcome(example.match))
  }

  // MARK: Rates (evaluation.md 7.4)

  struct TimelineCase: Decodable, Sendable {
    let name: String
    let interval: Int64
    /// Milliseconds.
    let times: [Int64]
    /// Positions of the requests that are limited.
    let limited: [Int]
  }

  @Test(arguments: try Fixture.table("rate_timelines.json", of: TimelineCase.self))
  func rateTimelines(_ example: TimelineCase) {
    let rate = RateBasedStatement(limit: 10, evaluationWindow: 60, aggregateKeyType: .ip)
    let rule = Rule(name: "rate", priority: 1, statement: .rateBased(rate), action: .action(.block(nil)))
    var settings = EngineSettings()
    if example.interval > 0 { settings.rateModel = .interval(checkInterval: example.interval) }
    var oracle = Oracle(.shop([rule]), settings: settings)
    let limited = example.times.indices.filter { position in
      var request = Request.plain()
      request.timestamp = example.times[position]
      return oracle.evaluate(request).outcomes[0].matched == .certain
    }
    #expect(limited == example.limited)
  }

  // MARK: Unknowns (EV-6)

  /// An unknown Block, then an unknown Allow, then the default action: three outcomes are possible (DESIGN.md, decision 1).
  @Test func everyPossibleActionIsKept() {
    let body = Statement.byteMatch(
      ByteMatchStatement(searchString: [UInt8(ascii: "x")], inspection: Inspection(.body(.continue)), positionalConstraint: .contains))
    var documents = RuleDocuments.shop([
      Rule(name: "block", priority: 1, statement: body, action: .action(.block(nil))),
      Rule(name: "captcha", priority: 2, statement: body, action: .action(.captcha([]))),
    ])
    documents.webACL.defaultAction = .block(nil)
    var request = Request.plain()
    request.body = .unknown
    var oracle = Oracle(documents)
    let verdict = oracle.evaluate(request)
    #expect(verdict.possibleActions == [.block, .captcha] && !verdict.isDetermined)
    #expect(verdict.outcomes.map(\.reached) == [.certain, .possible] && verdict.defaultReached == .possible)
    #expect(verdict.open.map(\.reason) == [.bodyNotInLog, .bodyNotInLog])
  }

  /// A Count rule keeps later rules certain; only its count and labels are open (log-formats.md section 1).
  @Test func undeterminedCountLeavesTheActionDetermined() {
    let body = Statement.byteMatch(
      ByteMatchStatement(searchString: [UInt8(ascii: "x")], inspection: Inspection(.body(.continue)), positionalConstraint: .contains))
    var count = Rule(name: "count", priority: 1, statement: body, action: .action(.count([])))
    count.labels = ["seen"]
    let label = Statement.labelMatch(LabelMatchStatement(scope: .label, key: "seen"))
    let both = Statement.and([label, .not(always)])
    var oracle = Oracle(.shop([count, Rule(name: "block", priority: 2, statement: both, action: .action(.block(nil)))]))
    var request = Request.plain()
    request.body = .unknown
    let verdict = oracle.evaluate(request)
    #expect(verdict.isDetermined && verdict.possibleActions == .allow && verdict.terminatingRule == Verdict.defaultAction)
    #expect(verdict.outcomes[0].counted == .possible && verdict.outcomes[1].matched == .no)
    // A definite And above an open leaf hides it.
    #expect(verdict.open == [OracleLeaf(rule: 0, path: "$.Statement.ByteMatchStatement", reason: .bodyNotInLog)])
  }
}
