import Foundation
import Testing
import WAFDocuments
import WAFLint
import WAFModel

/// A row of `lint.json`: rules in short form, and what is found in them.
///
/// `statement` stands for one rule that blocks; `rules` for several, with priorities in their order. `acl` is the default action of a web ACL around
/// them; without it they are a bare list. `sets` are IP sets, or pattern sets where the members are no addresses; `groups` are rule groups.
struct LintCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  var statement: JSON?
  var rules: [RuleInShort]?
  var acl: String?
  var scope: String?
  var settings: [String: JSON]?
  var sets: [String: [String]]
  var groups: [String: [RuleInShort]]?
  /// `CODE PATH`, in any order.
  var findings: [String]

  var testDescription: String { note }

  struct RuleInShort: Decodable, Sendable {
    var name: String
    /// `None` and, for groups, `Count` are override actions.
    var action: String
    var labels: [String]
    var statement: JSON
  }

  /// The documents as the loader takes them.
  var texts: [(name: String, bytes: [UInt8])] {
    var main: JSON = .list((rules ?? []).enumerated().map { Self.rule($0.element, priority: $0.offset) })
    if let statement { main = Self.rule(RuleInShort(name: "rule", action: "Block", labels: [], statement: statement), priority: 0) }
    if let acl {
      var members: [String: JSON] = settings ?? [:]
      members["Name"] = .text("acl")
      members["Scope"] = .text(scope ?? "REGIONAL")
      members["DefaultAction"] = .object([acl: .object([:])])
      members["Rules"] = main
      members["VisibilityConfig"] = Self.visibility
      main = .object(members)
    }
    return [("main.json", main.bytes)] + sets.map { ($0.key + ".json", Self.set($0.key, $0.value).bytes) }.sorted { $0.0 < $1.0 }
      + (groups ?? [:]).map { name, rules in
        let list = rules.enumerated().map { Self.rule($0.element, priority: $0.offset) }
        let group: [String: JSON] = [
          "Name": .text(name), "Capacity": .number(100), "Rules": .list(list), "VisibilityConfig": Self.visibility,
        ]
        return (name + ".json", JSON.object(group).bytes)
      }
  }

  private static let visibility: JSON = .object([
    "SampledRequestsEnabled": .flag(true), "CloudWatchMetricsEnabled": .flag(true), "MetricName": .text("m"),
  ])

  private static func rule(_ rule: RuleInShort, priority: Int) -> JSON {
    let isReference = if case .object(let members) = rule.statement { members.keys.contains { $0.contains("RuleGroup") } } else { false }
    var members: [String: JSON] = [
      "Name": .text(rule.name), "Priority": .number(priority), "Statement": rule.statement, "VisibilityConfig": visibility,
      isReference ? "OverrideAction" : "Action": .object([rule.action: .object([:])]),
    ]
    if !rule.labels.isEmpty { members["RuleLabels"] = .list(rule.labels.map { .object(["Name": .text($0)]) }) }
    return .object(members)
  }

  private static func set(_ name: String, _ members: [String]) -> JSON {
    guard members.allSatisfy({ $0.allSatisfy { "0123456789abcdef.:/".contains($0) } }) else {
      return .object(["Name": .text(name), "RegularExpressionList": .list(members.map { .object(["RegexString": .text($0)]) })])
    }
    let version = members.contains { $0.contains(":") } ? "IPV6" : "IPV4"
    return .object(["Name": .text(name), "IPAddressVersion": .text(version), "Addresses": .list(members.map(JSON.text))])
  }

  /// What is found, `CODE PATH` each. Notes on how search strings were read are left out: short rows have what looks like Base64.
  func found() -> [String] {
    let loaded = DocumentLoader().load(texts: texts)
    var findings = loaded.findings
    if let documents = loaded.documents { findings.add(Lint.findings(in: documents, places: loaded.places)) }
    return findings.kept.filter { $0.code != .searchStringEncoding }.map { "\($0.code.rawValue) \($0.path ?? "")" }
  }
}

/// A JSON value of a table.
enum JSON: Codable, Sendable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let list): try container.encode(list)
    case .object(let members): try container.encode(members)
    }
  }

  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? [UInt8](encoder.encode(self))) ?? []
  }
}
