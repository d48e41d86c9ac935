extension SqliMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let inspection = object.inspectionWithoutFingerprint()
    let sensitivity = object.ifPresent("SensitivityLevel") { $0.enumeration(SensitivityLevel.self) }
    object.refuseOtherMembers()
    guard let inspection, let sensitivity else { return nil }
    self.init(inspection: inspection, sensitivityLevel: sensitivity ?? .low)
  }
}

extension XssMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let inspection = object.inspectionWithoutFingerprint()
    object.refuseOtherMembers()
    guard let inspection else { return nil }
    self.init(inspection: inspection)
  }
}

extension SizeConstraintStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let inspection = object.inspectionWithoutFingerprint()
    let comparison = object.enumeration("ComparisonOperator", ComparisonOperator.self)
    let size = object.integer("Size", in: 0...21_474_836_480)
    object.refuseOtherMembers()
    guard let inspection, let comparison, let size else { return nil }
    self.init(inspection: inspection, comparison: comparison, size: size)
  }
}

extension RegexMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let pattern = object.required("RegexString").flatMap(RegexPatternSet.pattern)
    let inspection = object.inspectionWithoutFingerprint()
    object.refuseOtherMembers()
    guard let pattern, let inspection else { return nil }
    self.init(pattern: pattern, inspection: inspection)
  }
}

extension AsnMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let numbers = object.array("AsnList", count: 1...100) { $0.integer(in: 0...Int(UInt32.max)).map(UInt32.init) }
    let forwarded = ForwardedIPConfig.optional(in: object)
    object.refuseOtherMembers()
    guard let numbers, let forwarded else { return nil }
    self.init(asnList: numbers, forwardedIP: forwarded)
  }
}

extension GeoMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let codes = object.array("CountryCodes", count: 1...Int.max) { value -> String? in
      object.context.countryCodes += 1
      guard let code = value.string() else { return nil }
      guard CountryCodes.contains(code) else {
        // The nearest code is as good as any other, but for one in the wrong case.
        value.unknownValue(code, of: CountryCodes.all.filter { $0 == code.uppercased() })
        return nil
      }
      return code
    }
    let forwarded = ForwardedIPConfig.optional(in: object)
    object.refuseOtherMembers()
    guard let codes, let forwarded else { return nil }
    self.init(countryCodes: codes, forwardedIP: forwarded)
  }
}

extension ForwardedIPConfig {
  /// `ForwardedIPConfig` of a statement: `.some(nil)` for an absent one, nil for one at fault.
  static func optional(in object: JSONObject) -> ForwardedIPConfig?? {
    object.ifPresent("ForwardedIPConfig", field: .forwardedIPConfig) { value in
      guard let config = value.object() else { return nil }
      let decoded = ForwardedIPConfig(membersOf: config)
      config.refuseOtherMembers()
      return decoded
    }
  }

  /// The two members that both forms have.
  init?(membersOf config: JSONObject) {
    let header = config.text("HeaderName", length: 1...255, of: .headerName, field: .headerName)
    let fallback = config.fallback()
    guard let header, let fallback else { return nil }
    self.init(headerName: header, fallback: fallback)
  }
}

extension LabelMatchStatement {
  /// Nil when a member is at fault.
  init?(_ object: JSONObject) {
    let scope = object.enumeration("Scope", LabelScope.self)
    let keyValue = object.required("Key")
    var key = keyValue?.text(length: 1...1024, of: .label)
    object.refuseOtherMembers()
    guard let scope, let keyValue, let text = key else { return nil }
    if scope == .namespace, !text.hasSuffix(":") {
      keyValue.report(.namespaceWithoutColon, "a namespace ends with ':', which is added")
      key = text + ":"
    }
    guard let key, Label.checkKey(key, isNamespace: scope == .namespace, at: keyValue) else { return nil }
    self.init(scope: scope, key: key)
  }
}
