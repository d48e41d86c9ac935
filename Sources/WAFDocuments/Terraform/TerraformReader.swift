internal import WAFBase
internal import WAFJSON
internal import WAFModel

/// Reads the web ACLs, rule groups and sets of plans, states and configurations of Terraform.
struct TerraformReader {
  private let terraform: TerraformDocument
  private let context: DecodingContext
  private let resources: [TerraformResource]
  private let environment: TerraformEnvironment
  /// What was translated so far.
  private var entities: [(resource: TerraformResource, kind: RuleDocument.Kind, value: DocumentValue)] = []

  /// The entities of a document; nil where it is none of Terraform's, or has no resource of AWS WAF.
  static func translation(of document: JSONDocument, number: Int, file: String, options: DecodingOptions) -> Translation? {
    guard let terraform = TerraformDocument(document) else { return nil }
    let context = DecodingContext(document, number: number, file: file, options: options, searchStringsAreBase64: true)
    var reader = TerraformReader(terraform, context)
    guard reader.resources.contains(where: \.saysRules) else { return nil }
    reader.read()
    return Translation(entities: reader.translated(), context: context)
  }

  private init(_ terraform: TerraformDocument, _ context: DecodingContext) {
    (self.terraform, self.context) = (terraform, context)
    resources = terraform.resources
    environment = TerraformEnvironment(terraform, resources)
  }

  private mutating func read() {
    let plan = PlanReferences(terraform, environment)
    let expressions = TerraformExpressions(terraform, environment)
    var separate: [(rule: DocumentValue, webACL: String?, resource: TerraformResource)] = []
    for resource in resources {
      var blocks = TerraformBlocks(context: context, form: terraform.form)
      let values: DocumentValue
      switch terraform.form {
      case .state: values = resource.values
      case .plan: values = plan.values(of: resource, &blocks)
      case .configuration: values = expressions.resolved(resource.values, &blocks)
      }
      switch resource.kind {
      case .entity(let kind) where !resource.isData || values["addresses"] != nil || values["regular_expression"] != nil:
        entities.append((resource, kind, entity(resource, kind, values, blocks)))
      case .rule:
        let rule = blocks.object(values, .rule, ignoring: TerraformResource.arguments.union(["web_acl_arn"]))
        separate.append((rule, values["web_acl_arn"]?.scalarText, resource))
      case .association:
        separate.append((blocks.association(values), values["web_acl_arn"]?.scalarText, resource))
      case .entity, .caller, nil: break
      }
    }
    for (rule, webACL, resource) in separate { add(rule, of: resource, toWebACL: webACL) }
  }

  private func translated() -> [TranslatedEntity] {
    entities.compactMap { entity in
      do throws(JSONError) {
        let document = try JSONDocument(entity.value, from: terraform.document, spellings: TerraformShape.spellings)
        return TranslatedEntity(kind: entity.kind, document: document)
      } catch {
        context.report(.syntax, entity.kind.field, at: entity.resource.values.node, SafeText.escape(error.description, limit: SafeText.messageLimit))
        return nil
      }
    }
  }
}

// MARK: - Entities

extension TerraformReader {
  private func entity(_ resource: TerraformResource, _ kind: RuleDocument.Kind, _ values: DocumentValue, _ blocks: TerraformBlocks) -> DocumentValue {
    let shape = kind.shape
    var ignored = TerraformResource.arguments.union(["rule_json", "rules_json"])
    if values["name"] == nil || values["name"]?.open != nil || values["name"]?.isNull == true { ignored.insert("name") }
    var members = blocks.object(values, shape, ignoring: ignored).members ?? []
    if ignored.contains("name") {
      members.insert(DocumentValue.Member("Name", name(of: resource, values)), at: 0)
    }
    if let json = (values["rule_json"] ?? values["rules_json"]), let text = json.string, !text.isEmpty,
      !members.contains(where: { $0.name == "Rules" })
    {
      members += blocks.rules(json: text, at: json).map { [DocumentValue.Member("Rules", $0)] } ?? []
    }
    if let arn = environment.arns[resource.address] {
      // Without an ARN a web ACL is compared by its name with those that logs name. Its labels need the account all the same.
      let account = ARNParts(arn)?.account ?? ""
      let (member, text) = kind == .webACL ? ("LabelNamespace", "awswaf:\(account):webacl:\(environment.name(of: resource)):") : ("ARN", arn)
      if !members.contains(where: { $0.name == member }) {
        members.append(DocumentValue.Member(member, DocumentValue(.string(text), node: values.node)))
      }
    }
    return DocumentValue(.object(members), node: values.node)
  }

