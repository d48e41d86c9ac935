internal import WAFBase

/// What the words of markup mean for the finding. The words themselves are measured (`MarkupWords+Measured.swift`).
enum MarkupWords {
  /// What an attribute can do.
  enum AttributeKind: Sendable {
    /// No script, or none that is looked for.
    case harmless
    /// Runs script, styles, or changes how other names are read, whatever its value.
    case scripting
    /// Holds a URL.
    case url
    /// Holds the name of another attribute, which is then set.
    case naming
  }

  /// Whether the tag of this name can run script, embed a page or change how the page loads.
  static func isScriptingTag(_ name: Span<UInt8>) -> Bool {
    // No word of the tables is shorter.
    guard name.count > 2 else { return false }
    return MarkupWord(name).map(tags.contains) ?? false || tagBeginnings.begin(name)
  }

  /// What the attribute of this name can do.
  static func attributeKind(_ name: Span<UInt8>) -> AttributeKind {
    if name.count >= shortestAttribute, attributeBeginnings.begin(name) { return .scripting }
    guard let word = MarkupWord(name) else { return .harmless }
    if urlAttributes.contains(word) { return .url }
    if attributes.contains(word) { return .scripting }
    return namingAttributes.contains(word) ? .naming : .harmless
  }

  /// Whether what stands behind `<!` begins a document type.
  static func beginsDocumentType(_ text: Span<UInt8>) -> Bool { documentTypes.begin(text) }

  /// Whether a comment begins with what old browsers or XML readers act on. Measured: three bytes alone are no such beginning.
  static func beginsDirective(_ text: Span<UInt8>) -> Bool { text.count > 3 && directives.begin(text) }
}
