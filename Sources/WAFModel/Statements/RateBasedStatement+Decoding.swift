extension RateBasedStatement {
  /// Seconds of a window that the service offers.
  static let windows = [60, 120, 300, 600]

  /// Nil when a member is at fault (RB-1 to RB-6).
  init?(_ object: JSONObject, at position: StatementPosition) {
    let limit = object.integer("Limit", in: 10...2_000_000_000)
    let window = object.ifPresent("EvaluationWindowSec", Self.window)
    let type = object.enumeration("AggregateKeyType", AggregateKeyType.self)
    let keys = CustomKey.list(of: object)
    let forwarded = ForwardedIPConfig.optional(in: object)
    let scopeDown = object.ifPresent("ScopeDownStatement", field: .scopeDown) { Statement($0, at: position.nested) }
    object.refuseOtherMembers()
    let isConsistent = type.map { Self.check($0, keys, object) } ?? true
    guard let limit, let window, let type, let keys, let forwarded, let scopeDown, isConsistent else { return nil }
    self.init(limit: limit, evaluationWindow: window ?? 300, aggregateKeyType: type, customKeys: keys, forwardedIP: forwarded, scopeDown: scopeDown)
  }

  private static func window(_ value: JSONValue) -> Int? {
    guard let seconds = value.integer(in: 0...Int.max) else { return nil }
    guard windows.contains(seconds) else {
      value.report(.outOfRange, "expected 60, 120, 300 or 600 seconds, found \(seconds)")
      return nil
    }
    return seconds
  }

  /// What the kind of aggregation needs and what it forbids. `keys` is nil where they are at fault.
  private static func check(_ type: AggregateKeyType, _ keys: [CustomKey]?, _ object: JSONObject) -> Bool {
    var isConsistent = true
    let hasKeys = object.optional("CustomKeys") != nil
    if type == .customKeys, !hasKeys {
      object.value.within(.customKeys).report(.customKeysMissing, "CUSTOM_KEYS needs \(object.spelling("CustomKeys"))")
      isConsistent = false
    }
    if type != .customKeys, hasKeys {
      object.optional("CustomKeys", field: .customKeys)?.report(.customKeysUnused, "\(type.rawValue) has no \(object.spelling("CustomKeys"))")
      isConsistent = false
    }
    if type == .customKeys, let keys, keys.count == 1, keys[0] == .ip || keys[0] == .forwardedIP {
      let alone = keys[0] == .ip ? "IP" : "FORWARDED_IP"
      object.optional("CustomKeys", field: .customKeys)?.report(
        .addressKeyAlone, "an address as the only key is written as \(object.spelling("AggregateKeyType")) \(alone)")
      isConsistent = false
    }
    if type == .constant, object.optional("ScopeDownStatement") == nil {
      object.value.within(.scopeDown).report(.scopeDownMissing, "CONSTANT needs a \(object.spelling("ScopeDownStatement"))")
      isConsistent = false
    }
    let forwarded = object.optional("ForwardedIPConfig", field: .forwardedIPConfig)
    let needsForwarded = type == .forwardedIP || keys?.contains(.forwardedIP) == true
    if needsForwarded, forwarded == nil {
      object.value.within(.forwardedIPConfig).report(.forwardedConfigMissing, "the forwarded address needs a \(object.spelling("ForwardedIPConfig"))")
      isConsistent = false
    }
    // The ASN of a rate key is that of the forwarded address where one is configured.
    if !needsForwarded, let keys, !keys.contains(.asn) { forwarded?.report(.forwardedConfigUnused, "nothing here uses the forwarded address") }
    return isConsistent
  }
}

extension CustomKey {
  private static let wireNames = [
    "Header", "Cookie", "QueryArgument", "QueryString", "HTTPMethod", "ForwardedIP", "IP", "LabelNamespace", "UriPath", "JA3Fingerprint",
    "JA4Fingerprint", "ASN",
  ]

  /// `CustomKeys`: one to five, and only those with a name, or of a namespace, more than once (evaluation.md 7.2).
  fileprivate static func list(of object: JSONObject) -> [CustomKey]? {
    var once: Set<String> = []
    return object.array("CustomKeys", count: 1...5, field: .customKeys, isRequired: false) { value in
      guard let key = CustomKey(value) else { return nil }
      switch key {
      case .header, .cookie, .queryArgument, .labelNamespace: return key
      case .queryString, .httpMethod, .forwardedIP, .ip, .uriPath, .ja3Fingerprint, .ja4Fingerprint, .asn:
        guard once.insert(key.wireName).inserted else {
          value.report(.duplicateValue, "\(key.wireName) can be a key once only")
          return nil
        }
        return key
      }
    }
  }

  /// An element of `CustomKeys`: exactly one of the twelve kinds (RB-3).
  private init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let only = object.onlyMember(of: Self.wireNames, what: "key")
    object.refuseOtherMembers()
    guard let (name, member) = only, let settings = member.object() else { return nil }
    let key = Self.decode(name, settings)
    settings.refuseOtherMembers()
    guard let key else { return nil }
    self = key
  }

  private static func decode(_ kind: String, _ settings: JSONObject) -> CustomKey? {
    switch kind {
    case "Header": return named(settings).map { header(name: $0, transformations: $1) }
    case "Cookie": return named(settings).map { cookie(name: $0, transformations: $1) }
    case "QueryArgument": return named(settings).map { queryArgument(name: $0, transformations: $1) }
    case "QueryString": return TextTransformation.list(of: settings).map { queryString(transformations: $0) }
    case "UriPath": return TextTransformation.list(of: settings).map { uriPath(transformations: $0) }
    case "HTTPMethod": return .httpMethod
    case "ForwardedIP": return .forwardedIP
    case "IP": return .ip
    case "ASN": return .asn
    case "JA3Fingerprint": return settings.fallback().map(ja3Fingerprint)
    case "JA4Fingerprint": return settings.fallback().map(ja4Fingerprint)
    case "LabelNamespace":
      guard let value = settings.required("Namespace"), let namespace = value.text(length: 1...1024, of: .label) else { return nil }
      guard namespace.hasSuffix(":") else {
        value.report(.badLabel, "a namespace ends with ':'")
        return nil
      }
      return Label.checkKey(namespace, isNamespace: true, at: value) ? .labelNamespace(namespace) : nil
    default: return nil  // `onlyMember` gives no other name.
    }
  }

  /// Name of the member of the API's `RateBasedStatementCustomKey`.
  var wireName: String {
    switch self {
    case .header: "Header"
    case .cookie: "Cookie"
    case .queryArgument: "QueryArgument"
    case .queryString: "QueryString"
    case .httpMethod: "HTTPMethod"
    case .forwardedIP: "ForwardedIP"
    case .ip: "IP"
    case .labelNamespace: "LabelNamespace"
    case .uriPath: "UriPath"
    case .ja3Fingerprint: "JA3Fingerprint"
    case .ja4Fingerprint: "JA4Fingerprint"
    case .asn: "ASN"
    }
  }

  private static func named(_ settings: JSONObject) -> (String, [TextTransformation])? {
    let name = settings.name(.customKeys)
    let transformations = TextTransformation.list(of: settings)
    guard let name, let transformations else { return nil }
    return (name, transformations)
  }
}
