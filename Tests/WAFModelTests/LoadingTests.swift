import Foundation
import TestSupport
import Testing
import WAFDocuments
import WAFModel

/// A folder of its own for one test, removed at its end.
final class TemporaryFolder {
  let path: String

  init(_ files: [String: String]) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-\(UUID().uuidString)").path
    for (name, text) in files {
      let file = URL(fileURLWithPath: path).appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Loads files of the folder and gives findings without its path.
  func load(_ names: [String], _ options: LoadingOptions = LoadingOptions()) -> (loaded: LoadedDocuments, findings: [String]) {
    let loaded = DocumentLoader(options).load(paths: names.map { $0.isEmpty ? path : "\(path)/\($0)" })
    return (loaded, loaded.findings.kept.map { $0.description.replacingOccurrences(of: path + "/", with: "") })
  }
}

private let visibility = #""VisibilityConfig":{"SampledRequestsEnabled":true,"CloudWatchMetricsEnabled":true,"MetricName":"m"}"#

private func arn(_ kind: String, _ name: String) -> String { "arn:aws:wafv2:eu-west-1:111122223333:regional/\(kind)/\(name)/id-\(name)" }

/// A web ACL whose rules refer to sets.
private func webACL(_ name: String = "shop", ipSets: [String] = [], groups: [String] = []) -> String {
  let sets = ipSets.map { #"{"IPSetReferenceStatement":{"ARN":"\#(arn("ipset", $0))"}}"# }
  let references = groups.map { #"{"RuleGroupReferenceStatement":{"ARN":"\#(arn("rulegroup", $0))"}}"# }
  let rules = (sets + references).enumerated().map { index, statement in
    let action = index < sets.count ? #""Action":{"Block":{}}"# : #""OverrideAction":{"None":{}}"#
    return #"{"Name":"r\#(index)","Priority":\#(index),\#(action),\#(visibility),"Statement":\#(statement)}"#
  }
  return #"{"WebACL":{"Name":"\#(name)","DefaultAction":{"Allow":{}},\#(visibility),"Rules":[\#(rules.joined(separator: ","))]}}"#
}

private func ipSet(_ name: String, _ addresses: String = "\"192.0.2.0/24\"") -> String {
  #"{"IPSet":{"Name":"\#(name)","ARN":"\#(arn("ipset", name))","IPAddressVersion":"IPV4","Addresses":[\#(addresses)]},"LockToken":"t"}"#
}

private func group(_ name: String, ipSet: String) -> String {
  let statement = #"{"IPSetReferenceStatement":{"ARN":"\#(arn("ipset", ipSet))"}}"#
  let rule = #"{"Name":"r","Priority":0,"Action":{"Block":{}},\#(visibility),"Statement":\#(statement)}"#
  return #"{"RuleGroup":{"Name":"\#(name)","ARN":"\#(arn("rulegroup", name))","Capacity":5,\#(visibility),"Rules":[\#(rule)]}}"#
}

@Suite struct Loading {
  @Test func namedFileFindsItsSetsBesideItAndInItsFolder() throws {
    let folder = try TemporaryFolder([
      "shop.json": webACL(ipSets: ["beside", "own"], groups: ["deep"]), "beside.json": ipSet("beside"), "shop/deeper/own.json": ipSet("own"),
      "group.json": group("deep", ipSet: "last"), "last.json": ipSet("last"), "other/far.json": ipSet("far"), "unused.json": ipSet("unused"),
      "broken.json": "{", "notes.json": "[1]",
    ])
    let (loaded, findings) = folder.load(["shop.json"])
    #expect(findings == [])
    let documents = try #require(loaded.documents)
    #expect(documents.ipSets.map(\.name).sorted() == ["beside", "last", "own"])
    #expect(documents.ruleGroups.map(\.name) == ["deep"])
    // Only what was used counts as a source.
    #expect(
      loaded.sources.map { $0.name.replacingOccurrences(of: folder.path + "/", with: "") }.sorted()
        == ["beside.json", "group.json", "last.json", "shop.json", "shop/deeper/own.json"])
    #expect(loaded.sources.first?.bytes == Array(webACL(ipSets: ["beside", "own"], groups: ["deep"]).utf8))
  }

  @Test func nothingElseIsOpened() throws {
    let folder = try TemporaryFolder(["acl/shop.json": webACL(ipSets: ["far"]), "far.json": ipSet("far"), "acl/other/far.json": ipSet("far")])
    let (loaded, findings) = folder.load(["acl/shop.json"])
    #expect(loaded.documents == nil)
    #expect(findings.count == 1)
    #expect(findings.first?.hasSuffix("(a file beside the web ACL with this IP set, or --ip-set far=FILE)") == true)
  }

  @Test func folderIsReadWithItsSubfolders() throws {
    let folder = try TemporaryFolder([
      "b.json": webACL(ipSets: ["one"]), "a/one.json": ipSet("one"), "tests.wafcast.yaml": "x", "readme.txt": "x", "c.json": "{\"a\":1}",
      ".hidden/two.json": ipSet("one"),
    ])
    let (loaded, findings) = folder.load([""])
    #expect(findings == ["c.json: note: no WAF document, passed over"])
    #expect(loaded.documents?.ipSets.count == 1)
  }

  @Test func faultsOfSeveralFilesAreReportedTogether() throws {
    let folder = try TemporaryFolder([
      "a.json": "{\"Rules\":[],}", "b.json": webACL(), "c.json": ipSet("x", "\"192.0.2.1\""), "d.json": ipSet("y", "\"192.0.2.1/24\""),
    ])
    let (loaded, findings) = folder.load([""])
    #expect(loaded.documents == nil)
    #expect(findings.map { $0.prefix(6) } == ["a.json", "c.json", "d.json", "a.json"] || findings.count >= 3, "\(findings)")
  }

  @Test func aWebACLAtFaultHidesNoOtherFault() throws {
    let folder = try TemporaryFolder([
      "acl.json": webACL(ipSets: ["nowhere", "bad"]).replacingOccurrences(of: "\"Priority\":1", with: "\"Priority\":{}"),
      "bad.json": ipSet("bad", "\"192.0.2.1\""),
    ])
    let findings = folder.load(["acl.json", "bad.json", "acl.json"]).loaded.findings.kept
    // The set at fault is not said to be missing too, and no file is read twice.
    #expect(findings.map(\.code) == [.unresolvedReference, .wrongType, .badAddress])
  }

  @Test func pipesInFoldersAreNotRead() throws {
    let folder = try TemporaryFolder(["acl.json": webACL()])
    #expect(mkfifo(folder.path + "/pipe.json", 0o600) == 0)
    #expect(folder.load([""]).findings == [])
  }

  @Test func severalWebACLs() throws {
    let folder = try TemporaryFolder(["a.json": webACL("a"), "b.json": webACL("b", ipSets: ["nowhere"])])
    #expect(folder.load([""]).findings == ["a.json:1:11: error: $.WebACL: several web ACLs: \"a\", \"b\" (pick one with --acl-name)"])
    // The other one is not looked at.
    let (loaded, findings) = folder.load([""], LoadingOptions(webACLName: "a"))
    #expect(findings == [])
    #expect(loaded.documents?.webACL.name == "a")
    #expect(
      folder.load([""], LoadingOptions(webACLName: "c")).findings
        == ["a.json:1:11: error: $.WebACL: no web ACL is named \"c\" (there is \"a\", \"b\")"])
  }

  @Test func missingFilesAreUnreadable() throws {
    let folder = try TemporaryFolder(["a.json": webACL("a")])
    let (loaded, findings) = folder.load(["a.json", "b\u{1b}.json"])
    #expect(findings == ["b\\x1b.json: error: cannot be read: No such file or directory"])
    #expect(loaded.hasUnreadable && loaded.documents == nil)
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/loop.json", withDestinationPath: "loop.json")
    #expect(folder.load(["loop.json"]).loaded.hasUnreadable)
    #expect(folder.load(["a\0.json"]).loaded.hasUnreadable)
  }

  @Test func linksToFoldersAreNotFollowed() throws {
    let folder = try TemporaryFolder(["a.json": webACL("a")])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/again", withDestinationPath: ".")
    #expect(folder.load([""]).findings == [])
  }

  @Test func suppliedEntitiesComeFirst() throws {
    let folder = try TemporaryFolder([
      "shop.json": webACL(ipSets: ["office"], groups: ["own"]), "office.json": ipSet("office"),
      "plain.txt": "# office\n198.51.100.0/24  # second floor\r\n\n203.0.113.7/32\n", "group.json": group("other", ipSet: "office"),
    ])
    var options = LoadingOptions()
    options.ipSets = [.init(name: "office", file: folder.path + "/plain.txt")]
    options.ruleGroups = [.init(name: arn("rulegroup", "own"), file: folder.path + "/group.json")]
    let (loaded, findings) = folder.load(["shop.json"], options)
    #expect(findings == [])
    let documents = try #require(loaded.documents)
    #expect(documents.ipSet(arn: arn("ipset", "office"))?.addresses.map(\.description) == ["198.51.100.0/24", "203.0.113.7/32"])
    #expect(documents.ruleGroup(arn: arn("rulegroup", "own"))?.name == "own")
  }

  @Test func plainTextFaultsHaveTheirLines() throws {
    let folder = try TemporaryFolder(["shop.json": webACL(ipSets: ["office"]), "plain.txt": "198.51.100.0/24\n2001:db8::/32\n1.2.3.4\n"])
    var options = LoadingOptions()
    options.ipSets = [.init(name: "office", file: folder.path + "/plain.txt")]
    let (loaded, findings) = folder.load(["shop.json"], options)
    #expect(loaded.documents == nil)
    #expect(
      findings.prefix(2) == [
        "plain.txt:2:1: error: \"2001:db8::/32\" is not an IPv4 block, as the others of the set are",
        "plain.txt:3:1: error: \"1.2.3.4\": an address without a prefix length, such as /32 for one IPv4 or /128 for one IPv6 address",
      ])
  }

