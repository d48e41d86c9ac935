/// A place where text is not JSON, or is more than a limit allows.
public struct JSONError: Error, Equatable, Sendable {
  /// Position of the byte at fault in the source; the end of the range where input ended too early.
  public var offset: Int
  /// What is wrong there.
  public var reason: Reason

  /// A fault at `offset`.
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  /// The closed list of faults.
  public enum Reason: Equatable, Sendable {
    case expectedValue
    case expectedCommaOrBracket
    case expectedCommaOrBrace
    case expectedName
    case expectedColon
    case expectedEnd
    case trailingComma
    /// The range ended inside a value: more input could complete it.
    case endOfInput
    /// A byte below 0x20 inside a string.
    case controlCharacter(UInt8)
    case invalidEscape
    case invalidUTF8
    case invalidNumber
    /// More than this number of containers are open.
    case tooDeep(limit: Int)
    /// More than this number of members and elements.
    case tooManyElements(limit: Int)
    /// A number longer than this number of characters.
    case numberTooLong(limit: Int)
    /// More than this number of bytes.
    case tooLarge(limit: Int)
    /// A member name that its object has already; `first` is the position of the first one.
    case duplicateName(String, first: Int)
  }
}

extension JSONError: CustomStringConvertible {
  /// What was expected or found, without the place.
  public var description: String {
    switch reason {
    case .expectedValue: "expected a value"
    case .expectedCommaOrBracket: "expected ',' or ']'"
    case .expectedCommaOrBrace: "expected ',' or '}'"
    case .expectedName: "expected a member name in double quotes"
    case .expectedColon: "expected ':'"
    case .expectedEnd: "expected the end of the text"
    case .trailingComma: "comma before a closing bracket"
    case .endOfInput: "the text ends inside a value"
    case .controlCharacter(let byte): "control character \(hexadecimal(byte)) in a string, expected an escape"
    case .invalidEscape: "unknown escape sequence in a string"
    case .invalidUTF8: "bytes that are not UTF-8 in a string"
    case .invalidNumber: "malformed number"
    case .tooDeep(let limit): "more than \(limit) levels of nesting"
    case .tooManyElements(let limit): "more than \(limit) members and elements"
    case .numberTooLong(let limit): "number of more than \(limit) characters"
    case .tooLarge(let limit): "more than \(limit) bytes"
    case .duplicateName(let name, _): "duplicate member \"\(name)\""
    }
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 0x10 ? "0x0" : "0x") + String(byte, radix: 16)
  }
}
