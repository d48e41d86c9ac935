internal import WAFBase
internal import WAFModel

/// What a statement asks, in the words of people who know AWS WAF.
struct StatementText {
  let redaction: Redaction

  /// The question of a leaf, such as `UriPath starts with "/admin"`; the name of the kind for statements with others in them.
  func question(_ statement: Statement) -> String {
    switch statement {
    case .and: return "And"
    case .or: return "Or"
    case .not: return "Not"
    case .byteMatch(let match):
      return "\(component(match.inspection)) \(verb(match.positionalConstraint)) \(quoted(match.searchString, of: match.inspection.fieldToMatch))"
    case .sizeConstraint(let constraint):
      return "\(component(constraint.inspection)) has \(sign(constraint.comparison)) \(Figures.count(constraint.size, "byte"))"
    case .sqliMatch(let match): return "\(component(match.inspection)) looks like SQL injection (\(match.sensitivityLevel.rawValue))"
    case .xssMatch(let match): return "\(component(match.inspection)) looks like cross-site scripting"
    case .regexMatch(let match): return "\(component(match.inspection)) matches \(pattern(match.pattern, of: match.inspection.fieldToMatch))"
    case .regexPatternSetReference(let reference):
      return "\(component(reference.inspection)) matches \(name(ofARN: reference.arn))"
    case .ipSetReference(let reference):
      let subject = reference.forwardedIP.map { "\(text($0.headerName)) (\(reference.position.rawValue))" } ?? "client"
      return "\(subject) is in \(name(ofARN: reference.arn))"
    case .geoMatch(let match): return "country\(owner(match.forwardedIP)) is \(list(match.countryCodes))"
    case .asnMatch(let match): return "ASN\(owner(match.forwardedIP)) is \(list(match.asnList.map(String.init)))"
    case .labelMatch(let match): return "label \(match.scope == .label ? "" : "of namespace ")\(text(match.key))"
    case .rateBased(let rate): return "over \(Figures.number(rate.limit)) requests in \(rate.evaluationWindow) s by \(keys(rate))"
    case .ruleGroupReference(let reference): return "rule group \(name(ofARN: reference.arn))"
    case .managedRuleGroup(let reference): return "managed rule group \(text(reference.vendorName))/\(text(reference.name))"
    case .open(let open): return "\(open.wireName) with an open value: \(open.values.map(text).joined(separator: ", "))"
    }
  }

  /// The inspected component, such as `header user-agent`.
  func component(_ field: FieldToMatch) -> String {
    switch field {
    case .singleHeader(let name): "header \(text(name))"
    case .singleQueryArgument(let name): "argument \(text(name))"
    case .allQueryArguments: "a query argument"
    case .headers(let items): items.scope == .key ? "a header name" : "a header"
    case .cookies(let items): items.scope == .key ? "a cookie name" : "a cookie"
    case .jsonBody(let settings): settings.scope == .key ? "a key of JsonBody" : "a value of JsonBody"
    case .method, .uriPath, .queryString, .uriFragment, .headerOrder, .body, .ja3Fingerprint, .ja4Fingerprint: field.wireName
    }
  }

  private func component(_ inspection: Inspection) -> String { component(inspection.fieldToMatch) }

  /// A name of a document, made inert and short.
  private func text(_ name: String) -> String { SafeText.escape(name, limit: 80) }

  /// The name in the ARN of a set or group, or the whole of another reference.
  private func name(ofARN arn: String) -> String {
    let parts = arn.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, arn.hasPrefix("arn:") else { return text(arn) }
    let kind = parts[parts.count - 3].hasSuffix("ipset") ? "IP set " : parts[parts.count - 3].hasSuffix("regexpatternset") ? "regex set " : ""
    return kind + text(String(parts[parts.count - 2]))
  }

  private func owner(_ header: ForwardedIPConfig?) -> String { header.map { " of the first \(text($0.headerName))" } ?? "" }

  private func list(_ items: [String]) -> String {
    let shown = items.prefix(Self.itemsShown).joined(separator: ", ")
    if items.count > Self.itemsShown { return "one of \(items.count) (\(shown), …)" }
    return items.count == 1 ? shown : "one of \(shown)"
  }

  private static let itemsShown = 6

  /// A text of the rule, masked where it is compared with a secret.
  private func quoted(_ bytes: [UInt8], of field: FieldToMatch) -> String {
    // A fingerprint looks like a token and is none.
    if field.isFingerprint { return "\"\(SafeText.escape(bytes.span, limit: 80))\"" }
    return "\"\(redaction.show(bytes, named: secretName(of: field), isCookie: isCookie(field), limit: 80))\""
  }

  private func pattern(_ pattern: String, of field: FieldToMatch) -> String {
    redaction.show(Array(pattern.utf8), named: secretName(of: field), isCookie: false, limit: 120)
  }

  private func secretName(of field: FieldToMatch) -> [UInt8] {
    switch field {
    case .singleHeader(let name), .singleQueryArgument(let name): Array(name.utf8)
    default: []
    }
  }

  private func isCookie(_ field: FieldToMatch) -> Bool {
    if case .singleHeader(let name) = field { return name.lowercased() == "cookie" && redaction == .strict }
    return false
  }

  private func verb(_ constraint: PositionalConstraint) -> String {
    switch constraint {
    case .exactly: "is"
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .contains: "contains"
    case .containsWord: "contains the word"
    }
  }

  private func sign(_ comparison: ComparisonOperator) -> String {
    switch comparison {
    case .equal: "exactly"
    case .notEqual: "other than"
    case .less: "less than"
    case .lessOrEqual: "at most"
    case .greater: "more than"
    case .greaterOrEqual: "at least"
    }
  }

  private func keys(_ rate: RateBasedStatement) -> String {
    switch rate.aggregateKeyType {
    case .ip: "client"
    case .forwardedIP: "forwarded address"
    case .constant: "nothing: all together"
    case .customKeys: rate.customKeys.map(key).joined(separator: ", ")
    }
  }

  private func key(_ key: CustomKey) -> String {
    switch key {
    case .header(let name, _): "header \(text(name))"
    case .cookie(let name, _): "cookie \(text(name))"
    case .queryArgument(let name, _): "argument \(text(name))"
    case .queryString: "QueryString"
    case .httpMethod: "Method"
    case .forwardedIP: "forwarded address"
    case .ip: "client"
    case .labelNamespace(let namespace): "labels of \(text(namespace))"
    case .uriPath: "UriPath"
    case .ja3Fingerprint: "JA3Fingerprint"
    case .ja4Fingerprint: "JA4Fingerprint"
    case .asn: "ASN"
    }
  }
}

extension FieldToMatch {
  /// Whether it is a fingerprint of the TLS handshake.
  var isFingerprint: Bool {
    switch self {
    case .ja3Fingerprint, .ja4Fingerprint: true
    default: false
    }
  }
}
