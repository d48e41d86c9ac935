import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// What is not known is never a miss (EV-6).
@Suite("EV-6: three outcomes")
struct UnknownTests {
  /// As an access log of a load balancer tells it: no body, two headers.
  private func fromAccessLog() -> Request {
    var request = Request.known("POST", "/upload")
    request.headersComplete = false
    request.body = .unknown(size: 0...5_000)
    return request
  }

  private let bodyHolds = Statement.bytes("x", in: .body(.continue))

  @Test("a rule on a body is undetermined with body-not-in-log, and so is its NOT")
  func body() throws {
    for statement in [bodyHolds, .not(bodyHolds)] {
      let webACL = WebACL(name: "w", defaultAction: .allow([]), rules: [Rule("r", 0, statement, .block(nil))])
      let (verdict, program) = try verdict(webACL, fromAccessLog())
      #expect(verdict.outcomes[0].matched == .possible)
      #expect(verdict.open.map(\.reason) == [.bodyNotInLog])
      #expect(verdict.open.map { program.paths[$0.path].hasSuffix("ByteMatchStatement") } == [true])
      #expect(verdict.possibleActions == [.allow, .block])
      #expect(!verdict.isDetermined)
      #expect(verdict.action == nil)
    }
  }

  @Test("unknown Block, then unknown Allow, default Block: ALLOW and BLOCK are possible")
  func unknownThenUnknown() throws {
    let rules = [Rule("a", 0, bodyHolds, .block(nil)), Rule("b", 1, .not(bodyHolds), .allow([]))]
    let (verdict, _) = try verdict(WebACL(name: "w", defaultAction: .block(nil), rules: rules), fromAccessLog())
    #expect(verdict.possibleActions.kinds == [.allow, .block])
    #expect(!verdict.isDetermined)
  }

  @Test("an unknown Count leaves the action certain")
  func count() throws {
    let rules = [Rule("a", 0, bodyHolds, .count([])), Rule("b", 1, .always, .block(nil))]
    let (verdict, _) = try verdict(WebACL(name: "w", defaultAction: .allow([]), rules: rules), fromAccessLog())
    #expect(verdict.isDetermined)
    #expect(verdict.action == .block)
    #expect(verdict.terminatingRule == 1)
    #expect(verdict.outcomes[0].counted == .possible)
  }

  @Test("two unknown rules with the same action leave the terminating rule open")
  func sameAction() throws {
    let rules = [Rule("a", 0, bodyHolds, .block(nil)), Rule("b", 1, .always, .block(nil))]
    let (verdict, _) = try verdict(WebACL(name: "w", defaultAction: .allow([]), rules: rules), fromAccessLog())
    #expect(verdict.action == .block)
    #expect(!verdict.isDetermined)
    #expect(verdict.outcomes[1].reached == .possible)
  }

  @Test("LG-3: a definite part decides; the law of the excluded middle does not hold")
  func kleene() throws {
    let request = fromAccessLog()
    #expect(try outcome(.and([bodyHolds, .not(.always)]), request) == .no)
    #expect(try outcome(.or([bodyHolds, .always]), request) == .certain)
    #expect(try outcome(.or([bodyHolds, .not(bodyHolds)]), request) == .possible)
    #expect(try outcome(.and([bodyHolds, .not(bodyHolds)]), request) == .possible)
  }

  @Test(
    "bounds of a size decide what they can, whatever the bytes",
    arguments: [
      (ComparisonOperator.greater, 5_000, Certainty.no), (.greater, 4_999, .possible), (.greaterOrEqual, 0, .possible),
      (.less, 5_001, .possible), (.equal, 5_001, .no), (.greater, 8_192, .no),
    ])
  func size(_ comparison: ComparisonOperator, _ size: Int, _ expected: Certainty) throws {
    // The body may be absent, and then nothing matches: so `LT 5001` is open.
    let statement = Statement.sizeConstraint(
      SizeConstraintStatement(inspection: Inspection(.body(.continue)), comparison: comparison, size: size))
    #expect(try outcome(statement, fromAccessLog()) == expected)
  }

  @Test("a label that may have been added is undetermined, one that cannot have been is a miss")
  func labels() throws {
    let rules = [
      Rule("a", 0, bodyHolds, .count([]), labels: ["maybe"]),
      Rule("b", 1, .labelMatch(LabelMatchStatement(scope: .label, key: "maybe")), .count([])),
      Rule("c", 2, .labelMatch(LabelMatchStatement(scope: .label, key: "never")), .count([])),
    ]
    let (verdict, _) = try verdict(WebACL(name: "w", defaultAction: .allow([]), rules: rules), fromAccessLog())
    #expect(verdict.outcomes.map(\.matched) == [.possible, .possible, .no])
    #expect(verdict.open.map(\.reason) == [.bodyNotInLog, .labelUndetermined])
    #expect(verdict.labels.isEmpty)
  }

  @Test("SQ, XS: a detector decides on a value that is known whole, and on no part of one")
  func detectors() throws {
    func webACL(_ field: FieldToMatch) -> WebACL {
      let inspection = Inspection(field, [.urlDecode])
      let statements: [Statement] = [
        .sqliMatch(SqliMatchStatement(inspection: inspection)), .sqliMatch(SqliMatchStatement(inspection: inspection, sensitivityLevel: .high)),
        .xssMatch(XssMatchStatement(inspection: inspection)),
      ]
      let rules = statements.enumerated().map { Rule("r\($0)", $0, $1, .count([])) }
      return WebACL(name: "w", defaultAction: .allow([]), rules: rules)
    }
    func matched(_ target: String) throws -> [Certainty] {
      try verdict(webACL(.queryString), .known("GET", target)).0.outcomes.map(\.matched)
    }
    #expect(try matched("/?a=1") == [.no, .no, .no])
    #expect(try matched("/?1'%20or%201=1--") == [.certain, .certain, .no])
    #expect(try matched("/?please%20id%20;drop%20table%20users") == [.no, .certain, .no])
    #expect(try matched("/?%3Cscript%3E") == [.no, .no, .certain])
    let unknown = try verdict(webACL(.body(.continue)), fromAccessLog()).0
    #expect(unknown.outcomes.map(\.matched) == [.possible, .possible, .possible])
    #expect(unknown.open.map(\.reason) == [.bodyNotInLog, .bodyNotInLog, .bodyNotInLog])
  }
}
