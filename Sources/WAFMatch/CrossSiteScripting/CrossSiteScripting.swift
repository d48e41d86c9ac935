internal import WAFBase

/// Finds markup that would run script in a browser, as `XssMatchStatement` looks for it.
///
/// A value may end up between tags or inside an attribute. So it is read as HTML once for each of five contexts (XS-1), and the first tag, attribute, URL, comment or
/// document type that can run script is the finding. Nothing is decoded before, except character references in URLs (XS-2).
///
/// The answers are those of libinjection's XSS detector, which the log samples of AWS WAF show; tests compare both. Any bytes will do. The time is proportional to their number.
public enum CrossSiteScripting {
  /// Where in a page the value is taken to stand.
  public enum Context: UInt8, CaseIterable, Sendable {
    /// Between tags.
    case text
    /// In a tag, where an attribute may begin.
    case unquotedValue
    /// In a value between `'`.
    case singleQuotedValue
    /// In a value between `"`.
    case doubleQuotedValue
    /// In a value between backquotes, which old browsers take for quotes.
    case backquotedValue
  }

  /// Whether `bytes` hold such markup in any context. Allocates nothing.
  public static func detect(_ bytes: Span<UInt8>) -> Bool { firstFinding(in: bytes) != nil }

  /// What is found first, in the order of the contexts; nil when there is nothing.
  public static func firstFinding(in bytes: Span<UInt8>) -> Finding? {
    // A finding is a tag, a comment, a document type, or an attribute with a value.
    guard let lastSign = lastSign(in: bytes) else { return nil }
    return firstFinding(in: bytes, as: .text, lastSign: lastSign)
      ?? firstFinding(in: bytes, as: .unquotedValue, lastSign: lastSign)
      ?? firstFinding(in: bytes, as: .singleQuotedValue, lastSign: lastSign)
      ?? firstFinding(in: bytes, as: .doubleQuotedValue, lastSign: lastSign)
      ?? firstFinding(in: bytes, as: .backquotedValue, lastSign: lastSign)
  }

  /// What is found first in one context.
  private static func firstFinding(in bytes: Span<UInt8>, as context: Context, lastSign: Int) -> Finding? {
    var scanner = MarkupScanner(in: context, lastSign: lastSign)
    return scanner.firstFinding(in: bytes)
  }

  /// Offset of the last `<` or `=`; nil when there is none.
  private static func lastSign(in bytes: Span<UInt8>) -> Int? {
    var index = bytes.count
    while index > 0 {
      index -= 1
      if bytes[index] == UInt8(ascii: "<") || bytes[index] == UInt8(ascii: "=") { return index }
    }
    return nil
  }

  /// How many bytes are looked at for the answer in the given context, each as often as it is looked at.
  package static func examinedBytes(of bytes: Span<UInt8>, in context: Context) -> Int {
    var scanner = MarkupScanner(in: context, lastSign: lastSign(in: bytes) ?? -1)
    _ = scanner.firstFinding(in: bytes)
    return scanner.examined
  }
}

extension CrossSiteScripting.Context {
  /// The byte that ends the value in which the bytes stand; nil where they stand in none.
  var delimiter: UInt8? {
    switch self {
    case .text, .unquotedValue: nil
    case .singleQuotedValue: UInt8(ascii: "'")
    case .doubleQuotedValue: UInt8(ascii: "\"")
    case .backquotedValue: UInt8(ascii: "`")
    }
  }
}

extension MarkupScanner {
  /// The first piece from the current position on that can run script.
  fileprivate mutating func firstFinding(in bytes: Span<UInt8>) -> CrossSiteScripting.Finding? {
    while let piece = nextPiece(in: bytes) {
      let reason: CrossSiteScripting.Reason? =
        switch piece {
        case .tag(let name): MarkupWords.isScriptingTag(bytes.extracting(name)) ? .tag : nil
        case .attribute(let name, let value): attributeReason(name, value, in: bytes)
        case .comment(let text): commentReason(text, in: bytes)
        case .documentType: .documentType
        }
      if let reason { return CrossSiteScripting.Finding(context: context, reason: reason, piece: piece) }
    }
    return nil
  }

  /// Why an attribute with a value is dangerous; nil when it is not.
  private mutating func attributeReason(_ name: Range<Int>, _ value: Range<Int>, in bytes: Span<UInt8>) -> CrossSiteScripting.Reason? {
    switch MarkupWords.attributeKind(bytes.extracting(name)) {
    case .harmless: return nil
    case .scripting: return .attribute
    case .url:
      examined += value.count
      return ScriptingURL.begins(bytes.extracting(value)) ? .url : nil
    case .naming:
      examined += value.count
      return MarkupWords.attributeKind(bytes.extracting(value)) == .harmless ? nil : .naming
    }
  }

  /// Why a comment is dangerous; nil when it is not.
  private mutating func commentReason(_ text: Range<Int>, in bytes: Span<UInt8>) -> CrossSiteScripting.Reason? {
    examined += text.count
    let text = bytes.extracting(text)
    // Old browsers end a comment at a backquote.
    if text.firstIndex(of: UInt8(ascii: "`")) != nil { return .backquoteInComment }
    return MarkupWords.beginsDirective(text) ? .directive : nil
  }
}
