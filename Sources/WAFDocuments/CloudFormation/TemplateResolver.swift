internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// Resolves the functions of one template, as far as that can be done before deployment.
///
/// What cannot be known becomes an open value with the option that would supply it; what cannot be right is a finding.
///
/// Source: AWS CloudFormation User Guide, "Intrinsic function reference".
struct TemplateResolver {
  let template: Template
  let options: LoadingOptions
  /// Takes the findings.
  let context: DecodingContext
  /// Conditions that were looked at; nil stands for one that is not known.
  var conditions: [String: Bool?] = [:]
  /// Conditions that are being looked at.
  var openConditions: [String] = []
  /// Whether findings are left out, since what is resolved will be resolved again.
  var isQuiet = false
  /// Bytes and values that were made so far: a small template can ask for a lot of both.
  private var produced = 0

  init(_ template: Template, options: LoadingOptions, context: DecodingContext) {
    self.template = template
    self.options = options
    self.context = context
  }

  /// The value with its functions replaced by what they give; nil where nothing is left of it (`AWS::NoValue`).
  mutating func resolve(_ value: DocumentValue) -> DocumentValue? {
    guard spend(1, at: value.node) else { return nil }
    switch value.content {
    case .object(let members):
      if let function = function(members) { return call(function.name, function.value, at: value.node) }
      var kept: [DocumentValue.Member] = []
      for member in members {
        if member.name.hasPrefix("Fn::") {
          report(.badTemplate, at: member.node, "\(quoted(member.name)) stands beside other members; a function stands alone")
        } else if let value = resolve(member.value) {
          kept.append(.init(member.name, value, node: member.node))
        }
      }
      return DocumentValue(.object(kept), node: value.node)
    case .array(let elements):
      var kept: [DocumentValue] = []
      for element in elements { if let value = resolve(element) { kept.append(value) } }
      return DocumentValue(.array(kept), node: value.node)
    case .string(let text): return dynamicReference(text, at: value.node) ?? value
    case .number, .bool, .null, .open: return value
    }
  }

  /// The function that an object is.
  private func function(_ members: [DocumentValue.Member]) -> (name: String, value: DocumentValue)? {
    guard members.count == 1, let member = members.first, member.name == "Ref" || member.name.hasPrefix("Fn::") else { return nil }
    return (member.name, member.value)
  }

  private mutating func call(_ name: String, _ argument: DocumentValue, at node: Int) -> DocumentValue? {
    switch name {
    case "Ref":
      guard let name = argument.string else { break }
      return reference(to: name, at: node)
    case "Fn::GetAtt": if let (resource, attribute) = attributeName(argument) { return self.attribute(attribute, of: resource, at: node) }
    case "Fn::Sub": if let result = substitute(argument, at: node) { return result }
    case "Fn::Join": if let result = join(argument, at: node) { return result }
    case "Fn::Split": if let result = split(argument, at: node) { return result }
    case "Fn::Select": if let result = select(argument, at: node) { return result }
    case "Fn::If":
      guard let parts = argument.elements, parts.count == 3, let name = parts[0].string else { break }
      guard let isTrue = condition(name, at: parts[0].node) else {
        return open("Fn::If on condition \(name)", hint: "supply the parameters that the condition looks at with --parameter", at: node)
      }
      return resolve(parts[isTrue ? 1 : 2])
    case "Fn::FindInMap": if let result = find(argument, at: node) { return result }
    case "Fn::ImportValue":
      guard let value = resolve(argument) else { break }
      guard let name = value.scalarText else { return open("Fn::ImportValue", at: node) }
      if let supplied = options.parameters[name] { return string(supplied, at: node) }
      return open("Fn::ImportValue \(name)", hint: "--parameter \(name)=VALUE", reference: name, at: node)
    case "Fn::Base64":
      guard let value = resolve(argument) else { break }
      guard let text = value.scalarText else { return open("Fn::Base64", at: node) }
      return string(String(decoding: Base64.encode(Array(text.utf8).span), as: UTF8.self), at: node)
    case "Fn::Cidr", "Fn::GetAZs", "Fn::Transform", "Fn::Length", "Fn::ToJsonString":
      return open(name, hint: "\(name) is not evaluated; write the value out", at: node)
    default:
      report(.badTemplate, at: node, "unknown function \(quoted(name))", hint: didYouMean(name, Self.functions))
      return open(name, at: node)
    }
    if !isSpent { report(.badTemplate, at: argument.node, "wrong arguments of \(name)", hint: Self.usages[name]) }
    return open(name, at: node)
  }

  /// How functions are called.
  private static let usages = [
    "Ref": "expected the name of a parameter or resource", "Fn::GetAtt": "expected [resource, attribute]",
    "Fn::Sub": "expected a text, or [text, {name: value}]", "Fn::Join": "expected [delimiter, list]", "Fn::Split": "expected [delimiter, text]",
    "Fn::Select": "expected [index, list], with an index in the list", "Fn::If": "expected [condition, value, value]",
    "Fn::FindInMap": "expected [map, key, key]", "Fn::ImportValue": "expected a name", "Fn::Base64": "expected a text",
  ]
  private static let functions = usages.keys.sorted()
}

/// The hint for what only a deployment can tell.
let afterDeployment = "it is known after deployment only"

// MARK: - What functions share

extension TemplateResolver {
  func string(_ text: String, at node: Int) -> DocumentValue { DocumentValue(.string(text), node: node) }

  func open(_ text: String, hint: String? = nil, reference: String? = nil, at node: Int) -> DocumentValue {
    DocumentValue(.open(OpenValue(text, hint: hint, reference: reference)), node: node)
  }

  func report(_ code: FindingCode, at node: Int, _ message: String, hint: String? = nil) {
    if !isQuiet { context.report(code, .webACL, at: node, message, hint: hint) }
  }

  /// Counts what is made. False, once with a finding, where a template asks for more than a document may have.
  mutating func spend(_ amount: Int, at node: Int) -> Bool {
    let wasSpent = isSpent
    produced += amount
    guard isSpent else { return true }
    if !wasSpent { report(.badTemplate, at: node, "the functions of this template give more than \(JSONDocument.sizeLimit) bytes") }
    return false
  }

  /// Whether the template asked for too much; what is resolved from then on means nothing.
  var isSpent: Bool { produced > JSONDocument.sizeLimit }

  /// Counts a value that is put into another place, with everything in it.
  mutating func spend(on value: DocumentValue, at node: Int) -> Bool {
    switch value.content {
    case .object(let members):
      return members.allSatisfy { spend($0.name.utf8.count, at: node) && spend(on: $0.value, at: node) }
    case .array(let elements): return elements.allSatisfy { spend(on: $0, at: node) }
    case .string(let text), .number(let text): return spend(1 + text.utf8.count, at: node)
    case .bool, .null, .open: return spend(1, at: node)
    }
  }

  /// `{{resolve:service:…}}`, which the service fills in on deployment.
  private func dynamicReference(_ text: String, at node: Int) -> DocumentValue? {
    guard let start = text.firstRange(of: "{{resolve:"), let end = text[start.upperBound...].firstRange(of: "}}") else { return nil }
    let name = String(text[start.lowerBound..<end.upperBound])
    guard let supplied = options.parameters[name] else { return open(name, hint: "--parameter '\(name)=VALUE'", at: node) }
    return string(text.replacing(name, with: supplied), at: node)
  }
}
