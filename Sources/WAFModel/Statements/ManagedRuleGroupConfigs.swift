/// `ManagedRuleGroupConfigs`: checked for shape and not interpreted (MG-4).
///
/// Source: AWS WAFV2 API reference (2019-07-29), `ManagedRuleGroupConfig`.
enum ManagedRuleGroupConfigs {
  /// Whether the member is absent or of the right shape; findings where it is not.
  static func check(_ object: JSONObject) -> Bool {
    object.array("ManagedRuleGroupConfigs", count: 0...Int.max, field: .managedRuleGroupConfig, isRequired: false, config) != nil
  }

  /// Whether Bot Control is to inspect at level TARGETED.
  static func isTargeted(_ object: JSONObject) -> Bool {
    let configs = object.optional("ManagedRuleGroupConfigs").flatMap { $0.kind == .array ? $0.elements() : nil } ?? []
    return configs.contains { config in
      guard config.kind == .object, let group = JSONObject(config).optional("AWSManagedRulesBotControlRuleSet"), group.kind == .object else {
        return false
      }
      return JSONObject(group).optional("InspectionLevel")?.string() == InspectionLevel.targeted.rawValue
    }
  }

  private enum InspectionLevel: String, CaseIterable {
    case common = "COMMON"
    case targeted = "TARGETED"
  }

  private enum PayloadType: String, CaseIterable {
    case json = "JSON"
    case form = "FORM_ENCODED"
  }

  private enum Sensitivity: String, CaseIterable {
    case low = "LOW"
    case medium = "MEDIUM"
    case high = "HIGH"
  }

  private enum Usage: String, CaseIterable {
    case enabled = "ENABLED"
    case disabled = "DISABLED"
  }

  /// One config; members that may be absent are checked where they are there.
  private static func config(_ value: JSONValue) -> Void? {
    shape(value) { object in
      each(object, "AWSManagedRulesBotControlRuleSet") { group in
        _ = group.enumeration("InspectionLevel", InspectionLevel.self)
        _ = group.optional("EnableMachineLearning")?.bool()
      }
      each(object, "AWSManagedRulesATPRuleSet") { group in
        _ = group.text("LoginPath", length: 1...256, of: .notBlank)
        checkInspections(group, ofCreation: false)
      }
      each(object, "AWSManagedRulesACFPRuleSet") { group in
        _ = group.text("CreationPath", length: 1...256, of: .notBlank)
        _ = group.text("RegistrationPagePath", length: 1...256, of: .notBlank)
        checkInspections(group, ofCreation: true)
      }
      each(object, "AWSManagedRulesAntiDDoSRuleSet") { group in
        _ = group.required("ClientSideActionConfig").flatMap { shape($0, checkClientSideAction) }
        _ = group.optional("SensitivityToBlock")?.enumeration(Sensitivity.self)
      }
      _ = object.optional("LoginPath")?.text(length: 1...256, of: .notBlank)
      _ = object.optional("PayloadType", field: .payloadType)?.enumeration(PayloadType.self)
      each(object, "UsernameField", checkIdentifier)
      each(object, "PasswordField", checkIdentifier)
    }
  }

  /// Reads an object and refuses what was not asked for.
  private static func shape(_ value: JSONValue, _ check: (JSONObject) -> Void) -> Void? {
    let before = value.context.findings.count(of: .error)
    guard let object = value.object() else { return nil }
    check(object)
    object.refuseOtherMembers()
    return value.context.findings.count(of: .error) == before ? () : nil
  }

  private static func each(_ object: JSONObject, _ name: String, _ check: (JSONObject) -> Void) {
    _ = object.optional(name).flatMap { shape($0, check) }
  }

  private static func checkIdentifier(_ field: JSONObject) {
    _ = field.text("Identifier", length: 1...512, of: .notBlank)
  }

  /// The inspections of login (ATP) and of account creation (ACFP), which may leave out what it asks for in a request but not the inspection.
  private static func checkInspections(_ group: JSONObject, ofCreation isCreation: Bool) {
    let request = isCreation ? group.required("RequestInspection") : group.optional("RequestInspection")
    _ = request.flatMap { value in
      shape(value) { request in
        _ = request.enumeration("PayloadType", PayloadType.self, field: .payloadType)
        for name in ["UsernameField", "PasswordField"] {
          if isCreation { each(request, name, checkIdentifier) } else { _ = request.required(name).flatMap { shape($0, checkIdentifier) } }
        }
        guard isCreation else { return }
        each(request, "EmailField", checkIdentifier)
        for name in ["PhoneNumberFields", "AddressFields"] {
          _ = request.array(name, count: 0...Int.max, isRequired: false) { shape($0, checkIdentifier) }
        }
      }
    }
    if let response = group.optional("ResponseInspection") {
      _ = shape(response, checkResponse)
      group.context.responseInspections.append(response)
    }
    _ = group.optional("EnableRegexInPath")?.bool()
  }

  private static func checkResponse(_ response: JSONObject) {
    each(response, "StatusCode") { part in
      for name in ["SuccessCodes", "FailureCodes"] { _ = part.array(name, count: 1...10) { $0.integer(in: 0...999) } }
    }
    each(response, "Header") { part in
      _ = part.text("Name", length: 1...200, of: .notBlank)
      for name in ["SuccessValues", "FailureValues"] { _ = part.array(name, count: 1...3) { $0.text(length: 1...100, of: .notBlank) } }
    }
    each(response, "BodyContains") { part in
      for name in ["SuccessStrings", "FailureStrings"] { _ = part.array(name, count: 1...5) { $0.text(length: 1...100, of: .notBlank) } }
    }
    each(response, "Json") { part in
      _ = part.text("Identifier", length: 1...512, of: .notBlank)
      for name in ["SuccessValues", "FailureValues"] { _ = part.array(name, count: 1...5) { $0.text(length: 1...100, of: .notBlank) } }
    }
  }

  private static func checkClientSideAction(_ config: JSONObject) {
    _ = config.required("Challenge").flatMap { value in
      shape(value) { challenge in
        _ = challenge.enumeration("UsageOfAction", Usage.self)
        _ = challenge.optional("Sensitivity")?.enumeration(Sensitivity.self)
        _ = challenge.array("ExemptUriRegularExpressions", count: 0...5, isRequired: false) { value in
          shape(value) { _ = $0.required("RegexString").flatMap(RegexPatternSet.pattern) }
        }
      }
    }
  }
}
