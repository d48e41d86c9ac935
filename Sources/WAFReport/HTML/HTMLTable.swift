internal import WAFReplay

/// One cell of a table.
enum HTMLCell {
  /// A text that may break.
  case text(String)
  /// A name of the web ACL or a value from a log.
  case code(String)
  /// An action, with its mark.
  case action(String?)
  /// A count.
  case count(Int)
  /// A count that unknowns can move.
  case bounds(Bounds)
  /// A part of a whole, as share alone.
  case part(Bounds, of: Int)
  /// A part of a whole, as share and as bar.
  case share(Bounds, of: Int)
  /// The peak of a rate beside its limit, as a bar of so many requests in all.
  case rate(peak: Int, limit: Int, scale: Int)
}

/// A table with a header row; one that is wide scrolls in its own box, and the script lets people sort and filter it.
struct HTMLTable {
  /// What the table shows, for those who do not see it.
  var caption: String
  /// Header of each column, and whether it holds numbers.
  var columns: [(title: String, isNumber: Bool)]
  /// The cells of each row, and whether it belongs to the row above.
  private var rows: [(cells: [HTMLCell], isInner: Bool)] = []
  /// Rows that are not shown.
  private var left = 0
  /// Whether there may be more of them than are known.
  private var isLeftAtLeast = false
  private let limit: Int

  /// An empty table.
  ///
  /// - Parameter limit: Rows shown at most.
  init(_ caption: String, _ columns: [(title: String, isNumber: Bool)], limit: Int = 1_000) {
    self.caption = caption
    self.columns = columns
    self.limit = limit
  }

  /// Whether it has no row.
  var isEmpty: Bool { rows.isEmpty }

  /// Rows shown.
  var count: Int { rows.count }

  /// Adds a row, one cell a column.
  mutating func add(_ cells: [HTMLCell], isInner: Bool = false) {
    if rows.count < limit { rows.append((cells, isInner)) } else { left += 1 }
  }

  /// Says that there are so many more rows than those that were added, or that many and more.
  mutating func leaveOut(_ count: Int, atLeast: Bool = false) {
    left += max(count, 0)
    isLeftAtLeast = isLeftAtLeast || atLeast
  }

  /// Writes the table, and below it how many rows were cut.
  func write(to writer: inout HTMLWriter) {
    writer.element("div", .class(columns.count < 4 ? "box few" : "box"), .set("role", "region"), .set("tabindex", "0"), .label(caption)) { writer in
      writer.element("table", .class(rows.count > 8 ? "data long" : "data")) { writer in
        writer.element("caption", text: caption)
        writer.element("thead") { writer in
          writer.element("tr") { writer in
            for column in columns { writer.element("th", .set("scope", "col"), .class(column.isNumber ? "n" : "t"), text: column.title) }
          }
        }
        writer.line()
        writer.element("tbody") { writer in
          for row in rows {
            writer.element("tr", .class(row.isInner ? "inner" : "own")) { writer in
              for (index, cell) in row.cells.enumerated() { Self.write(cell, isHeader: index == 0, to: &writer) }
            }
            writer.line()
          }
        }
      }
    }
    if left > 0 {
      let all = (isLeftAtLeast ? "more than " : "") + Figures.number(rows.count + left)
      writer.element("p", .class("cut"), text: "\(Figures.number(rows.count)) of \(all) shown.")
    }
  }

  private static func write(_ cell: HTMLCell, isHeader: Bool, to writer: inout HTMLWriter) {
    func put(_ names: StaticString, _ key: Int?, _ content: (inout HTMLWriter) -> Void) {
      switch (isHeader, key) {
      case (true, let key?): writer.element("th", .set("scope", "row"), .class(names), .sortKey(key), content: content)
      case (true, nil): writer.element("th", .set("scope", "row"), .class(names), content: content)
      case (false, let key?): writer.element("td", .class(names), .sortKey(key), content: content)
      case (false, nil): writer.element("td", .class(names), content: content)
      }
    }
    switch cell {
    case .text(let text): put("t text", nil) { $0.text(text) }
    case .code(let text): put("t", nil) { $0.element("code", text: text) }
    case .action(let name): put("t", nil) { ActionMark.write(name, to: &$0) }
    case .rate(let peak, let limit, let scale): put("t", peak) { RateBar.write(peak: peak, limit: limit, scale: scale, to: &$0) }
    case .count(let count): put(count == 0 ? "n zero" : "n", count) { $0.text(Figures.number(count)) }
    case .bounds(let bounds): put(bounds.high == 0 ? "n zero" : "n", bounds.high) { $0.text(Figures.bounds(bounds)) }
    case .part(let bounds, let total):
      put(bounds.high == 0 ? "n zero" : "n", sortKey(bounds, of: total)) { $0.text(Figures.share(bounds, of: total)) }
    case .share(let bounds, let total):
      let key = sortKey(bounds, of: total)
      put(bounds.high == 0 ? "n zero" : "n share", key) { writer in
        writer.element("span", .class("cell")) { writer in
          ShareBar.write(bounds, of: total, to: &writer)
          writer.text(Figures.share(bounds, of: total))
        }
      }
    }
  }

  /// A share as precise as a script's numbers hold it.
  private static func sortKey(_ bounds: Bounds, of total: Int) -> Int {
    total > 0 ? Int(Double(bounds.high) / Double(total) * 1_000_000_000) : -1
  }
}
