internal import WAFBase
internal import WAFDigest
public import WAFEngine
public import WAFReplay

/// The result of a replay as a page for people: one file that asks no network for anything, inert, and without secrets.
///
/// The page says in its content security policy that nothing runs or loads but its own style and script, which it names by their hashes. Everything
/// can be read without the script, which sorts and filters tables.
///
/// Source: spec of the product, "Reports"; Content Security Policy Level 3.
public struct HTMLReport {
  let program: Program
  let header: ReportHeader
  let redaction: Redaction

  /// A report on replays of `program`.
  public init(program: Program, header: ReportHeader, redaction: Redaction) {
    self.program = program
    self.header = header
    self.redaction = redaction
  }

  /// The page.
  public func render(_ result: ReplayResult) -> [UInt8] {
    let sections = sections(of: result)
    var writer = HTMLWriter()
    writer.element("html", .set("lang", "en")) { writer in
      writeHead(to: &writer)
      writer.line()
      writer.element("body") { writer in
        PatternDefinitions.write(to: &writer)
        writer.element("header") { writer in writeTitle(result, to: &writer) }
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
          writer.element("p", text: "Made by wafcast \(header.version), offline. This page loads nothing and sends nothing.")
        }
        writer.line()
        writer.asset("script", Self.script)
      }
    }
    writer.line()
    return writer.bytes
  }

  /// A part of the page.
  struct Section {
    /// Where a link leads.
    var id: String
    var title: String
    /// Writes what stands below the title.
    var write: (inout HTMLWriter) -> Void
  }

  /// The parts that have something to say, in the order of the page: what is wrong with the input first, since it qualifies all else.
  private func sections(of result: ReplayResult) -> [Section] {
    let bins = result.tally.metrics.flatMap { TimeBins($0) }
    return [
      incomplete(result), trust(result.tally), outcome(result.tally, bins), rules(result.tally), timelines(result.tally, bins), flow(result.tally),
      tops(result.tally), overlap(result.tally), rates(result), badLines(result),
    ].compactMap(\.self)
  }

  /// A name of the web ACL, short enough for a cell.
  func name(_ text: String, limit: Int = 80) -> String { SafeText.escape(text, limit: limit) }

  private func writeHead(to writer: inout HTMLWriter) {
    let policy =
      "default-src 'none'; style-src '\(Self.hash(Self.style))'; script-src '\(Self.hash(Self.script))'; base-uri 'none'; form-action 'none'"
    writer.element("head") { writer in
      writer.void("meta", .set("charset", "utf-8"))
      writer.void("meta", .set("http-equiv", "Content-Security-Policy"), .set("content", policy))
      writer.void("meta", .set("name", "viewport"), .set("content", "width=device-width, initial-scale=1"))
      writer.void("meta", .set("name", "color-scheme"), .set("content", "light dark"))
      writer.void("meta", .set("name", "referrer"), .set("content", "no-referrer"))
      writer.element("title", text: "\(name(header.aclName)): what the web ACL does with this traffic")
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
