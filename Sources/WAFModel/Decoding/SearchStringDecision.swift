internal import WAFBase
package import WAFJSON

/// How the search strings of one document are written: decided once, never string by string (IN-5).
package struct SearchStringDecision: Equatable, Sendable {
  /// Whether they are Base64.
  package var isBase64: Bool
  /// What is worth saying about the decision; nil where it is plain.
  package var note: String?

  /// Where a document comes from, as far as it matters here.
  package enum Origin: Sendable {
    /// Our own form of the API's answers, always Base64.
    case bundle
    /// An answer of the API, which has a `LockToken` beside the entity.
    case answer
    /// Anything else, perhaps written by hand.
    case other
  }

  /// Decides for a document.
  package init(for document: JSONDocument, from origin: Origin, encoding: SearchStringEncoding) {
    note = nil
    switch encoding {
    case _ where origin == .bundle: isBase64 = true
    case .base64: isBase64 = true
    case .plain: isBase64 = false
    case .auto:
      let strings = Self.searchStrings(of: document)
      let decoded = strings.map { Base64.decode($0.span) }
      let areCanonical = !strings.isEmpty && decoded.allSatisfy { $0 != nil }
      let arePrintable = decoded.allSatisfy { $0.map(Self.isPrintable) ?? false }
      isBase64 = areCanonical && (arePrintable || origin == .answer)
      if areCanonical, !arePrintable {
        note =
          isBase64
          ? "search strings are read as Base64, as the API answers them, although not all of them decode to text"
          : "search strings are read as plain text; all of them could be Base64, but do not decode to text"
      }
    }
  }

  /// The texts of all `SearchString` members.
  private static func searchStrings(of document: JSONDocument) -> [[UInt8]] {
    let tree = document.tree
    let bytes = document.bytes
    return tree.nodes.indices.compactMap { object in
      guard tree.nodes[object].kind == .object, let value = tree.member("SearchString", of: object, in: bytes.span) else { return nil }
      return tree.nodes[value].kind == .string ? document.string(at: value) : nil
    }
  }

  /// Printable ASCII, tab, LF, CR, and characters of more than one byte.
  private static func isPrintable(_ bytes: [UInt8]) -> Bool {
    bytes.span.isUTF8 && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
  }
}
