internal import WAFBase
internal import WAFModel

/// Whether a client can meet a condition by what it says of itself.
struct ClientClaims: Equatable {
  /// Whether any client can meet it by choosing what it sends.
  var isForgeable: Bool
  /// What it takes for who the client is, where that is nothing but a claim: a header, a cookie, a forwarded address.
  var claim: String?

  init(_ statement: Statement) {
    switch statement {
    case .and(let parts):
      let parts = parts.map(ClientClaims.init)
      self.init(isForgeable: parts.allSatisfy(\.isForgeable), claim: parts.firstClaim)
    case .or(let parts):
      // One way in is enough.
      let ways = parts.map(ClientClaims.init).filter(\.isForgeable)
      self.init(isForgeable: !ways.isEmpty, claim: ways.firstClaim)
    case .not: self.init(isForgeable: true, claim: nil)  // A client that is not on a list claims nothing.
    case .ipSetReference(let reference): self.init(forwarded: reference.forwardedIP, reference.position)
    case .geoMatch(let match): self.init(forwarded: match.forwardedIP)
    case .asnMatch(let match): self.init(forwarded: match.forwardedIP)
    case .byteMatch(let match): self.init(match.inspection.fieldToMatch, isSecret: match.isSecretLike)
    case .regexMatch, .regexPatternSetReference, .sizeConstraint, .sqliMatch, .xssMatch:
      if let field = statement.inspection?.fieldToMatch {
        self.init(field)
      } else {
        self.init(isForgeable: false, claim: nil)
      }
    case .labelMatch, .open, .rateBased, .ruleGroupReference, .managedRuleGroup: self.init(isForgeable: false, claim: nil)
    }
  }

  private init(isForgeable: Bool, claim: String?) {
    self.isForgeable = isForgeable
    self.claim = claim
  }

  /// The last address of a forwarding header is written by the proxy before us, the others by whoever sent the request.
  private init(forwarded: ForwardedIPConfig?, _ position: ForwardedPosition = .first) {
    let isClaim = forwarded != nil && position != .last
    self.init(isForgeable: isClaim, claim: isClaim ? forwarded.map { "an address in the header \(quoted($0.headerName))" } : nil)
  }

  private init(_ field: FieldToMatch, isSecret: Bool = false) {
    switch field {
    case .singleHeader(let name): self.init(isForgeable: !isSecret, claim: "the header \(quoted(name))")
    case .headers, .headerOrder: self.init(isForgeable: true, claim: "headers")
    case .cookies: self.init(isForgeable: !isSecret, claim: "cookies")
    case .ja3Fingerprint, .ja4Fingerprint: self.init(isForgeable: false, claim: nil)
    case .method, .uriPath, .queryString, .uriFragment, .singleQueryArgument, .allQueryArguments, .body, .jsonBody:
      self.init(isForgeable: !isSecret, claim: nil)
    }
  }
}

extension [ClientClaims] {
  fileprivate var firstClaim: String? { lazy.compactMap(\.claim).first }
}

extension ByteMatchStatement {
  /// Headers that hold nothing secret.
  private static let publicHeaders = ["user-agent", "referer", "host", "origin", "accept", "accept-language", "content-type"]

  /// Whether it asks for a value that only those can send who were told it: long, compared as a whole, in a place where secrets are sent.
  fileprivate var isSecretLike: Bool {
    guard positionalConstraint == .exactly, searchString.count >= 16 else { return false }
    switch inspection.fieldToMatch {
    case .singleHeader(let name): return !Self.publicHeaders.contains(name.lowercased())
    case .singleQueryArgument, .cookies: return true
    default: return false
    }
  }
}
