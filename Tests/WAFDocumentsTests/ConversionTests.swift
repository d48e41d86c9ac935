import Foundation
import TestSupport
import Testing
import WAFBase
import WAFJSON
import WAFModel
import WAFRequest

@testable import WAFDocuments
@testable import WAFEngine

/// Loads one text and refuses findings that are worse than a note.
func accepted(_ bytes: [UInt8], named name: String, _ options: LoadingOptions = LoadingOptions()) throws -> LoadedDocuments {
  let loaded = DocumentLoader(options).load(texts: [(name: name, bytes: bytes)])
  let worse = loaded.findings.kept.filter { $0.severity == .error }
  #expect(worse.isEmpty, "\(name): \(worse.map(\.description))")
  _ = try #require(loaded.documents, "\(name)\n\(String(decoding: bytes.prefix(4000), as: UTF8.self))")
  return loaded
}

/// The dialects that hold all that the API has. Terraform does not, and has tests of its own (`TerraformConversionTests`).
private let targets = Conversion.Target.allCases.filter { $0 != .terraform }

@Suite struct ConversionTests {
  /// Every dialect says the same as the bundle it was written from: the models are equal, but for the ARNs that AWS gives on deployment.
  @Test(arguments: Array<UInt64>(1...80), targets)
  func roundTrip(_ seed: UInt64, _ target: Conversion.Target) throws {
    let generator = BundleGenerator(seed: seed)
    let bundle = try accepted(JSONText.document(generator.bundle()), named: "bundle.json")
    let text = try #require(Conversion(bundle)).written(as: target)
    let again = try accepted(text, named: target.fileName)
    let (before, after) = (try #require(bundle.documents).withoutARNs, try #require(again.documents).withoutARNs)
    #expect(before == after, "\(seed) \(target)\n\(String(decoding: text, as: UTF8.self))")
    // And back: what was resolved from the dialect is written as a bundle of the same meaning.
    let back = try accepted(try #require(Conversion(again)).written(as: .api), named: "back.json")
    #expect(try #require(back.documents).withoutARNs == before)
  }

  /// The same decisions, by evaluating both on requests.
  @Test(arguments: Array<UInt64>(1...20), targets)
  func sameDecisions(_ seed: UInt64, _ target: Conversion.Target) throws {
    let generator = BundleGenerator(seed: seed)
    let bundle = try accepted(JSONText.document(generator.bundle()), named: "bundle.json")
    let again = try accepted(try #require(Conversion(bundle)).written(as: target), named: target.fileName)
    let (left, right) = (try decisions(bundle), try decisions(again))
    #expect(left.count == 60)
    for (index, decision) in left.enumerated() { #expect(decision == right[index], "\(seed) \(target): request \(index)") }
  }

  /// What a verdict says, without positions of the documents.
  struct Decision: Equatable {
    var action: ActionSet
    var rule: Int
    var outcomes: [String]
    var labels: [String]
  }

  private func decisions(_ loaded: LoadedDocuments) throws -> [Decision] {
    let program = try Program(compiling: try #require(loaded.documents))
    var evaluator = Evaluator(program: program)
    var verdict = Verdict()
    return Self.requests.map { request in
      evaluator.evaluate(request, into: &verdict)
      return Decision(
        action: verdict.possibleActions, rule: verdict.terminatingRule, outcomes: verdict.outcomes.map { "\($0)" },
        labels: verdict.labels.map { String(decoding: verdict.bytes[$0.indices], as: UTF8.self) })
    }
  }

  /// Requests that some statements of generated web ACLs match and some do not, a few with unknown parts.
  private static let requests: [Request] = {
    var random = SplitMix(seed: 7)
    return (0..<60).map { index in
      var request = Request()
      request.timestamp = 1_700_000_000_000 + Int64(index) * 1000
      request.clientAddress = IPAddress(text: random.pick(["192.0.2.1", "203.0.113.9", "198.51.100.7", "2001:db8::1"]))
      request.method = .known(request.store(Array(random.pick(["GET", "POST"]).utf8)))
      let target = random.pick(["/admin", "/x?id=test", "/a.bak?id=%2Fadmin", "/", "/true?q=union%20select#no"])
      request.setTarget(request.store(Array(target.utf8)), fragmentIsKnown: true)
      for (name, value) in [
        ("host", "shop.example.com"), ("user-agent", random.pick(["curl/8", "test", "123"])), ("x-forwarded-for", "203.0.113.9"),
      ] {
        let name = request.store(Array(name.utf8))
        request.headers.append(Header(name: name, value: .known(request.store(Array(value.utf8)))))
      }
      request.headersComplete = random.number(below: 4) > 0
      request.headerOrderKnown = true
      let body = random.pick([#"{"user":{"name":"/admin"},"items":["no"]}"#, "", "test"])
      request.body = body.isEmpty ? .absent : random.number(below: 4) > 0 ? .known(request.store(Array(body.utf8))) : .unknown
      request.asn = random.pick([64_496, 0, nil])
      request.country = random.number(below: 2) > 0 ? UInt16(ascii: "NO") : nil
      return request
    }
  }()
}

extension UInt16 {
  fileprivate init(ascii text: StaticString) {
    let bytes = Array("\(text)".utf8)
    self = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
  }
}

extension Conversion.Target {
  /// A name that files of the dialect have.
  fileprivate var fileName: String {
    switch self {
    case .api: "bundle.json"
    case .cloudFormationJSON: "stack.template"
    case .cloudFormationYAML: "stack.yaml"
    case .terraform: "main.tf.json"
    }
  }
}

extension RuleDocuments {
  /// The documents with names in place of ARNs, which are given on deployment.
  var withoutARNs: RuleDocuments {
    var copy = self
    copy.webACL.arn = nil
    copy.webACL.declaredCapacity = nil
    copy.webACL.rules = webACL.rules.map(\.withoutARNs)
    for index in copy.ipSets.indices { copy.ipSets[index].arn = nil }
    for index in copy.regexPatternSets.indices { copy.regexPatternSets[index].arn = nil }
    for index in copy.ruleGroups.indices {
      copy.ruleGroups[index].arn = nil
      copy.ruleGroups[index].labelNamespace = nil
      copy.ruleGroups[index].rules = ruleGroups[index].rules.map(\.withoutARNs)
    }
    return copy
  }
}

extension Rule {
  fileprivate var withoutARNs: Rule {
    var copy = self
    copy.statement = statement.withoutARNs
    return copy
  }
}

extension Statement {
  fileprivate var withoutARNs: Statement {
    func name(_ arn: String) -> String { ARNParts(arn)?.name ?? arn }
    switch self {
    case .and(let parts): return .and(parts.map(\.withoutARNs))
    case .or(let parts): return .or(parts.map(\.withoutARNs))
    case .not(let part): return .not(part.withoutARNs)
    case .rateBased(var rate):
      rate.scopeDown = rate.scopeDown?.withoutARNs
      return .rateBased(rate)
    case .managedRuleGroup(var group):
      group.scopeDown = group.scopeDown?.withoutARNs
      return .managedRuleGroup(group)
    case .ruleGroupReference(var reference):
      reference.arn = name(reference.arn)
      return .ruleGroupReference(reference)
    case .ipSetReference(var reference):
      reference.arn = name(reference.arn)
      return .ipSetReference(reference)
    case .regexPatternSetReference(var reference):
      reference.arn = name(reference.arn)
      return .regexPatternSetReference(reference)
    case .byteMatch, .sqliMatch, .xssMatch, .sizeConstraint, .geoMatch, .labelMatch, .regexMatch, .asnMatch, .open: return self
    }
  }
}

/// `Rules/shop` as people would keep it: what a template says is what the web ACL's own documents say.
@Test(arguments: [("cdk.template.json", [String: String]()), ("sam.yaml", [:]), ("sam.yaml", ["Stage": "prod", "AccountFolder": "account"])])
func shopTemplates(_ file: String, _ parameters: [String: String]) throws {
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let shop = try #require(DocumentLoader().load(paths: [repository.appendingPathComponent("Rules/shop").path]).documents)
  var options = LoadingOptions()
  options.parameters = parameters.merging(["AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1"]) { $1 }
  let bytes = Array(try Data(contentsOf: Fixture.url("shop/" + file)))
  let loaded = try accepted(bytes, named: file, options)
  #expect(loaded.findings.kept.isEmpty, "\(loaded.findings.kept.map(\.description))")
  #expect(try #require(loaded.documents).withoutARNs == shop.withoutARNs)
}
