import ArgumentParser
import WAF

/// `--key`: by what a rate-based rule groups requests, such as `IP` or `IP,header:user-agent`.
struct RateKeyArgument: ExpressibleByArgument {
  private let type: AggregateKeyType
  private let keys: [CustomKey]
  /// Header of the forwarded address; nil where none is looked at.
  private let header: String?

  /// What it may be spelled as.
  static let forms =
    "IP, FORWARDED_IP, FORWARDED_IP:HEADER, CONSTANT, header:NAME, cookie:NAME, argument:NAME, query, path, method, ASN, JA3 or JA4"

  /// Whether all requests share one key.
  var isConstant: Bool { type == .constant }

  init?(argument: String) {
    var header: String?
    var keys: [CustomKey] = []
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count <= 5 else { return nil }
    for word in words {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.count == 2 ? String(parts[1]) : nil
      if name?.isEmpty == true || (name?.utf8.count ?? 0) > 64 { return nil }
      switch (parts[0].lowercased().replacing("_", with: "-"), name) {
      case ("ip", nil): keys.append(.ip)
      case ("forwarded-ip", _):
        header = name ?? "X-Forwarded-For"
        keys.append(.forwardedIP)
      case ("constant", nil) where words.count == 1:
        (type, self.keys, self.header) = (.constant, [], nil)
        return
      case ("header", let name?): keys.append(.header(name: name, transformations: [.none]))
      case ("cookie", let name?): keys.append(.cookie(name: name, transformations: [.none]))
      case ("argument", let name?): keys.append(.queryArgument(name: name, transformations: [.none]))
      case ("query", nil): keys.append(.queryString(transformations: [.none]))
      case ("path", nil): keys.append(.uriPath(transformations: [.none]))
      case ("method", nil): keys.append(.httpMethod)
      case ("asn", nil): keys.append(.asn)
      case ("ja3", nil): keys.append(.ja3Fingerprint(.noMatch))
      case ("ja4", nil): keys.append(.ja4Fingerprint(.noMatch))
      default: return nil
      }
    }
    for (index, key) in keys.enumerated() where keys[..<index].contains(key) { return nil }
    // An address alone is a kind of its own (RK-1).
    switch keys {
    case [.ip]: (type, self.keys, self.header) = (.ip, [], nil)
    case [.forwardedIP]: (type, self.keys, self.header) = (.forwardedIP, [], header)
    default: (type, self.keys, self.header) = (.customKeys, keys, header)
    }
  }

  /// A rate-based statement by this key, of requests with this method and with a path that begins so.
  func statement(method: String?, path: String?) -> RateBasedStatement {
    var parts: [Statement] = []
    if let method { parts.append(Self.match(method, .method, .exactly)) }
    if let path { parts.append(Self.match(path, .uriPath, .startsWith)) }
    return RateBasedStatement(
      limit: LimitLadder.greatest, aggregateKeyType: type, customKeys: keys,
      forwardedIP: header.map { ForwardedIPConfig(headerName: $0, fallback: .noMatch) },
      scopeDown: parts.count > 1 ? .and(parts) : parts.first)
  }

  private static func match(_ text: String, _ field: FieldToMatch, _ position: PositionalConstraint) -> Statement {
    .byteMatch(ByteMatchStatement(searchString: Array(text.utf8), inspection: Inspection(field), positionalConstraint: position))
  }
}
