extension IPSetReferenceStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let arn = object.reference(to: .ipSet)
    let config = object.ifPresent("IPSetForwardedIPConfig", field: .ipSetForwardedIPConfig) { value -> (ForwardedIPConfig, ForwardedPosition)? in
      guard let config = value.object() else { return nil }
      let forwarded = ForwardedIPConfig(membersOf: config)
      let position = config.enumeration("Position", ForwardedPosition.self, field: .position)
      config.refuseOtherMembers()
      guard let forwarded, let position else { return nil }
      return (forwarded, position)
    }
    object.refuseOtherMembers()
    guard let arn, let config else { return nil }
    self.init(arn: arn, forwardedIP: config?.0, position: config?.1 ?? .first)
  }
}

extension RegexPatternSetReferenceStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let arn = object.reference(to: .regexPatternSet)
    let inspection = object.inspectionWithoutFingerprint()
    object.refuseOtherMembers()
    guard let arn, let inspection else { return nil }
    self.init(arn: arn, inspection: inspection)
  }
}

extension JSONObject {
  /// The `ARN` or, as CloudFormation has it, the `Arn` of another entity (IN-2).
  func reference(to kind: EntityReference.Kind, overrides: [EntityReference.Override] = []) -> String? {
    let cloudFormation = optional("Arn")
    let api = cloudFormation == nil ? required("ARN") : optional("ARN")
    if api != nil, let cloudFormation {
      cloudFormation.report(.duplicateValue, "ARN is given twice")
      return nil
    }
    guard let value = api ?? cloudFormation, let arn = value.string() else { return nil }
    guard let problem = EntityReference.problem(of: arn, for: kind) else {
      context.references.append(EntityReference(kind: kind, arn: arn, value: value, overrides: overrides))
      return arn
    }
    value.report(.badReference, problem)
    return nil
  }
}
