import TestSupport
import Testing
import WAFModel

@testable import WAFDocuments

/// A changed or new rule, as it is evaluated and as it is pasted.
@Suite struct RuleEditTests {
  private static let visibility = #""VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m"}"#

  private static func rule(_ name: String, _ priority: Int, _ action: String, _ statement: String) -> String {
    #"{"Name": "\#(name)", "Priority": \#(priority), \#(action), "Statement": \#(statement), \#(visibility)}"#
  }

  private static let dots =
    #"{"ByteMatchStatement": {"SearchString": "Li4=", "FieldToMatch": {"QueryString": {}}, "TextTransformations": [{"Priority": 0, "Type": "NONE"}], "PositionalConstraint": "CONTAINS"}}"#
  private static let german = #"{"GeoMatchStatement": {"CountryCodes": ["DE"]}}"#

  /// A web ACL with one rule of each kind, in the API's form.
  private static let document =
    #"{"WebACL": {"Name": "photos", "DefaultAction": {"Allow": {}}, "# + visibility + #", "Rules": ["#
    + [
      rule("dots", 0, #""Action": {"Count": {}}"#, dots),
      rule("both", 1, #""Action": {"Count": {}}"#, #"{"AndStatement": {"Statements": [\#(dots), \#(german)]}}"#),
      rule("rate", 2, #""Action": {"Count": {}}"#, #"{"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}"#),
      rule(
        "common", 3, #""OverrideAction": {"Count": {}}"#,
        #"{"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet", "ScopeDownStatement": \#(german)}}"#),
      rule("last", 4, #""Action": {"Block": {}}"#, german),
    ].joined(separator: ", ") + "]}}"

  private static func loaded(_ text: String = document) throws -> LoadedDocuments {
    let loaded = DocumentLoader().load(texts: [("photos.json", Array(text.utf8))])
    _ = try #require(loaded.documents)
    return loaded
  }

  private static let upload = PathPrefix("/upload/")
  private static let exception = Statement.not(
    .byteMatch(
      ByteMatchStatement(
        searchString: Array("/upload/".utf8),
        inspection: Inspection(.uriPath, [.urlDecode, .normalizePath]), positionalConstraint: .startsWith)))

  @Test("A statement becomes an And, an And gets one part more, a rate and a group a scope-down statement")
  func statements() throws {
    let loaded = try Self.loaded()
    func edited(_ change: RuleEdit.Change) throws -> Rule {
      let edit = try #require(RuleEdit(change, of: loaded))
      #expect(edit.webACL.rules.count == 5)
      return try #require(edit.webACL.rules.first { $0.name == edit.ruleName })
    }
    let rules = try #require(loaded.documents).webACL.rules
    let dots = try edited(.block(rule: "dots", except: Self.upload))
    #expect(dots.statement == .and([rules[0].statement, Self.exception]))
    #expect(dots.action == .action(.block(nil)))
    let both = try edited(.block(rule: "both", except: Self.upload))
    #expect(both.statement == .and(rules[1].statement.children + [Self.exception]))
    guard case .rateBased(let rate) = try edited(.block(rule: "rate", except: Self.upload)).statement else { throw Unexpected() }
    #expect(rate.scopeDown == Self.exception && rate.limit == 100)
    let group = try edited(.group(rule: "common", except: Self.upload))
    guard case .managedRuleGroup(let reference) = group.statement, case .managedRuleGroup(let before) = rules[3].statement else { throw Unexpected() }
    #expect(reference.scopeDown == .and([try #require(before.scopeDown), Self.exception]))
    #expect(group.action == .override(.none))
  }

  @Test func newRuleStandsRightBehindItsGroup() throws {
    let label = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"
    let change = RuleEdit.Change.label(label, behind: "common", action: .captcha, name: "captcha-elsewhere", except: PathPrefix("/up", isWhole: true))
    let edit = try #require(RuleEdit(change, of: try Self.loaded()))
    #expect(edit.movesPriorities)
    #expect(edit.webACL.rules.sorted { $0.priority < $1.priority }.map(\.name) == ["dots", "both", "rate", "common", "captcha-elsewhere", "last"])
    #expect(edit.webACL.rules.map(\.priority).sorted() == [0, 1, 2, 3, 4, 5])
    let rule = try #require(edit.webACL.rules.first { $0.name == "captcha-elsewhere" })
    #expect(rule.action == .action(.captcha([])))
    guard case .and(let parts) = rule.statement, case .labelMatch(let match) = parts[0] else { throw Unexpected() }
    #expect(match.key == label && parts.count == 2)
    // Nothing moves where the next number is free.
    let last = RuleEdit.Change.label(label, behind: "last", action: .block, name: "end", except: Self.upload)
    #expect(try #require(RuleEdit(last, of: try Self.loaded())).movesPriorities == false)
  }

  @Test("What is pasted is what is evaluated, in each dialect")
  func pasted() throws {
    let loaded = try Self.loaded()
    for change in [RuleEdit.Change.block(rule: "dots", except: Self.upload), .group(rule: "common", except: Self.upload)] {
      let edit = try #require(RuleEdit(change, of: loaded))
      let rule = try #require(edit.webACL.rules.first { $0.name == edit.ruleName })
      let api = try #require(edit.rule(as: .api))
      let cloudFormation = try #require(edit.rule(as: .cloudFormationJSON))
      let terraform = try #require(edit.rule(as: .terraform))
      let documents = [
        #"{"WebACL": {"Name": "photos", "DefaultAction": {"Allow": {}}, "# + Self.visibility + #", "Rules": ["# + api + "]}}",
        #"{"Resources": {"Photos": {"Type": "AWS::WAFv2::WebACL", "Properties": {"Name": "photos", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "#
          + Self.visibility + #", "Rules": ["# + cloudFormation + "]}}}}",
        #"{"resource": {"aws_wafv2_web_acl": {"photos": {"name": "photos", "scope": "REGIONAL", "default_action": {"allow": {}}, "visibility_config": "#
          + #"{"sampled_requests_enabled": true, "cloudwatch_metrics_enabled": true, "metric_name": "m"}, "rule": ["# + terraform + "]}}}}",
      ]
      for (name, text) in zip(["photos.json", "template.json", "photos.tf.json"], documents) {
        let options = LoadingOptions(decoding: DecodingOptions(allowsMissing: true))
        let reread = DocumentLoader(options).load(texts: [(name, Array(text.utf8))])
        let pasted = try #require(reread.documents?.webACL.rules.first, "\(name): \(reread.findings.kept.map(\.message))")
        #expect(pasted.statement == rule.statement && pasted.action == rule.action && pasted.priority == rule.priority, "\(name)")
      }
    }
  }

  @Test(
    "What cannot be edited is none",
    arguments: [
      RuleEdit.Change.block(rule: "missing", except: upload), .block(rule: "common", except: upload), .group(rule: "dots", except: upload),
      .label("a:b", behind: "missing", action: .block, name: "new", except: upload),
      .label("a:b", behind: "common", action: .block, name: "dots", except: upload),
    ])
  func refused(change: RuleEdit.Change) throws { #expect(RuleEdit(change, of: try Self.loaded()) == nil) }

  private struct Unexpected: Error {}
}
