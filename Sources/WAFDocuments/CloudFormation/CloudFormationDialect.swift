internal import WAFJSON
internal import WAFModel

/// CloudFormation and SAM templates, and what CDK synthesizes, as entities in the API's form.
enum CloudFormationDialect {
  /// The entities of a template; nil for a document that is none.
  static func translation(of document: JSONDocument, number: Int, file: String, options: LoadingOptions) -> Translation? {
    guard let template = Template(document) else { return nil }
    let context = DecodingContext(document, number: number, file: file, options: options.decoding, searchStringsAreBase64: true)
    var resolver = TemplateResolver(template, options: options, context: context)
    var entities: [TranslatedEntity] = []
    for resource in template.resources {
      if let kind = resource.kind, let entity = resolver.entity(of: resource, kind) { entities.append(entity) }
    }
    if !entities.isEmpty { resolver.reportUnusedParameters() }
    return Translation(entities: entities, context: context)
  }
}

extension TemplateResolver {
  /// The entity that a resource makes; nil where it makes none, or where its functions ask for too much.
  fileprivate mutating func entity(of resource: Template.Resource, _ kind: RuleDocument.Kind) -> TranslatedEntity? {
    if let condition = resource.value["Condition"], let name = condition.string {
      guard let exists = self.condition(name, at: condition.node) else {
        let hint = "supply the parameters that the condition looks at with --parameter"
        report(.openValue, at: condition.node, "whether there is a \(resource.name) depends on condition \(name), which is not known", hint: hint)
        return nil
      }
      guard exists else { return nil }
    }
    let written = resource.value["Properties"] ?? DocumentValue(.object([]), node: resource.value.node)
    let resolved = resolve(written)
    guard !isSpent else { return nil }
    guard let properties = resolved, let members = properties.members else {
      report(.badTemplate, at: written.node, "Properties of \(resource.name) are no object")
      return nil
    }
    var entity = CloudFormationShape.api(members, of: kind, in: self)
    if !entity.contains(where: { $0.name == "Name" }) { entity.append(.init("Name", string(resource.name, at: resource.value.node))) }
    if kind == .webACL {
      // Without an ARN it is compared by its name with the web ACLs that logs name. Its labels need the account all the same.
      let prefix = "awswaf:\(place("AWS::AccountId")):webacl:\(entityName(of: resource)):"
      entity.append(.init("LabelNamespace", string(prefix, at: resource.value.node)))
    } else if let arn = arn(of: resource) {
      entity.append(.init("ARN", string(arn, at: resource.value.node)))
    }
    do throws(JSONError) {
      return TranslatedEntity(kind: kind, document: try JSONDocument(DocumentValue(.object(entity), node: properties.node), from: template.document))
    } catch {
      report(.badTemplate, at: resource.value.node, "\(resource.name): \(error)")
      return nil
    }
  }

  /// A parameter that the template does not have is a misspelling, more often than not.
  fileprivate func reportUnusedParameters() {
    for name in options.parameters.keys.sorted() {
      let isExport = template.document.bytes.firstRange(of: Array(name.utf8)) != nil
      guard template.parameters[name] == nil, !name.hasPrefix("AWS::"), !isExport else { continue }
      report(
        .unknownParameter, at: 0, "the template has no parameter \(quoted(name))", hint: didYouMean(name, template.parameters.keys.sorted()))
    }
  }
}
