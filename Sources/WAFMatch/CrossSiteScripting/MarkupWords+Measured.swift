// Written by Scripts/measure-xss; do not edit.
// Measured on 2026-11-30 by asking libinjection_xss of libmodsecurity3, libinjection 3.9.2, about the words of
// Scripts/xss-candidates.txt and all words of up to four letters, each in markup that is harmless but for the word.
extension MarkupWords {
  /// Names of tags.
  static let tags = [
    "applet", "base", "comment", "embed", "frame", "frameset", "handler", "iframe", "import", "isindex", "link", "listener", "meta",
    "noscript", "object", "script", "style", "vmlframe", "xml", "xss",
  ].map(MarkupWord.init)

  /// What names of other tags begin with.
  static let tagBeginnings = ["svg", "xsl"].map(MarkupWord.init)

  /// Names of attributes that run script, or style, whatever their value.
  static let attributes = ["dataformatas", "datasrc", "filter", "style"].map(MarkupWord.init)

  /// What names of other such attributes begin with, from 5 bytes on.
  static let attributeBeginnings = ["on", "xlink", "xmlns"].map(MarkupWord.init)

  /// Names of attributes that hold a URL.
  static let urlAttributes = [
    "action", "background", "by", "dynsrc", "folder", "formaction", "from", "handler", "href", "lowsrc", "poster", "src", "to", "values",
  ].map(MarkupWord.init)

  /// Names of attributes that name an attribute to set.
  static let namingAttributes = ["attributename"].map(MarkupWord.init)

  /// What dangerous URLs begin with.
  static let schemes = ["data", "java", "vbscript", "view-source"].map(MarkupWord.init)

  /// What comments and declarations begin with that are acted on.
  static let directives = ["[if", "entity", "import", "xml"].map(MarkupWord.init)

  /// What declarations of a document type begin with.
  static let documentTypes = ["doctype"].map(MarkupWord.init)
}
