/// Why a pattern is refused, and where.
public struct RegexError: Error, Equatable, Sendable {
  /// What kind of refusal it is; the raw value is the stable code of the diagnostic.
  public enum Code: String, Sendable {
    /// Look-ahead or look-behind (RX-6).
    case lookaround = "regex_lookaround_unsupported"
    /// Another construct that AWS WAF does not support (RX-4) or that has no meaning over bytes (RX-3).
    case unsupported = "regex_unsupported"
    /// No regular expression at all.
    case malformed = "regex_malformed"
    /// Beyond a limit of repetition, nesting or compiled size (RX-8).
    case tooLarge = "regex_too_large"
  }

  /// What kind of refusal it is.
  public var code: Code
  /// Position in the pattern, in bytes: where the construct at fault begins, or, in the words of PCRE2, where it noticed the fault.
  public var offset: Int
  /// What is wrong, in plain words; holds nothing of the pattern but its printable ASCII letters.
  public var message: String

  /// A refusal.
  public init(_ code: Code, at offset: Int, _ message: String) {
    self.code = code
    self.offset = offset
    self.message = message
  }
}

extension RegexError: CustomStringConvertible {
  /// The message and the place.
  public var description: String { "\(message) (at byte \(offset))" }
}
