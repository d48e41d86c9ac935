internal import WAFModel
internal import WAFReplay

/// What became of requests as a matrix: actions before in rows, actions after in columns. Cells off the diagonal are shaded by how many they hold, and
/// every cell says its number and share in words, so that nothing is told by colour alone.
struct TransitionMatrix {
  var transitions: Transitions

  private var rows: [ActionKind] { ActionKind.allCases.filter { kind in transitions.cells.keys.contains { $0.base == kind } } }
  private var columns: [ActionKind] { ActionKind.allCases.filter { kind in transitions.cells.keys.contains { $0.head == kind } } }

  /// Writes the matrix.
  func write(to writer: inout HTMLWriter) {
    writer.element("div", .class("box few"), .set("role", "region"), .set("tabindex", "0"), .label("From action to action")) { writer in
      writer.element("table", .class("matrix")) { writer in
        writer.element("caption", text: "Requests by the action of the first web ACL and of the second")
        writer.element("thead") { writer in
          writer.element("tr") { writer in
            writer.element("th", .set("scope", "col"), text: "before ↓ after →")
            for kind in columns { writer.element("th", .set("scope", "col"), .class("n")) { ActionMark.write(kind.logName, to: &$0) } }
          }
        }
        writer.line()
        writer.element("tbody") { writer in
          for row in rows {
            writer.element("tr") { writer in
              writer.element("th", .set("scope", "row")) { ActionMark.write(row.logName, to: &$0) }
              for column in columns { write(transitions.cells[.init(base: row, head: column)] ?? Bounds(), row, column, to: &writer) }
            }
            writer.line()
          }
        }
      }
    }
  }

  private func write(_ bounds: Bounds, _ row: ActionKind, _ column: ActionKind, to writer: inout HTMLWriter) {
    guard bounds.high > 0 else { return writer.element("td", .class("n zero"), text: "0") }
    let names: StaticString = row == column ? "n same" : Self.shade(bounds, of: transitions.records)
    writer.element("td", .class(names)) { writer in
      writer.text(Figures.bounds(bounds))
      writer.element("span", .class("of"), text: Figures.share(bounds, of: transitions.records))
    }
  }

  /// Four steps, each ten times the one before: what matters of a change is its order of magnitude.
  private static func shade(_ bounds: Bounds, of records: Int) -> StaticString {
    let perMille = records > 0 ? bounds.high * 1_000 / records : 0
    switch perMille {
    case 0: return "n changed"
    case ..<10: return "n changed some"
    case ..<100: return "n changed more"
    default: return "n changed most"
    }
  }
}
