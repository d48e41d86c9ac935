internal import WAFBase
internal import WAFDigest

/// A page for people: one file that asks no network for anything and is inert, whatever a log holds.
///
/// The page says in its content security policy that nothing runs or loads but its own style and script, which it names by their hashes. Everything
/// can be read without the script, which sorts and filters tables.
///
/// Source: spec of the product, "Reports"; Content Security Policy Level 3.
struct HTMLPage {
  /// The title of the window.
  var title: String
  /// The version of this program.
  var version: String
  /// In the order of the page.
  var sections: [Section]

  /// A part of the page.
  struct Section {
    /// Where a link leads.
    var id: String
    var title: String
    /// Writes what stands below the title.
    var write: (inout HTMLWriter) -> Void
  }

  /// The page.
  ///
  /// - Parameter header: Writes what stands above the sections.
  func render(header: (inout HTMLWriter) -> Void) -> [UInt8] {
    var writer = HTMLWriter()
    writer.element("html", .set("lang", "en")) { writer in
      writeHead(to: &writer)
      writer.line()
      writer.element("body") { writer in
        PatternDefinitions.write(to: &writer)
        writer.element("header", content: header)
        writer.line()
        writer.element("nav", .label("Sections")) { writer in
          for section in sections { writer.element("a", .set("href", "#" + section.id), text: section.title) }
        }
        writer.line()
        writer.element("main") { writer in
          for section in sections {
            writer.element("section", .set("id", section.id)) { writer in
              writer.element("h2", text: section.title)
              section.write(&writer)
            }
            writer.line()
          }
        }
        writer.element("footer") { writer in
          writer.element("p", text: "Made by wafcast \(version), offline. This page loads nothing and sends nothing.")
        }
        writer.line()
        writer.asset("script", Self.script)
      }
    }
    writer.line()
    return writer.bytes
  }

  private func writeHead(to writer: inout HTMLWriter) {
    let policy =
      "default-src 'none'; style-src '\(Self.hash(Self.style))'; script-src '\(Self.hash(Self.script))'; base-uri 'none'; form-action 'none'"
    writer.element("head") { writer in
      writer.void("meta", .set("charset", "utf-8"))
      writer.void("meta", .set("http-equiv", "Content-Security-Policy"), .set("content", policy))
      writer.void("meta", .set("name", "viewport"), .set("content", "width=device-width, initial-scale=1"))
      writer.void("meta", .set("name", "color-scheme"), .set("content", "light dark"))
      writer.void("meta", .set("name", "referrer"), .set("content", "no-referrer"))
      writer.element("title", text: title)
      writer.asset("style", Self.style)
    }
  }

  /// `sha256-…`, as a content security policy names a script or a style.
  static func hash(_ asset: StaticString) -> String {
    let bytes = asset.withUTF8Buffer { buffer in unsafe Array(buffer) }
    return "sha256-" + String(decoding: Base64.encode(Digests.sha256(bytes).span), as: UTF8.self)
  }
}

/// A part that is folded until asked for.
enum Folded {
  /// Writes it with a line that tells what it holds.
  ///
  /// - Parameter isLong: Whether it goes to paper only where a person opened it.
  static func write(_ summary: String, isLong: Bool = false, to writer: inout HTMLWriter, content: (inout HTMLWriter) -> Void) {
    writer.element("details", .class(isLong ? "long" : "short")) { writer in
      writer.element("summary", text: summary)
      content(&writer)
    }
    writer.line()
  }
}
