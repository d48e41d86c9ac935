internal import WAFJSON
internal import WAFModel

/// What is known of where a document's resources are: ARNs by which they refer to each other.
struct TerraformEnvironment {
  /// ARNs of entities by their addresses: the real ones where they are known, else such as would be right.
  private(set) var arns: [String: String] = [:]
  private let names: [String: String]

  init(_ terraform: TerraformDocument, _ resources: [TerraformResource]) {
    let known = resources.compactMap { $0.values["arn"]?.string.flatMap(ARNParts.init) }
    let caller = resources.lazy.compactMap { resource -> String? in
      if case .caller = resource.kind { return resource.values["account_id"]?.string }
      return nil
    }
    let account = known.first?.account ?? caller.first ?? "000000000000"
    let providers = terraform.root["configuration"]?["provider_config"]?.members?.map(\.value) ?? terraform.root["provider"].map { [$0] } ?? []
    let configured = providers.lazy.compactMap { $0["expressions"]?["region"]?["constant_value"]?.string ?? $0["aws"]?["region"]?.string }
    let region = known.first { $0.scope == .regional }?.region ?? configured.first ?? "us-east-1"
    let expressions = terraform.form == .configuration ? TerraformVariables(terraform.root) : nil
    var names: [String: String] = [:]
    var used: Set<String> = []
    for resource in resources {
      guard case .entity(let kind) = resource.kind else { continue }
      let name = Self.name(of: resource, expressions)
      names[resource.address] = name
      if let arn = resource.values["arn"]?.string, ARNParts(arn) != nil {
        arns[resource.address] = arn
        continue
      }
      let isGlobal = resource.values["scope"]?.string == "CLOUDFRONT"
      let place = isGlobal ? "us-east-1" : resource.values["region"]?.string ?? region
      let id = resource.values["id"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? Self.safe(resource.address)
      let stem = "arn:aws:wafv2:\(place):\(account):\(isGlobal ? "global" : "regional")/\(kind.arnKind)/\(name)/\(id)"
      var arn = stem
      var count = 1
      while !used.insert(arn).inserted {
        count += 1
        arn = "\(stem)-\(count)"
      }
      arns[resource.address] = arn
    }
    self.names = names
  }

  /// The name of an entity, or what stands for it.
  func name(of resource: TerraformResource) -> String { names[resource.address] ?? resource.name }

  private static func name(of resource: TerraformResource, _ variables: TerraformVariables?) -> String {
    for attribute in ["name", "name_prefix"] {
      guard let value = resource.values[attribute] else { continue }
      let resolved = variables?.resolved(value) ?? value
      if let text = resolved.string, !text.isEmpty { return text }
    }
    return safe(resource.name + resource.key)
  }

  /// A text with nothing in it but what names and identifiers may have.
  static func safe(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      let isSafe = byte.isASCIIWord || byte == UInt8(ascii: "-")
      if isSafe { result.append(byte) } else if result.last != UInt8(ascii: "-") { result.append(UInt8(ascii: "-")) }
    }
    while result.last == UInt8(ascii: "-") { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }
}

extension RuleDocument.Kind {
  /// As in ARNs.
  var arnKind: String {
    switch self {
    case .webACL, .rules: "webacl"
    case .ruleGroup: "rulegroup"
    case .ipSet: "ipset"
    case .regexPatternSet: "regexpatternset"
    }
  }
}
