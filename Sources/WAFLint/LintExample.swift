internal import WAFDocuments
internal import WAFJSON
public import WAFModel

/// Documents that show what a check is about, as a person would write them.
public struct LintExample: Sendable {
  /// The documents, with the names that findings give them.
  public let documents: [(name: String, text: String)]

  /// What the loader and the checks find in it.
  public func findings() -> Findings {
    let loaded = DocumentLoader().load(texts: documents.map { ($0.name, Array($0.text.utf8)) })
    var findings = loaded.findings
    if let documents = loaded.documents { findings.add(Lint.findings(in: documents, places: loaded.places)) }
    return findings
  }
}

extension LintExample {
  /// Bare rules, with sets and groups that they refer to.
  static func rules(_ rules: ExampleJSON..., others: [ExampleEntity] = []) -> LintExample {
    let document = rules.count == 1 ? rules[0] : .array(rules)
    return LintExample(documents: [("rules.json", document.text)] + others.map { ($0.name + ".json", $0.document.text) })
  }

  /// A whole web ACL with these rules.
  static func webACL(
    defaultAction: ActionKind = .block, scope: Scope = .regional, _ rules: ExampleJSON..., others: [ExampleEntity] = []
  ) -> LintExample {
    let document = ExampleJSON.object([
      ("Name", "shop"), ("Scope", .string(scope.rawValue)), ("DefaultAction", .object([(defaultAction.rawValue, .object([]))])),
      ("Rules", .array(rules)), ("VisibilityConfig", .visibility("shop")),
    ])
    return LintExample(documents: [("web-acl.json", document.text)] + others.map { ($0.name + ".json", $0.document.text) })
  }
}

/// A set or group of an example.
struct ExampleEntity {
  var name: String
  var document: ExampleJSON

  /// An IP set.
  static func ipSet(_ name: String, _ addresses: String...) -> ExampleEntity {
    let version = addresses.contains { $0.contains(":") } ? "IPV6" : "IPV4"
    return ExampleEntity(
      name: name,
      document: .object([
        ("Name", .string(name)), ("IPAddressVersion", .string(version)), ("Addresses", .array(addresses.map(ExampleJSON.string))),
      ]))
  }

  /// A rule group.
  static func ruleGroup(_ name: String, _ rules: ExampleJSON...) -> ExampleEntity {
    ExampleEntity(
      name: name,
      document: .object([
        ("Name", .string(name)), ("Capacity", .number(100)), ("Rules", .array(rules)), ("VisibilityConfig", .visibility(name)),
      ]))
  }
}
