import TestSupport
import Testing
import WAFBase
import WAFModel
import WAFRequest

@testable import WAFEngine

/// A row of evaluation.md, appendix A.
struct OverrideCase: Decodable, Sendable, CustomTestStringConvertible {
  var row: Int
  var configured: String
  var override: String
  var effective: String
  var token: String
  var groupOverride: String
  var entry: String
  var top: String
  var result: String
  var testDescription: String { "appendix A, row \(row)" }
}

@Suite("evaluation.md appendix A, 5.4 and 5.6")
struct OverrideTableTests {
  static let rows = try? Fixture.table("override_table.json", of: OverrideCase.self)

  @Test("appendix A has 94 rows, and all of them run")
  func count() { #expect(Self.rows?.count == 94) }

  @Test("appendix A", arguments: try Fixture.table("override_table.json", of: OverrideCase.self))
  func row(_ example: OverrideCase) throws {
    for validity in example.token == "any" ? [true, false] : [example.token == "valid"] { try check(example, tokenIsValid: validity) }
  }

  private func check(_ example: OverrideCase, tokenIsValid: Bool) throws {
    let configured = try #require(ActionKind(rawValue: example.configured))
    var reference = RuleGroupReferenceStatement(arn: "g")
    if example.override.hasPrefix("RAO:") {
      let kind = try #require(ActionKind(rawValue: String(example.override.dropFirst(4))))
      reference.overrides = [RuleActionOverride(name: "r", action: kind.plain)]
    } else if example.override == "EXCL" {
      reference.excludedRules = ["r"]
    }
    let override = try #require(OverrideAction(rawValue: example.groupOverride))
    var webACL = WebACL(name: "w", defaultAction: .allow([]))
    webACL.rules = [
      Rule(name: "group", priority: 0, statement: .ruleGroupReference(reference), action: .override(override)),
      Rule("after-group", 1, .always, .count([])),
    ]
    var documents = RuleDocuments(webACL: webACL)
    documents.ruleGroups = [
      RuleGroup(name: "g", rules: [Rule("r", 0, .always, configured.plain, labels: ["seen"]), Rule("next", 1, .always, .count([]))])
    ]
    var request = Request.known()
    let solved: Int64 = 1_700_000_000 - (tokenIsValid ? 300 : 301)
    request.token = TokenState(present: true, tampered: false, domain: .empty, challengeSolveTimestamp: solved, captchaSolveTimestamp: solved)

    let (verdict, program) = try verdict(documents, request)
    let (group, inner, next, after) = (verdict.outcomes[0], verdict.outcomes[1], verdict.outcomes[2], verdict.outcomes[3])
    #expect(program.rules[1].effectiveAction?.kind.rawValue == example.effective)
    #expect(inner.matched == .certain)
    #expect(verdict.isDetermined)

    // The group's entry: T = it ended the group, N = it counted, X = it counted as excluded; ov = its own action.
    let isEnd = example.entry.hasPrefix("T:")
    #expect((inner.endedGroup == .certain) == isEnd)
    #expect(program.rules[1].isExcluded == example.entry.hasPrefix("X:"))
    let overridden = program.rules[1].overriddenAction.map { ", ov " + $0.logName } ?? ""
    if !example.entry.hasPrefix("X:") {
      #expect(example.entry == (isEnd ? "T: " : "N: ") + (program.rules[1].effectiveAction?.kind.logName ?? "") + overridden)
    }
    #expect((next.reached == .certain) == !isEnd)
    #expect((group.counted == .certain) == (example.top == "group rule, COUNT"))

    let continues = example.result.hasPrefix("continue")
    #expect((after.reached == .certain) == continues)
    #expect(verdict.action?.logName == (continues ? "ALLOW" : example.result))
    #expect(verdict.terminatingRule == (continues ? Verdict.defaultAction : 0))
    // LB-5, GO-2: the rule's labels stay whatever came of its action.
    #expect(verdict.labels.map { String(decoding: verdict.bytes[$0], as: UTF8.self) } == ["awswaf:000000000000:rulegroup:g:seen"])
  }
}

/// evaluation.md section 5.6: the widespread note about Count mode, with the results that are really documented.
@Suite("evaluation.md 5.6, JN-1 to JN-6")
struct CountModeNoteTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var excluded = false
    var overridden = false
    var override: OverrideAction
    var second = false
    var action: ActionKind
    var terminating: Int
    var topCount = false
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "JN-1", excluded: true, override: .none, action: .allow, terminating: -1),
    Row(name: "JN-2", excluded: true, override: .count, action: .allow, terminating: -1),
    Row(name: "JN-3", override: .none, action: .block, terminating: 0),
    Row(name: "JN-4", override: .count, action: .allow, terminating: -1, topCount: true),
    Row(name: "JN-5", overridden: true, override: .none, action: .allow, terminating: -1),
    Row(name: "JN-6", excluded: true, override: .none, second: true, action: .block, terminating: 0),
  ]

  @Test(arguments: rows)
  func row(_ row: Row) throws {
    var reference = ManagedRuleGroupStatement(vendorName: "AWS", name: "AWSManagedRulesAdminProtectionRuleSet")
    if row.excluded { reference.excludedRules = ["r"] }
    if row.overridden { reference.overrides = [RuleActionOverride(name: "r", action: .count([]))] }
    let webACL = WebACL(
      name: "w", defaultAction: .allow([]),
      rules: [Rule(name: "managed", priority: 0, statement: .managedRuleGroup(reference), action: .override(row.override))])
    var documents = RuleDocuments(webACL: webACL)
    var rules = [Rule("r", 0, .always, .block(nil))]
    if row.second { rules.append(Rule("s", 1, .always, .block(nil))) }
    documents.ruleGroups = [RuleGroup(name: "AWS/AWSManagedRulesAdminProtectionRuleSet", rules: rules)]
    let (verdict, program) = try verdict(documents, .known())
    #expect(verdict.isDetermined)
    #expect(verdict.action == row.action)
    #expect(verdict.terminatingRule == row.terminating)
    #expect(program.rules[0].kind == .managedRuleGroup)
    #expect(verdict.outcomes[1].matched == .certain)
    #expect(program.rules[1].isExcluded == row.excluded)
    #expect((verdict.outcomes[0].counted == .certain) == row.topCount)
    if row.second { #expect(verdict.terminatingInnerRule == 2) }
  }
}
