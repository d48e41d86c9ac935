public import WAFJSON

/// What a line turned out to be. Lines = records + blank + skipped + bad.
public enum LineResult: Equatable, Sendable {
  /// A request, which the caller's `Request` now holds.
  case record
  /// Nothing but white space, or a comment that starts with `#`.
  case blank
  /// Readable, but no HTTP request.
  case skipped(SkippedLine)
  /// Not readable as a line of the format.
  case bad(BadLine)
}

/// Why a readable line holds no request.
public enum SkippedLine: Equatable, Sendable {
  /// Nothing but NUL bytes, as in files that were allocated before they were written.
  case nulBytes
  /// A connection of another protocol than HTTP.
  case notHTTP
}

/// Why a line cannot be read.
public enum BadLine: Error, Equatable, Sendable {
  /// A web server's line without `[day/month/year:hour:minute:second zone]`.
  case noTime
  /// An Envoy line that does not begin with a time in brackets.
  case noISOTime
  /// A web server's line without a client before its time.
  case noClient
  /// A web server's line without a quoted request after its time.
  case noRequest
  /// The quoted request is not followed by a closing quote, a status and a number of bytes.
  case noStatus
  /// The quoted request of an Envoy line is not followed by a closing quote, status, flags and four numbers.
  case noNumbers
  /// The request names a protocol and a target, but no method.
  case noMethod
  /// A quoted field of this number, from 1, has no closing quote.
  case openQuote(field: Int)
  /// The line has fewer fields than its format has at least.
  case tooFewFields(found: Int, needed: Int)
  /// The first field is not one of those that the format knows.
  case unknownType
  /// The line is not one JSON value; `column` counts bytes from 1.
  case json(JSONError.Reason, column: Int)
  /// The line is JSON, but no object.
  case notAnObject
  /// A JSON object without any member that the format has.
  case noKnownMember
  /// A member that is needed is missing.
  case missingMember(JSONPath)
  /// A member has a value that its meaning does not allow.
  case member(JSONPath, expected: ExpectedValue)

  /// What a member of a JSON line should have been.
  public enum ExpectedValue: String, Equatable, Sendable {
    case string = "a string"
    case integer = "an integer"
    case size = "a number of bytes"
    case boolean = "true or false"
    case array = "an array"
    case object = "an object"
    case time = "milliseconds since 1970 or an ISO 8601 time"
    case base64 = "Base64 text"
    case bodyEncoding = "utf8 or base64"
    case fullSize = "a size not less than that of the body"
    case fieldName = "the name of a field, such as body or header:cookie"
    case asNumber = "an autonomous system number"
  }
}

extension BadLine: CustomStringConvertible {
  /// What is wrong, without the place of the line.
  public var description: String {
    switch self {
    case .noTime: "no time in brackets, as in [25/Jul/2025:10:00:01 +0200]"
    case .noISOTime: "no time in brackets at the start, as in [2025-07-25T08:00:01.123Z]"
    case .noClient: "no client before the time"
    case .noRequest: "no quoted request after the time"
    case .noStatus: "no status and size after the quoted request"
    case .noNumbers: "no status, flags and four numbers after the quoted request"
    case .noMethod: "request line has no method"
    case .openQuote(let field): "field \(field) has no closing quote"
    case .tooFewFields(let found, let needed): "\(found) fields, expected at least \(needed)"
    case .unknownType: "unknown type of connection, expected http, https, h2, grpcs, ws or wss"
    case .json(let reason, let column): "column \(column): \(JSONError(offset: 0, reason: reason))"
    case .notAnObject: "expected a JSON object"
    case .noKnownMember: "no member that the format has"
    case .missingMember(let path): "\(path) is missing"
    case .member(let path, let expected): "\(path): expected \(expected.rawValue)"
    }
  }
}