  /// The name of an entity that has none yet: its prefix, else that of its resource.
  private func name(of resource: TerraformResource, _ values: DocumentValue) -> DocumentValue {
    let name = environment.name(of: resource)
    let node = values["name_prefix"]?.node ?? values.node
    let message = "the name is not known before deployment, \(quoted(name)) stands for it"
    context.report(.openValue, .webACL, at: node, severity: .note, message)
    return DocumentValue(.string(name), node: node)
  }

  /// Adds a rule that is a resource of its own to its web ACL. There it takes the place of an older rule of its name.
  private mutating func add(_ rule: DocumentValue, of resource: TerraformResource, toWebACL arn: String?) {
    let index = entities.firstIndex { entity in
      entity.kind == .webACL && arn != nil && (environment.arns[entity.resource.address] == arn || entity.resource.address == arn)
    }
    guard let index else {
      let message = "the web ACL of this rule is not in this document"
      let hint = arn.map { SafeText.escape($0, limit: SafeText.messageLimit) }
      context.report(.unresolvedReference, .rule, at: resource.values["web_acl_arn"]?.node ?? resource.values.node, message, hint: hint)
      return
    }
    var members = entities[index].value.members ?? []
    let list = members.firstIndex { $0.name == "Rules" }
    var rules = list.flatMap { members[$0].value.elements } ?? []
    if let name = rule["Name"]?.string { rules.removeAll { $0["Name"]?.string == name } }
    rules.append(rule)
    let node = list.map { members[$0].value.node } ?? entities[index].value.node
    let member = DocumentValue.Member("Rules", DocumentValue(.array(rules), node: node))
    if let list { members[list] = member } else { members.append(member) }
    entities[index].value = DocumentValue(.object(members), node: entities[index].value.node)
  }
}

extension RuleDocument.Kind {
  /// What it is in Terraform.
  var shape: TerraformShape {
    switch self {
    case .webACL, .rules: .webACL
    case .ruleGroup: .ruleGroup
    case .ipSet: .ipSet
    case .regexPatternSet: .regexPatternSet
    }
  }
}

extension TerraformResource {
  /// Arguments and attributes that only Terraform and its provider have: they say nothing about rules.
  static let arguments: Set<String> = [
    "tags", "tags_all", "name_prefix", "application_integration_url", "region", "timeouts", "count", "for_each", "provider", "depends_on",
    "lifecycle",
    "provisioner", "connection",
  ]

  /// Whether it holds rules or what they refer to.
  var saysRules: Bool {
    switch kind {
    case .entity: !isData
    case .rule, .association: true
    case .caller, nil: false
    }
  }
}

/// What a plan says beside the values of its resources.
private struct PlanReferences {
  private let references: TerraformReferences
  private let unknown: [String: DocumentValue]

  init(_ terraform: TerraformDocument, _ environment: TerraformEnvironment) {
    references = TerraformReferences(arns: environment.arns, configuration: terraform.root["configuration"])
    let changes = (terraform.root["resource_changes"]?.elements ?? []).compactMap { change -> (String, DocumentValue)? in
      guard let address = change["address"]?.string, let unknown = change["change"]?["after_unknown"] else { return nil }
      return (address, unknown)
    }
    unknown = Dictionary(changes, uniquingKeysWith: { $1 })
  }

  /// The attributes of a resource, with what is known of the open ones in `blocks`.
  func values(of resource: TerraformResource, _ blocks: inout TerraformBlocks) -> DocumentValue {
    var values = TerraformValues(resource, references)
    let merged = values.merged(unknown: unknown[resource.address])
    (blocks.stated, blocks.names) = (values.stated, values.names)
    return merged
  }
}
