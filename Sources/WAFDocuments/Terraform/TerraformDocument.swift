internal import WAFJSON

/// What Terraform says of its resources: a plan, a state, or a configuration in JSON.
///
/// Source: Terraform documentation, "JSON Output Format" and "JSON Configuration Syntax".
struct TerraformDocument {
  /// What it is.
  enum Form {
    /// `terraform show -json` of a plan: values as far as they are known.
    case plan
    /// `terraform show -json` of a state, or a state itself: all values are known.
    case state
    /// `.tf.json`: expressions, most of them plain values.
    case configuration
  }

  let document: JSONDocument
  let root: DocumentValue
  let form: Form

  /// The document, if it is one of Terraform's.
  init?(_ document: JSONDocument) {
    let tree = document.tree
    let bytes = document.bytes
    guard tree.nodes[0].kind == .object else { return nil }
    func has(_ name: StaticString, _ kind: JSONTree.Kind) -> Bool {
      tree.member(name, of: 0, in: bytes.span).map { tree.nodes[$0].kind == kind } ?? false
    }
    if has("format_version", .string), has("planned_values", .object) || has("resource_changes", .array) {
      form = .plan
    } else if has("format_version", .string), has("values", .object) {
      form = .state
    } else if has("terraform_version", .string), has("resources", .array) {
      form = .state
    } else if has("resource", .object), !has("Resources", .object) {
      form = .configuration
    } else {
      return nil
    }
    self.document = document
    root = DocumentValue(0, of: document)
  }

  /// Its resources of AWS WAF, in the order of the text.
  var resources: [TerraformResource] {
    switch form {
    case .configuration: configured
    case .state:
      if let module = root["values"]?["root_module"] { resources(in: module, of: "") } else { stored }
    case .plan:
      if let module = root["planned_values"]?["root_module"] { resources(in: module, of: "") + readBefore } else { changed }
    }
  }
}

// MARK: - The places where resources are

extension TerraformDocument {
  /// The resources of a module and of the modules in it.
  private func resources(in module: DocumentValue, of address: String) -> [TerraformResource] {
    let own = (module["resources"]?.elements ?? []).compactMap { TerraformResource($0, module: address, values: $0["values"]) }
    let inner = (module["child_modules"]?.elements ?? []).flatMap { resources(in: $0, of: $0["address"]?.string ?? "") }
    return own + inner
  }

  /// Data that was read before the plan was made.
  private var readBefore: [TerraformResource] {
    guard let module = root["prior_state"]?["values"]?["root_module"] else { return [] }
    return resources(in: module, of: "").filter(\.isData)
  }

  /// The resources of a plan without `planned_values`, as some tools pass it on.
  private var changed: [TerraformResource] {
    (root["resource_changes"]?.elements ?? []).compactMap { change in
      guard let after = change["change"]?["after"], !after.isNull else { return nil }
      return TerraformResource(change, module: change["module_address"]?.string ?? "", values: after)
    }
  }

  /// The resources of a state as it is stored.
  private var stored: [TerraformResource] {
    (root["resources"]?.elements ?? []).flatMap { resource in
      (resource["instances"]?.elements ?? []).compactMap { instance in
        TerraformResource(resource, module: resource["module"]?.string ?? "", values: instance["attributes"], key: instance["index_key"])
      }
    }
  }

  /// The resources of a configuration: by type, then by name. A block may be an object or a list of objects.
  private var configured: [TerraformResource] {
    func blocks(_ value: DocumentValue) -> [DocumentValue] { value.elements ?? [value] }
    return blocks(root["resource"] ?? root).flatMap { $0.members ?? [] }.flatMap { type in
      blocks(type.value).flatMap { $0.members ?? [] }.flatMap { name in
        blocks(name.value).map { TerraformResource(type: type.name, name: name.name, values: $0) }
      }
    }
    .filter { $0.kind != nil }
  }
}
