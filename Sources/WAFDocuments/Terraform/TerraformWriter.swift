internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// Entities in the API's form as a configuration of Terraform in JSON (`.tf.json`): one resource an entity, in their order.
///
/// References among the entities become expressions such as `${aws_wafv2_ip_set.office.arn}`.
///
/// Source: documentation and schema of the AWS provider for Terraform, version 6, resources `aws_wafv2_…`.
struct TerraformWriter {
  /// What the provider does not take of the entities. It is in `value` all the same.
  private(set) var refusals: [ConversionError] = []
  /// The configuration.
  private(set) var value = DocumentValue(.object([]), node: 0)
  private let entities: [BundleEntity]
  /// Addresses of the resources, by the position of their entities.
  private let addresses: [String]

  init(_ entities: [BundleEntity]) {
    self.entities = entities
    addresses = Self.addresses(of: entities)
    var types: [(type: String, resources: [DocumentValue.Member])] = []
    for (entity, address) in zip(entities, addresses) {
      let parts = address.split(separator: ".").map(String.init)
      let resource = DocumentValue.Member(parts[1], body(of: entity))
      if let known = types.firstIndex(where: { $0.type == parts[0] }) {
        types[known].resources.append(resource)
      } else {
        types.append((parts[0], [resource]))
      }
    }
    let resources = types.map { DocumentValue.Member($0.type, Self.object($0.resources)) }
    value = Self.object([DocumentValue.Member("resource", Self.object(resources))])
  }

  /// The configuration.
  /// - Throws: What the provider does not take.
  func configuration() throws(ConversionError) -> DocumentValue {
    if let refusal = refusals.first { throw refusal }
    return value
  }

  /// Addresses of the resources: names are made of what Terraform allows, and no two are the same.
  private static func addresses(of entities: [BundleEntity]) -> [String] {
    var used: Set<String> = []
    return entities.map { entity in
      var name = TerraformEnvironment.safe(entity.value["Name"]?.string ?? "")
      if name.utf8.first.map({ !$0.isASCIILetter && $0 != UInt8(ascii: "_") }) ?? true { name = "_" + name }
      let stem = "\(entity.kind.resourceType).\(name)"
      var address = stem
      var count = 1
      while !used.insert(address).inserted {
        count += 1
        address = "\(stem)_\(count)"
      }
      return address
    }
  }
}

// MARK: - Blocks

extension TerraformWriter {
  private mutating func body(of entity: BundleEntity) -> DocumentValue {
    let value = entity.value
    var members = object(value, entity.kind.shape).members ?? []
    if !members.contains(where: { $0.name == "scope" }) {
      let scope = DocumentValue(.string(scope(of: value).rawValue), node: value.node)
      members.insert(DocumentValue.Member("scope", scope), at: min(1, members.count))
    }
    if let tags = value["Tags"]?.elements {
      let map = tags.compactMap { tag in tag["Key"]?.string.map { DocumentValue.Member($0, tag["Value"].map(Self.template) ?? tag) } }
      members.append(DocumentValue.Member("tags", Self.object(map)))
    }
    for rule in value["Rules"]?.elements ?? [] { checkDepth(of: rule) }
    return Self.object(members)
  }

  /// The scope that an entity states or its ARN shows, else that of the first entity that has one.
  private func scope(of value: DocumentValue) -> Scope {
    func own(_ value: DocumentValue) -> Scope? {
      value["Scope"]?.string.flatMap(Scope.init) ?? value["ARN"]?.string.flatMap(ARNParts.init)?.scope
    }
    return own(value) ?? entities.lazy.compactMap { own($0.value) }.first ?? .regional
  }

  private mutating func object(_ value: DocumentValue, _ shape: TerraformShape) -> DocumentValue {
    var result: [DocumentValue.Member] = []
    for member in Self.withOverrides(value).members ?? [] where member.name != "Tags" {
      guard let entry = shape.members.api(member.name) else {
        refuse("Terraform has nothing for \(quoted(member.name))")
        result.append(DocumentValue.Member(TerraformName.snakeCase(member.name), member.value))
        continue
      }
      if entry.traits.contains(.readOnly) || entry.traits.contains(.optional) && member.value.string == "" { continue }
      let isEmpty = member.value.elements?.isEmpty == true
      if entry.traits.contains(.lacking), isEmpty { continue }
      if entry.traits.contains(.lacking) { refuse("the AWS provider has no argument for \(member.name)") }
      result.append(DocumentValue.Member(entry.terraform, translated(member.value, entry)))
    }
    return DocumentValue(.object(result), node: value.node)
  }

  /// A reference to a group with what it excludes as overrides to Count, which mean the same; the provider takes nothing else.
  private static func withOverrides(_ value: DocumentValue) -> DocumentValue {
    guard let excluded = value["ExcludedRules"]?.elements else { return value }
    let replaced = value["RuleActionOverrides"]?.elements ?? []
    let count = object([DocumentValue.Member("Count", object([]))])
    let added = excluded.filter { rule in !replaced.contains { $0["Name"]?.string == rule["Name"]?.string } }
      .map { rule in object((rule.members ?? []) + [DocumentValue.Member("ActionToUse", count)]) }
    let others = (value.members ?? []).filter { $0.name != "ExcludedRules" && $0.name != "RuleActionOverrides" }
    let overrides = DocumentValue(.array(replaced + added), node: value.node)
    return object(others + [DocumentValue.Member("RuleActionOverrides", overrides)])
  }

