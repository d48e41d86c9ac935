/// Why a curl command cannot be taken for a request.
public enum CurlFault: Error, Equatable, Sendable {
  /// A quote is not closed.
  case openQuote
  /// The shell would do something with this text.
  case shell(String)
  /// The command is quoted for another shell.
  case otherShell
  /// The first word is not `curl`.
  case notCurl
  case unknownOption(String)
  /// An option that makes something else than one request of known content.
  case unsupportedOption(String, reason: String)
  case missingValue(String)
  /// An option has a value that its meaning does not allow.
  case value(String, expected: String)
  case noURL
  case severalURLs
  /// curl would make several requests of the URL.
  case globbedURL
  /// The URL holds a blank or a control character, or names no host.
  case malformedURL
  case otherScheme(String)
}

extension CurlFault: CustomStringConvertible {
  /// What is wrong, and what would help.
  public var description: String {
    switch self {
    case .openQuote: "a quote is not closed"
    case .shell(let text): "a shell does not take \(text) as it is; put it into single quotes, or leave it out"
    case .otherShell: "the command is quoted for cmd.exe; copy it as cURL (bash)"
    case .notCurl: "expected a command that begins with curl"
    case .unknownOption(let name): "unknown option \(name)"
    case .unsupportedOption(let name, let reason): "option \(name): \(reason)"
    case .missingValue(let name): "option \(name) needs a value"
    case .value(let name, let expected): "option \(name): expected \(expected)"
    case .noURL: "no URL"
    case .severalURLs: "several URLs; give each a command of its own"
    case .globbedURL: "curl expands [ ] and { } in a URL into several requests; add -g if they stand for themselves"
    case .malformedURL: "the URL is malformed"
    case .otherScheme(let scheme): "\(scheme) is not HTTP"
    }
  }
}
