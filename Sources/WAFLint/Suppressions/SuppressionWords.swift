internal import WAFBase

/// The words of a line of a suppression file; what follows a `#` at the beginning of a word is a comment.
struct SuppressionWords {
  private var remaining: Substring.UnicodeScalarView
  private var column = 1

  /// - Parameter isFirstLine: Whether a byte order mark may stand before it.
  init(_ line: String, isFirstLine: Bool) {
    var scalars = line.unicodeScalars[...]
    if isFirstLine, scalars.first == "\u{feff}" { scalars = scalars.dropFirst() }
    remaining = scalars
  }

  /// The next word and the column of its first character, from 1; nil at the end of the line. A name in brackets may hold blanks.
  mutating func next() -> (text: String, column: Int)? {
    skipBlanks()
    guard let first = remaining.first, first != "#" else { return nil }
    let start = column
    var word = String.UnicodeScalarView()
    var isInBrackets = false
    while let scalar = remaining.first, isInBrackets || !Self.isBlank(scalar) {
      if word.last == "[", scalar == "'" { isInBrackets = true }
      if word.last == "'", scalar == "]" { isInBrackets = false }
      word.append(scalar)
      advance()
    }
    return (String(word), start)
  }

  /// What is left of the line, without blanks at its ends and inert.
  var rest: String {
    var scalars = remaining.drop(while: Self.isBlank)
    while let last = scalars.last, Self.isBlank(last) { scalars.removeLast() }
    return scalars.first == "#" ? "" : SafeText.escape(String(scalars))
  }

  private mutating func skipBlanks() {
    while let scalar = remaining.first, Self.isBlank(scalar) { advance() }
  }

  private mutating func advance() {
    remaining.removeFirst()
    column += 1
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }
}
