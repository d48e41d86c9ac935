internal import WAFBase
internal import WAFReplay

// What of the input could not be read.
extension HTMLPage {
  private static let faultsShown = 100

  /// Inputs that were not read to their end.
  static func incomplete(_ result: ReplayResult) -> Section? {
    guard !result.incompleteFiles.isEmpty || !result.unreadable.isEmpty else { return nil }
    return Section(id: "incomplete", title: "Not all of the input was read") { writer in
      var table = HTMLTable("Incomplete files", [("File", false), ("Lines read", true), ("Reason", false)], limit: faultsShown)
      let unreadable = Set(result.unreadable.map(\.name))
      for file in result.incompleteFiles where !unreadable.contains(file.file) {
        table.add([.code(file.place), .count(file.line), .text(SafeText.escape(file.reason, limit: 200))])
      }
      for error in result.unreadable {
        table.add([.code(SafeText.escape(error.name.span, limit: 200)), .text(""), .text(SafeText.escape(error.message, limit: 200))])
      }
      table.write(to: &writer)
    }
  }

  /// The first lines that could not be read.
  static func badLines(_ result: ReplayResult) -> Section? {
    let bad = result.tally.summary.bad
    guard bad > 0 else { return nil }
    return Section(id: "bad-lines", title: "Unreadable lines") { writer in
      writer.element("p", text: "\(Figures.count(bad, "line")) could not be read and count nowhere else on this page.")
      var table = HTMLTable("The first unreadable lines of each file and reason", [("File", false), ("Line", true), ("Reason", false)])
      for line in result.badLines.entries.prefix(faultsShown) {
        table.add([.code(SafeText.escape(line.file.span, limit: 200)), .count(line.line), .text(SafeText.escape(line.reason, limit: 200))])
      }
      table.leaveOut(bad - table.count)
      if !table.isEmpty { table.write(to: &writer) }
    }
  }
}
