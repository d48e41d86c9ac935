internal import WAFBase
internal import WAFJSON
internal import WAFModel

extension TemplateResolver {
  /// What `Ref` gives for a parameter, a pseudo parameter or a resource. Nil for `AWS::NoValue`, which removes what it stands for.
  mutating func reference(to name: String, at node: Int) -> DocumentValue? {
    if name == "AWS::NoValue" { return nil }
    if name.hasPrefix("AWS::") { return pseudoParameter(name, at: node) }
    if let parameter = template.parameters[name] {
      let value = value(of: parameter, name, at: node)
      return spend(on: value, at: node) ? value : nil
    }
    if template.isTransformed || template.resources.contains(where: { $0.name == name }) {
      return open("Ref \(name)", hint: afterDeployment, reference: name, at: node)
    }
    let names = Array(template.parameters.keys) + template.resources.map(\.name)
    report(.badTemplate, at: node, "no parameter or resource is called \(quoted(name))", hint: didYouMean(name, names.sorted()))
    return open("Ref \(name)", at: node)
  }

  /// A parameter's value: as supplied, else its default. A list is the parts between its commas.
  private mutating func value(of parameter: DocumentValue, _ name: String, at node: Int) -> DocumentValue {
    let type = parameter["Type"]?.string ?? "String"
    let isStored = type.hasPrefix("AWS::SSM::Parameter::Value")
    let supplied = options.parameters[name]
    // The default of a stored parameter is the name under which it is stored.
    guard let text = supplied ?? (isStored ? nil : parameter["Default"]?.scalarText) else {
      return open("parameter \(name)", hint: "--parameter \(name)=VALUE", reference: name, at: node)
    }
    if let supplied, let allowed = parameter["AllowedValues"]?.elements?.compactMap(\.scalarText), !allowed.contains(supplied) {
      let hint = didYouMean(supplied, allowed) ?? (allowed.count <= 6 ? "expected \(allowed.joined(separator: ", "))" : nil)
      report(.badTemplate, at: node, "\(quoted(supplied)) is no allowed value of parameter \(name)", hint: hint)
    }
    guard type.contains("List<") || type == "CommaDelimitedList" else { return string(text, at: node) }
    let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    return DocumentValue(.array(parts.map { string($0, at: node) }), node: node)
  }

  /// What the place of deployment gives. Partition and suffix are those of the commercial regions unless supplied.
  private mutating func pseudoParameter(_ name: String, at node: Int) -> DocumentValue {
    let usual = ["AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"]
    if let text = options.parameters[name] ?? usual[name] { return string(text, at: node) }
    let stand = Self.standIns[name]
    guard stand != nil || ["AWS::StackName", "AWS::StackId", "AWS::NotificationARNs"].contains(name) else {
      report(.badTemplate, at: node, "no pseudo parameter is called \(quoted(name))")
      return open(name, at: node)
    }
    return open(name, hint: "--parameter \(name)=VALUE", reference: stand, at: node)
  }

  /// What stands for account and region in the ARNs by which resources of one template name each other.
  static let standIns = ["AWS::Region": "us-east-1", "AWS::AccountId": "000000000000"]

  /// Account or region, as supplied or as it stands in ARNs.
  func place(_ name: String) -> String { options.parameters[name] ?? Self.standIns[name] ?? "" }

  private func trimmed(_ text: Substring) -> String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" }
    return String(text.drop(while: blank).reversed().drop(while: blank).reversed())
  }
}
