/// The five kinds of rule action; also the closed list of effective actions.
public enum ActionKind: String, CaseIterable, Equatable, Sendable {
  case allow = "Allow"
  case block = "Block"
  case count = "Count"
  case captcha = "Captcha"
  case challenge = "Challenge"

  /// As in logs and reports: `ALLOW`, `BLOCK`, `COUNT`, `CAPTCHA`, `CHALLENGE`.
  public var logName: String { rawValue.uppercased() }
}

/// `RuleAction`: what a matching rule does.
public enum RuleAction: Equatable, Sendable {
  case allow(CustomRequestHandling)
  case block(CustomResponse?)
  case count(CustomRequestHandling)
  case captcha(CustomRequestHandling)
  case challenge(CustomRequestHandling)

  /// Which of the five it is.
  public var kind: ActionKind {
    switch self {
    case .allow: .allow
    case .block: .block
    case .count: .count
    case .captcha: .captcha
    case .challenge: .challenge
    }
  }

  /// Headers it inserts; empty for `Block`.
  public var insertedHeaders: CustomRequestHandling {
    switch self {
    case .allow(let handling), .count(let handling), .captcha(let handling), .challenge(let handling): handling
    case .block: []
    }
  }
}

/// `DefaultAction` of a web ACL.
public enum DefaultAction: Equatable, Sendable {
  case allow(CustomRequestHandling)
  case block(CustomResponse?)
}

/// `OverrideAction` of a rule that references a group.
public enum OverrideAction: String, CaseIterable, Equatable, Sendable {
  case none = "None"
  case count = "Count"
}

/// `InsertHeaders` of `CustomRequestHandling`: headers without the prefix `x-amzn-waf-` (CR-1).
public typealias CustomRequestHandling = [CustomHeader]

/// `CustomHTTPHeader`.
public struct CustomHeader: Equatable, Sendable {
  /// Name, case kept.
  public var name: String
  /// Value.
  public var value: String

  /// A header.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// `CustomResponse` of a Block action.
public struct CustomResponse: Equatable, Sendable {
  /// HTTP status; one of the codes of CR-8.
  public var responseCode: Int
  /// Key into the custom response bodies of the entity that defines the action (CR-9).
  public var bodyKey: String?
  /// Response headers, names as they are sent.
  public var headers: [CustomHeader]

  /// A response.
  public init(responseCode: Int, bodyKey: String? = nil, headers: [CustomHeader] = []) {
    self.responseCode = responseCode
    self.bodyKey = bodyKey
    self.headers = headers
  }
}

/// An entry of `CustomResponseBodies`.
public struct CustomResponseBody: Equatable, Sendable {
  /// Name by which a response refers to it.
  public var key: String
  /// Wire name of the content type: `TEXT_PLAIN`, `TEXT_HTML` or `APPLICATION_JSON`.
  public var contentType: String
  /// The text.
  public var content: String

  /// A body.
  public init(key: String, contentType: String, content: String) {
    self.key = key
    self.contentType = contentType
    self.content = content
  }
}
