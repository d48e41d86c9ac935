import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// The worked examples of evaluation.md that are no tables.
@Suite("evaluation.md, worked examples")
struct EvaluationExampleTests {
  @Test("EO-1: a group runs at its reference's place, in its own order; array order is irrelevant")
  func order() throws {
    func reference(_ name: String, _ priority: Int) -> Rule {
      Rule(name: name, priority: priority, statement: .ruleGroupReference(RuleGroupReferenceStatement(arn: name)), action: .override(.none))
    }
    let rules = [
      reference("GroupB", 300), Rule("R2", 200, .always, .count([])), reference("GroupA", 100), Rule("R1", 0, .always, .count([])),
    ]
    var documents = RuleDocuments(webACL: WebACL(name: "w", defaultAction: .allow([]), rules: rules))
    documents.ruleGroups = [
      RuleGroup(name: "GroupA", rules: [Rule("A2", 20_000, .always, .count([])), Rule("A1", 10_000, .always, .count([]))]),
      RuleGroup(name: "GroupB", rules: [Rule("B1", 0, .always, .count([])), Rule("B2", 1, .always, .count([]))]),
    ]
    let (verdict, program) = try verdict(documents, .known())
    let matched = program.rules.indices.filter { verdict.outcomes[$0].counted == .certain }.map { program.rules[$0].name }
    #expect(matched == ["R1", "A1", "A2", "R2", "B1", "B2"])
  }

  @Test("EO-3: Firewall Manager's groups run before and after the rules")
  func firewallManager() throws {
    var webACL = WebACL(name: "w", defaultAction: .allow([]), rules: [Rule("own", 5, .always, .count([]))])
    func group(_ name: String, _ priority: Int) -> FirewallManagerRuleGroup {
      FirewallManagerRuleGroup(
        name: name, priority: priority, statement: .ruleGroupReference(RuleGroupReferenceStatement(arn: "g")), overrideAction: .none)
    }
    webACL.postProcessGroups = [group("last", 0)]
    webACL.preProcessGroups = [group("second", 9), group("first", 1)]
    var documents = RuleDocuments(webACL: webACL)
    documents.ruleGroups = [RuleGroup(name: "g", rules: [Rule("inner", 0, .always, .count([]))])]
    let program = try Program(compiling: documents)
    #expect(
      program.rules.map { $0.displayName(in: program) } == [
        "first", "first/inner", "second", "second/inner", "own", "last", "last/inner",
      ])
  }

  @Test(
    "7.2: four requests by address, by method and by both",
    arguments: [
      ([CustomKey.ip], [1, 2, 1, 3]), ([.httpMethod], [1, 1, 2, 2]), ([.ip, .httpMethod], [1, 1, 1, 2]),
    ])
  func aggregation(_ keys: [CustomKey], _ counts: [Int]) throws {
    let rate = RateBasedStatement(limit: 10, aggregateKeyType: .customKeys, customKeys: keys)
    let webACL = WebACL(name: "w", defaultAction: .allow([]), rules: [Rule("rate", 0, .rateBased(rate), .count([]))])
    var evaluator = Evaluator(program: try Program(compiling: RuleDocuments(webACL: webACL)))
    var verdict = Verdict()
    var seen: [Int] = []
    for (address, method) in [("10.1.1.1", "POST"), ("10.1.1.1", "GET"), ("127.0.0.0", "POST"), ("10.1.1.1", "GET")] {
      evaluator.evaluate(.known(method, from: address), into: &verdict)
      seen += verdict.rates.map(\.count)
    }
    #expect(seen == counts)
  }

  @Test("CR-4: a Count and an Allow rule both insert headers, and later rules do not see them")
  func insertedHeaders() throws {
    let rules = [
      Rule("a", 0, .always, .count([CustomHeader(name: "RuleAHeader", value: "1")])),
      Rule("b", 1, .bytes("1", in: .singleHeader(name: "x-amzn-waf-RuleAHeader")), .block(nil)),
      Rule("c", 2, .always, .allow([CustomHeader(name: "RuleBHeader", value: "2")])),
    ]
    let (verdict, program) = try verdict(WebACL(name: "w", defaultAction: .block(nil), rules: rules), .known())
    #expect(verdict.action == .allow)
    #expect(verdict.outcomes.map(\.matched) == [.certain, .no, .certain])
    #expect(program.rules[0].effectiveAction?.insertedHeaders.map(\.name) == ["RuleAHeader"])
  }
}
