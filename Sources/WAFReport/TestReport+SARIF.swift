internal import WAFBase
internal import WAFJSON
internal import WAFModel
internal import WAFTesting

extension TestReport {
  /// Failures and findings as SARIF, which code-hosting services and editors read.
  ///
  /// - Parameter version: Of this program.
  public func sarif(version: String) -> [UInt8] {
    let codes = FindingCode.allCases.filter { code in result.findings.kept.contains { $0.code == code } }
    return SARIFLog.log(version: version) { writer in
      writer.object { writer in
        writer.member("id", Self.failureRule)
        writer.object("shortDescription") { $0.member("text", "a request that is not decided as its test expects") }
        writer.object("defaultConfiguration") { $0.member("level", Severity.error.rawValue) }
      }
      for code in codes { SARIFLog.writeRule(code, to: &writer) }
    } results: { writer in
      for finding in result.findings.kept {
        SARIFLog.write(finding, index: 1 + (codes.firstIndex(of: finding.code) ?? 0), to: &writer)
      }
      for test in result.tests {
        switch test.outcome {
        case .passed, .skipped, .failedAsExpected: break
        case .passedUnexpectedly(let reason): write(test.name, "passes although xfail says: \(SafeText.escape(reason))", at: test.place, to: &writer)
        case .failed(let failure): write(test.name, words(for: failure).summary, at: failure.place, to: &writer)
        }
      }
    }
  }

  private static let failureRule = "test_failed"

  private func write(_ test: String, _ message: String, at place: Finding.Place, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("ruleId", Self.failureRule)
      writer.member("ruleIndex", 0)
      writer.member("level", Severity.error.rawValue)
      writer.object("message") { $0.member("text", "\(SafeText.escape(test)): \(message)") }
      SARIFLog.writeLocations(place, path: test, to: &writer)
    }
  }
}
