internal import WAFBase
internal import WAFJSON
internal import WAFModel

// Each function gives nil for arguments that it cannot take.
extension TemplateResolver {
  // MARK: Attributes

  /// The resource and the attribute that `Fn::GetAtt` names, as a list or as `resource.attribute`.
  func attributeName(_ argument: DocumentValue) -> (resource: String, attribute: String)? {
    if let text = argument.string { return attributeName(text) }
    guard let parts = argument.elements, parts.count == 2, let resource = parts[0].string, let attribute = parts[1].scalarText else { return nil }
    return (resource, attribute)
  }

  private func attributeName(_ text: String) -> (resource: String, attribute: String)? {
    guard let dot = text.firstIndex(of: ".") else { return nil }
    return (String(text[..<dot]), String(text[text.index(after: dot)...]))
  }

  /// An attribute of a resource. Of those of AWS WAF the ARN is known, since it only has to be the same everywhere in the template.
  mutating func attribute(_ attribute: String, of name: String, at node: Int) -> DocumentValue {
    guard let resource = template.resources.first(where: { $0.name == name }) else {
      if template.isTransformed { return open("Fn::GetAtt \(name).\(attribute)", hint: afterDeployment, reference: name, at: node) }
      report(.badTemplate, at: node, "no resource is called \(quoted(name))", hint: didYouMean(name, template.resources.map(\.name)))
      return open("Fn::GetAtt \(name).\(attribute)", at: node)
    }
    if attribute == "Arn", let arn = arn(of: resource) { return string(arn, at: node) }
    return open("Fn::GetAtt \(name).\(attribute)", hint: afterDeployment, reference: name, at: node)
  }

  /// The ARN by which the template's other resources name this one; nil for resources of other services.
  mutating func arn(of resource: Template.Resource) -> String? {
    let kind: String
    switch resource.kind {
    case .webACL: kind = "webacl"
    case .ruleGroup: kind = "rulegroup"
    case .ipSet: kind = "ipset"
    case .regexPatternSet: kind = "regexpatternset"
    case .rules, nil: return nil
    }
    let isGlobal = quietly(resource.value["Properties"]?["Scope"])?.string == "CLOUDFRONT"
    let region = isGlobal ? "us-east-1" : place("AWS::Region")
    let partition = options.parameters["AWS::Partition"] ?? "aws"
    let scope = isGlobal ? "global" : "regional"
    return "arn:\(partition):wafv2:\(region):\(place("AWS::AccountId")):\(scope)/\(kind)/\(entityName(of: resource))/\(resource.name)"
  }

  /// The name of a resource of AWS WAF: the service makes one of the resource's name where the template has none.
  mutating func entityName(of resource: Template.Resource) -> String {
    quietly(resource.value["Properties"]?["Name"])?.scalarText ?? resource.name
  }

  /// What a property resolves to, without findings: they come when the whole resource is resolved.
  private mutating func quietly(_ property: DocumentValue?) -> DocumentValue? {
    guard let property else { return nil }
    isQuiet = true
    defer { isQuiet = false }
    return resolve(property)
  }

  // MARK: Texts