  private mutating func translated(_ value: DocumentValue, _ member: TerraformMember) -> DocumentValue {
    switch member.form {
    case .scalar: return Self.template(value)
    case .scalars: return value.elements.map { DocumentValue(.array($0.map(Self.template)), node: value.node) } ?? value
    case .reference: return reference(value, to: member)
    case .searchString: return searchString(value)
    case .block(let shape): return object(value, shape)
    case .blocks(let shape):
      guard let elements = value.elements else { return value }
      return DocumentValue(.array(elements.map { object($0, shape) }), node: value.node)
    case .keyedBlocks(let shape):
      let blocks = (value.members ?? []).map { member -> DocumentValue in
        let key = DocumentValue.Member("key", Self.template(DocumentValue(.string(member.name), node: member.node)))
        return DocumentValue(.object([key] + (object(member.value, shape).members ?? [])), node: member.value.node)
      }
      return DocumentValue(.array(blocks), node: value.node)
    case .identifiers:
      let identifiers = (value.elements ?? []).compactMap { $0["Identifier"].map(Self.template) }
      return DocumentValue(
        .object([DocumentValue.Member("identifiers", DocumentValue(.array(identifiers), node: value.node))]), node: value.node)
    }
  }

  /// A text as a template of Terraform that means it; anything else as it is.
  private static func template(_ value: DocumentValue) -> DocumentValue {
    value.string.map { DocumentValue(.string(TerraformTemplate.escaped($0)), node: value.node) } ?? value
  }

  /// An expression for the entity that an ARN names (RS-3); the ARN itself for one that is not here.
  private func reference(_ value: DocumentValue, to member: TerraformMember) -> DocumentValue {
    guard let arn = value.string else { return value }
    let kind = ARNParts(arn)?.kind
    let tail = "/" + arn.split(separator: "/").suffix(2).joined(separator: "/")
    let candidates = entities.indices.filter { kind == nil || entities[$0].kind.arnKind == kind }
    let found =
      candidates.first { entities[$0].value["ARN"]?.string == arn }
      ?? candidates.first { kind != nil && entities[$0].value["ARN"]?.string?.hasSuffix(tail) == true }
      ?? candidates.first { entities[$0].value["Name"]?.string == (ARNParts(arn)?.name ?? arn) }
    guard let found else { return Self.template(value) }
    return DocumentValue(.string("${\(addresses[found]).arn}"), node: value.node)
  }

  /// The text that a search string is in Base64.
  private mutating func searchString(_ value: DocumentValue) -> DocumentValue {
    guard let text = value.string, let bytes = Base64.decode(Array(text.utf8).span) else { return value }
    if !bytes.span.isUTF8 { refuse("a search string is not UTF-8, and Terraform has texts only: Base64 \(quoted(text))") }
    return Self.template(DocumentValue(.string(String(decoding: bytes, as: UTF8.self)), node: value.node))
  }
}

// MARK: - What the provider does not take

extension TerraformWriter {
  private mutating func refuse(_ message: String, hint: String? = nil) { refusals.append(ConversionError(message, hint: hint)) }

  private static func object(_ members: [DocumentValue.Member]) -> DocumentValue { DocumentValue(.object(members), node: 0) }

  /// Levels of `and`, `or` and `not` that the provider takes in a rule, and in the statement that narrows one down.
  private static let depthLimits = (rule: 3, scopeDown: 2)

  private mutating func checkDepth(of rule: DocumentValue) {
    guard let statement = rule["Statement"] else { return }
    let scoped = (statement["RateBasedStatement"] ?? statement["ManagedRuleGroupStatement"])?["ScopeDownStatement"]
    let (depth, limit) = scoped.map { (Self.depth(of: $0), Self.depthLimits.scopeDown) } ?? (Self.depth(of: statement), Self.depthLimits.rule)
    guard depth > limit else { return }
    let name = rule["Name"]?.string ?? ""
    refuse("the AWS provider takes \(limit) levels of AndStatement, OrStatement and NotStatement, rule \(quoted(name)) has \(depth)")
  }

  private static func depth(of statement: DocumentValue) -> Int {
    let operands = ["AndStatement", "OrStatement"].flatMap { statement[$0]?["Statements"]?.elements ?? [] }
    let inner = operands + (statement["NotStatement"]?["Statement"].map { [$0] } ?? [])
    return inner.map { depth(of: $0) + 1 }.max() ?? 0
  }
}

extension BundleEntity.Kind {
  /// The type of its resources.
  fileprivate var resourceType: String {
    switch self {
    case .webACL: "aws_wafv2_web_acl"
    case .ruleGroup: "aws_wafv2_rule_group"
    case .ipSet: "aws_wafv2_ip_set"
    case .regexPatternSet: "aws_wafv2_regex_pattern_set"
    }
  }

  /// What it is in Terraform.
  fileprivate var shape: TerraformShape {
    switch self {
    case .webACL: .webACL
    case .ruleGroup: .ruleGroup
    case .ipSet: .ipSet
    case .regexPatternSet: .regexPatternSet
    }
  }

  /// As in ARNs.
  fileprivate var arnKind: String {
    switch self {
    case .webACL: "webacl"
    case .ruleGroup: "rulegroup"
    case .ipSet: "ipset"
    case .regexPatternSet: "regexpatternset"
    }
  }
}
