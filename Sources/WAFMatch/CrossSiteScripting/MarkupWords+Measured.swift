// Written by Scripts/measure-xss; do not edit.
// Measured on 2026-11-30 by asking libinjection_xss of libmodsecurity3, libinjection 3.9.2, about the words of
// Scripts/xss-candidates.txt and all words of up to four letters, each in markup that is harmless but for the word.
extension MarkupWords {
  /// Names of tags.
  static let tags = MarkupWordList(
    "applet", "base", "comment", "embed", "frame", "frameset", "handler", "iframe", "import", "isindex", "link", "listener", "meta",
    "noscript", "object", "script", "style", "vmlframe", "xml", "xss"
  )

  /// What names of other tags begin with.
  static let tagBeginnings = MarkupWordList("svg", "xsl")

  /// Names of attributes that run script, or style, whatever their value.
  static let attributes = MarkupWordList("dataformatas", "datasrc", "filter", "style")

  /// What names of other such attributes begin with.
  static let attributeBeginnings = MarkupWordList("on", "xlink", "xmlns")

  /// How many bytes those have at least.
  static let shortestAttribute = 5

  /// Names of attributes that hold a URL.
  static let urlAttributes = MarkupWordList(
    "action", "background", "by", "dynsrc", "folder", "formaction", "from", "handler", "href", "lowsrc", "poster", "src", "to", "values"
  )

  /// Names of attributes that name an attribute to set.
  static let namingAttributes = MarkupWordList("attributename")

  /// What dangerous URLs begin with.
  static let schemes = MarkupWordList("data", "java", "vbscript", "view-source")

  /// What comments and declarations begin with that are acted on.
  static let directives = MarkupWordList("[if", "entity", "import", "xml")

  /// What declarations of a document type begin with.
  static let documentTypes = MarkupWordList("doctype")
}
