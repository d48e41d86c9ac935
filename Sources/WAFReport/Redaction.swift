internal import WAFBase

/// How values from requests are shown to people: inert, and without secrets.
public enum Redaction: String, CaseIterable, Sendable {
  /// Masks tokens, keys, passwords and e-mail addresses.
  case standard = "default"
  /// Masks the host part of client addresses and every value of a query string or cookie too.
  case strict
  /// Shows values as they are, though still inert.
  case off

  /// A value such as a path, a user agent or an aggregation key, at most `limit` characters.
  func show(_ value: [UInt8], limit: Int) -> String {
    let text = SafeText.escape((self == .off ? value : masked(value)).span)
    return text.count > limit ? text.prefix(max(limit - 1, 0)) + "…" : text
  }

  /// A client address.
  func show(client: [UInt8], limit: Int) -> String {
    guard self == .strict else { return show(client, limit: limit) }
    guard let address = IPAddress(text: client.span) else { return "***" }
    if address.isIPv6 { return IPAddress(v6: (address.value >> 80) << 80).text + "/48" }
    return IPAddress(v4: UInt32(truncatingIfNeeded: (address.value >> 8) << 8)).text + "/24"
  }

  /// A value that a header, cookie, argument or JSON member of this name holds, at most `limit` characters.
  ///
  /// - Parameter isCookie: Whether it is the value of a cookie, which is a secret whatever its name.
  func show(_ value: [UInt8], named name: [UInt8], isCookie: Bool = false, limit: Int) -> String {
    guard self != .off, !value.isEmpty else { return show(value, limit: limit) }
    if isCookie || Self.isSecretName(name) || (self == .strict && !name.isEmpty) { return "***" }
    // A header of cookies is masked pair by pair.
    let isCookieHeader = name.map(\.asciiLowercased) == Array("cookie".utf8)
    return (isCookieHeader ? Redaction.strict : self).show(value, limit: limit)
  }

  /// A value with its secrets masked, otherwise as it is.
  func mask(_ value: [UInt8]) -> [UInt8] { self == .off ? value : masked(value) }

  /// A value of a top list, otherwise as it is.
  ///
  /// - Parameter isClient: Whether it is the address of a client.
  func mask(_ value: [UInt8], isClient: Bool) -> [UInt8] {
    isClient && self == .strict ? Array(show(client: value, limit: .max).utf8) : mask(value)
  }

  /// The value of a header or an argument, otherwise as it is.
  func mask(_ value: [UInt8], named name: [UInt8]) -> [UInt8] {
    guard self != .off else { return value }
    return self == .strict || Self.isSecretName(name) ? Self.mask : masked(value)
  }

  /// The value of a header, whose name is in lower case. Of cookies the names stay, since rules look for them.
  func mask(header name: [UInt8], _ value: [UInt8]) -> [UInt8] {
    guard self != .off else { return value }
    if name == Array("cookie".utf8) {
      let cookies = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      let masked = cookies.map { cookie in cookie.firstIndex(of: UInt8(ascii: "=")).map { Array(cookie[...$0]) + Self.mask } ?? Self.mask }
      return Array(masked.joined(separator: [UInt8(ascii: ";")]))
    }
    return Self.isSecretName(name) ? Self.mask : masked(value)
  }

  private static let mask = Array("***".utf8)

  /// Names of arguments, cookies and headers whose values are secrets, in lower case; a name that ends in one of them counts too.
  private static let secretNames = [
    "token", "key", "apikey", "secret", "password", "passwd", "pwd", "auth", "authorization", "session", "sessionid", "sid", "jwt", "code",
    "signature", "sig", "credential", "email", "mail",
  ].map { Array($0.utf8) }

  /// Masks word by word. A word ends at a byte that cannot be part of a token; what stands before a `=` names the word behind it.
  private func masked(_ value: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var word: [UInt8] = []
    var name: [UInt8] = []
    for byte in value {
      if Self.isWordByte(byte) {
        word.append(byte)
        continue
      }
      output.append(contentsOf: shown(word, named: name))
      output.append(byte)
      name = byte == UInt8(ascii: "=") ? word : []
      // "Bearer abc": the scheme names what follows.
      if byte == UInt8(ascii: " "), Self.isScheme(word) { name = Array("token".utf8) }
      word.removeAll(keepingCapacity: true)
    }
    return output + shown(word, named: name)
  }

  private func shown(_ word: [UInt8], named name: [UInt8]) -> [UInt8] {
    guard !word.isEmpty else { return word }
    if Self.isSecretName(name) || (self == .strict && !name.isEmpty) { return Self.mask }
    if let at = word.firstIndex(of: UInt8(ascii: "@")), at > 0, word[at...].contains(UInt8(ascii: ".")) { return Self.mask + word[at...] }
    return Self.looksLikeToken(word) ? Self.mask : word
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isASCIIWord || byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "%")
      || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "~")
  }

  private static func isScheme(_ word: [UInt8]) -> Bool {
    let word = word.map(\.asciiLowercased)
    return word == Array("bearer".utf8) || word == Array("basic".utf8)
  }

  static func isSecretName(_ name: [UInt8]) -> Bool {
    let name = name.map(\.asciiLowercased)
    return secretNames.contains { secret in
      guard name.count >= secret.count, name.suffix(secret.count).elementsEqual(secret) else { return false }
      // `access_token` and `x-api-key`, but not `monkey`.
      return name.count == secret.count || !name[name.count - secret.count - 1].isASCIILetter
    }
  }

  /// A JSON web token, an access key id, or 32 and more letters mixed with digits in one piece.
  private static func looksLikeToken(_ word: [UInt8]) -> Bool {
    if word.starts(with: Array("eyJ".utf8)), word.count >= 16 { return true }
    if word.count == 20, word.starts(with: Array("AKIA".utf8)) || word.starts(with: Array("ASIA".utf8)) { return true }
    guard word.count >= 32, !word.contains(UInt8(ascii: ".")), !word.contains(UInt8(ascii: "%")) else { return false }
    let digits = word.count { $0.isASCIIDigit }
    return digits >= 4 && word.count(where: \.isASCIILetter) >= 4
  }
}
