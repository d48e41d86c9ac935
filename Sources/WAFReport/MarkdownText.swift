internal import WAFBase

/// Text in Markdown that others wrote: it can neither leave its cell nor become markup, a link or a mention.
enum MarkdownText {
  /// A code span, also in a cell of a table.
  static func code(_ text: String) -> String {
    let inert = SafeText.escape(text).replacing("|", with: "\\|")
    // The fence is longer than any run of backticks in it.
    var fence = "`"
    while inert.contains(fence) { fence += "`" }
    return fence.count == 1 ? "`\(inert)`" : "\(fence) \(inert) \(fence)"
  }
}
