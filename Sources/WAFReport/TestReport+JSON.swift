internal import WAFJSON
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// The JSON form, indented, with a line feed at its end. It has all other forms tell, and what passed too.
  public var json: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.object { writer in
      writer.object("summary") { writer in
        let counts = Counts(result.tests)
        writer.member("suites", result.suites.count)
        write(counts, to: &writer)
        for (kind, name) in [(TestCase.Kind.attack, "attacks" as StaticString), (.benign, "benign")] {
          let count = decided(kind)
          writer.object(name) {
            $0.member("tests", count.all)
            $0.member("asExpected", count.asExpected)
          }
        }
      }
      writer.array("suites") { writer in for suite in result.suites { write(suite, to: &writer) } }
      writer.array("coverage") { writer in for tested in result.coverages { CoverageListing(tested).write(to: &writer) } }
      writer.array("missedCoverage") { writer in for text in missedCoverage { writer.value(text) } }
      writer.array("findings") { writer in for finding in result.findings.kept { finding.write(to: &writer) } }
    }
    writer.endLine()
    return writer.bytes
  }

  private func write(_ counts: Counts, to writer: inout JSONWriter) {
    writer.member("tests", counts.all)
    writer.member("passed", counts.passed)
    writer.member("failed", counts.failed)
    writer.member("skipped", counts.skipped)
    writer.member("failedAsExpected", counts.known)
    writer.member("requests", counts.requests)
  }

  private func write(_ suite: SuiteResult, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("file", suite.file)
      writer.member("webACL", suite.webACL)
      write(Counts(suite.tests), to: &writer)
      writer.object("covered") { writer in
        for (name, count) in [("rules" as StaticString, suite.coverage.ruleCount), ("leaves", suite.coverage.leafCount)] {
          writer.object(name) {
            $0.member("covered", count.covered)
            $0.member("all", count.all)
          }
        }
      }
      writer.array("missedLimits") { writer in for text in suite.missedLimits { writer.value(text) } }
      writer.array("results") { writer in for test in suite.tests { write(test, to: &writer) } }
    }
  }

  private func write(_ test: TestResult, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", test.name)
      writer.member("line", test.place.line)
      writer.member("column", test.place.column)
      writer.member("kind", test.kind?.rawValue)
      writer.member("requests", test.requests)
      writer.member("outcome", test.outcome.name)
      switch test.outcome {
      case .passed: break
      case .skipped(let reason), .failedAsExpected(let reason), .passedUnexpectedly(let reason): writer.member("reason", reason)
      case .failed(let failure): writer.object("failure") { write(failure, to: &$0) }
      }
    }
  }

  private func write(_ failure: TestFailure, to writer: inout JSONWriter) {
    let words = words(for: failure)
    writer.member("step", failure.step)
    writer.member("repetition", failure.repetition)
    writer.member("line", failure.place.line)
    writer.member("column", failure.place.column)
    writer.array("differences") { writer in
      for difference in failure.differences {
        writer.object {
          $0.member("field", difference.field)
          $0.member("expected", difference.expected)
          $0.member("found", difference.found)
          $0.member("hint", difference.hint)
        }
      }
    }
    writer.array("deciding") { writer in for line in words.deciding { writer.value(line) } }
    if let repair = words.repair { writer.member("hint", repair) }
    writer.member("request", words.request)
    writer.member("curl", words.curl)
    writer.member("explain", words.command)
  }
}

extension TestResult.Outcome {
  /// Its stable name in reports.
  var name: String {
    switch self {
    case .passed: "passed"
    case .failed: "failed"
    case .skipped: "skipped"
    case .failedAsExpected: "failed-as-expected"
    case .passedUnexpectedly: "passed-unexpectedly"
    }
  }
}
