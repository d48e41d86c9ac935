internal import WAFBase
internal import WAFJSON

/// Entities in the API's form as a CloudFormation template.
///
/// Source: AWS CloudFormation template reference, `AWS::WAFv2::*`.
struct CloudFormationWriter {
  private let entities: [BundleEntity]
  /// Names of resources, by the position of their entities.
  private let names: [String]
  /// Names of resources, by ARN and by name where references use it.
  private var resourceOfReference: [String: String] = [:]

  /// What a template has no place for, since the service decides it.
  private static let serviceMembers: Set<String> = [
    "Id", "ARN", "LockToken", "LabelNamespace", "ManagedByFirewallManager", "RetrofittedByFirewallManager", "AvailableLabels", "ConsumedLabels",
  ]

  init(_ entities: [BundleEntity]) {
    self.entities = entities
    var taken: Set<String> = []
    var names: [String] = []
    for entity in entities {
      let name = Self.resourceName(entity, &taken)
      names.append(name)
      for key in [entity.value["ARN"]?.string, entity.value["Name"]?.string].compactMap({ $0 }) where entity.kind != .webACL {
        resourceOfReference[entity.kind.rawValue + " " + key] = name
      }
    }
    self.names = names
  }

  /// The template.
  func template() throws(ConversionError) -> DocumentValue {
    var resources: [DocumentValue.Member] = []
    for (entity, name) in zip(entities, names) {
      let properties = try properties(of: entity)
      resources.append(member(name, object([member("Type", text("AWS::WAFv2::" + entity.kind.rawValue)), member("Properties", properties)])))
    }
    return object([member("AWSTemplateFormatVersion", text("2010-09-09")), member("Resources", object(resources))])
  }

  private func properties(of entity: BundleEntity) throws(ConversionError) -> DocumentValue {
    var members: [DocumentValue.Member] = []
    for written in entity.value.members ?? [] {
      if Self.serviceMembers.contains(written.name) || (entity.kind == .webACL && written.name == "Capacity") { continue }
      if written.name.hasSuffix("ProcessFirewallManagerRuleGroups") {
        guard written.value.elements?.isEmpty != false else {
          throw ConversionError("a template cannot hold \(written.name); Firewall Manager puts them there")
        }
        continue
      }
      // The API answers an empty description where there is none; a template may not have it.
      if written.name == "Description", written.value.string == "" { continue }
      if entity.kind == .regexPatternSet, written.name == "RegularExpressionList" {
        members.append(member(written.name, array((written.value.elements ?? []).map { $0["RegexString"] ?? $0 })))
      } else {
        members.append(member(written.name, value(written.value)))
      }
    }
    if !members.contains(where: { $0.name == "Scope" }) { members.insert(member("Scope", text(scope(of: entity))), at: min(1, members.count)) }
    return object(members)
  }

  /// The scope that an ARN shows; regional where there is none.
  private func scope(of entity: BundleEntity) -> String {
    let arns = [entity.value["ARN"]?.string] + entities.map { $0.value["ARN"]?.string }
    return arns.compactMap { $0 }.first.map { $0.contains(":global/") } == true ? "CLOUDFRONT" : "REGIONAL"
  }

  // MARK: Values

  private static let references = [
    "IPSetReferenceStatement": BundleEntity.Kind.ipSet, "RegexPatternSetReferenceStatement": .regexPatternSet,
    "RuleGroupReferenceStatement": .ruleGroup,
  ]

  private func value(_ value: DocumentValue) -> DocumentValue {
    var result = value
    switch value.content {
    case .object(let members):
      result.content = .object(
        members.map { written in
          if let kind = Self.references[written.name] { return member(written.name, reference(written.value, to: kind)) }
          if written.name == "SearchString", let encoded = written.value.string { return searchString(encoded) }
          return member(written.name, self.value(written.value))
        })
    case .array(let elements): result.content = .array(elements.map { self.value($0) })
    case .string, .number, .bool, .null, .open: break
    }
    return result
  }

  /// A reference to an entity of the template is the attribute of its resource; any other stays the ARN.
  private func reference(_ statement: DocumentValue, to kind: BundleEntity.Kind) -> DocumentValue {
    object(
      (statement.members ?? []).map { written in
        guard written.name == "ARN", let arn = written.value.string else { return member(written.name, value(written.value)) }
        guard let resource = resource(of: kind, arn) else { return member("Arn", written.value) }
        return member("Arn", object([member("Fn::GetAtt", array([text(resource), text("Arn")]))]))
      })
  }

  /// The resource that a reference names, as the loader finds it: by ARN, else by name (RS-3).
  private func resource(of kind: BundleEntity.Kind, _ arn: String) -> String? {
    let parts = arn.split(separator: "/", omittingEmptySubsequences: false)
    let name = parts.count >= 2 ? String(parts[parts.count - 2]) : arn
    return resourceOfReference[kind.rawValue + " " + arn] ?? resourceOfReference[kind.rawValue + " " + name]
  }

  /// As text where it is text, which is what people read; else in Base64 under the name for that.
  private func searchString(_ encoded: String) -> DocumentValue.Member {
    guard let bytes = Base64.decode(Array(encoded.utf8).span), bytes.span.isUTF8 else { return member("SearchStringBase64", text(encoded)) }
    return member("SearchString", text(String(decoding: bytes, as: UTF8.self)))
  }

  // MARK: Names

  /// A name of letters and digits that no other resource has.
  private static func resourceName(_ entity: BundleEntity, _ taken: inout Set<String>) -> String {
    let words = (entity.value["Name"]?.string ?? "").split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let base = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + entity.kind.rawValue
    var name = base
    var number = 2
    while !taken.insert(name).inserted {
      name = base + String(number)
      number += 1
    }
    return name
  }
}

extension CloudFormationWriter {
  private func object(_ members: [DocumentValue.Member]) -> DocumentValue { DocumentValue(.object(members), node: 0) }
  private func array(_ elements: [DocumentValue]) -> DocumentValue { DocumentValue(.array(elements), node: 0) }
  private func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }
  private func member(_ name: String, _ value: DocumentValue) -> DocumentValue.Member { .init(name, value, node: 0) }
}
