internal import WAFBase

/// A path of `IncludedPaths`, split into its tokens (JB-9).
///
/// Source: RFC 6901. The empty pointer, which names the whole document, is not among the paths that AWS WAF takes (JB-1).
struct JSONPointer: Equatable, Sendable {
  /// What one step of a pointer asks for.
  struct Token: Equatable, Sendable {
    /// The member with this name, unescaped.
    var name: [UInt8]
    /// The array element with this index; nil when the name is no decimal number or has leading zeros.
    var index: Int?
  }

  /// The steps from the root; at least one.
  let tokens: [Token]

  /// Nil when `text` does not start with `/` or holds a `~` that is not `~0` or `~1`.
  init?(_ text: String) {
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    var tokens: [Token] = []
    for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let name = Self.unescape(part) else { return nil }
      tokens.append(Token(name: name, index: Self.index(name)))
    }
    self.tokens = tokens
  }

  private static func unescape(_ part: Substring.UTF8View) -> [UInt8]? {
    var name: [UInt8] = []
    var rest = part.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "~") else {
        name.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return name
  }

  private static func index(_ name: [UInt8]) -> Int? {
    guard name.allSatisfy(\.isASCIIDigit), name.first != UInt8(ascii: "0") || name.count == 1 else { return nil }
    return Int(String(decoding: name, as: UTF8.self))
  }
}
