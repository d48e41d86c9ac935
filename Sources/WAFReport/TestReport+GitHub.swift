internal import WAFBase
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// Failures and findings as workflow commands of GitHub Actions, which a pull request shows beside the lines they are about.
  public var github: [UInt8] {
    var lines = result.findings.kept.map { GitHubCommand.line($0) }
    for suite in result.suites {
      for test in suite.tests {
        switch test.outcome {
        case .passed, .skipped, .failedAsExpected: break
        case .passedUnexpectedly(let reason):
          let words = "passes although xfail says: \(SafeText.escape(reason))"
          lines.append(GitHubCommand.line(.error, at: test.place, title: "test failed: \(SafeText.escape(test.name))", words))
        case .failed(let failure):
          let detail = words(for: failure).lines(width: Self.width).joined(separator: "\n")
          lines.append(GitHubCommand.line(.error, at: failure.place, title: "test failed: \(SafeText.escape(test.name))", detail))
        }
      }
    }
    let nowhere = Finding.Place(file: "", line: 0, column: 0)
    for suite in result.suites {
      for limit in suite.missedLimits {
        let place = Finding.Place(file: suite.file, line: 0, column: 0)
        lines.append(GitHubCommand.line(.warning, at: place, title: "limit missed", limit))
      }
    }
    lines += missedCoverage.map { GitHubCommand.line(.warning, at: nowhere, title: "limit missed", $0) }
    return Array(lines.joined().utf8)
  }

  /// The result in Markdown, for the summary page of a job: a table of the suites, then what failed.
  public var markdown: [UInt8] {
    var lines = ["### wafcast test", "", Self.plain(summary), ""]
    if !result.suites.isEmpty {
      lines += ["| suite | tests | failed | skipped | rules covered | leaves covered |", "|---|---:|---:|---:|---:|---:|"]
      for suite in result.suites {
        let counts = Counts(suite.tests)
        let (rules, leaves) = (suite.coverage.ruleCount, suite.coverage.leafCount)
        let state = counts.failed > 0 ? "❌" : "✅"
        lines.append(
          "| \(state) \(Self.plain(suite.file)) | \(counts.all) | \(counts.failed) | \(counts.skipped + counts.known) "
            + "| \(rules.covered) of \(rules.all) | \(leaves.covered) of \(leaves.all) |")
      }
      lines.append("")
    }
    for limit in result.suites.flatMap(\.missedLimits) + missedCoverage { lines += ["- " + Self.plain(limit)] }
    for finding in result.findings.kept { lines += ["- " + Self.plain("\(finding)")] }
    for test in result.tests {
      switch test.outcome {
      case .passed, .skipped, .failedAsExpected: break
      case .passedUnexpectedly(let reason): lines += ["", "**\(Self.plain(test.name))** passes although xfail says: \(Self.plain(reason))"]
      case .failed(let failure):
        lines += ["", "**\(Self.plain(test.name))** at \(Self.plain("\(failure.place)"))", ""]
        // Indented code takes every line as it is, whatever stands in it.
        lines += words(for: failure).lines(width: Self.width).map { "    " + $0 }
      }
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Text that Markdown and the HTML in it leave alone.
  private static func plain(_ text: String) -> String {
    var result = ""
    for character in SafeText.escape(text) {
      if "\\`*_{}[]<>()#+!|&~".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }
}
