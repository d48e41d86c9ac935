/// The part of a request that a statement inspects: exactly one of the 14 kinds (CO-1).
///
/// Source: AWS WAFV2 API reference (2019-07-29), `FieldToMatch`.
public enum FieldToMatch: Equatable, Hashable, Sendable {
  case method
  case uriPath
  case queryString
  case uriFragment(FallbackBehavior)
  case singleHeader(name: String)
  case singleQueryArgument(name: String)
  case allQueryArguments
  case headers(NamedItems)
  case cookies(NamedItems)
  case headerOrder(OversizeHandling)
  case body(OversizeHandling)
  case jsonBody(JSONBodySettings)
  case ja3Fingerprint(FallbackBehavior)
  case ja4Fingerprint(FallbackBehavior)

  /// Name of the member of the API's `FieldToMatch` object.
  public var wireName: String {
    switch self {
    case .method: "Method"
    case .uriPath: "UriPath"
    case .queryString: "QueryString"
    case .uriFragment: "UriFragment"
    case .singleHeader: "SingleHeader"
    case .singleQueryArgument: "SingleQueryArgument"
    case .allQueryArguments: "AllQueryArguments"
    case .headers: "Headers"
    case .cookies: "Cookies"
    case .headerOrder: "HeaderOrder"
    case .body: "Body"
    case .jsonBody: "JsonBody"
    case .ja3Fingerprint: "JA3Fingerprint"
    case .ja4Fingerprint: "JA4Fingerprint"
    }
  }
}

/// Settings of `Headers` and `Cookies`: which items, and what of them.
public struct NamedItems: Equatable, Hashable, Sendable {
  /// Which items.
  public var pattern: NamePattern
  /// Names, values or both.
  public var scope: MatchScope
  /// What happens when the request is over the inspection limit.
  public var oversize: OversizeHandling

  /// Settings of a collection of named items.
  public init(pattern: NamePattern, scope: MatchScope, oversize: OversizeHandling) {
    self.pattern = pattern
    self.scope = scope
    self.oversize = oversize
  }
}

/// `MatchPattern` of `Headers` and `Cookies`.
public enum NamePattern: Equatable, Hashable, Sendable {
  case all
  case included([String])
  case excluded([String])
}

/// `MatchScope`.
public enum MatchScope: String, CaseIterable, Equatable, Hashable, Sendable {
  case all = "ALL"
  case key = "KEY"
  case value = "VALUE"
}

/// `OversizeHandling` (C.3).
public enum OversizeHandling: String, CaseIterable, Equatable, Hashable, Sendable {
  case `continue` = "CONTINUE"
  case match = "MATCH"
  case noMatch = "NO_MATCH"
}

/// Settings of `JsonBody` (B.10).
public struct JSONBodySettings: Equatable, Hashable, Sendable {
  /// JSON pointers of `IncludedPaths`; nil for `All`.
  public var includedPaths: [String]?
  /// Keys, values or both.
  public var scope: MatchScope
  /// Result of a parse failure; nil inspects what was parsed before it (JB-6).
  public var invalidFallback: InvalidFallbackBehavior?
  /// What happens when the body is over the inspection limit.
  public var oversize: OversizeHandling

  /// Settings of a JSON body.
  public init(
    includedPaths: [String]? = nil, scope: MatchScope, invalidFallback: InvalidFallbackBehavior? = nil, oversize: OversizeHandling = .continue
  ) {
    self.includedPaths = includedPaths
    self.scope = scope
    self.invalidFallback = invalidFallback
    self.oversize = oversize
  }
}

/// `InvalidFallbackBehavior` of `JsonBody`.
public enum InvalidFallbackBehavior: String, CaseIterable, Equatable, Hashable, Sendable {
  case match = "MATCH"
  case noMatch = "NO_MATCH"
  case evaluateAsString = "EVALUATE_AS_STRING"
}
