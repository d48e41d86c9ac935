internal import WAFReplay

/// The name of an action with a mark of its own form, so that colour is never alone.
enum ActionMark {
  /// Writes it; nil is a rule that references a group.
  static func write(_ name: String?, to writer: inout HTMLWriter) {
    guard let name else { return writer.element("span", .class("mark group"), text: "group") }
    writer.element("span", .class(names(name)), text: name)
  }

  private static func names(_ name: String) -> StaticString {
    switch name {
    case "ALLOW": "mark allow"
    case "BLOCK": "mark block"
    case "COUNT": "mark count"
    case "CAPTCHA": "mark captcha"
    case "CHALLENGE": "mark challenge"
    default: "mark open"
    }
  }
}

/// A share as a bar: full where it is certain, pale where it may be.
enum ShareBar {
  private static let width = 60.0

  /// Writes it; nothing where there is no whole.
  static func write(_ bounds: Bounds, of total: Int, to writer: inout HTMLWriter) {
    guard total > 0, bounds.high > 0 else { return }
    func length(_ value: Int) -> Double { max(min(Double(value) / Double(total), 1) * width, value > 0 ? 1 : 0) }
    writer.element("svg", .class("bar"), .set("viewBox", "0 0 60 6"), .set("preserveAspectRatio", "none"), .set("aria-hidden", "true")) { writer in
      writer.void("rect", .class("whole"), .number("width", width), .number("height", 6), .number("rx", 1))
      if !bounds.isExact { writer.void("rect", .class("maybe"), .number("width", length(bounds.high)), .number("height", 6), .number("rx", 1)) }
      if bounds.low > 0 { writer.void("rect", .class("sure"), .number("width", length(bounds.low)), .number("height", 6), .number("rx", 1)) }
    }
  }
}

/// The peak of a key as a bar, and the limit as a line across it.
enum RateBar {
  private static let width = 120.0

  /// Writes it.
  static func write(peak: Int, limit: Int, scale: Int, to writer: inout HTMLWriter) {
    func place(_ value: Int) -> Double { min(Double(value) / Double(max(scale, 1)), 1) * width }
    let isOver = peak > limit
    let label = "Peak \(Figures.number(peak)), \(isOver ? "over" : "within") the limit of \(Figures.number(limit))"
    writer.element("svg", .class("rate"), .set("viewBox", "0 0 122 12"), .set("role", "img"), .label(label)) { writer in
      writer.void("rect", .class("whole"), .number("y", 3), .number("width", width), .number("height", 6))
      writer.void("rect", .class(isOver ? "over" : "sure"), .number("y", 3), .number("width", max(place(peak), 1)), .number("height", 6))
      writer.void("line", .class("limit"), .number("x1", place(limit)), .number("x2", place(limit)), .number("y1", 0), .number("y2", 12))
    }
  }
}
