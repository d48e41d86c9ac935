internal import WAFJSON
internal import WAFModel

/// A CloudFormation or SAM template, or what CDK synthesizes: its sections, unresolved.
///
/// Source: AWS CloudFormation User Guide, "Template anatomy".
struct Template {
  /// A resource of any service.
  struct Resource {
    /// Its name in the template.
    var name: String
    /// The whole resource.
    var value: DocumentValue
    /// Such as `AWS::WAFv2::WebACL`.
    var type: String
    /// Which entity it is; nil for resources of other services, and for those of AWS WAF that say nothing about rules.
    var kind: RuleDocument.Kind? { Self.kinds[type] }

    private static let kinds: [String: RuleDocument.Kind] = [
      "AWS::WAFv2::WebACL": .webACL, "AWS::WAFv2::RuleGroup": .ruleGroup, "AWS::WAFv2::IPSet": .ipSet,
      "AWS::WAFv2::RegexPatternSet": .regexPatternSet,
    ]
  }

  /// The file as a person wrote it.
  let document: JSONDocument
  let parameters: [String: DocumentValue]
  let mappings: DocumentValue?
  let conditions: [String: DocumentValue]
  /// In the order of the text.
  let resources: [Resource]
  /// Whether a macro adds to the template on deployment, as SAM does: then there may be resources that are not written here.
  let isTransformed: Bool

  /// The sections of a template; nil for a document of another kind: only a template has `Resources` with a `Type` each.
  init?(_ document: JSONDocument) {
    let tree = document.tree
    let bytes = document.bytes
    guard tree.nodes[0].kind == .object, let section = tree.member("Resources", of: 0, in: bytes.span), tree.nodes[section].kind == .object,
      tree.firstChild(of: section) < tree.next(after: section)
    else { return nil }
    let root = DocumentValue(0, of: document)
    let resources = (root["Resources"]?.members ?? []).compactMap { member in
      member.value["Type"]?.string.map { Resource(name: member.name, value: member.value, type: $0) }
    }
    guard !resources.isEmpty else { return nil }
    self.document = document
    self.resources = resources
    func entries(of name: String) -> [String: DocumentValue] {
      Dictionary((root[name]?.members ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
    parameters = entries(of: "Parameters")
    conditions = entries(of: "Conditions")
    mappings = root["Mappings"]
    isTransformed = root["Transform"] != nil
  }
}
