import Foundation
import TestSupport
import Testing

@testable import WAFTesting

private let keys = Set((SuiteSchema.objects + [SuiteSchema.suite]).flatMap(\.keys).map(\.name))

/// A value of the kind that a key takes; what the value is does not matter.
private func example(_ value: SchemaValue) -> String {
  switch value {
  case .string, .scalar, .anyOf: "\"x\""
  case .integer(let range): "\(range.upperBound)"
  case .flag: "true"
  case .oneOf(let names): "\"\(names[0])\""
  case .list: "[]"
  case .map, .object: "{}"
  }
}

/// A test file with `members` in an object of the schema.
private func text(_ object: String, _ members: String) -> String {
  let expect = ["labels": "labels: {\(members)}", "response": "response: {\(members)}"][object] ?? (object == "expect" ? members : "action: ALLOW")
  let request =
    ["body": "body: {\(members)}", "token": "token: {\(members)}"][object] ?? (object == "request" ? members : "uri: /")
  let test = object == "test" ? members : "name: a, request: {\(request)}, expect: {\(expect)}"
  let step = object == "step" ? ", {name: s, sequence: [{\(members)}]}" : ""
  let defaults = object == "defaults" ? members : object == "defaultRequest" ? "request: {\(members)}" : ""
  let limits = ["at_most": "wcu: {\(members)}", "at_least": "rules_covered: {\(members)}"][object] ?? (object == "acl_expect" ? members : "")
  let root = object == "suite" ? "\(members)" : "acl: acl.json, tests: [{\(test)}\(step)], defaults: {\(defaults)}, acl_expect: {\(limits)}"
  return "{\(root)}"
}

/// The reader takes every key of the schema where the schema has it, and no other key of the schema.
@Test(arguments: (SuiteSchema.objects + [SuiteSchema.suite]).map(\.name))
func schemaAndReaderHaveTheSameKeys(_ name: String) throws {
  let object = try #require((SuiteSchema.objects + [SuiteSchema.suite]).first { $0.name == name })
  let folder = try SuiteFolder([])
  for name in keys {
    let key = object.keys.first { $0.name == name }
    try folder.write([text(object.name, "\(name): \(key.map { example($0.value) } ?? "\"x\"")")], to: "suite.wafcast.yaml")
    let findings = SuiteReader.read(folder.url.appendingPathComponent("suite.wafcast.yaml").path).findings.kept
    let isUnknown = findings.contains { $0.code == .unknownMember && $0.path?.hasSuffix(".\(name)") == true }
    #expect(isUnknown == (key == nil), "\(object.name).\(name): \(findings)")
  }
}

/// Every name that the reader asks for is in the schema.
@Test func schemaHasEveryKeyOfTheReader() throws {
  let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/WAFTesting/Suite")
  var asked: Set<String> = []
  for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
    let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
    for match in text.matches(of: /(?:optional|required|ifPresent|limit)\("(\w+)"/) { asked.insert(String(match.1)) }
  }
  #expect(asked.count > 50)
  #expect(asked.subtracting(keys) == [])
  // The forms of a request are asked for in a loop.
  #expect(keys.subtracting(asked) == ["raw", "curl", "har", "log"])
}

@Test func schemaIsJSONSchema() throws {
  let schema = try #require(try JSONSerialization.jsonObject(with: Data(SuiteSchema.json)) as? [String: Any])
  #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
  let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
  var references: Set<String> = []
  func collect(_ value: Any) {
    if let object = value as? [String: Any] {
      if let reference = object["$ref"] as? String { references.insert(reference) }
      object.values.forEach(collect)
    }
    (value as? [Any])?.forEach(collect)
  }
  collect(schema)
  #expect(references == Set(definitions.keys.map { "#/$defs/\($0)" }))
  for object in definitions.values.map({ $0 }) + [schema] {
    #expect(object["additionalProperties"] as? Bool == false)
    let properties = try #require(object["properties"] as? [String: [String: Any]])
    for (name, property) in properties { #expect((property["description"] as? String)?.hasSuffix(".") == true, "\(name)") }
    #expect(Set(object["required"] as? [String] ?? []).isSubset(of: properties.keys))
  }
}
