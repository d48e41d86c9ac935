internal import WAFBase
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// Failures in full, then a line a suite and the sum.
  ///
  /// - Parameters:
  ///   - usesColor: Whether failures and passes are told apart by colour too.
  ///   - width: Characters of a line; 80 at least, and those of a terminal where it has more.
  public func text(usesColor: Bool = false, width: Int = TestReport.width) -> [UInt8] {
    let paint = Paint(isOn: usesColor)
    let width = max(width, Self.width)
    var lines: [String] = []
    for suite in result.suites {
      for test in suite.tests { lines += self.lines(of: test, paint, width) }
    }
    for suite in result.suites {
      let counts = Counts(suite.tests)
      let rules = suite.coverage.ruleCount
      let state = counts.failed > 0 ? paint.bad("FAIL ") : paint.good("ok   ")
      let ran = Figures.count(counts.all, "test") + (counts.failed > 0 ? ", \(Figures.number(counts.failed)) failed" : "")
      lines.append("\(state) \(SafeText.escape(suite.file))  \(ran), \(rules.covered) of \(Figures.count(rules.all, "rule")) covered")
      lines += suite.missedLimits.map { paint.odd("      " + $0) }
    }
    lines += missedCoverage.map { paint.odd($0) }
    lines += WrappedText.lines(of: summary, width: width, indentation: 0)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// What came of all tests, and rates of detection and false alarms where tests say what they are.
  var summary: String {
    let counts = Counts(result.tests)
    var parts = [Figures.count(counts.all, "test"), "\(Figures.number(counts.failed)) failed"]
    if counts.skipped > 0 { parts.append("\(Figures.number(counts.skipped)) skipped") }
    if counts.known > 0 { parts.append("\(Figures.number(counts.known)) failed as expected") }
    for (kind, words) in [(TestCase.Kind.attack, "attacks decided as expected"), (.benign, "benign requests decided as expected")] {
      let count = decided(kind)
      if count.all > 0 { parts.append("\(Figures.number(count.asExpected)) of \(Figures.number(count.all)) \(words)") }
    }
    return parts.joined(separator: ", ")
  }

  /// What people need to know of one test: nothing where it passed.
  private func lines(of test: TestResult, _ paint: Paint, _ width: Int) -> [String] {
    let name = SafeText.escape(test.name)
    let margin = "      "
    func indented(_ text: String) -> [String] { WrappedText.lines(of: text, width: width, indentation: margin.count) }
    switch test.outcome {
    case .passed: return []
    case .skipped(let reason): return [paint.odd("skip ") + " \(test.place): \(name)"] + indented(SafeText.escape(reason))
    case .failedAsExpected(let reason): return [paint.odd("known") + " \(test.place): \(name)"] + indented(SafeText.escape(reason))
    case .passedUnexpectedly(let reason):
      let words = "passes although xfail says: \(SafeText.escape(reason))"
      return [paint.bad("FAIL ") + " \(test.place): \(name)"] + indented(words) + ["      take the xfail out", ""]
    case .failed(let failure):
      let details = words(for: failure).lines(width: width - margin.count)
      return [paint.bad("FAIL ") + " \(failure.place): \(name)"] + details.map { margin + $0 } + [""]
    }
  }
}

/// Colours of a terminal, or none.
struct Paint {
  let isOn: Bool

  func bad(_ text: String) -> String { painted(text, 31) }
  func good(_ text: String) -> String { painted(text, 32) }
  func odd(_ text: String) -> String { painted(text, 33) }

  private func painted(_ text: String, _ color: Int) -> String { isOn ? "\u{1b}[\(color)m\(text)\u{1b}[0m" : text }
}
