internal import WAFJSON
internal import WAFLint
internal import WAFModel

extension CheckReport {
  /// The findings as SARIF, which code-hosting services and editors read.
  ///
  /// - Parameter version: Of this program.
  public func sarif(version: String) -> [UInt8] {
    let all = findings.kept.map { ($0, nil) } + suppressed.map { ($0.finding, Optional($0.reason)) }
    let codes = FindingCode.allCases.filter { code in all.contains { $0.0.code == code } }
    return SARIFLog.log(version: version) { writer in
      for code in codes { SARIFLog.writeRule(code, to: &writer) }
    } results: { writer in
      for (finding, reason) in all {
        SARIFLog.write(finding, index: codes.firstIndex(of: finding.code) ?? 0, suppressedFor: reason, to: &writer)
      }
    }
  }
}

extension SARIFLog {
  /// What a code of findings means.
  static func writeRule(_ code: FindingCode, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", code.rawValue)
      writer.object("shortDescription") { $0.member("text", code.title) }
      if let check = Lint.check(code) {
        writer.object("fullDescription") { $0.member("text", check.why) }
        writer.object("help") { $0.member("text", "\(check.why) \"wafcast check --explain \(code.rawValue)\" shows an example.") }
      }
      writer.object("defaultConfiguration") { $0.member("level", code.severity.rawValue) }
    }
  }

  /// A finding as a result.
  ///
  /// - Parameters:
  ///   - index: Place of its code among the rules of the log.
  ///   - reason: Why it is not wanted; nil where it is.
  static func write(_ finding: Finding, index: Int, suppressedFor reason: String? = nil, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("ruleId", finding.code.rawValue)
      writer.member("ruleIndex", index)
      writer.member("level", finding.severity.rawValue)
      writer.object("message") { $0.member("text", finding.message + (finding.hint.map { " (\($0))" } ?? "")) }
      writeLocations(finding.place, path: finding.path, to: &writer)
      if let reason {
        writer.array("suppressions") { writer in
          writer.object {
            $0.member("kind", "external")
            $0.member("justification", reason)
          }
        }
      }
      writer.object("properties") {
        $0.member("path", finding.path)
        $0.member("field", finding.field.rawValue)
      }
    }
  }
}
