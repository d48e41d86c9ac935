internal import WAFBase
internal import WAFDigest
internal import WAFEngine
public import WAFModel

/// `DataProtectionConfig` of a web ACL, applied to records that are written. Evaluation always sees the unprotected request (DP-5).
public struct RecordProtection: Sendable {
  private let protections: [DataProtection]
  /// Digits of the account, which hashes begin with (DP-2).
  private let account: [UInt8]

  /// The protection that `webACL` asks for.
  public init(_ webACL: WebACL) {
    protections = webACL.dataProtections
    let parts = (webACL.arn ?? "").split(separator: ":", omittingEmptySubsequences: false)
    account = Array((parts.count > 4 ? String(parts[4]) : "").utf8)
  }

  /// How a value is replaced.
  private enum Replacement {
    case substitution, hash
  }

  /// The value of a header as a record may show it.
  func header(_ name: Span<UInt8>, _ value: [UInt8]) -> [UInt8] {
    if let replacement = replacement("SINGLE_HEADER", key: name, ignoringCase: true) { return replaced(value, replacement) }
    guard name.equalsIgnoringASCIICase("cookie".utf8.span), protects("SINGLE_COOKIE") else { return value }
    return pairs(of: value, separator: UInt8(ascii: ";"), "SINGLE_COOKIE", ignoringCase: false)
  }

  /// A query string as a record may show it.
  func query(_ value: [UInt8]) -> [UInt8] {
    if let replacement = replacement("QUERY_STRING", key: "".utf8.span, ignoringCase: false) { return replaced(value, replacement) }
    guard protects("SINGLE_QUERY_ARGUMENT") else { return value }
    return pairs(of: value, separator: UInt8(ascii: "&"), "SINGLE_QUERY_ARGUMENT", ignoringCase: true)
  }

  /// The value of an aggregation key as rate details may show it. A protected argument protects the whole query string there (DP-4).
  func rateKey(_ key: CustomKey, _ value: [UInt8]) -> [UInt8] {
    let found: Replacement?
    switch key {
    case .header(let name, _): found = replacement("SINGLE_HEADER", key: name.utf8.span, ignoringCase: true, inRateDetails: true)
    case .cookie(let name, _): found = replacement("SINGLE_COOKIE", key: name.utf8.span, ignoringCase: false, inRateDetails: true)
    case .queryArgument(let name, _):
      found =
        replacement("SINGLE_QUERY_ARGUMENT", key: name.utf8.span, ignoringCase: true, inRateDetails: true)
        ?? replacement("QUERY_STRING", key: "".utf8.span, ignoringCase: false, inRateDetails: true)
    case .queryString:
      let hasArgument = protections.contains { $0.fieldType == "SINGLE_QUERY_ARGUMENT" && !$0.excludesRateDetails }
      found = replacement("QUERY_STRING", key: "".utf8.span, ignoringCase: false, inRateDetails: true) ?? (hasArgument ? .substitution : nil)
    case .httpMethod, .forwardedIP, .ip, .labelNamespace, .uriPath, .ja3Fingerprint, .ja4Fingerprint, .asn: found = nil
    }
    return found.map { replaced(value, $0) } ?? value
  }

  /// The matched data of a detail as records may show them. A protected argument protects the whole query string there, a protected cookie
  /// the whole header of cookies (DP-4).
  func matchedData(of detail: MatchDetail) -> [[UInt8]] {
    func replacement(_ type: String, key: [UInt8]?, ignoringCase: Bool = false) -> Replacement? {
      var found: Replacement?
      for protection in protections where protection.fieldType == type && !protection.excludesMatchDetails {
        if let key, !protection.keys.isEmpty, !holds(key.span, in: protection.keys, ignoringCase: ignoringCase) { continue }
        if !protection.hashes { return .substitution }
        found = .hash
      }
      return found
    }
    let found: [Replacement?] =
      switch detail.location {
      case .method, .uri: []
      case .queryString, .allQueryArguments, .singleQueryArgument:
        [replacement("QUERY_STRING", key: nil), replacement("SINGLE_QUERY_ARGUMENT", key: nil)]
      case .header: [replacement("SINGLE_HEADER", key: detail.fieldName ?? [], ignoringCase: true)]
      case .cookie: [replacement("SINGLE_COOKIE", key: nil), replacement("SINGLE_HEADER", key: Array("cookie".utf8), ignoringCase: true)]
      case .body, .unknown: [replacement("BODY", key: nil)]
      }
    if found.contains(.substitution) { return [replaced([], .substitution)] }
    return found.contains(.hash) ? detail.matchedData.map { replaced($0, .hash) } : detail.matchedData
  }

  /// Whether nothing is protected.
  var isEmpty: Bool { protections.isEmpty }

  /// Whether bodies may not be shown.
  var hidesBody: Bool { protects("BODY") }
}

extension RecordProtection {
  private func protects(_ type: String) -> Bool { protections.contains { $0.fieldType == type } }

  /// How the field `key` of a type is replaced; nil when it is not. Where both ways are asked for, substitution wins (DP-4).
  private func replacement(_ type: String, key: Span<UInt8>, ignoringCase: Bool, inRateDetails: Bool = false) -> Replacement? {
    var found: Replacement?
    for protection in protections where protection.fieldType == type && !(inRateDetails && protection.excludesRateDetails) {
      guard protection.keys.isEmpty || holds(key, in: protection.keys, ignoringCase: ignoringCase) else { continue }
      if !protection.hashes { return .substitution }
      found = .hash
    }
    return found
  }

  private func holds(_ key: Span<UInt8>, in names: [String], ignoringCase: Bool) -> Bool {
    for name in names {
      if ignoringCase ? name.utf8.span.equalsIgnoringASCIICase(key) : name.utf8.span.equals(key) { return true }
    }
    return false
  }

  private func replaced(_ value: [UInt8], _ replacement: Replacement) -> [UInt8] {
    switch replacement {
    case .substitution: Array("REDACTED".utf8)
    case .hash: Base64.encode(Digests.sha256(account + value).span)
    }
  }

  /// `name=value` pairs with the values of protected names replaced; all other bytes stay.
  private func pairs(of text: [UInt8], separator: UInt8, _ type: String, ignoringCase: Bool) -> [UInt8] {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { part -> [UInt8] in
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return Array(part) }
      let name = Array(part[..<equals].drop { $0.isHTTPBlank })
      guard let replacement = replacement(type, key: name.span, ignoringCase: ignoringCase) else { return Array(part) }
      return Array(part[...equals]) + replaced(Array(part[(equals + 1)...]), replacement)
    }
    return Array(parts.joined(separator: [separator]))
  }
}
