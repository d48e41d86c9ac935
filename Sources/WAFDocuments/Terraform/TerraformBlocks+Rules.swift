internal import WAFBase
internal import WAFJSON
internal import WAFModel

extension TerraformBlocks {
  /// The rule that `aws_wafv2_web_acl_rule_group_association` adds to a web ACL. What it does not say, the provider sets.
  func association(_ values: DocumentValue) -> DocumentValue {
    let node = values.node
    func text(_ text: String) -> DocumentValue { DocumentValue(.string(text), node: node) }
    func object(_ name: String, _ value: DocumentValue) -> DocumentValue {
      DocumentValue(.object([DocumentValue.Member(name, value)]), node: value.node)
    }
    func only(_ name: String) -> DocumentValue? { values[name].flatMap { $0.elements.map { $0.first } ?? $0 }.flatMap { $0.isNull ? nil : $0 } }
    var members: [DocumentValue.Member] = []
    if let name = values["rule_name"] { members.append(DocumentValue.Member("Name", name)) }
    if let priority = values["priority"] { members.append(DocumentValue.Member("Priority", priority)) }
    if let group = only("managed_rule_group") {
      members.append(DocumentValue.Member("Statement", object("ManagedRuleGroupStatement", self.object(group, .managedGroup))))
    } else if let group = only("rule_group_reference") {
      members.append(DocumentValue.Member("Statement", object("RuleGroupReferenceStatement", self.object(group, .groupReference))))
    } else if let arn = values["rule_group_arn"] {
      // An early version had nothing but the ARN.
      let reference = DocumentValue(.object([DocumentValue.Member("arn", arn)]), node: node)
      members.append(DocumentValue.Member("Statement", object("RuleGroupReferenceStatement", self.object(reference, .groupReference))))
    }
    let override = values["override_action"]
    let isCount = override?.string == "count"
    if let override, let action = override.string, !["count", "none", ""].contains(action) {
      context.report(.unknownValue, .overrideAction, at: override.node, "unknown value \(quoted(action))", hint: "expected none, count")
    }
    let empty = DocumentValue(.object([]), node: node)
    members.append(DocumentValue.Member("OverrideAction", object(isCount ? "Count" : "None", empty)))
    if let visibility = only("visibility_config") {
      members.append(DocumentValue.Member("VisibilityConfig", self.object(visibility, .visibility)))
    } else {
      let flag = DocumentValue(.bool(true), node: node)
      let visibility: [DocumentValue.Member] = [
        .init("SampledRequestsEnabled", flag), .init("CloudWatchMetricsEnabled", flag), .init("MetricName", values["rule_name"] ?? text("")),
      ]
      members.append(DocumentValue.Member("VisibilityConfig", DocumentValue(.object(visibility), node: node)))
    }
    return DocumentValue(.object(members), node: node)
  }

  /// The rules in `rule_json` or `rules_json`, which are those of the API but for their search strings, which are plain text; the provider
  /// reads names in any case.
  /// - Parameter value: The attribute, which is the place of everything in it.
  func rules(json text: String, at value: DocumentValue) -> DocumentValue? {
    let document: JSONDocument
    do throws(JSONDocumentError) {
      document = try JSONDocument(Array(text.utf8))
    } catch {
      for (fault, place) in error.faults { report(fault, place, value) }
      return nil
    }
    for fault in document.faults { report(fault, document.place(ofOffset: fault.offset), value) }
    let rules = DocumentValue(0, of: document)
    guard let list = rules.elements else { return moved(rules, nil, to: value.node) }
    return DocumentValue(.array(list.map { moved($0, .rule, to: value.node) }), node: value.node)
  }

  private func report(_ fault: JSONError, _ place: TextPlace, _ value: DocumentValue) {
    let message = SafeText.escape(fault.description, limit: 200)
    context.report(.syntax, .rule, at: value.node, "line \(place.line), column \(place.column) of the JSON in it: \(message)")
  }

  /// A value of the API's shape, placed at one node, with search strings as Base64 and names as the API has them.
  private func moved(_ value: DocumentValue, _ shape: TerraformShape?, to node: Int) -> DocumentValue {
    switch value.content {
    case .object(let members):
      let moved = members.map { member -> DocumentValue.Member in
        guard let entry = shape?.members.apiIgnoringCase(member.name) else {
          return DocumentValue.Member(member.name, self.moved(member.value, nil, to: node))
        }
        return DocumentValue.Member(entry.api, self.moved(member.value, entry, to: node))
      }
      return DocumentValue(.object(moved), node: node)
    case .array(let elements): return DocumentValue(.array(elements.map { moved($0, shape, to: node) }), node: node)
    default: return DocumentValue(value.content, node: node)
    }
  }

  private func moved(_ value: DocumentValue, _ member: TerraformMember, to node: Int) -> DocumentValue {
    switch member.form {
    case .searchString: Self.base64(moved(value, nil, to: node))
    case .block(let shape), .blocks(let shape), .keyedBlocks(let shape): moved(value, shape, to: node)
    case .scalar, .reference, .scalars, .identifiers: moved(value, nil, to: node)
    }
  }
}
