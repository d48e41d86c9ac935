internal import WAFBase
internal import WAFReplay

extension ReplayResult {
  /// What of the inputs was not read, one line or more each, indented by two; empty where all was.
  func unreadInputs(width: Int) -> [String] {
    let bad = tally.summary.bad
    var lines: [String] = []
    if bad > 0 { lines.append("  \(Figures.count(bad, "line")) could not be read") }
    for file in incompleteFiles.prefix(10) { lines.append("  \(file.place): \(SafeText.escape(file.reason, limit: 200))") }
    for file in unreadable.prefix(10) { lines += WrappedText.lines(of: file.text, width: width, indentation: 2) }
    return lines
  }
}
