extension CrossSiteScripting {
  /// Why markup counts as cross-site scripting.
  public enum Reason: Sendable {
    /// A tag that runs script, embeds a page or changes how the page loads.
    case tag
    /// An event handler, a style, or another attribute that can run script whatever its value.
    case attribute
    /// A URL whose scheme runs script or holds a document.
    case url
    /// An attribute that names another attribute to change, and names a dangerous one.
    case naming
    /// A comment with a backquote.
    case backquoteInComment
    /// A comment or declaration that old browsers and XML readers act on.
    case directive
    /// A document type.
    case documentType
  }

  /// What was found in a value, and where.
  public struct Finding: Sendable {
    /// The context in which the value holds it.
    public let context: Context
    /// Why it is dangerous.
    public let reason: Reason
    /// The piece of markup.
    let piece: MarkupScanner.Piece

    /// The bytes of the value that are to blame: a tag's or attribute's name, a comment's text, and for an attribute its value.
    ///
    /// Offsets into the value in which this was found.
    public var ranges: (name: Range<Int>, value: Range<Int>?) {
      switch piece {
      case .tag(let name): (name, nil)
      case .attribute(let name, let value): (name, value)
      case .comment(let text), .documentType(let text): (text, nil)
      }
    }
  }
}

extension CrossSiteScripting.Finding {
  /// The `matchedData` of a log record (XS-4): `<` and the tag's name, an attribute's name and value, or what begins a comment or a document type, and its text.
  ///
  /// `bytes` is the value in which this was found.
  public func matchedData(in bytes: Span<UInt8>) -> [[UInt8]] {
    switch piece {
    case .tag(let name): [[UInt8(ascii: "<")], bytes.copied(name)]
    case .attribute(let name, let value): [bytes.copied(name), bytes.copied(value)]
    case .comment(let text), .documentType(let text):
      [bytes.copied(bytes.opening(before: text.lowerBound)), bytes.copied(text)]
    }
  }
}

extension CrossSiteScripting.Reason {
  /// The reason in a few words, for people.
  public var title: String {
    switch self {
    case .tag: "a tag that can run script"
    case .attribute: "an event handler, style or other attribute that can run script"
    case .url: "a URL whose scheme can run script"
    case .naming: "an attribute that sets an attribute that can run script"
    case .backquoteInComment: "a comment with a backquote, where old browsers end it"
    case .directive: "a comment or declaration that is acted on"
    case .documentType: "a document type"
    }
  }
}

extension CrossSiteScripting.Context {
  /// The context in a few words, for people.
  public var title: String {
    switch self {
    case .text: "between tags"
    case .unquotedValue: "inside a tag"
    case .singleQuotedValue: "in an attribute value between single quotes"
    case .doubleQuotedValue: "in an attribute value between double quotes"
    case .backquotedValue: "in an attribute value between backquotes"
    }
  }
}

extension Span where Element == UInt8 {
  /// The bytes of a range, copied into an array.
  fileprivate func copied(_ range: Range<Int>) -> [UInt8] { extracting(range).copied() }

  /// The bytes from the nearest `<` before `end`: what opens the comment or document type that begins there.
  fileprivate func opening(before end: Int) -> Range<Int> {
    var start = end
    while start > 0 {
      start -= 1
      if self[start] == UInt8(ascii: "<") { break }
    }
    return start..<end
  }
}