  /// `Fn::Sub`: a text whose `${…}` are replaced.
  mutating func substitute(_ argument: DocumentValue, at node: Int) -> DocumentValue? {
    let parts = argument.elements ?? [argument]
    guard let text = parts.first?.string, parts.count == (argument.elements == nil ? 1 : 2) else { return nil }
    var values: [String: DocumentValue] = [:]
    if parts.count == 2 {
      guard let members = parts[1].members else { return nil }
      for member in members { values[member.name] = resolve(member.value) ?? string("", at: member.node) }
    }
    var result = ComposedText()
    var rest = text[...]
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      result.append(String(rest[..<start.lowerBound]))
      let name = String(rest[start.upperBound..<end])
      rest = rest[rest.index(after: end)...]
      if name.hasPrefix("!") {
        result.append("${" + name.dropFirst() + "}")
      } else {
        let value = values[name] ?? self.value(named: name, at: node)
        guard result.append(value, shown: "${\(name)}") else { return nil }
      }
      guard spend(result.known.utf8.count, at: node) else { return nil }
    }
    result.append(String(rest))
    return composed(result, at: node)
  }

  /// What `${name}` stands for in `Fn::Sub`.
  private mutating func value(named name: String, at node: Int) -> DocumentValue {
    if let (resource, attribute) = attributeName(name), template.parameters[name] == nil { return self.attribute(attribute, of: resource, at: node) }
    return reference(to: name, at: node) ?? string("", at: node)
  }

  /// `Fn::Join`: the texts of a list with a delimiter between them.
  mutating func join(_ argument: DocumentValue, at node: Int) -> DocumentValue? {
    guard let parts = argument.elements, parts.count == 2, let delimiter = parts[0].scalarText, let list = resolve(parts[1]) else { return nil }
    if let open = list.open { return self.open("Fn::Join of \(open.text)", hint: open.hint, reference: open.reference, at: node) }
    guard let elements = list.elements else { return nil }
    var result = ComposedText()
    for (index, element) in elements.enumerated() {
      if index > 0 { result.append(delimiter) }
      guard result.append(element, shown: element.open?.text ?? "") else { return nil }
    }
    guard spend(result.known.utf8.count, at: node) else { return nil }
    return composed(result, at: node)
  }

  private func composed(_ text: ComposedText, at node: Int) -> DocumentValue {
    guard let unknown = text.unknown else { return string(text.known, at: node) }
    return open(text.known, hint: unknown.hint, reference: text.reference, at: node)
  }

  /// `Fn::Split`: the parts of a text between delimiters.
  mutating func split(_ argument: DocumentValue, at node: Int) -> DocumentValue? {
    guard let parts = argument.elements, parts.count == 2, let delimiter = parts[0].scalarText, !delimiter.isEmpty, let value = resolve(parts[1])
    else { return nil }
    if let open = value.open { return self.open("Fn::Split of \(open.text)", hint: open.hint, at: node) }
    guard let text = value.scalarText, spend(text.utf8.count, at: node) else { return nil }
    return DocumentValue(.array(text.split(separator: delimiter, omittingEmptySubsequences: false).map { string(String($0), at: node) }), node: node)
  }

  // MARK: Lists and maps

  /// `Fn::Select`: one element of a list, counted from 0.
  mutating func select(_ argument: DocumentValue, at node: Int) -> DocumentValue? {
    guard let parts = argument.elements, parts.count == 2, let position = resolve(parts[0]), let list = resolve(parts[1]) else { return nil }
    if let open = position.open ?? list.open { return self.open("Fn::Select of \(open.text)", hint: open.hint, at: node) }
    guard let index = position.scalarText.flatMap({ Int($0) }), let elements = list.elements, elements.indices.contains(index) else { return nil }
    var element = elements[index]
    element.node = node
    return element
  }

  /// `Fn::FindInMap`: a value of `Mappings`, or the default where one is given.
  mutating func find(_ argument: DocumentValue, at node: Int) -> DocumentValue? {
    guard let parts = argument.elements, (3...4).contains(parts.count) else { return nil }
    var table = template.mappings
    for part in parts.prefix(3) {
      guard let key = resolve(part) else { return nil }
      guard let name = key.scalarText else { return open("Fn::FindInMap of \(key.open?.text ?? "a list")", hint: key.open?.hint, at: node) }
      guard let found = table?[name] else {
        if parts.count == 4, let value = parts[3]["DefaultValue"] { return resolve(value) }
        report(.badTemplate, at: part.node, "no entry \(quoted(name)) in the mappings", hint: didYouMean(name, table?.members?.map(\.name) ?? []))
        return open("Fn::FindInMap", at: node)
      }
      table = found
    }
    guard let table, spend(on: table, at: node) else { return nil }
    return table
  }
}

/// A text put together of parts some of which may be open.
private struct ComposedText {
  /// The text as far as it is known; names in `${…}` stand for the rest.
  var known = ""
  /// The text with what may stand for account and region in a reference; nil where a part has nothing of that kind.
  var reference: String? = ""
  /// The first open part.
  var unknown: OpenValue?

  mutating func append(_ text: String) {
    known += text
    reference? += text
  }

  /// False for a value that is no text.
  mutating func append(_ value: DocumentValue, shown: String) -> Bool {
    if let open = value.open {
      known += shown
      reference = open.reference.flatMap { part in reference.map { $0 + part } }
      unknown = unknown ?? open
      return true
    }
    guard let text = value.scalarText else { return false }
    append(text)
    return true
  }
}
