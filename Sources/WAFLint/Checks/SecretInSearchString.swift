internal import WAFBase
internal import WAFModel

extension LintCheck {
  /// Product.md, promise 3.
  static let secretInSearchString = LintCheck(
    .secretInSearchString,
    why: """
      The search string looks like a credential. Whoever can read the web ACL, its template or its history can use it: reading rights are given \
      freely, and documents travel. Change the credential, and let the application or an authorizer check it; or take one that opens nothing else, \
      and keep the document as secret as the credential. A value that holds the word example is taken for a placeholder.
      """,
    fires: .rules(
      .rule("allow-partner", .count, labels: ["partner"], .bytes("Bearer 8f14e45fceea167a5a36dedd4bea2543", .exactly, in: .header("authorization")))),
    passes: .rules(
      .rule("allow-partner", .count, labels: ["partner"], .bytes("Bearer ", .startsWith, in: .header("authorization"))))
  ) { subject, findings in
    for placed in subject.statements {
      guard case .byteMatch(let match) = placed.statement, let kind = SecretKind(match.searchString) else { continue }
      findings.add(.secretInSearchString, at: placed, ".SearchString", "looks like \(kind.words)")
    }
  }
}

/// A kind of credential that is known by its form.
private enum SecretKind {
  case accessKey, jsonWebToken, bearerToken, basicCredentials, privateKey, serviceToken

  /// Nil for a text that looks like none.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard !text.lowercased().contains("example") else { return nil }
    if text.contains("-----BEGIN"), text.contains("PRIVATE KEY") { self = .privateKey; return }
    for word in text.split(whereSeparator: { !$0.isTokenCharacter }) {
      if word.count == 20, word.hasPrefix("AKIA") || word.hasPrefix("ASIA"), word.allSatisfy({ $0.isUppercase || $0.isNumber }) {
        self = .accessKey; return
      }
      let parts = word.split(separator: ".")
      if word.hasPrefix("eyJ"), parts.count == 3, parts.allSatisfy({ $0.count >= 4 }) { self = .jsonWebToken; return }
      if Self.prefixes.contains(where: { word.hasPrefix($0) && word.count >= $0.count + 16 }) { self = .serviceToken; return }
    }
    if text.hasSecret(after: "bearer ", atLeast: 16) { self = .bearerToken; return }
    if text.hasSecret(after: "basic ", atLeast: 8) { self = .basicCredentials; return }
    return nil
  }

  /// Beginnings of tokens of widespread services.
  private static let prefixes = ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk_live_", "rk_live_", "AIza", "SG."]

  /// As messages say it.
  var words: String {
    switch self {
    case .accessKey: "the id of an AWS access key"
    case .jsonWebToken: "a JSON web token"
    case .bearerToken: "a bearer token"
    case .basicCredentials: "a user name and password"
    case .privateKey: "a private key"
    case .serviceToken: "a token of a service"
    }
  }
}

extension Character {
  fileprivate var isTokenCharacter: Bool { isASCII && (isLetter || isNumber || self == "_" || self == "-" || self == ".") }
}

extension String {
  /// Whether a scheme of `Authorization` is followed by so many characters of a token, digits among them.
  fileprivate func hasSecret(after scheme: String, atLeast count: Int) -> Bool {
    guard lowercased().hasPrefix(scheme) else { return false }
    let rest = dropFirst(scheme.count)
    return rest.count >= count && rest.contains(where: \.isNumber) && !rest.contains(" ")
  }
}
