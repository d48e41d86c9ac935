/// Rows of cells in columns that line up; one column takes what width is left.
struct TextTable {
  /// How a column stands.
  enum Column {
    /// Flush left and as wide as is left; longer texts are cut.
    case name
    /// Flush left, as wide as its longest text.
    case left
    /// Flush right, as wide as its longest text.
    case right
  }

  private let columns: [Column]
  private let width: Int
  private var rows: [[String]] = []

  /// An empty table.
  ///
  /// - Parameter width: Characters of a line, the indentation of two included.
  init(_ columns: [Column], width: Int) {
    self.columns = columns
    self.width = width
  }

  /// Adds a row, one text a column.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, each with two blanks before it and none at its end.
  var lines: [String] {
    var widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let spare = width - 2 - 2 * (columns.count - 1)
    for (index, column) in columns.enumerated() where column == .name {
      let others = widths.indices.filter { $0 != index }.reduce(0) { $0 + widths[$1] }
      widths[index] = min(widths[index], max(spare - others, 16))
    }
    return rows.map { row in
      let cells = columns.indices.map { Self.cell(row[$0], columns[$0], width: widths[$0]) }
      return Self.withoutTrailingBlanks("  " + cells.joined(separator: "  "))
    }
  }

  private static func cell(_ text: String, _ column: Column, width: Int) -> String {
    let text = text.count > width ? text.prefix(max(width - 1, 0)) + "…" : text[...]
    let padding = String(repeating: " ", count: max(width - text.count, 0))
    return column == .right ? padding + text : text + padding
  }

  private static func withoutTrailingBlanks(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
