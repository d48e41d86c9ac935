import WAFJSON

@testable import WAFDocuments

/// Makes of a configuration what `terraform show -json` prints of its plan: blocks as lists, `[]` and `null` for what is not there, ARNs unknown,
/// and the configuration's expressions beside the values.
enum TerraformPlanMaker {
  static func plan(of configuration: DocumentValue) -> DocumentValue {
    var resources: [DocumentValue] = []
    var changes: [DocumentValue] = []
    var expressions: [DocumentValue] = []
    for type in configuration["resource"]?.members ?? [] {
      for resource in type.value.members ?? [] {
        let shape = shape(of: type.name)
        let address = type.name + "." + resource.name
        let common = [("address", text(address)), ("mode", text("managed")), ("type", text(type.name)), ("name", text(resource.name))]
        var parts = object(resource.value, shape)
        parts.unknown.append(.init("arn", DocumentValue(.bool(true), node: 0)))
        resources.append(object(common + [("values", object(parts.values))]))
        changes.append(object(common + [("change", object([("after_unknown", object(parts.unknown))]))]))
        expressions.append(object(common + [("expressions", object(parts.expressions))]))
      }
    }
    return object([
      ("format_version", text("1.2")), ("planned_values", object([("root_module", object([("resources", array(resources))]))])),
      ("resource_changes", array(changes)), ("configuration", object([("root_module", object([("resources", array(expressions))]))])),
    ])
  }

  private static func shape(of type: String) -> TerraformShape {
    switch type {
    case "aws_wafv2_web_acl": .webACL
    case "aws_wafv2_rule_group": .ruleGroup
    case "aws_wafv2_ip_set": .ipSet
    default: .regexPatternSet
    }
  }

  /// Blocks that stand in another order in a plan than in the configuration.
  private static let sets: Set<String> = ["rule", "text_transformation"]

  /// The three trees of one block.
  private struct Parts {
    var values: [DocumentValue.Member] = []
    var unknown: [DocumentValue.Member] = []
    var expressions: [DocumentValue.Member] = []
  }

  private static func object(_ value: DocumentValue, _ shape: TerraformShape) -> Parts {
    var parts = Parts()
    for member in shape.members.all {
      let name = member.terraform
      let written = value[name]
      switch member.form {
      case .block(let shape), .blocks(let shape), .keyedBlocks(let shape):
        let blocks = (written?.elements ?? written.map { [$0] } ?? []).map { self.object($0, shape) }
        let inPlan = sets.contains(name) ? blocks.reversed() : blocks
        parts.values.append(.init(name, array(inPlan.map { object($0.values) })))
        parts.unknown.append(.init(name, array(inPlan.map { object($0.unknown) })))
        if !blocks.isEmpty { parts.expressions.append(.init(name, array(blocks.map { object($0.expressions) }))) }
      case .identifiers:
        parts.values.append(.init(name, array(written.map { [$0] } ?? [])))
      case .reference:
        guard let expression = written?.string.flatMap({ TerraformTemplate($0).wholeExpression }) else {
          fallthrough
        }
        let resource = expression.split(separator: ".").dropLast().joined(separator: ".")
        parts.unknown.append(.init(name, DocumentValue(.bool(true), node: 0)))
        parts.expressions.append(.init(name, object([("references", array([text(expression), text(resource)]))])))
      case .scalar, .scalars, .searchString:
        let value = written.map(plain) ?? DocumentValue(.null, node: 0)
        parts.values.append(.init(name, value))
        if written != nil { parts.expressions.append(.init(name, object([("constant_value", value)]))) }
      }
    }
    if let key = value["key"], shape == .responseBody { parts.values.append(.init("key", plain(key))) }
    return parts
  }

  /// A text without the escapes of templates.
  private static func plain(_ value: DocumentValue) -> DocumentValue {
    if let elements = value.elements { return array(elements.map(plain)) }
    guard let written = value.string else { return value }
    let parts = TerraformTemplate(written).parts
    guard !parts.isEmpty else { return value }
    return text(parts.map { if case .text(let text) = $0 { text } else { "" } }.joined())
  }

  private static func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: 0) }
  private static func array(_ elements: [DocumentValue]) -> DocumentValue { DocumentValue(.array(elements), node: 0) }
  private static func object(_ members: [DocumentValue.Member]) -> DocumentValue { DocumentValue(.object(members), node: 0) }
  private static func object(_ members: [(String, DocumentValue)]) -> DocumentValue {
    DocumentValue(.object(members.map { .init($0.0, $0.1) }), node: 0)
  }
}
