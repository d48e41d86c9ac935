/// Text for people, broken into lines.
enum WrappedText {
  /// `text` broken at blanks into lines of `width` columns, each behind so many blanks; a word that is longer stays whole.
  static func lines(of text: String, width: Int, indentation: Int) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indentation + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [margin + line]
  }
}
