internal import WAFEngine
internal import WAFModel

extension Redaction {
  /// The key of an aggregation instance, as `RateEvaluation.text` joins its parts; `all requests` where they are counted together.
  ///
  /// What a cookie holds, or a header or argument whose name says so, is a secret in a key too.
  func show(_ key: [UInt8], of statement: RateBasedStatement, limit: Int) -> String {
    switch statement.aggregateKeyType {
    case .ip, .forwardedIP: return show(client: key, limit: limit)
    case .constant: return "all requests"
    case .customKeys: break
    }
    return show(self == .off ? key : mask(key, of: statement), limit: limit)
  }

  /// The same key with its secrets masked, otherwise as it is; nil stands for a statement that is not known.
  func mask(_ key: [UInt8], of statement: RateBasedStatement?) -> [UInt8] {
    guard self != .off else { return key }
    guard let statement else { return mask(key) }
    switch statement.aggregateKeyType {
    case .ip, .forwardedIP: return mask(key, isClient: true)
    case .constant: return key
    case .customKeys: break
    }
    let parts = Self.parts(of: key)
    guard parts.count == statement.customKeys.count else {
      // A value holds what stands between parts: it is not certain which of them it is.
      return statement.customKeys.contains(where: \.hasName) ? Array("***".utf8) : mask(key)
    }
    let masked = zip(statement.customKeys, parts).map { part, value -> [UInt8] in
      switch part {
      case .ip, .forwardedIP: mask(value, isClient: true)
      case .cookie: Array("***".utf8)
      case .header(let name, _), .queryArgument(let name, _): mask(value, named: Array(name.utf8))
      case .queryString, .httpMethod, .labelNamespace, .uriPath, .ja3Fingerprint, .ja4Fingerprint, .asn: mask(value)
      }
    }
    return Array(masked.joined(separator: Array(Self.separator.utf8)))
  }

  private static var separator: String { " | " }

  private static func parts(of key: [UInt8]) -> [[UInt8]] {
    let mark = Array(separator.utf8)
    var parts: [[UInt8]] = [[]]
    var position = 0
    while position < key.count {
      if key[position...].starts(with: mark) {
        parts.append([])
        position += mark.count
      } else {
        parts[parts.count - 1].append(key[position])
        position += 1
      }
    }
    return parts
  }
}

extension CustomKey {
  /// Whether it is a value by a name, which may be that of a secret.
  fileprivate var hasName: Bool {
    switch self {
    case .header, .cookie, .queryArgument: true
    case .queryString, .httpMethod, .labelNamespace, .uriPath, .ja3Fingerprint, .ja4Fingerprint, .asn, .forwardedIP, .ip: false
    }
  }
}
