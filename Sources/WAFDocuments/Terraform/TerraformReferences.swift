internal import WAFJSON

/// Finds the entity that an expression of a plan refers to, through the inputs and outputs of modules.
///
/// A plan leaves the ARN of a resource open that does not exist yet, but its `configuration` says which resource an attribute comes from. It does
/// not say how: of `condition ? a : b` it names all three. So a reference is taken only where everything else in the expression is known.
struct TerraformReferences {
  /// What an expression refers to.
  enum Target: Equatable {
    /// This entity, by its ARN.
    case entity(String)
    /// Something outside of the document, by the name under which a person can supply it.
    case name(String)
    /// One of several things.
    case unclear(String)
  }

  /// Where an expression stands.
  struct Scope {
    var module: String
    /// The key of the instance, for `each.key` and `count.index`.
    var key: String
    /// What `for_each` of the resource refers to, for `each.value`.
    var forEach: [String] = []
    /// The key that is applied to what is found, for outputs with one value an instance.
    var trailingKey: String?
  }

  /// ARNs of entities, by address.
  private let arns: [String: String]
  private let rootModule: DocumentValue?

  init(arns: [String: String], configuration: DocumentValue?) {
    self.arns = arns
    rootModule = configuration?["root_module"]
  }

  /// What a resource is in the configuration: its expressions.
  func configured(_ resource: TerraformResource) -> DocumentValue? {
    let address = (resource.isData ? "data." : "") + resource.type + "." + resource.name
    return module(resource.module)?["resources"]?.elements?.first { $0["address"]?.string == address }
  }

  /// What an expression with these references refers to; nil where it holds none that could be unknown.
  func target(of references: [String], in scope: Scope) -> Target? {
    let found = outcomes(of: references, in: scope, depth: 0).filter { $0 != .known }
    let distinct = found.reduce(into: [Outcome]()) { if !$0.contains($1) { $0.append($1) } }
    guard distinct.count == 1 else {
      return distinct.isEmpty ? nil : .unclear(distinct.map(\.text).joined(separator: " or "))
    }
    switch distinct[0] {
    case .entity(let arn, _): return .entity(arn)
    case .unknown(let name): return .name(name)
    case .known: return nil
    }
  }
}

extension TerraformReferences {
  /// What one reference leads to.
  private enum Outcome: Equatable {
    case entity(arn: String, address: String)
    /// Not what makes the expression unknown.
    case known
    case unknown(String)

    var text: String {
      switch self {
      case .entity(_, let address): address
      case .unknown(let name): name
      case .known: ""
      }
    }
  }

  /// Modules within modules that are followed.
  private static let depthLimit = 32

  private func outcomes(of references: [String], in scope: Scope, depth: Int) -> [Outcome] {
    guard depth < Self.depthLimit else { return references.map(Outcome.unknown) }
    // Terraform lists `a.b.arn` and then `a.b` too.
    let longest = references.filter { reference in
      !references.contains { $0 != reference && $0.hasPrefix(reference) && (".[".contains($0.dropFirst(reference.count).first ?? " ")) }
    }
    let usesKey = references.contains("each.key") || references.contains("count.index")
    return longest.flatMap { reference -> [Outcome] in
      guard let address = TerraformAddress(reference), let first = address.steps.first else { return [.unknown(reference)] }
      switch first.name {
      case "each" where address.steps.dropFirst().first?.name == "value":
        var scope = scope
        scope.trailingKey = String(scope.key.dropFirst().dropLast())
        return outcomes(of: scope.forEach, in: scope, depth: depth + 1)
      case "each", "count", "path", "terraform", "self": return [.known]
      case "var": return input(address, in: scope, depth)
      case "module": return output(address, in: scope, usesKey: usesKey, depth)
      default: return [resource(address, in: scope, usesKey: usesKey)]
      }
    }
  }

  /// An input of the module. Those of the root are known when the plan is made.
  private func input(_ address: TerraformAddress, in scope: Scope, _ depth: Int) -> [Outcome] {
    guard address.steps.count > 1, let (parent, call) = parent(of: scope.module) else { return [.known] }
    let expression = module(parent)?["module_calls"]?[call.name]?["expressions"]?[address.steps[1].name]
    guard let references = expression?["references"]?.elements else { return [.known] }
    let key = call.keys.first.map { "[\($0)]" } ?? ""
    let outer = Scope(module: parent, key: key, trailingKey: address.steps[1].keys.first ?? scope.trailingKey)
    return outcomes(of: references.compactMap(\.string), in: outer, depth: depth + 1)
  }

  /// An output of a module in this one.
  private func output(_ address: TerraformAddress, in scope: Scope, usesKey: Bool, _ depth: Int) -> [Outcome] {
    let name = qualified(address, in: scope)
    guard address.steps.count > 2 else { return [.unknown(name)] }
    var call = address.steps[1]
    let child = module(scope.module)?["module_calls"]?[call.name]
    if call.keys.isEmpty, usesKey, child?["for_each_expression"] != nil || child?["count_expression"] != nil {
      call.keys = [String(scope.key.dropFirst().dropLast())]
    }
    guard let references = child?["module"]?["outputs"]?[address.steps[2].name]?["expression"]?["references"]?.elements else {
      return [.unknown(name)]
    }
    let inner = Scope(
      module: prefix(scope.module) + "module." + call.text, key: "", trailingKey: address.steps[2].keys.first ?? scope.trailingKey)
    return outcomes(of: references.compactMap(\.string), in: inner, depth: depth + 1)
  }

  /// An attribute of a resource, managed or read.
  private func resource(_ address: TerraformAddress, in scope: Scope, usesKey: Bool) -> Outcome {
    let name = qualified(address, in: scope)
    let offset = address.steps[0].name == "data" ? 1 : 0
    guard address.steps.count > offset + 1 else { return .unknown(name) }
    let base = prefix(scope.module) + address.steps[...(offset + 1)].map(\.name).joined(separator: ".")
    let keys = address.steps[offset + 1].keys
    var candidates = keys.first.map { ["[\($0)]"] } ?? [""]
    if keys.isEmpty, usesKey { candidates.append(scope.key) }
    if keys.isEmpty, let trailing = scope.trailingKey { candidates.append("[\(trailing)]") }
    for key in candidates {
      if let arn = arns[base + key] { return .entity(arn: arn, address: base + key) }
    }
    return .unknown(name)
  }

  /// A reference as it would be written in the root, without the attribute that all of them end with.
  private func qualified(_ address: TerraformAddress, in scope: Scope) -> String {
    var steps = address.steps
    if steps.count > 2, let last = steps.last, last.keys.isEmpty, last.name == "arn" || last.name == "id" { steps.removeLast() }
    return prefix(scope.module) + steps.map(\.text).joined(separator: ".")
  }

  private func prefix(_ module: String) -> String { module.isEmpty ? "" : module + "." }

  /// A module in the configuration, by its address in the plan.
  private func module(_ address: String) -> DocumentValue? {
    guard !address.isEmpty else { return rootModule }
    guard let (parent, call) = parent(of: address) else { return nil }
    return module(parent)?["module_calls"]?[call.name]?["module"]
  }

  /// The module around a module, and the name and key by which it is called there.
  private func parent(of address: String) -> (parent: String, call: TerraformAddress.Step)? {
    guard let steps = TerraformAddress(address)?.steps, let call = steps.last, steps.count >= 2 else { return nil }
    return (steps.dropLast(2).map(\.text).joined(separator: "."), call)
  }
}
