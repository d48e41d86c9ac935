internal import WAFBase
internal import WAFModel
internal import WAFTesting

/// A request that was not decided as its test expects, in words that all forms of a report share. Inert text, without secrets.
struct FailureText {
  private let failure: TestFailure
  private let redaction: Redaction

  init(_ failure: TestFailure, _ redaction: Redaction) {
    self.failure = failure
    self.redaction = redaction
  }

  /// Which request of the test it was: `step 2, sent the 3rd time`; nil for a test of one request.
  var occasion: String? {
    let parts = [failure.step.map { "step \($0)" }, failure.repetition.map { "sent the \(Self.ordinal($0)) time" }].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// One expectation that does not hold.
  struct Row {
    var field: String
    var expected: String
    var found: String
    var hint: String?

    /// `action: expected BLOCK, found ALLOW`.
    var sentence: String { "\(field): expected \(expected), found \(found)" + (hint.map { " (\($0))" } ?? "") }
  }

  /// What differs, at least one row.
  var rows: [Row] {
    failure.differences.map {
      Row(field: $0.field, expected: SafeText.escape($0.expected), found: SafeText.escape($0.found), hint: $0.hint.map { SafeText.escape($0) })
    }
  }

  /// Everything that differs, in one line.
  var summary: String { rows.map(\.sentence).joined(separator: "; ") }

  /// Statements that decided what came of the rule that ended the evaluation, and of those that the test expects: `rule: no match: …`.
  var deciding: [String] {
    let words = TraceLines(redaction: redaction)
    return failure.deciding.flatMap { rule in words.deciding(rule.trace).map { "\(SafeText.escape(rule.rule)): \($0)" } }
  }

  /// The change that would repair it: `try rule, LOWERCASE added:`, what it has been checked for, and where to make it; nil where none is known.
  var repair: String? {
    guard let repair = failure.repair else { return nil }
    let others = repair.tests - 1
    let tests = others == 0 ? "this test passes" : "this test and \(Figures.count(others, "other that fails", "others that fail")) pass"
    return "try \(SafeText.escape(repair.rule)), \(SafeText.escape(repair.change)): \(tests) then, and none begins to fail (\(repair.place))"
  }

  /// The command that shows the whole evaluation.
  var command: String { "wafcast explain --test \(RequestText.quoted("\(failure.place.file):\(failure.place.line)"))" }

  /// Method and target, the client, and the time.
  var request: String { RequestText.line(failure.request, redaction) }

  /// A command that sends the request, on one line.
  var curl: String { RequestText.curl(failure.request, redaction).joined(separator: " ") }

  /// All of it as lines of a table: what is expected and found below each other where one line would be too long, the command broken where a
  /// shell lets it be.
  ///
  /// - Parameter width: Characters of a line.
  func lines(width: Int) -> [String] {
    let deciding = deciding
    let names = rows.map(\.field) + ["request", "as curl", "explain"]
    let column = names.map(\.count).max() ?? 0
    let blank = String(repeating: " ", count: column + 2)
    var lines = occasion.map { [$0] } ?? []
    for row in rows {
      let name = row.field.padding(to: column) + "  "
      let line = "\(name)expected \(row.expected), found \(row.found)"
      lines += line.count <= width ? [line] : [name + "expected  " + row.expected, blank + "found     " + row.found]
      if let hint = row.hint { lines += WrappedText.lines(of: hint, width: width, indentation: column + 2) }
    }
    func add(_ name: String, _ text: String, isFirst: Bool = true) {
      let wrapped = WrappedText.lines(of: text, width: width - column - 2, indentation: 0)
      lines += wrapped.enumerated().map { ($0 == 0 && isFirst ? name.padding(to: column) + "  " : blank) + ($0 > 0 ? "  " : "") + $1 }
    }
    for (index, line) in deciding.enumerated() { add("since", line, isFirst: index == 0) }
    if let repair { add("hint", repair) }
    lines.append("request".padding(to: column) + "  " + request)
    let words = RequestText.curl(failure.request, redaction)
    lines += Self.broken(words, width: width - column - 2).enumerated().map { ($0 == 0 ? "as curl".padding(to: column) + "  " : blank) + $1 }
    lines.append("explain".padding(to: column) + "  " + command)
    return lines
  }

  /// Words of a command in lines of `width` characters, broken as a shell lets them be; a word that is longer stays whole.
  private static func broken(_ words: [String], width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words {
      if !line.isEmpty, line.count + 1 + word.count > width - 2 {
        lines.append(line + " \\")
        line = "  "
      }
      line += line.allSatisfy { $0 == " " } ? word : " " + word
    }
    return lines + [line]
  }

  private static func ordinal(_ number: Int) -> String {
    let ending = (11...13).contains(number % 100) ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
    return Figures.number(number) + ending
  }
}

extension String {
  /// The text with blanks behind it.
  func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
