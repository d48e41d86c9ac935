/// A table of comma-separated values, each line ended by CR LF, whose cells no spreadsheet takes for formulas.
///
/// Sources: RFC 4180; OWASP, "CSV Injection".
struct CSVTable {
  /// A cell.
  enum Cell {
    /// A number, which stays one.
    case number(Int)
    /// Text, inert already.
    case text(String)
    /// Nothing is known, or there is nothing.
    case empty
  }

  /// What has been added so far.
  private(set) var bytes: [UInt8] = []

  /// Adds a line.
  mutating func add(_ cells: [Cell]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch cell {
      case .number(let number): bytes.append(contentsOf: String(number).utf8)
      case .text(let text): bytes.append(contentsOf: Self.quoted(Self.inert(text)).utf8)
      case .empty: break
      }
    }
    bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
  }

  /// What a formula begins with, in full width too, and what some programs skip before it. Scalars, since a combining mark would make another
  /// character of a sign.
  private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}"]

  /// A cell that might be a formula begins with a quote mark, which spreadsheets take as "this is text". Blanks before it hide nothing.
  private static func inert(_ text: String) -> String {
    guard let first = text.unicodeScalars.first(where: { !isBlank($0) }), formulaStarts.contains(first) else { return text }
    return "'" + text
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .spaceSeparator }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && $0 != "\r" && $0 != "\n" } && text.first != " " && text.last != " "
    guard !isPlain else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
