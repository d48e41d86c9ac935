import Foundation
import Testing
import WAFDocuments
import WAFModel

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Rules/managed").path

/// A web ACL with one managed group, loaded with the stand-ins; `members` are further members of its statement.
private func load(
  _ group: String, _ members: String = "", arn: String = "", ipSets: [LoadingOptions.Supplied] = [], isLocal: Bool = true
) -> LoadedDocuments {
  let visibility = #""VisibilityConfig": {"SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "x"}"#
  let statement = #"{"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "\#(group)"\#(members)}}"#
  let rule = #"{"Name": "x", "Priority": 0, "Statement": \#(statement), "OverrideAction": {"None": {}}, \#(visibility)}"#
  let text = #"{"Name": "x"\#(arn), "DefaultAction": {"Allow": {}}, "Rules": [\#(rule)], \#(visibility)}"#
  var options = LoadingOptions()
  options.ipSets = ipSets
  options.standIns = isLocal ? StandIns(folder: folder) : nil
  return DocumentLoader(options).load(texts: [("acl.json", Array(text.utf8))])
}

@Test func standInsOfACheckout() throws {
  let standIns = try #require(StandIns(folder: folder))
  #expect(standIns.folder == folder)
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("AWS") }
  #expect(names.count == 12)
  for name in names {
    // All are of one version, which their descriptions name.
    let group = try String(contentsOfFile: "\(folder)/\(name)/rule-group.json", encoding: .utf8)
    #expect(group.contains("\"Description\": \"Stand-in \(standIns.version) for AWS/\(name):"))
    let about = try String(contentsOfFile: "\(folder)/\(name)/about.json", encoding: .utf8)
    #expect(about.contains("\"version\": \"\(standIns.version)\""))
    // Names, actions and labels are those of the catalogue, in its order.
    let loaded = load(name)
    let stand = try #require(loaded.documents?.managedRuleGroup(vendor: "AWS", name: name))
    let published = try #require(ManagedRuleGroups.find(vendor: "AWS", name: name))
    let known = published.rules.filter { rule in stand.rules.contains { $0.name == rule.name } }
    #expect(stand.rules.map(\.name) == known.map(\.name))
    #expect(stand.rules.map { rule in rule.labels.map { published.labelNamespace + $0 } } == known.map(\.labels))
    for (rule, expected) in zip(stand.rules, known) {
      guard case .action(let action) = rule.action else { continue }
      #expect(action.kind == expected.action, "\(rule.name)")
    }
    #expect(stand.capacity == published.capacity)
    #expect(loaded.localDefinitions == [LocalDefinition(group: "AWS/\(name)", source: "stand-in \(standIns.version)", isStandIn: true)])
    #expect(loaded.findings.kept.allSatisfy { $0.severity == .note }, "\(loaded.findings.kept)")
  }
}

@Test func noStandInsWithoutVersion() {
  #expect(StandIns(folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().path) == nil)
  #expect(StandIns(folder: "/nonexistent") == nil)
}

@Test func standInsOnlyWhereTheyCanAnswer() {
  #expect(load("AWSManagedRulesPHPRuleSet", isLocal: false).localDefinitions.isEmpty)
  #expect(load("AWSManagedRulesAntiDDoSRuleSet").localDefinitions.isEmpty)
  for (level, count) in [("COMMON", 1), ("TARGETED", 0)] {
    let config = #", "ManagedRuleGroupConfigs": [{"AWSManagedRulesBotControlRuleSet": {"InspectionLevel": "\#(level)"}}]"#
    #expect(load("AWSManagedRulesBotControlRuleSet", config).localDefinitions.count == count, "\(level)")
  }
}

@Test(
  "Stand-ins answer in web ACLs of every scope and region",
  arguments: ["arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/1", "arn:aws:wafv2:ap-south-1:111122223333:regional/webacl/x/1"])
func standInsHaveNoScope(arn: String) throws {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("AWS") }
  #expect(names.count == 12)
  for name in names {
    let loaded = load(name, arn: #", "ARN": "\#(arn)""#)
    #expect(loaded.documents?.managedRuleGroup(vendor: "AWS", name: name) != nil)
    #expect(loaded.findings.kept.allSatisfy { $0.severity == .note }, "\(loaded.findings.kept)")
  }
}

@Test func overridesNameRulesOfTheCatalogueToo() {
  for (rule, warnings) in [("CategoryAI", 0), ("TGT_TokenAbsent", 0), ("TGT_Nonsense", 1)] {
    let override = #", "RuleActionOverrides": [{"Name": "\#(rule)", "ActionToUse": {"Count": {}}}]"#
    #expect(load("AWSManagedRulesBotControlRuleSet", override).findings.count(of: .warning) == warnings, "\(rule)")
  }
}

@Test func setsOfStandInsAreFilled() throws {
  let list = LoadingOptions.Supplied(name: "ip-reputation-v4", file: "list.txt", text: "192.0.2.0/24\n198.51.100.7/32")
  let documents = try #require(load("AWSManagedRulesAmazonIpReputationList", ipSets: [list]).documents)
  #expect(documents.ipSets.first { $0.name == "ip-reputation-v4" }?.addresses.count == 2)
  #expect(documents.ipSets.first { $0.name == "ip-reputation-v6" }?.addresses.isEmpty == true)
}
