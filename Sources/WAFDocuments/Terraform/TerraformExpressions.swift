internal import WAFJSON

/// The values of a configuration's expressions, as far as the configuration tells them: defaults of variables, locals, and the ARNs that its
/// resources will have.
struct TerraformExpressions {
  private let variables: TerraformVariables
  private let arns: [String: String]

  init(_ terraform: TerraformDocument, _ environment: TerraformEnvironment) {
    variables = TerraformVariables(terraform.root)
    arns = environment.arns
  }

  /// Attributes with the values of their expressions; what cannot be told is open, and noted in `blocks`.
  func resolved(_ value: DocumentValue, _ blocks: inout TerraformBlocks) -> DocumentValue {
    switch value.content {
    case .object(let members):
      let resolved = members.map { member in
        DocumentValue.Member(member.name, self.resolved(member.value, &blocks), node: member.node)
      }
      return DocumentValue(.object(resolved), node: value.node)
    case .array(let elements):
      let resolved = elements.map { self.resolved($0, &blocks) }
      return DocumentValue(.array(resolved), node: value.node)
    case .string:
      if let expression = value.string.flatMap({ TerraformTemplate($0).wholeExpression }), let arn = arn(expression) {
        return DocumentValue(.string(arn), node: value.node)
      }
      let resolved = variables.resolved(value)
      guard let open = resolved.open else { return resolved }
      let name = open.text.hasSuffix(".arn") ? String(open.text.dropLast(4)) : open.text
      blocks.stated.insert(name)
      blocks.names.insert(name)
      return DocumentValue(.open(OpenValue(name, hint: "the JSON of a plan has it")), node: value.node)
    default: return value
    }
  }

  /// The ARN of a resource of the same configuration.
  private func arn(_ expression: String) -> String? {
    guard let steps = TerraformAddress(expression)?.steps, steps.count == 3, steps[2].text == "arn" || steps[2].text == "id" else { return nil }
    return arns[steps[0].name + "." + steps[1].name]
  }
}

/// Variables and locals of a configuration.
struct TerraformVariables {
  private let defaults: [String: DocumentValue]
  private let locals: [String: DocumentValue]

  init(_ root: DocumentValue) {
    func members(_ value: DocumentValue?) -> [DocumentValue.Member] { (value?.elements ?? value.map { [$0] } ?? []).flatMap { $0.members ?? [] } }
    let variables = members(root["variable"]).compactMap { variable in
      (variable.value.elements?.first ?? variable.value)["default"].map { (variable.name, $0) }
    }
    defaults = Dictionary(variables, uniquingKeysWith: { $1 })
    locals = Dictionary(members(root["locals"]).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// A text with the values of its expressions; open, and named by the first that cannot be told, where there is one.
  func resolved(_ value: DocumentValue) -> DocumentValue { resolved(value, depth: 0) }

  /// Locals that refer to locals.
  private static let depthLimit = 32

  private func resolved(_ value: DocumentValue, depth: Int) -> DocumentValue {
    guard let text = value.string else { return value }
    let template = TerraformTemplate(text)
    if let expression = template.wholeExpression {
      guard let found = self.value(of: expression, depth: depth) else { return DocumentValue(.open(OpenValue(expression)), node: value.node) }
      return found.placed(at: value.node)
    }
    var result = ""
    for part in template.parts {
      switch part {
      case .text(let text): result += text
      case .expression(let expression):
        guard let text = self.value(of: expression, depth: depth)?.scalarText else {
          return DocumentValue(.open(OpenValue(expression)), node: value.node)
        }
        result += text
      }
    }
    return DocumentValue(.string(result), node: value.node)
  }

  /// The value of a literal, a variable or a local.
  private func value(of expression: String, depth: Int) -> DocumentValue? {
    if let literal = Self.literal(expression) { return literal }
    guard depth < Self.depthLimit, let steps = TerraformAddress(expression)?.steps, steps.count >= 2 else { return nil }
    let found: DocumentValue?
    switch steps[0].name {
    case "var": found = defaults[steps[1].name]
    case "local": found = locals[steps[1].name].map { resolved($0, depth: depth + 1) }
    default: found = nil
    }
    let inner = steps[1].keys + steps.dropFirst(2).flatMap { ["\"\($0.name)\""] + $0.keys }
    let value = inner.reduce(found) { $0?[key: $1] }
    return value?.open == nil && value?.isNull != true ? value : nil
  }

  private static func literal(_ expression: String) -> DocumentValue? {
    if expression == "true" || expression == "false" { return DocumentValue(.bool(expression == "true"), node: 0) }
    if Int(expression) != nil { return DocumentValue(.number(expression), node: 0) }
    let inner = expression.dropFirst().dropLast()
    guard expression.count >= 2, expression.first == "\"", expression.last == "\"", !inner.contains(where: { "\"\\$%".contains($0) }) else {
      return nil
    }
    return DocumentValue(.string(String(inner)), node: 0)
  }
}

extension DocumentValue {
  /// The value behind a key in brackets: a member for a text in quotes, an element for a number.
  fileprivate subscript(key key: String) -> DocumentValue? {
    if key.hasPrefix("\"") { return self[String(key.dropFirst().dropLast())] }
    guard let index = Int(key), let elements, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The value and everything in it at another place.
  fileprivate func placed(at node: Int) -> DocumentValue {
    switch content {
    case .object(let members):
      DocumentValue(.object(members.map { Member($0.name, $0.value.placed(at: node), node: node) }), node: node)
    case .array(let elements): DocumentValue(.array(elements.map { $0.placed(at: node) }), node: node)
    default: DocumentValue(content, node: node)
    }
  }
}
