internal import WAFJSON

/// The attributes of a resource of a plan, as far as they are known.
///
/// A plan leaves out what is not known yet and says so in a second tree, `after_unknown`; where values come from stands in a third one, the
/// expressions of the configuration. The three are walked side by side:
///
///     values         rule[0].statement[0].ip_set_reference_statement[0]    nothing
///     after_unknown  rule[0].statement[0].ip_set_reference_statement[0].arn    true
///     expressions    rule[2].statement[0].ip_set_reference_statement[0].arn    references aws_wafv2_ip_set.office.arn
///
/// Rules are a set, so they may stand in another order in the configuration; they are matched by their constants. Blocks that are made by `dynamic`
/// are not in it at all.
struct TerraformValues {
  /// The resource.
  let resource: TerraformResource
  let references: TerraformReferences
  let scope: TerraformReferences.Scope
  /// Open values that an expression of the configuration gives, by their names: the others are left to the provider.
  private(set) var stated: Set<String> = []
  /// Those that refer to one thing outside of the document, by whose name a person can supply it.
  private(set) var names: Set<String> = []

  init(_ resource: TerraformResource, _ references: TerraformReferences) {
    self.resource = resource
    self.references = references
    let configured = references.configured(resource)
    let forEach = configured?["for_each_expression"]?["references"]?.elements?.compactMap(\.string) ?? []
    scope = TerraformReferences.Scope(module: resource.module, key: resource.key, forEach: forEach)
  }

  /// The attributes, with open values in the places of unknown ones.
  mutating func merged(unknown: DocumentValue?) -> DocumentValue {
    merge(resource.values, unknown, references.configured(resource)?["expressions"], path: resource.address)
  }

  private mutating func merge(_ value: DocumentValue, _ unknown: DocumentValue?, _ expressions: DocumentValue?, path: String) -> DocumentValue {
    if case .bool(true) = unknown?.content { return open(at: value.node, expressions, path: path) }
    switch value.content {
    case .object(let members):
      var merged: [DocumentValue.Member] = []
      for member in members {
        let inner = merge(member.value, unknown?[member.name], expressions?[member.name], path: path + "." + member.name)
        merged.append(DocumentValue.Member(member.name, inner, node: member.node))
      }
      for member in unknown?.members ?? [] where value[member.name] == nil {
        guard case .bool(true) = member.value.content else { continue }
        merged.append(DocumentValue.Member(member.name, open(at: value.node, expressions?[member.name], path: path + "." + member.name)))
      }
      return DocumentValue(.object(merged), node: value.node)
    case .array(let elements):
      let blocks = BlockExpressions(expressions, of: elements, isSet: path.hasSuffix(".rule"))
      let merged = elements.enumerated().map { index, element in
        let unknown = unknown?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        return merge(element, unknown, blocks[index], path: "\(path)[\(index)]")
      }
      return DocumentValue(.array(merged), node: value.node)
    default: return value
    }
  }

  /// What stands for an unknown value: the ARN of the entity that it will be, or an open value. It is named by what it comes from, where the
  /// configuration says so.
  private mutating func open(at node: Int, _ expression: DocumentValue?, path: String) -> DocumentValue {
    let referred = expression?["references"]?.elements?.compactMap(\.string) ?? []
    let text: String
    switch references.target(of: referred, in: scope) {
    case .entity(let arn): return DocumentValue(.string(arn), node: node)
    case .name(let name):
      text = name
      names.insert(name)
    case .unclear(let names): text = names
    case nil: text = shortened(path)
    }
    if expression != nil { stated.insert(text) }
    return DocumentValue(.open(OpenValue(text, hint: "known after apply: a state has it")), node: node)
  }

  /// `aws_wafv2_web_acl.main.rule[2]….search_string`: which resource, which rule and which attribute.
  private func shortened(_ path: String) -> String {
    let steps = path.dropFirst(resource.address.utf8.count + 1).split(separator: ".")
    guard steps.count > 2, let first = steps.first, let last = steps.last else { return path }
    return "\(resource.address).\(first)….\(last)"
  }
}

/// The expressions of each of several blocks of one name, or of a list.
private struct BlockExpressions {
  private let expressions: [DocumentValue?]

  subscript(index: Int) -> DocumentValue? { expressions[index] }

  /// - Parameters:
  ///   - list: What the configuration has for the name.
  ///   - values: What the plan has for it.
  ///   - isSet: Whether the values may stand in any order.
  init(_ list: DocumentValue?, of values: [DocumentValue], isSet: Bool) {
    guard let blocks = list?.elements else {
      // An attribute, all of whose elements come from one expression.
      expressions = values.map { _ in list }
      return
    }
    guard isSet || blocks.count != values.count else {
      expressions = blocks
      return
    }
    // What is made by `dynamic` is not among the blocks. Of several that fit none is taken: the wrong one would name another entity.
    expressions = values.map { value in
      let fitting = blocks.filter { Self.agree($0, value) }
      return fitting.count == 1 ? fitting[0] : nil
    }
  }

  /// Whether no constant of an expression contradicts the value.
  private static func agree(_ expression: DocumentValue, _ value: DocumentValue) -> Bool {
    if let constant = expression["constant_value"] {
      return constant.scalarText == nil || value.isNull || constant.scalarText == value.scalarText
    }
    if let members = expression.members {
      return members.allSatisfy { member in value[member.name].map { agree(member.value, $0) } ?? true }
    }
    guard let blocks = expression.elements, let values = value.elements else { return true }
    // Several may be a set again, in another order.
    return blocks.count == 1 && values.count == 1 ? agree(blocks[0], values[0]) : blocks.count <= values.count
  }
}
