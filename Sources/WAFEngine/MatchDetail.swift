public import WAFModel

/// What a detector found for a rule that matched, as AWS WAF logs it (SQ-7, XS-4).
public struct MatchDetail: Equatable, Sendable {
  /// Index into `Program.rules`.
  public var rule: Int
  /// What was found.
  public var condition: Condition
  /// The inspected component.
  public var location: Location
  /// Name of the header, cookie or query argument; nil for other components.
  public var fieldName: [UInt8]?
  /// The tokens or pieces of the value that say so.
  public var matchedData: [[UInt8]]

  /// `conditionType`, and `sensitivityLevel` where it has one.
  public enum Condition: Equatable, Sendable {
    case sqlInjection(SensitivityLevel)
    case crossSiteScripting
  }

  /// `location`; the raw value is the name in logs.
  public enum Location: String, Equatable, Sendable {
    case method = "METHOD"
    case uri = "URI"
    case queryString = "QUERY_STRING"
    case allQueryArguments = "ALL_QUERY_ARGS"
    case singleQueryArgument = "SINGLE_QUERY_ARG"
    case header = "HEADER"
    case cookie = "COOKIE"
    case body = "BODY"
    /// A JSON body.
    case unknown = "UNKNOWN"
  }
}

extension Field.Kind {
  /// Where match details say that this is.
  var location: MatchDetail.Location {
    switch self {
    case .method: .method
    case .uriPath, .uriFragment: .uri
    case .queryString: .queryString
    case .allQueryArguments: .allQueryArguments
    case .singleQueryArgument: .singleQueryArgument
    case .singleHeader, .headers, .headerOrder: .header
    case .singleCookie, .cookies: .cookie
    case .body: .body
    case .jsonBody, .ja3, .ja4: .unknown
    }
  }
}
