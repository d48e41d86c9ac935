/// A stack of bars for each bin. Texts stand beside the picture and not in it, so that they stay legible at any width.
struct StackedBars {
  /// What the picture shows, in a heading.
  var title: String
  let bins: TimeBins
  /// From the bottom up.
  let layers: [Layer]

  /// One kind of outcome.
  struct Layer {
    /// Its action, or `open`.
    var name: String
    /// By bin.
    var counts: [Int]
  }

  private static let height = 200.0

  /// Writes the picture with its scale and its legend.
  func write(to writer: inout HTMLWriter) {
    let totals = (0..<bins.count).map { bin in layers.reduce(0) { $0 + $1.counts[bin] } }
    let most = totals.max() ?? 0
    guard most > 0 else { return }
    let scale = NiceScale(most)
    writer.element("figure", .class("chart")) { writer in
      writer.element("figcaption") { writer in
        writer.text(title)
        writer.element("span", .class("legend")) { writer in for layer in layers { ActionMark.write(layer.name, to: &writer) } }
      }
      writer.element("div", .class("plot")) { writer in
        writer.element("div", .class("scale"), .set("aria-hidden", "true")) { writer in
          for step in [scale.top, scale.top / 2, 0] { writer.element("span", text: Figures.number(step)) }
        }
        writePicture(totals, scale, to: &writer)
        writer.element("div", .class("times"), .set("aria-hidden", "true")) { writer in
          for quarter in 0..<4 { writer.element("span", text: bins.shortTitle(bins.count * quarter / 4)) }
        }
      }
    }
    writer.line()
  }

  private func writePicture(_ totals: [Int], _ scale: NiceScale, to writer: inout HTMLWriter) {
    let width = Double(bins.count) * 10
    writer.element(
      "svg", .class("bars"), .set("viewBox", "0 0 \(Coordinate.text(width)) \(Coordinate.text(Self.height))"), .set("preserveAspectRatio", "none"),
      .set("role", "img"), .label(description(totals))
    ) { writer in
      for step in 0...2 {
        let y = Self.height * Double(step) / 2
        writer.void("line", .class("grid"), .number("x1", 0), .number("x2", width), .number("y1", y), .number("y2", y))
      }
      for quarter in 0..<4 {
        let x = width * Double(quarter) / 4
        writer.void("line", .class("grid"), .number("x1", x), .number("x2", x), .number("y1", 0), .number("y2", Self.height))
      }
      var bases = Array(repeating: 0, count: bins.count)
      for layer in layers {
        var path = ""
        for bin in 0..<bins.count where layer.counts[bin] > 0 {
          let bottom = Self.height - scale.share(bases[bin]) * Self.height
          bases[bin] += layer.counts[bin]
          // At least a hair, so that one request among thousands is seen.
          let top = min(Self.height - scale.share(bases[bin]) * Self.height, bottom - 0.8)
          path +=
            "M\(Coordinate.text(Double(bin) * 10 + 1)) \(Coordinate.text(bottom))V\(Coordinate.text(top))h8V\(Coordinate.text(bottom))z"
        }
        writer.void("path", .class(Self.names(layer.name)), .set("d", path))
      }
      for bin in 0..<bins.count where totals[bin] > 0 {
        writer.element(
          "rect", .class("tip"), .number("x", Double(bin) * 10), .number("y", 0), .number("width", 10), .number("height", Self.height)
        ) { writer in writer.element("title", text: tip(bin)) }
      }
    }
  }

  /// What a bar says when pointed at.
  private func tip(_ bin: Int) -> String {
    let parts = layers.filter { $0.counts[bin] > 0 }.map { "\($0.name) \(Figures.number($0.counts[bin]))" }
    return bins.title(bin) + " UTC: " + parts.joined(separator: ", ")
  }

  private func description(_ totals: [Int]) -> String {
    let most = totals.max() ?? 0
    let peak = totals.firstIndex(of: most) ?? 0
    return "\(title). Most in one bar: \(Figures.number(most)) from \(bins.title(peak)) UTC on."
  }

  private static func names(_ name: String) -> StaticString {
    switch name {
    case "ALLOW": "layer allow"
    case "BLOCK": "layer block"
    case "COUNT": "layer count"
    case "CAPTCHA": "layer captcha"
    case "CHALLENGE": "layer challenge"
    default: "layer open"
    }
  }
}

/// A scale from 0 to a round number.
struct NiceScale {
  /// The round number, even so that half of it is whole.
  let top: Int

  /// A scale on which `most` fits.
  init(_ most: Int) {
    var power = 1
    while power < most / 10 { power *= 10 }
    top = [2, 4, 6, 8, 10, 20, 40, 60, 80, 100].map { $0 * power }.first { $0 >= most } ?? max(most, 2)
  }

  /// How much of the scale a value takes.
  func share(_ value: Int) -> Double { Double(value) / Double(top) }
}

/// Fills that tell actions apart without colour.
enum PatternDefinitions {
  /// Writes them, once a page.
  static func write(to writer: inout HTMLWriter) {
    writer.element("svg", .class("defs"), .set("aria-hidden", "true"), .set("width", "0"), .set("height", "0")) { writer in
      writer.element("defs") { writer in
        pattern("p-captcha", "captcha", "M-2 2L2 -2M0 8L8 0M6 10L10 6", to: &writer)
        pattern("p-challenge", "challenge", "M0 4H8M4 0V8", to: &writer)
        pattern("p-open", "open", "M2 2h2v2h-2zM6 6h2v2h-2z", to: &writer)
      }
    }
    writer.line()
  }

  private static func pattern(_ id: String, _ name: StaticString, _ path: String, to writer: inout HTMLWriter) {
    writer.element(
      "pattern", .set("id", id), .class(name), .set("width", "8"), .set("height", "8"), .set("patternUnits", "userSpaceOnUse")
    ) { writer in
      writer.void("rect", .class("ground"), .set("width", "8"), .set("height", "8"))
      writer.void("path", .class("figure"), .set("d", path))
    }
  }
}