  @Test func plainPatterns() throws {
    let folder = try TemporaryFolder(["acl.json": webACL(), "good.txt": "^a#b\n\n c \n", "bad.txt": "(?=a)b\n", "none.txt": "\n"])
    for (file, expected) in [
      ("good.txt", []), ("bad.txt", ["bad.txt:1:1: error: \"(?=a)b\", byte 0: look-ahead is not supported"]),
      ("none.txt", ["none.txt:1:1: error: expected 1 to 10 patterns, found 0"]),
    ] {
      var options = LoadingOptions()
      options.regexPatternSets = [.init(name: "p", file: folder.path + "/" + file)]
      let (loaded, findings) = folder.load(["acl.json"], options)
      #expect(findings == expected)
      if expected.isEmpty { #expect(loaded.documents?.regexPatternSets.map(\.patterns) == [["^a#b", " c "]]) }
    }
  }

  @Test func localDefinitionOfAManagedGroup() throws {
    let folder = try TemporaryFolder(["acl.json": webACL(), "group.json": group("any", ipSet: "s"), "s.json": ipSet("s")])
    var options = LoadingOptions()
    options.ruleGroups = [.init(name: "AWS/AWSManagedRulesCommonRuleSet", file: folder.path + "/group.json")]
    let documents = try #require(folder.load(["acl.json"], options).loaded.documents)
    #expect(documents.ruleGroups.map(\.arn) == ["AWS/AWSManagedRulesCommonRuleSet"])
    #expect(documents.ruleGroups.map(\.labelNamespace) == ["awswaf:managed:aws:core-rule-set:"])
  }

  @Test func suppliedArgument() {
    #expect(LoadingOptions.Supplied(argument: "a=b=c") == .init(name: "a", file: "b=c"))
    for bad in ["a", "=b", "a=", ""] { #expect(LoadingOptions.Supplied(argument: bad) == nil) }
  }

  @Test func findingsAreKeptUpToAHundred() {
    let addresses = (0..<250).map { "\"bad\($0)\"" }.joined(separator: ",\n")
    let loaded = DocumentLoader().load(texts: [(name: "set.json", bytes: Array(ipSet("x", addresses).utf8))])
    #expect(loaded.findings.kept.count { $0.severity == .error } == 100)
    #expect(loaded.findings.count(of: .error) == 251)  // And that there is no web ACL.
    #expect(loaded.findings.omitted == 151)
  }

  @Test func totalsAreErrorsOfCheck() {
    let rules = (0..<11).map { index in
      #"{"Name":"r\#(index)","Priority":\#(index),"Action":{"Block":{}},\#(visibility),"Statement":{"RateBasedStatement":{"Limit":10,"AggregateKeyType":"IP"}}}"#
    }
    let loaded = DocumentLoader().load(texts: [(name: "acl.json", bytes: Array("[\(rules.joined(separator: ","))]".utf8))])
    #expect(loaded.documents?.webACL.name == "acl")
    #expect(!loaded.findings.hasErrors && loaded.findings.count(of: .warning) == 1)
    #expect(loaded.findings.totalsAsErrors().count(of: .error) == 1)
    #expect(loaded.findings.totalsAsErrors().count(of: .warning) == 0)
  }
}
