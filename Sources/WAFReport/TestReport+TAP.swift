internal import WAFBase
internal import WAFJSON
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// The results in the Test Anything Protocol, version 14: what differs is a block of YAML behind a test.
  public var tap: [UInt8] {
    var lines = ["TAP version 14", "1..\(result.tests.count)"]
    var number = 0
    for suite in result.suites {
      lines.append("# \(SafeText.escape(suite.file))")
      for test in suite.tests {
        number += 1
        lines += self.lines(of: test, number)
      }
      for limit in suite.missedLimits { lines.append("# \(limit)") }
    }
    lines += missedCoverage.map { "# \($0)" }
    if let refusal = result.findings.kept.first(where: { $0.severity == .error }) {
      // Nothing ran, and a reader shall not take that for a pass.
      lines[1...] = ["Bail out! \(refusal)"]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private func lines(of test: TestResult, _ number: Int) -> [String] {
    let name = Self.described(test.name)
    switch test.outcome {
    case .passed: return ["ok \(number) - \(name)"]
    case .skipped(let reason): return ["ok \(number) - \(name) # SKIP \(Self.described(reason))"]
    case .failedAsExpected(let reason): return ["not ok \(number) - \(name) # TODO \(Self.described(reason))"]
    case .passedUnexpectedly(let reason):
      let members = [("message", "passes although xfail says: \(reason)")] + Self.place(test.place)
      return ["not ok \(number) - \(name)"] + Self.block(members)
    case .failed(let failure):
      let words = words(for: failure)
      var members = [("message", words.summary), ("severity", "fail")] + Self.place(failure.place)
      if let occasion = words.occasion { members.append(("occasion", occasion)) }
      if let repair = words.repair { members.append(("hint", repair)) }
      members += [("request", words.request), ("curl", words.curl), ("explain", words.command)]
      let rows = words.rows.flatMap { row in
        [
          "    - field: \(Self.quoted(row.field))", "      expected: \(Self.quoted(row.expected))", "      found: \(Self.quoted(row.found))",
        ]
      }
      let deciding = words.deciding.isEmpty ? [] : ["  since:"] + words.deciding.map { "    - \(Self.quoted($0))" }
      return ["not ok \(number) - \(name)"] + Self.block(members, ["  differences:"] + rows + deciding)
    }
  }

  private static func place(_ place: Finding.Place) -> [(String, String)] { [("at", "\(place)")] }

  /// A block of YAML, whose texts are quoted as JSON quotes them.
  private static func block(_ members: [(String, String)], _ more: [String] = []) -> [String] {
    ["  ---"] + members.map { "  \($0.0): \(quoted($0.1))" } + more + ["  ..."]
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.value(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A text behind a number: `#` would begin a directive there.
  private static func described(_ text: String) -> String {
    SafeText.escape(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
  }
}
