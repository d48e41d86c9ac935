extension FieldToMatch {
  private static let wireNames = [
    "Method", "UriPath", "QueryString", "UriFragment", "SingleHeader", "SingleQueryArgument", "AllQueryArguments", "Headers", "Cookies",
    "HeaderOrder",
    "Body", "JsonBody", "JA3Fingerprint", "JA4Fingerprint",
  ]

  /// Nil, and findings, when the component is at fault.
  init?(_ value: JSONValue) {
    guard let object = value.object() else { return nil }
    let only = object.onlyMember(of: Self.wireNames, what: "component")
    object.refuseOtherMembers()
    guard let (name, member) = only, let settings = member.object() else { return nil }
    let field = Self.decode(name, settings)
    settings.refuseOtherMembers()
    guard let field else { return nil }
    self = field
  }

  private static func decode(_ name: String, _ settings: JSONObject) -> FieldToMatch? {
    switch name {
    case "Method":
      // One listing of the guide gives it a name, which means nothing.
      settings.optional("Name")?.report(.ignoredMember, "Method has no members; this one is ignored")
      return .method
    case "UriPath": return .uriPath
    case "QueryString": return .queryString
    case "AllQueryArguments": return .allQueryArguments
    case "SingleHeader": return settings.name(.singleHeader).map { .singleHeader(name: $0) }
    case "SingleQueryArgument":
      return settings.name(.singleQueryArgument).map { name in
        if name.unicodeScalars.count > 30 {
          settings.value.within(.singleQueryArgument).report(
            .longArgumentName, "the guide allows names of 30 characters, this one has \(name.unicodeScalars.count)")
        }
        return .singleQueryArgument(name: name)
      }
    case "Headers": return NamedItems(settings, names: "Headers", .headerMatchPattern, nameLength: 1...64).map(headers)
    case "Cookies": return NamedItems(settings, names: "Cookies", .cookieMatchPattern, nameLength: 1...60).map(cookies)
    case "HeaderOrder": return settings.enumeration("OversizeHandling", OversizeHandling.self, field: .oversizeHandling).map(headerOrder)
    case "Body": return settings.optionalOversizeHandling().map(body)
    case "JsonBody": return JSONBodySettings(settings).map(jsonBody)
    case "JA3Fingerprint": return settings.fallback().map(ja3Fingerprint)
    case "JA4Fingerprint": return settings.fallback().map(ja4Fingerprint)
    case "UriFragment":
      guard let fallback = settings.ifPresent("FallbackBehavior", field: .fallbackBehavior, { $0.enumeration(FallbackBehavior.self) }) else {
        return nil
      }
      if fallback == nil {
        settings.value.within(.fallbackBehavior).report(.missingFallback, "no \(settings.spelling("FallbackBehavior")), NO_MATCH is taken")
      }
      return .uriFragment(fallback ?? .noMatch)
    default: return nil  // `onlyMember` gives no other name.
    }
  }
}

extension NamedItems {
  /// `Headers` or `Cookies`.
  fileprivate init?(_ settings: JSONObject, names: String, _ field: FindingField, nameLength: ClosedRange<Int>) {
    let pattern = settings.required("MatchPattern", field: field).flatMap { NamePattern($0, names: names, nameLength: nameLength) }
    let scope = settings.enumeration("MatchScope", MatchScope.self, field: .mapMatchScope)
    let oversize = settings.enumeration("OversizeHandling", OversizeHandling.self, field: .oversizeHandling)
    guard let pattern, let scope, let oversize else { return nil }
    self.init(pattern: pattern, scope: scope, oversize: oversize)
  }
}

extension NamePattern {
  /// `MatchPattern` of `Headers` or `Cookies`: exactly one of `All`, `Included…`, `Excluded…`.
  fileprivate init?(_ value: JSONValue, names: String, nameLength: ClosedRange<Int>) {
    guard let object = value.object() else { return nil }
    let (included, excluded) = ("Included" + names, "Excluded" + names)
    let only = object.onlyMember(of: ["All", included, excluded])
    object.refuseOtherMembers()
    guard let only else { return nil }
    if only.name == "All" {
      guard let all = only.value.object() else { return nil }
      all.refuseOtherMembers()
      self = .all
      return
    }
    guard let list = object.array(only.name, count: 1...199, { $0.text(length: nameLength, of: .notBlank) }) else { return nil }
    self = only.name == included ? .included(list) : .excluded(list)
  }
}

extension JSONBodySettings {
  /// `JsonBody` (JB-1).
  fileprivate init?(_ settings: JSONObject) {
    let paths = settings.required("MatchPattern", field: .jsonMatchPattern).flatMap(Self.includedPaths)
    let scope = settings.enumeration("MatchScope", MatchScope.self, field: .jsonMatchScope)
    let fallback = settings.ifPresent("InvalidFallbackBehavior", field: .bodyParsingFallbackBehavior) { $0.enumeration(InvalidFallbackBehavior.self) }
    let oversize = settings.optionalOversizeHandling()
    guard let paths, let scope, let fallback, let oversize else { return nil }
    self.init(includedPaths: paths, scope: scope, invalidFallback: fallback, oversize: oversize)
  }

  /// `.some(nil)` for `All`.
  private static func includedPaths(_ value: JSONValue) -> [String]?? {
    guard let object = value.object() else { return .none }
    let only = object.onlyMember(of: ["All", "IncludedPaths"])
    object.refuseOtherMembers()
    guard let only else { return .none }
    if only.name == "All" {
      guard let all = only.value.object() else { return .none }
      all.refuseOtherMembers()
      return .some(nil)
    }
    guard let paths = object.array("IncludedPaths", count: 1...Int.max, { pointer($0) }) else { return .none }
    return .some(paths)
  }

  /// A JSON pointer (RFC 6901) other than that of the whole document.
  private static func pointer(_ value: JSONValue) -> String? {
    guard let text = value.text(length: 1...512) else { return nil }
    var rest = text.unicodeScalars[...]
    var isValid = rest.first == "/"
    while let tilde = rest.firstIndex(of: "~") {
      rest = rest[rest.index(after: tilde)...]
      if rest.first != "0", rest.first != "1" { isValid = false }
    }
    guard isValid else {
      value.report(.badCharacters, "expected a JSON pointer such as /user/name, found \(quoted(text))")
      return nil
    }
    return text
  }
}

extension JSONObject {
  /// The `Name` of a header, argument or cookie.
  func name(_ field: FindingField) -> String? { text("Name", length: 1...64, of: .notBlank, field: field) }

  /// A `FallbackBehavior` that has to be there.
  func fallback() -> FallbackBehavior? { enumeration("FallbackBehavior", FallbackBehavior.self, field: .fallbackBehavior) }

  /// `OversizeHandling`, `CONTINUE` unless stated.
  fileprivate func optionalOversizeHandling() -> OversizeHandling? {
    ifPresent("OversizeHandling", field: .oversizeHandling) { $0.enumeration(OversizeHandling.self) }.map { $0 ?? .continue }
  }
}
